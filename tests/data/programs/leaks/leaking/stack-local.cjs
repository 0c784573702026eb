'use strict';
// One long synchronous run whose local array grows: held from the stack only, as snapshots are taken inside it.
const { write, finish } = require('../harness.cjs');
class Row { constructor(n) { this.cells = ['cell ' + n, n + 0.5]; } }
function importAll(out, calls) {
  const imported = [];
  const record = { calls, snapshots: [] };
  calls.forEach((target, step) => {
    while (imported.length < target) imported.push(new Row(imported.length));
    write(out + '-' + (step + 1) + '.heapsnapshot');
    record.snapshots.push(out.split('/').pop() + '-' + (step + 1) + '.heapsnapshot');
  });
  return record;
}
const calls = (process.argv[3] || '300,800,1300,1800').split(',').map(Number);
finish(importAll(process.argv[2], calls), process.argv[2], { leaks: [{ binding: 'imported', class: 'Row', function: 'importAll', also: ['Stack roots', 'stack'] }] });
