'use strict';
// Metadata in a WeakMap, which would go with its keys, but the keys are kept.
const { serve } = require('../harness.cjs');
class Visitor { constructor(n) { this.agent = 'browser ' + n % 9; } }
class Profile { constructor(n) { this.interests = ['a' + n, 'b']; this.score = n + 0.5; } }
const profiles = new WeakMap();
const visitors = [];
serve((n) => {
  const visitor = new Visitor(n);
  visitors.push(visitor);
  profiles.set(visitor, new Profile(n));
}, { leaks: [{ binding: 'visitors', class: 'Visitor', also: ['profiles'] }] });
