'use strict';
// Sessions that expire: their number goes up and down with the load.
const { serve } = require('../harness.cjs');
class Session { constructor(n) { this.user = 'u' + n; this.data = [{ n }]; } }
const sessions = new Map();
serve((n) => {
  sessions.set('s' + n, new Session(n));
  const limit = 220 + Math.round(60 * Math.sin(n / 90));
  for (const key of sessions.keys()) { if (sessions.size <= limit) break; sessions.delete(key); }
}, { healthy: 'sessions expire' });
