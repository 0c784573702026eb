'use strict';
// Pending promises that a queue keeps with their resolve functions.
const { serve } = require('../harness.cjs');
class Waiter { constructor(n) { this.n = 'waiter ' + n; this.promise = new Promise((resolve) => { this.resolve = resolve; }); } }
const queue = { waiting: [], served: 0 };
async function lock(n) { const waiter = new Waiter(n); queue.waiting.push(waiter); await waiter.promise; queue.served++; }
serve((n) => { lock(n); }, { leaks: [{ binding: 'waiting', class: 'Waiter', also: ['queue'] }] });
