'use strict';
// A queue whose consumer is slower than its producer: three come, two go.
const { serve } = require('../harness.cjs');
class Task { constructor(n) { this.payload = 'payload ' + n; this.meta = { tries: 0, n }; } }
const backlog = [];
serve((n) => {
  for (let i = 0; i < 3; i++) backlog.push(new Task(n * 3 + i));
  backlog.splice(0, 2);
}, { leaks: [{ binding: 'backlog', class: 'Task' }] });
