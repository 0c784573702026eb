// exposeInternals + exposeNumericValues capture of a small mixed heap. usage: RUNTIME numeric.cjs OUT
'use strict';
const v8 = require('v8');
class Point { constructor(i) { this.x = i; this.y = i + 0.25; this.big = 4294967296 + i; } }
class Holder { constructor(i) { this.point = new Point(i); this.tags = ['t' + (i % 7), i, i * 1.5]; this.sym = Symbol('s' + (i % 11)); this.n = BigInt(i) ** 20n; } }
globalThis.keep = { holders: Array.from({ length: 400 }, (_, i) => new Holder(i)), map: new Map(), set: new Set(), neg: -1, nan: NaN, inf: -Infinity, dbl: new Float64Array(100) };
for (let i = 0; i < 300; i++) { keep.map.set('k' + i, { i, half: i / 2 }); keep.set.add(i * 1e10); }
keep.fns = Array.from({ length: 100 }, (_, i) => { const captured = keep.holders[i]; const label = 'l' + i; return () => captured.point.x + label; });
const opt = process.argv[3] ? JSON.parse(process.argv[3]) : { exposeInternals: true, exposeNumericValues: true };
setTimeout(() => { gc(); gc(); v8.writeHeapSnapshot(process.argv[2], opt); }, 20);
