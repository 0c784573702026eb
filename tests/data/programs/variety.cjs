'use strict';
// Many rules in one small heap, twice from one process. usage: node --expose-gc variety.cjs OUT-1 OUT-2
const v8 = require('v8'), vm = require('vm');
const keep = globalThis.keep = {};
class Key { constructor(i) { this.i = i; } }
class Value { constructor(i, back) { this.payload = 'payload ' + i; this.back = back; } }
// weak tables: shared values, values that hold their key, chains, tables as values, tables no global reaches
const keys = keep.keys = Array.from({ length: 120 }, (_, i) => new Key(i)), tables = keep.tables = Array.from({ length: 4 }, () => new WeakMap());
keys.forEach((k, i) => { tables[i % 4].set(k, new Value(i, i % 3 ? null : k)); if (i % 2) tables[(i + 1) % 4].set(k, { shared: i, other: keys[(i * 7) % 120] }); });
let k = keys[0]; for (let d = 0; d < 40; d++) { const v = new Value(d, null); tables[d % 4].set(k, v); k = v; }
const shared = new Value('shared', null); for (let i = 0; i < 12; i++) tables[i % 4].set(keys[80 + i], shared);
for (let i = 0; i < 10; i++) { const inner = new WeakMap(); inner.set(keys[i + 40], { inner: i }); tables[0].set(keys[i + 100], inner); }
(function () { const hidden = new WeakMap(); keys.slice(0, 20).forEach((x, i) => hidden.set(x, new Value('hidden' + i, x))); setInterval(() => hidden.has(keys[0]), 1e9).unref(); })();
keep.refs = keys.slice(0, 20).map((x) => new WeakRef(x));
// plain objects: overlapping sets, odd names, other orders, long lists
const odd = ['', ' ', ',', 'a,b', "it's", '"quoted"', '{', '}', '{a, b}', 'constructor', 'toString', '0a', '-1', '1.5', 'üñí', '日本', 'line\nbreak', 'back\\slash', '…', 'x'.repeat(60), 'y'.repeat(119), 'z'.repeat(130), '\ud83d\ude86', '\ud83d', '<div id="a">'];
const pool = ['id', 'name', 'kind', 'left', 'right', 'value', 'parent', 'meta'];
const objs = keep.objs = []; let seed = 12345; const rnd = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
for (let i = 0; i < 1200; i++) { const o = {}, mask = rnd(256); pool.forEach((p, b) => { if (mask >> b & 1) o[p] = b % 2 ? { v: i } : 'v' + (i % 97); }); objs.push(o); }
for (let i = 0; i < 500; i++) { const o = {}; for (let j = 0; j < 1 + rnd(5); j++) o[odd[rnd(odd.length)]] = ['val' + i]; objs.push(o); }
for (let i = 0; i < 40; i++) objs.push(i % 2 ? { alpha: {}, beta: {}, gamma: 'g' } : { gamma: 'g', beta: {}, alpha: {} }, { 0: 'zero', 1: 'one', n: {}, get acc() { return 1; } });
for (let i = 0; i < 20; i++) objs.push(Object.defineProperty({ z: {} }, '__proto__', { value: { own: i }, enumerable: true }), Object.assign(Object.create(null), { nul: {}, pr: 's' }));
for (let len = 1; len < 50; len += 2) for (let r = 0; r < 2; r++) { const o = {}; for (let j = 0; j < 6; j++) o['q'.repeat(Math.max(1, len - j)) + j] = {}; objs.push(o); }
// classes of one name from several scripts and contexts
keep.all = [];
for (let s = 0; s < 6; s++) {
  const C = vm.runInThisContext('\n'.repeat(s % 3) + '(function () { class User { constructor(i) { this.i = i; this.more = []; } } function Old(i) { this.old = i; } return { User, Old }; })()', { filename: 'script' + (s % 4) + '.js' });
  for (let i = 0; i < 20 + s; i++) keep.all.push(new C.User(i), new C.Old(i));
}
keep.contexts = [0, 1].map((c) => { const x = vm.createContext({ out: [], c }); vm.runInContext('class User { constructor(i) { this.i = i; } } for (let i = 0; i < 20; i++) out.push(new User(i), { a: i, b: {} }, /x/, () => i);', x, { filename: 'ctx.js' }); return x; });
const cls = ['a b', '<x y>', 'Function', 'system / Context', 'Detached <i j>'].map((n) => ({ [n]: class { constructor() { this.q = 1; } } })[n]);
keep.odd = cls.flatMap((C) => [new C(), new C()]);
// strings
keep.ropes = Array.from({ length: 60 }, (_, i) => { let s = 'start of rope number ' + i; for (let j = 0; j < 6; j++) s += ' piece ' + j + ' of ' + (i % 20); return s; });
const base = 'The quick brown fox jumps over the lazy dog. '.repeat(50); base.indexOf('x');
keep.slices = Array.from({ length: 60 }, (_, i) => base.slice(i, i + 20 + i));
keep.dup = Array.from({ length: 200 }, (_, i) => JSON.parse('"dup value ' + (i % 30) + '"'));
let d = 'deep'; for (let i = 0; i < 500; i++) d = d + String.fromCharCode(97 + i % 26) + '-'; keep.deep = d;
keep.big = Array.from({ length: 6 }, (_, i) => Buffer.alloc(1500, 'abc' + (i % 3)).toString('latin1'));
keep.emoji = ['😀', 'a😀'.repeat(520), '\ud800', '𝒳', 'é'.repeat(1023) + '😀'];
// buffers, iterators, and so on
keep.bufs = Array.from({ length: 10 }, (_, i) => { const b = new ArrayBuffer(1000 * (i + 1)); return [b, new Uint8Array(b), new DataView(b)]; });
keep.iters = []; const m = new Map(Array.from({ length: 20 }, (_, i) => ['k' + i, { i }])); for (let i = 0; i < 10; i++) { const it = m.entries(); it.next(); keep.iters.push(it, [1, 2][Symbol.iterator]()); }
for (let i = 0; i < 10; i++) keep.iters.push((function* (x) { const big = { x }; yield big; })(i), new Proxy({ t: i }, {}), (function (a) { return a; }).bind({ z: i }, { arg: i }), Promise.resolve({ i }), new Error('e' + i));
keep.survivors = Array.from({ length: 50 }, (_, i) => ({ grows: [i], tag: 't' }));
keep.renamed = Array.from({ length: 60 }, (_, i) => ({ before: i, list: [i] }));
setTimeout(() => {
  gc(); gc(); v8.writeHeapSnapshot(process.argv[2]);
  keep.survivors.forEach((s, i) => { for (let j = 0; j < i * 3; j++) s.grows.push({ j }); });
  keep.renamed.forEach((r, i) => { r['after' + (i % 3)] = {}; });
  objs.splice(0, 700); keep.dup.length = 50; keep.fresh = Array.from({ length: 80 }, (_, i) => new Value('fresh ' + i, keys[i]));
  tables[1] = null; keys.length = 90;
  setTimeout(() => { gc(); gc(); v8.writeHeapSnapshot(process.argv[3]); process.exit(0); }, 20);
}, 20);
