'use strict';
// Dates and symbols and big integers, in an array that is a property under a symbol.
const { serve } = require('../harness.cjs');
const kJournal = Symbol('journal');
const device = { name: 'sensor', [kJournal]: [] };
serve((n) => { device[kJournal].push(new Date(1e12 + n * 1e6)); }, { leaks: [{ binding: 'journal', class: 'Date', also: ['device'] }] });
