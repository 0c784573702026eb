'use strict';
// A cache that is a property of the function it serves.
const { serve } = require('../harness.cjs');
class Translation { constructor(key) { this.text = '«' + key + '»'; } }
function translate(key) { return translate.known[key] || (translate.known[key] = new Translation(key)); }
translate.known = {};
serve((n) => { translate('phrase ' + n); }, { leaks: [{ binding: 'known', class: 'Translation', function: 'translate' }] });
