'use strict';
// Numbers of orders that were seen, in a Set inside an object.
const { serve } = require('../harness.cjs');
const state = { name: 'orders', seenNumbers: new Set() };
serve((n) => { for (let i = 0; i < 20; i++) state.seenNumbers.add(n * 20 + i); }, { leaks: [{ binding: 'seenNumbers', class: null, each: 20, unseen: true, also: ['state'] }] });
