'use strict';
// A minified bundle with the registry of its bundler: names are single letters, only properties keep theirs.
const { serve } = require('../harness.cjs');
const app = require('./bundle.min.cjs');
serve((n) => { app.render('/article/' + n); }, { leaks: [{ binding: 'pages', class: 'Object', module: 'bundle.min.cjs', also: ['html', 'c', 'exports'] }] });
