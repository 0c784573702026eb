'use strict';
// Whoever comes before the service is ready waits for one promise that never settles.
const { serve } = require('../harness.cjs');
class Job { constructor(n) { this.title = 'job ' + n; this.steps = ['fetch', 'store ' + n]; } }
const ready = new Promise(() => {});
function submit(n) {
  const job = new Job(n);
  ready.then(() => job.steps.length);
}
serve(submit, { leaks: [{ binding: 'ready', class: 'Job', function: 'submit', also: ['Promise', 'reaction'] }] });
