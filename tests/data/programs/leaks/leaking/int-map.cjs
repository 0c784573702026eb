'use strict';
// Hits by customer number: a Map from small integers to small integers, whose entries are no objects.
const { serve } = require('../harness.cjs');
const hits = new Map();
serve((n) => { for (let i = 0; i < 20; i++) hits.set(n * 20 + i, i); }, { leaks: [{ binding: 'hits', class: null, each: 20, unseen: true }] });
