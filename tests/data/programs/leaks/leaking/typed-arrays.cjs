'use strict';
// Samples of a sensor, each a typed array inside a record.
const { serve } = require('../harness.cjs');
class Sample { constructor(n) { this.at = 'minute ' + n; this.values = new Float64Array(64).fill(n); } }
const history = [];
serve((n) => { history.push(new Sample(n)); }, { leaks: [{ binding: 'history', class: 'Sample', also: ['values'] }] });
