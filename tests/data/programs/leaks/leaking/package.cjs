'use strict';
// The leak is in a package: it keeps a sample of each timing, under its own module's variable.
const { serve } = require('../harness.cjs');
const metrics = require('tiny-metrics');
serve((n) => { metrics.timing('request', n * 0.5); }, { leaks: [{ binding: 'samples', class: 'Sample', module: 'node_modules/tiny-metrics/lib/registry.js', also: ['tiny-metrics', 'registry'] }] });
