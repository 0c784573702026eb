'use strict';
// Buffers that are filled again and again, and a log string that is cut.
const { serve } = require('../harness.cjs');
const buffers = Array.from({ length: 40 }, () => Buffer.alloc(16384));
const journal = { text: '' };
serve((n) => {
  buffers[n % 40].fill(n % 256);
  journal.text = (journal.text + 'line ' + n + '\n').slice(-4000);
}, { healthy: 'reused' });
