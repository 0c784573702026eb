'use strict';
// Rendered pages, each different and large, in an array.
const { serve } = require('../harness.cjs');
const pages = [];
serve((n) => { pages.push(Buffer.alloc(3000, 'page ' + n + ' ').toString('latin1')); }, { leaks: [{ binding: 'pages', class: '(string)', bytes: 3000 }] });
