'use strict';
// An accidental global, two objects deep.
const { serve } = require('../harness.cjs');
global.app = { name: 'shop', metrics: { byRoute: {} } };
serve((n) => { global.app.metrics.byRoute['/route/' + n] = { calls: n, slowest: n + 0.5 }; }, { leaks: [{ binding: 'byRoute', class: 'Object', also: ['calls, slowest', 'app'] }] });
