// Loads a snapshot with DevTools' own heap snapshot worker (see bundle-worker.mjs) and asks it things.
// Used by make-goldens.mjs. WORKER names the bundle (default ./worker.mjs).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, MessageChannel, isMainThread, parentPort, workerData } from 'node:worker_threads';

Promise.withResolvers ??= function () { let resolve, reject; const promise = new Promise((a, b) => { resolve = a; reject = b; }); return { promise, resolve, reject }; };
const self = fileURLToPath(import.meta.url);
const bundle = pathToFileURL(path.resolve(process.env.WORKER ?? path.join(path.dirname(self), 'worker.mjs'))).href;
export const DevTools = await import(bundle);
const { Snapshot, Loader, Model } = DevTools;
export { Model };

if (!isMainThread && workerData?.secondary) {   // the role of the panel's second worker
  parentPort.once('message', ({ port }) => { new Snapshot.SecondaryInitManager(port); parentPort.postMessage('armed'); });
  parentPort.postMessage('ready');
}

export const VERSION = 'chrome-devtools-frontend@1.0.1705227';
export const warnings = [];
export async function load(file) {
  console.warn = (...a) => warnings.push(a.join(' ').slice(0, 400));
  const dispatcher = { sendEvent(name, data) { if (name !== 'ProgressUpdate') warnings.push(name + ': ' + data); } };
  const second = new Worker(self, { workerData: { secondary: true }, execArgv: ['--no-warnings'], resourceLimits: { maxOldGenerationSizeMb: 16000 } });
  const failed = new Promise((_, reject) => second.on('error', reject));
  failed.catch(() => {});
  const message = () => Promise.race([failed, new Promise((r) => second.once('message', r))]);
  await message();
  const { port1, port2 } = new MessageChannel();
  const armed = message();
  second.postMessage({ port: port2 }, [port2]);
  await armed;
  const loader = new Loader.HeapSnapshotLoader(dispatcher);
  const decoder = new TextDecoder();
  const fd = fs.openSync(file, 'r'), buffer = Buffer.allocUnsafe(10_000_000);
  for (let n; (n = fs.readSync(fd, buffer, 0, buffer.length, null)) > 0;) {
    loader.write(decoder.decode(buffer.subarray(0, n), { stream: true }));
    await new Promise(setImmediate);
  }
  fs.closeSync(fd);
  loader.close();
  await loader.parsingComplete;
  const snap = await Promise.race([failed, loader.buildSnapshot(port1)]);
  port1.close();
  await second.terminate();
  return snap;
}

// Timelines recorded inside their own process hold more functions than `trace_function_count` says, as V8 went on recording
// while it wrote; DevTools then refuses the file. A copy gets the true count (and trace nodes that name a function the file does
// not hold are emptied), which touches nothing but the allocation table.
export async function loadTolerant(file) {
  try { return { snap: await load(file), repaired: 0 }; } catch (e) {
    if (!/addTraceTopNode/.test(String(e))) throw e;
    const o = JSON.parse(fs.readFileSync(file, 'utf8')), known = o.trace_function_infos.length / o.snapshot.meta.trace_function_info_fields.length;
    let repaired = 1;
    o.snapshot.trace_function_count = known;
    const walk = (list) => { for (let i = 0; i < list.length; i += 5) { if (list[i + 1] >= known) { list[i + 1] = list[i + 2] = list[i + 3] = 0; repaired++; } walk(list[i + 4]); } };
    walk(o.trace_tree);
    const copy = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'repaired-')), path.basename(file));
    fs.writeFileSync(copy, JSON.stringify(o));
    try { return { snap: await load(copy), repaired }; } finally { fs.rmSync(path.dirname(copy), { recursive: true }); }
  }
}

export function filterOf({ name, min, max, alloc } = {}) {
  const f = new Model.NodeFilter(min, max);
  if (alloc !== undefined) f.allocationNodeId = alloc;
  if (name !== undefined) f.filterName = name;
  return f;
}
export const indexOf = (snap, id) => (id === 'root' ? snap.rootNodeIndex : snap.nodeIndexForId(Number(id)));
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

export const SUMMARY = ['class_key', 'class', 'count', 'distance', 'shallow_size', 'retained_size'];
// DevTools' default order: retained size descending, then name; equal ones by key
export const summary = (snap, filter) => Object.entries(snap.aggregatesWithFilter(filterOf(filter)))
  .map(([key, a]) => [key, a.name, a.count, a.distance, a.self, a.maxRet])
  .sort((a, b) => b[5] - a[5] || byText(a[1], b[1]) || byText(a[0], b[0]));

