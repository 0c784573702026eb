// Writes the expected answers ("goldens") for snapshots, from DevTools' own heap snapshot worker. See README.md.
//   node make-goldens.mjs OUTDIR FILE.heapsnapshot.zst...            OUTDIR/FILE.json.zst for each
//   node make-goldens.mjs OUTDIR --light FILE...                     without nodes and the answers about single objects
//   node make-goldens.mjs OUTDIR --diff BASE CURRENT                 OUTDIR/diff-BASE-CURRENT.json.zst
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import * as D from './devtools.mjs';

const [out, ...args] = process.argv.slice(2);
const NAMES_FOR_ALL = 30000, EVERY = 7, PICKS = 40;
const stem = (f) => path.basename(f).replace(/\.zst$/, '').replace(/\.(heapsnapshot|heaptimeline)$/, '');
const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'goldens-'));
function plain(f) {
  if (!f.endsWith('.zst')) return f;
  const p = path.join(temp, path.basename(f, '.zst'));
  execFileSync('zstd', ['-dqf', f, '-o', p]);
  return p;
}
function write(name, parts) {       // one top-level member a line: diffs and eyes like that
  const text = '{\n' + Object.entries(parts).map(([k, v]) => JSON.stringify(k) + ':' + JSON.stringify(v)).join(',\n') + '\n}\n';
  const file = path.join(temp, name + '.json');
  fs.writeFileSync(file, text);
  execFileSync('zstd', ['-19', '-qf', file, '-o', path.join(out, name + '.json.zst')]);
  console.log(name, text.length, '->', fs.statSync(path.join(out, name + '.json.zst')).size);
}
const table = (rows) => Object.fromEntries(rows);

async function golden(file, light) {
  const { snap, repaired } = await D.loadTolerant(plain(file));
  const ids = D.pick(snap, PICKS), root = snap.rootNode().id();
  const classes = D.summary(snap);
  const g = { file: path.basename(file), made_by: D.VERSION, stats: D.stats(snap), total_size: snap.totalSize, max_js_id: snap.updateStaticData().maxJSObjectId, root_id: root };
  if (repaired) g.repaired_trace_nodes = repaired;
  g.summary_columns = D.SUMMARY;
  g.summary = classes;
  g.quirk_keys = D.quirkKeys(snap);
  g.filters = {};
  for (const [k, f] of Object.entries(D.FILTERS)) g.filters[k] = D.summary(snap, f);
  for (const [min, max] of D.idRanges(snap)) g.filters[`allocated-between=${min}..${max}`] = D.summary(snap, { min, max });
  g.native_contexts = snap.getNativeContextSizes();
  g.retained_by_contexts = snap.getRetainedByContextSummary();
  const allocations = D.allocations(snap), samples = D.samples(snap);
  if (allocations) { g.allocations_columns = ['function', 'script', 'script_id', 'line', 'column', 'count', 'size', 'live_count', 'live_size']; g.allocations = allocations; }
  if (samples) g.samples = samples;
  if (!light) {
    g.edge_columns = D.EDGES;
    g.retainers = table(ids.map((id) => [id, D.retainers(snap, id)]).filter(([, r]) => r.length <= 2000));
    g.ignored = [];
    for (const [id, rows] of Object.entries(g.retainers)) {
      const from = [...new Set(rows.map((r) => r[2]))].filter((x) => x !== Number(id)), two = g.ignored.length % 2;
      if (from.length < 1 + two || rows.length > 300 || g.ignored.length >= 14) continue;
      const ignore = from.slice(0, 1 + two);
      g.ignored.push({ id: Number(id), ignore, rows: D.retainers(snap, id, ignore) });
    }
    g.containment = table([root, ...ids].map((id) => [id, D.children(snap, id)]).filter(([, r]) => r.length <= 2000));
    g.dominators = table(ids.map((id) => [id, D.dominators(snap, id)]));
    const every = Math.max(1, Math.floor(classes.length / 6));
    g.instances = table([...new Set([...classes.slice(0, 5), ...classes.filter((_, i) => i % every === every - 1)])].slice(0, 10).map(([key]) => [key, D.instances(snap, key, 200)]));
    g.searches = D.QUERIES.map(([query, o]) => { const found = D.search(snap, query, o); return { query, case: Boolean(o.matchCase), regex: Boolean(o.regex), count: found.length, ids: found.slice(0, 300) }; });
    g.duplicate_strings_columns = ['value', 'count', 'shallow_size', 'retained_size'];
    const dups = D.duplicates(snap);
    g.duplicate_strings_count = dups.length;
    g.duplicate_strings = dups.slice(0, 3000).map(([v, ...n]) => [[...v.slice(0, 100)].join(''), ...n]);
    // Nodes by column; texts as indexes of `texts`. A missing name is null.
    const all = snap.nodeCount <= NAMES_FOR_ALL, texts = new Map();
    const text = (s) => texts.get(s) ?? (texts.set(s, texts.size), texts.size - 1);
    const columns = ['ordinal', 'id', 'name', 'type', 'self_size', 'retained_size', 'distance', 'dominator_id', 'detachedness', 'class_name', 'flags', 'native_context_ordinal'];
    const rows = columns.map(() => []);
    for (const r of D.nodes(snap)) {
      r[2] = all || r[0] % EVERY === 0 ? text(r[2]) : null;
      r[3] = text(r[3]); r[9] = text(r[9]);
      for (let i = 0; i < columns.length; i++) rows[i].push(r[i]);
    }
    const by = Object.fromEntries(columns.map((c, i) => [c, rows[i]]));
    delete by.ordinal;                                          // 0, 1, 2, …
    if (by.detachedness.every((x) => x === 0)) delete by.detachedness;
    if (process.env.ROWS) g.nodes = { columns, texts: [...texts.keys()], rows: by.id.map((_, i) => rows.map((c) => c[i])) };
    else g.nodes = { count: snap.nodeCount, texts: [...texts.keys()], ...by };
  }
  write(stem(file), g);
}
try {
  fs.mkdirSync(out, { recursive: true });
  if (args[0] === '--diff') {
    const [a, b] = args.slice(1), base = (await D.loadTolerant(plain(a))).snap, current = (await D.loadTolerant(plain(b))).snap;
    write(`diff-${stem(a)}-${stem(b)}`, { base: path.basename(a), current: path.basename(b), made_by: D.VERSION, columns: D.DIFF, rows: D.diff(base, current), quirk_keys: { ...D.quirkKeys(base), ...D.quirkKeys(current) } });
  } else {
    const light = args[0] === '--light';
    for (const f of light ? args.slice(1) : args) await golden(f, light);
  }
} finally { fs.rmSync(temp, { recursive: true, force: true }); }
process.exit(0);
