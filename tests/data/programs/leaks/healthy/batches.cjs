'use strict';
// Work that comes in batches: at some snapshots a batch is under way, at others none.
const { serve } = require('../harness.cjs');
class Item { constructor(n) { this.payload = { text: 'item ' + n }; } }
let batch = [];
serve((n) => { batch.push(new Item(n)); if (batch.length === 450) batch = []; }, { healthy: 'batches are let go' });
