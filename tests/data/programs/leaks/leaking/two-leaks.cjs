'use strict';
// Two leaks of very different weight beside a cache that is bounded and always full.
const { serve } = require('../harness.cjs');
class Snapshot { constructor(n) { this.rows = Array.from({ length: 10 }, (_, i) => ({ id: i, text: 'row ' + i + ' of ' + n })); } }
class Note { constructor(n) { this.n = 'note ' + n; } }
class Hot { constructor(n) { this.n = 'hot ' + n; } }
const reports = [];
const notes = new Set();
const hot = new Map();
serve((n) => {
  if (n % 4 === 0) reports.push(new Snapshot(n));
  notes.add(new Note(n));
  hot.set('k' + n, new Hot(n));
  if (hot.size > 200) hot.delete(hot.keys().next().value);
}, { leaks: [{ binding: 'reports', class: 'Snapshot', each: 0.25 }, { binding: 'notes', class: 'Note' }] });