export const EDGES = ['edge_name', 'edge_type', 'id', 'name', 'type', 'distance', 'shallow_size', 'retained_size', 'ignored'];
const edgeRows = (provider, limit = 1e9) => (provider.isEmpty() ? [] : provider.serializeItemsRange(0, limit).items.map(({ name, type, node: n }) =>
  [name, type, n.id, n.name, n.type, n.distance, n.selfSize, n.retainedSize, n.ignored ? 1 : 0]));
export function retainers(snap, id, ignore = [], limit) {
  for (const i of ignore) snap.ignoreNodeInRetainersView(indexOf(snap, i));
  const p = snap.createRetainingEdgesProvider(indexOf(snap, id));
  p.sortAndRewind(new Model.ComparatorConfig('!edgeDistance', true, 'name', true));
  const rows = edgeRows(p, limit);
  if (ignore.length) snap.unignoreAllNodesInRetainersView();
  return rows;
}
export function children(snap, id, limit) {
  const p = snap.createEdgesProvider(indexOf(snap, id));
  p.sortAndRewind(new Model.ComparatorConfig('retainedSize', false, '!edgeName', true));
  return edgeRows(p, limit);
}
export function instances(snap, key, limit) {
  const p = snap.createNodesProviderForClass(key, filterOf());
  p.sortAndRewind(new Model.ComparatorConfig('retainedSize', false, 'id', true));
  const r = p.serializeItemsRange(0, limit);
  return { total: r.totalLength, ids: r.items.map((n) => n.id) };
}
export const dominators = (snap, id) => snap.getDominatorsOf(indexOf(snap, id)).map((d) => d.nodeId);
export const search = (snap, query, { regex = false, matchCase = false } = {}) => snap.search(new Model.SearchConfig(query, matchCase, false, regex, false, false), filterOf());
export const duplicates = (snap) => snap.getDuplicateStrings().map((g) => [g.value, g.count, g.totalSelfSize, g.totalRetainedSize]);

export function stats(snap) {
  const s = snap.getStatistics(), v = s.v8heap, n = s.native;
  return {
    node_count: snap.nodeCount, edge_count: snap.containmentEdges.length / snap.edgeFieldsCount, string_count: snap.profile.snapshot ? snap.strings.length : null,
    total_size: s.total, v8_heap_size: v.total, native_size: n.total, code_size: v.code, string_size: v.strings, js_array_size: v.jsArrays,
    typed_array_size: n.typedArrays, system_size: v.system, other_js_size: v.total - v.code - v.strings - v.jsArrays - v.system, other_native_size: n.total - n.typedArrays,
  };
}
export function* nodes(snap, sample) {
  const count = snap.nodeCount, want = sample ? Math.min(sample, count) : count;
  const n = snap.createNode(0), d = snap.createNode(0);
  for (let k = 0; k < want; k++) {
    const i = want === count ? k : Math.floor(k * count / want);
    n.nodeIndex = i * snap.nodeFieldCount;
    d.nodeIndex = n.dominatorIndex();
    yield [i, n.id(), n.name(), n.type(), n.selfSize(), n.retainedSize(), n.distance(), d.id(), n.detachedness(), n.className(), snap.flagsOfNode(n), snap.nodeNativeContextAttribution[i], n.retainersCount(), n.edgesCount()];
  }
}
export const NODES = ['ordinal', 'id', 'name', 'type', 'shallow_size', 'retained_size', 'distance', 'dominator_id', 'detachedness', 'class', 'flags', 'native_context_ordinal', 'retainer_count', 'edge_count'];
export function allocations(snap) {
  if (!snap.profile.snapshot.trace_function_count) return null;
  return snap.allocationTracesTops().map((t) => [t.name, t.scriptName, t.scriptId, t.line, t.column, t.count, t.size, t.liveCount, t.liveSize]);
}
export function samples(snap) { const s = snap.getSamples(); return s && { timestamps: s.timestamps, last_assigned_ids: s.lastAssignedIds, sizes: s.sizeForRange }; }
export const DIFF = ['class_key', 'class', 'added_count', 'removed_count', 'count_delta', 'added_size', 'removed_size', 'size_delta'];
let pairs = 0;
export const diff = (base, current) => Object.entries(current.calculateSnapshotDiff(++pairs, base.aggregatesForDiff(current.interfaceDefinitions())))
  .map(([key, d]) => [key, d.name, d.addedCount, d.removedCount, d.countDelta, d.addedSize, d.removedSize, d.sizeDelta])
  .sort((a, b) => b[5] - a[5] || byText(a[1], b[1]) || byText(a[0], b[0]));

