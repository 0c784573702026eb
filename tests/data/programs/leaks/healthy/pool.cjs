'use strict';
// A pool of objects that are taken and given back.
const { serve } = require('../harness.cjs');
class Particle { constructor() { this.position = { x: 0.5, y: 0.5 }; this.trail = []; } }
const free = Array.from({ length: 400 }, () => new Particle());
const busy = new Set();
serve((n) => {
  const particle = free.pop() || new Particle();
  particle.trail = [n];
  busy.add(particle);
  if (busy.size > 100) for (const oldest of busy) { busy.delete(oldest); free.push(oldest); break; }
}, { healthy: 'pool' });
