'use strict';
// Orders by number in an array whose numbers are far apart: the engine makes a dictionary of it.
const { serve } = require('../harness.cjs');
class Order { constructor(n) { this.lines = [{ sku: 's' + n }]; } }
const orders = [];
serve((n) => { orders[n * 5000] = new Order(n); }, { leaks: [{ binding: 'orders', class: 'Order' }] });
