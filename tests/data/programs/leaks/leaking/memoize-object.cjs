'use strict';
// lodash.memoize with a fresh object as key each time: it never hits.
const { serve } = require('../harness.cjs');
const memoize = require('lodash/memoize');
class Query { constructor(n) { this.sku = 'sku-' + n % 7; } }
class Price { constructor(query) { this.amount = query.sku.length + 0.25; } }
const priceOf = memoize(function computePrice(query) { return new Price(query); });
serve((n) => { priceOf(new Query(n)); }, { leaks: [{ binding: 'priceOf', class: 'Query', function: 'computePrice', also: ['Price', 'memoized', 'MapCache', '__data__'] }] });
