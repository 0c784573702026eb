'use strict';
// A table that is loaded on the first use, between the second and the third snapshot, and stays as it is.
const { serve } = require('../harness.cjs');
class Tariff { constructor(n) { this.code = 'T' + n; this.steps = [n + 0.1, n + 0.2]; } }
let tariffs = null;
serve(() => tariffs && tariffs.length, { before(step) { if (step === 2) tariffs = Array.from({ length: 4000 }, (_, n) => new Tariff(n)); }, healthy: 'loaded once' });
