'use strict';
// Log lines put together from parts and kept: many small ropes.
const { serve } = require('../harness.cjs');
const lines = [];
serve((n) => { lines.push('request ' + n + ' of customer ' + n * 7 + ' took ' + n % 90 + ' ms on shard ' + n % 11); }, { leaks: [{ binding: 'lines', class: '(concatenated string)', also: ['(string)'] }] });
