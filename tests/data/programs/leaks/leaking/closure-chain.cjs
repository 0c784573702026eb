'use strict';
// Each call wraps the handler once more: a chain of closures, each holding the one before.
const { serve } = require('../harness.cjs');
let handler = (request) => request;
function use(layer) {
  const inner = handler;
  handler = function layered(request) { return inner(request) || layer; };
}
serve((n) => use({ name: 'layer ' + n, options: { n } }), { leaks: [{ binding: 'handler', class: 'layered', function: 'use', also: ['inner'] }] });
