'use strict';
// One string that is only ever appended to: a rope as deep as there were calls.
const { serve } = require('../harness.cjs');
let transcript = '';
serve((n) => { transcript += 'utterance number ' + n + ', and what was said in it; '; }, { leaks: [{ binding: 'transcript', class: '(concatenated string)', bytes: 32, also: ['first', 'second'] }] });
