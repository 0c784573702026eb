'use strict';
// One log string that grows by a line a call and is read each time, which makes it flat: one object, ever larger.
const { serve } = require('../harness.cjs');
const journal = { text: '', lines: 0 };
serve((n) => {
  journal.text += 'line number ' + n + ' of the journal of this server, with an address and a reason\n';
  if (/never there/.test(journal.text)) journal.lines = 0;
  journal.lines++;
}, { leaks: [{ binding: 'journal', class: '(string)', each: 0, start: 1, bytes: 75, also: ['text'] }] });
