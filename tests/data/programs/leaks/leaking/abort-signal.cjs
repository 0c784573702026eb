'use strict';
// One signal for the whole process, to which each request adds a listener.
// needs: 16
const { serve } = require('../harness.cjs');
const events = require('events');
const shutdown = new AbortController();
events.setMaxListeners(0, shutdown.signal);
class Upload { constructor(n) { this.name = 'upload ' + n; this.parts = [n]; } }
function begin(n) {
  const upload = new Upload(n);
  shutdown.signal.addEventListener('abort', () => { upload.parts = []; });
}
serve(begin, { leaks: [{ binding: 'shutdown', class: 'Upload', function: 'begin', also: ['AbortSignal', 'kEvents', 'abort', 'Listener'] }] });
