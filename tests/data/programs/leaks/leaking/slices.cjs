'use strict';
// A few characters of each body are kept, and with them the whole body.
const { serve } = require('../harness.cjs');
const titles = [];
serve((n) => {
  const body = Buffer.alloc(4000, 'article ' + n + ': ').toString('latin1');
  titles.push(body.slice(10, 40));
}, { leaks: [{ binding: 'titles', class: '(sliced string)', bytes: 4000, also: ['(string)'] }] });
