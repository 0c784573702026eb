'use strict';
// Sessions by token in a plain object; nobody logs out.
const { serve } = require('../harness.cjs');
class Session { constructor(n) { this.user = 'user ' + n; this.basket = [{ sku: 'sku-' + n, amount: 1 }]; } }
const sessions = {};
serve((n) => { sessions['token-' + n] = new Session(n); }, { leaks: [{ binding: 'sessions', class: 'Session' }] });
