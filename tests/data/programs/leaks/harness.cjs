'use strict';
// Runs one program and takes snapshots of it, with what the program knows about itself beside them. Works from Node 10 on.
//
//   node --expose-gc PROGRAM OUT [CALLS]
//
// OUT: where the files go, OUT-1.heapsnapshot and so on, and OUT.truth.json. CALLS: after how many calls of `work` in all a
// snapshot is taken, as in 300,800,1300,1800 (the default); two processes of one program get different ones.
const fs = require('fs');
const path = require('path');
const v8 = require('v8');

const DEFAULT_CALLS = '300,800,1300,1800';

// The one session that writes all snapshots of a runtime that has no v8.writeHeapSnapshot: a new one would number objects anew.
let session = null;
function writeThroughInspector(file) {
  if (!session) {
    const inspector = require('inspector');
    session = new inspector.Session();
    session.connect();
  }
  const fd = fs.openSync(file, 'w');
  const chunk = (message) => fs.writeSync(fd, message.params.chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', chunk);
  session.post('HeapProfiler.takeHeapSnapshot', { reportProgress: false }, () => fs.closeSync(fd));
  session.removeListener('HeapProfiler.addHeapSnapshotChunk', chunk);
}

function collect() {
  if (typeof Bun === 'object') return Bun.gc(true);
  if (typeof global.gc !== 'function') throw new Error('the garbage collector must be exposed: --expose-gc');
  for (let i = 0; i < 4; i++) global.gc();
}

function write(file) {
  collect();
  if (v8.writeHeapSnapshot) v8.writeHeapSnapshot(file); else writeThroughInspector(file);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Calls `work(n)` with n = 0, 1, … and takes the snapshots.
 *
 * leaks: what the program never lets go of: [{ binding, class, ... }], where
 *   binding  the variable or property that it hangs from        class  of what piles up (null for numbers)
 *   each     how many one call adds (1)                         start  how many there are before the first (0)
 *   bytes    bytes that one call adds, where bytes grow and not a count of objects
 *   unseen   small integers leave no edges: the exact count cannot be seen in a snapshot
 *   also     other names under which the holder may go          function  that owns the binding
 * healthy: why it is no leak, for a program without one.
 * before(step): called before a step's first call. divide: of so many calls only one is made.
 */
function serve(work, { leaks = [], healthy = null, before = () => {}, divide = 1, out = process.argv[2], calls = process.argv[3] }) {
  const targets = (calls || DEFAULT_CALLS).split(',').map((text) => Math.ceil(Number(text) / divide));
  const record = { calls: targets.slice(), snapshots: [] };
  const run = async () => {
    let n = 0;
    for (let step = 0; step < targets.length; step++) {
      await before(step);
      for (; n < targets[step]; n++) {
        await work(n);
        if (n % 50 === 0) await pause(0);
      }
      await pause(60);
      const file = out + '-' + (step + 1) + '.heapsnapshot';
      await new Promise((resolve) => setTimeout(() => { write(file); resolve(); }, 10));
      record.snapshots.push(path.basename(file));
    }
    finish(record, out, { leaks, healthy });
  };
  run().catch((error) => { console.error(error); process.exit(1); });
}

function runtime() {
  const { bun, deno, node } = process.versions;
  return bun ? 'bun ' + bun : deno ? 'deno ' + deno : 'node ' + node;
}

/** Writes the truth and ends the program. */
function finish(record, out, { leaks = [], healthy = null }) {
  const main = process.argv[1];
  const of = (leak) => ({
    binding: leak.binding, class: leak.class, function: leak.function || null, also: leak.also || [], module: leak.module || path.basename(main),
    counts: record.calls.map((n) => (leak.start || 0) + Math.ceil(n * (leak.each === undefined ? 1 : leak.each))),
    bytes: leak.bytes ? record.calls.map((n) => n * leak.bytes) : null, unseen: Boolean(leak.unseen),
  });
  fs.writeFileSync(out + '.truth.json', JSON.stringify({
    program: path.basename(main), runtime: runtime(), calls: record.calls, snapshots: record.snapshots, healthy, leaks: leaks.map(of),
  }, null, 1) + '\n');
  process.exit(0);
}

module.exports = { serve, write, finish, pause };
