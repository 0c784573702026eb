'use strict';
// lodash.memoize with ever new strings as keys: a dictionary inside its cache.
const { serve } = require('../harness.cjs');
const memoize = require('lodash/memoize');
class Label { constructor(text) { this.text = 'Label for ' + text; } }
const labelFor = memoize(function makeLabel(key) { return new Label(key); });
serve((n) => { labelFor('request-' + n); }, { leaks: [{ binding: 'labelFor', class: 'Label', function: 'makeLabel', also: ['memoized', 'MapCache', '__data__'] }] });
