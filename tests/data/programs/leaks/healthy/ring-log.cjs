'use strict';
// The last 400 log lines in a ring.
const { serve } = require('../harness.cjs');
const ring = { lines: new Array(400).fill(null), at: 0 };
serve((n) => { ring.lines[ring.at] = { text: 'request ' + n + ' was answered', level: 'info', at: n + 0.5 }; ring.at = (ring.at + 1) % 400; }, { healthy: 'ring of 400' });
