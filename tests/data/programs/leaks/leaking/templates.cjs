'use strict';
// Templates compiled to functions anew for every request and kept by their text: functions and their code pile up.
const { serve } = require('../harness.cjs');
const compiled = new Map();
serve((n) => {
  const source = 'return "Hello " + data.name + ", number ' + n + '";';
  compiled.set(source, new Function('data', source));
}, { divide: 2, leaks: [{ binding: 'compiled', class: 'anonymous', also: ['Function', '(closure)'] }] });
