'use strict';
// A bounded cache that fills between the first and the second snapshot and churns from then on.
const { serve } = require('../harness.cjs');
class Page { constructor(n) { this.html = '<p>' + n; this.links = ['/' + n]; } }
const cache = new Map();
serve((n) => {
  cache.set('page ' + n, new Page(n));
  if (cache.size > 500) cache.delete(cache.keys().next().value);
}, { healthy: 'holds at most 500' });
