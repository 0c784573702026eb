'use strict';
// A map for each of five tenants, all of which grow.
const { serve } = require('../harness.cjs');
class Quota { constructor(n) { this.used = n + 0.5; this.name = 'quota ' + n; } }
const tenants = new Map();
for (const name of ['acme', 'globex', 'initech', 'umbrella', 'hooli']) tenants.set(name, { name, quotas: new Map() });
serve((n) => {
  const names = Array.from(tenants.keys());
  tenants.get(names[n % 5]).quotas.set('user-' + n, new Quota(n));
}, { leaks: [{ binding: 'tenants', class: 'Quota', also: ['quotas'] }] });
