'use strict';
// Requests in a Set "so that none is answered twice".
const { serve } = require('../harness.cjs');
class Request { constructor(n) { this.url = '/orders/' + n; this.headers = { host: 'shop.test', 'x-id': 'r' + n }; } }
const answered = new Set();
serve((n) => { answered.add(new Request(n)); }, { leaks: [{ binding: 'answered', class: 'Request' }] });
