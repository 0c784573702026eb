'use strict';
// lodash.memoize with numbers as keys.
const { serve } = require('../harness.cjs');
const memoize = require('lodash/memoize');
class Square { constructor(n) { this.root = n; this.text = 'square of ' + n; } }
const square = memoize(function makeSquare(n) { return new Square(n); });
serve((n) => { square(n); }, { leaks: [{ binding: 'square', class: 'Square', function: 'makeSquare', also: ['memoized', 'MapCache', '__data__'] }] });
