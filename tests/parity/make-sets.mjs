// Writes which nodes pass each of DevTools' filters, for every snapshot given. See README.md.
//   node make-sets.mjs OUT.json FILE.heapsnapshot.zst...
// A set is written as runs of ordinals: how many do not pass, how many do, and so on.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import * as D from './devtools.mjs';

const [out, ...files] = process.argv.slice(2);
const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'sets-'));
const NAMES = { 'duplicated-strings': 'duplicatedStrings', 'retained-by-detached-dom': 'objectsRetainedByDetachedDomNodes', 'retained-by-console': 'objectsRetainedByConsole', 'retained-by-event-handlers': 'objectsRetainedByEventHandlers', 'retained-by-contexts': 'objectsRetainedByContexts', 'shared-native-context': 'sharedNativeContext', 'no-native-context': 'noNativeContext' };
const MOST_FUNCTIONS = 40;

function runs(snap, filter) {
  const passes = snap.createFilter(D.filterOf(filter)), node = snap.createNode(0), result = [];
  let run = 0, does = false;
  for (let at = 0; at < snap.nodeCount; at++) {
    node.nodeIndex = at * snap.nodeFieldCount;
    if (passes(node) !== does) { result.push(run); run = 0; does = !does; }
    run++;
  }
  return [...result, run];
}
const all = {};
for (const file of files) {
  let plain = file;
  if (file.endsWith('.zst')) { plain = path.join(temp, path.basename(file, '.zst')); execFileSync('zstd', ['-dqf', file, '-o', plain]); }
  const { snap } = await D.loadTolerant(plain);
  const sets = {};
  for (const [ours, name] of Object.entries(NAMES)) sets[ours] = runs(snap, { name });
  for (const context of snap.getNativeContextSizes().nativeContexts) sets[`native-context=${context.nodeId}`] = runs(snap, { name: 'nativeContext_' + context.nodeIndex });
  for (const [min, max] of D.idRanges(snap)) sets[`allocated-between=${min}..${max}`] = runs(snap, { min, max });
  if (snap.profile.snapshot.trace_function_count) {
    // Functions, who called them, and who called these: each by name, script and place.
    const tops = snap.allocationTracesTops();
    const at = (of) => [of.name, of.line ? of.scriptId : 0, of.line, of.column];
    // Whole scripts of nothing but an id cannot be told apart.
    const isTold = (of) => of.name || of.line;
    const up = (id, way, depth) => {
      sets[`allocated-by=${JSON.stringify(way)}`] = runs(snap, { alloc: id });
      if (depth === 0) return;
      const below = snap.allocationNodeCallers(id);
      for (const one of below.nodesWithSingleCaller) { if (!isTold(one)) return; way = [...way, at(one)]; sets[`allocated-by=${JSON.stringify(way)}`] = runs(snap, { alloc: one.id }); }
      for (const one of below.branchingCallers.filter(isTold)) up(one.id, [...way, at(one)], depth - 1);
    };
    for (const top of tops.slice(0, MOST_FUNCTIONS).filter(isTold)) up(top.id, [at(top)], top.hasChildren ? 3 : 0);
  }
  all[path.basename(file).split('.')[0]] = sets;
  console.log(path.basename(file), Object.keys(sets).length);
}
fs.writeFileSync(out, JSON.stringify(all));
execFileSync('zstd', ['-19', '-qf', '--rm', out]);
process.exit(0);
