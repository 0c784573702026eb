'use strict';
// Ever new tenants, each with a map of a few entries.
const { serve } = require('../harness.cjs');
class Limit { constructor(n) { this.rate = n + 0.5; } }
const limits = new Map();
serve((n) => {
  const tenant = 'tenant-' + n;
  limits.set(tenant, new Map([['read', new Limit(n)], ['write', new Limit(-n)]]));
}, { leaks: [{ binding: 'limits', class: 'Map', also: ['Limit'] }] });
