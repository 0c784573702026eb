'use strict';
// Three logs, each one buffer that is joined with every new line: few objects, ever more bytes.
const { serve } = require('../harness.cjs');
const logs = { access: Buffer.alloc(0), error: Buffer.alloc(0), audit: Buffer.alloc(0) };
serve((n) => {
  const name = ['access', 'error', 'audit'][n % 3];
  logs[name] = Buffer.concat([logs[name], Buffer.alloc(900, 'line ' + n)]);
}, { leaks: [{ binding: 'logs', class: 'Buffer', each: 0, start: 3, bytes: 900, also: ['access', 'error', 'audit'] }] });
