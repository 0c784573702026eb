'use strict';
// Rows of numbers, never cut.
const { serve } = require('../harness.cjs');
const measurements = [];
serve((n) => { measurements.push([n + 0.1, n + 0.2, n + 0.3, n + 0.4]); }, { leaks: [{ binding: 'measurements', class: 'Array' }] });
