'use strict';
// The leak is in a worker thread, which takes the snapshots of itself.
// needs: 14
const { Worker, isMainThread, workerData } = require('worker_threads');
if (isMainThread) {
  new Worker(__filename, { workerData: { out: process.argv[2], calls: process.argv[3] } }).on('exit', (code) => process.exit(code));
} else {
  const { serve } = require('../harness.cjs');
  class Frame { constructor(n) { this.label = 'frame ' + n; this.size = { w: n, h: 1 }; } }
  const frames = [];
  serve((n) => { frames.push(new Frame(n)); }, { out: workerData.out, calls: workerData.calls, leaks: [{ binding: 'frames', class: 'Frame' }] });
}
