'use strict';
// One array of floating point numbers: one object whose elements only grow.
const { serve } = require('../harness.cjs');
const latencies = [];
serve((n) => { for (let i = 0; i < 40; i++) latencies.push(n + i / 41); }, { leaks: [{ binding: 'latencies', class: null, each: 40, bytes: 320, unseen: true }] });
