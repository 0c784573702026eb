'use strict';
// A table that is filled once when the program starts.
const { serve } = require('../harness.cjs');
class Country { constructor(n) { this.code = 'C' + n; this.names = { de: 'Land ' + n, en: 'Country ' + n }; } }
const countries = new Map(Array.from({ length: 3000 }, (_, n) => ['C' + n, new Country(n)]));
serve((n) => countries.get('C' + n % 3000).names.de.length, { healthy: 'constant' });
