'use strict';
// Sessions in a Map, behind a class and its instance.
const { serve } = require('../harness.cjs');
class Session { constructor(n) { this.user = 'user ' + n; this.since = new Date(n * 1000); } }
class SessionStore {
  constructor() { this.byToken = new Map(); }
  open(n) { this.byToken.set('token-' + n, new Session(n)); }
}
const store = new SessionStore();
serve((n) => store.open(n), { leaks: [{ binding: 'byToken', class: 'Session', also: ['store'] }] });
