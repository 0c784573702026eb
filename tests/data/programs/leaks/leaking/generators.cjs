'use strict';
// Suspended generators, each with its local state.
const { serve } = require('../harness.cjs');
function* paginate(n) { const page = { number: n, items: ['item ' + n] }; for (;;) { yield page; page.number++; } }
const cursors = new Map();
serve((n) => { const cursor = paginate(n); cursor.next(); cursors.set('cursor ' + n, cursor); }, { leaks: [{ binding: 'cursors', class: 'Generator', also: ['paginate'] }] });