// Classes without a location whose equal names stand under several string indices (DevTools' table keeps the last only):
// key -> [count, shallow size] of all of them together
export function quirkKeys(snap) {
  const n = snap.createNode(0), all = new Map(), names = new Map();
  for (let i = 0; i < snap.nodeCount; i++) {
    n.nodeIndex = i * snap.nodeFieldCount;
    if (!n.selfSize()) continue;
    const k = n.classKeyInternal(), e = all.get(k) ?? (all.set(k, [0, 0]), all.get(k));
    e[0]++; e[1] += n.selfSize();
  }
  for (const k of all.keys()) { const t = typeof k === 'number' ? ',' + snap.strings[k] : k; names.set(t, [...(names.get(t) ?? []), k]); }
  return Object.fromEntries([...names].filter(([, l]) => l.length > 1).map(([t, l]) => [t, l.reduce((s, k) => [s[0] + all.get(k)[0], s[1] + all.get(k)[1]], [0, 0])]));
}

export const FILTERS = {
  'duplicated-strings': { name: 'duplicatedStrings' }, 'retained-by-detached-dom': { name: 'objectsRetainedByDetachedDomNodes' },
  'retained-by-console': { name: 'objectsRetainedByConsole' }, 'retained-by-event-handlers': { name: 'objectsRetainedByEventHandlers' },
  'retained-by-contexts': { name: 'objectsRetainedByContexts' },
};
// Ranges of ids: thirds of the odd ids, or for a timeline two ranges of its samples
export function idRanges(snap) {
  const s = snap.getSamples();
  if (s?.lastAssignedIds.length > 3) { const l = s.lastAssignedIds, n = l.length; return [[0, l[0]], [l[0], l[n >> 1]], [l[n >> 1], l[n - 1]]]; }
  const ids = []; const n = snap.createNode(0);
  for (let i = 0; i < snap.nodeCount; i++) { n.nodeIndex = i * snap.nodeFieldCount; if (n.id() % 2) ids.push(n.id()); }
  ids.sort((a, b) => a - b);
  const q = (f) => ids[Math.floor(f * (ids.length - 1))];
  return [[0, q(1 / 3)], [q(1 / 3), q(2 / 3)], [q(2 / 3), q(1)]];
}
// Varied nodes: by in-degree, distance, out-degree, type; the same every time
export function pick(snap, want) {
  const buckets = new Map(), eph = [];
  const n = snap.createNode(0);
  const level = (c, steps) => { let i = 0; while (i < steps.length && c > steps[i]) i++; return i; };
  const step = Math.max(1, Math.floor(snap.nodeCount / 400_000));
  for (let i = 0; i < snap.nodeCount; i += step) {
    n.nodeIndex = i * snap.nodeFieldCount;
    const inn = n.retainersCount(), out = n.edgesCount(), d = n.distance();
    if (inn > 30000 || out > 30000) continue;
    const key = [level(inn, [0, 1, 2, 5, 20, 100, 1000]), d < 0 ? 'x' : d >= 1e8 ? 's' + level(d - 1e8, [2, 4]) : level(d, [1, 3, 6, 12]), level(out, [0, 1, 4, 20, 200])].join();
    const b = buckets.get(key) ?? (buckets.set(key, { seen: 0, items: [] }), buckets.get(key));
    b.seen++;
    const h = Math.imul(i + 1, 0x9E3779B1) >>> 0;   // a fixed hash keeps the choice the same
    b.items.push([h, n.id()]);
    if (b.items.length > 64) { b.items.sort((x, y) => x[0] - y[0]); b.items.length = 8; }
  }
  const tn = snap.createNode(0);
  for (const [i, s] of snap.strings.entries()) if (eph.length < 1 && /^\d+ \/ part of key/.test(s)) eph.push(i);
  const picked = new Set();
  if (eph.length) {   // targets of ephemeron edges
    const e = snap.createEdge(0), ec = snap.containmentEdges.length / snap.edgeFieldsCount; let found = 0;
    for (let i = 0; i < ec && found < 3; i++) { e.edgeIndex = i * snap.edgeFieldsCount; if (e.isInternal() && / \/ part of key \(/.test(e.name()) && i % 7 === 0) { tn.nodeIndex = e.nodeIndex(); picked.add(tn.id()); found++; } }
  }
  for (const b of buckets.values()) b.items.sort((x, y) => x[0] - y[0]);
  const lists = [...buckets.entries()].sort((a, b) => byText(a[0], b[0])).map((x) => x[1].items);
  // spread over the buckets
  const order = lists.map((l, i) => [Math.imul(i + 1, 0x85EBCA6B) >>> 0, l]).sort((a, b) => a[0] - b[0]).map((x) => x[1]);
  for (let round = 0; picked.size < want && round < 8; round++) for (const l of order) if (picked.size < want && l[round]) picked.add(l[round][1]);
  return [...picked];
}
export const QUERIES = [['station', {}], ['Map', { matchCase: true }], ['system / ', {}], ['^get[A-Z]', { regex: true, matchCase: true }], ['{', {}], ['ö', {}], ['1.', {}], ['PROTO', {}], ['\\d{3,}$', { regex: true, matchCase: true }]];
