'use strict';
// A cache over a limited set of keys: most come early, ever fewer are new.
const { serve } = require('../harness.cjs');
class Article { constructor(key) { this.title = 'article ' + key; this.body = { words: [key] }; } }
const articles = new Map();
let seed = 7;
const random = (n) => { seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff; return (seed >>> 8) % n; };
serve(() => {
  for (let i = 0; i < 3; i++) { const key = 'a' + random(600); if (!articles.has(key)) articles.set(key, new Article(key)); }
}, { healthy: 'warms up to 600' });
