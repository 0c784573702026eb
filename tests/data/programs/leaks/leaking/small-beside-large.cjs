'use strict';
// A small steady leak, and beside it far larger data that is loaded once, between the first and the second snapshot.
const { serve } = require('../harness.cjs');
class Ticket { constructor(n) { this.title = 'ticket ' + n; } }
const tickets = [];
let catalogue = null;
serve((n) => { tickets.push(new Ticket(n)); }, {
  divide: 5,
  before(step) { if (step === 1) catalogue = Array.from({ length: 20000 }, (_, i) => ({ sku: 'sku-' + i, price: i + 0.5, tags: ['t' + i % 30] })); return catalogue; },
  leaks: [{ binding: 'tickets', class: 'Ticket' }],
});
