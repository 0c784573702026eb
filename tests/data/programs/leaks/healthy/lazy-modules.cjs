'use strict';
// Parts of the program that are loaded and compiled as they are first used: each snapshot has more code, none of it leaks.
const { serve } = require('../harness.cjs');
const parts = [['http', 'url'], ['zlib', 'querystring'], ['crypto', 'readline'], ['https', 'dns']];
const loaded = {};
serve((n) => JSON.stringify({ n, parts: Object.keys(loaded) }).length, {
  before(step) {
    for (const name of parts[step] || []) loaded[name] = require(name);
    for (let i = 0; i < 8; i++) new Function('n', 'return n + ' + (step * 8 + i))(step);
  },
  healthy: 'code is loaded as it is used',
});
