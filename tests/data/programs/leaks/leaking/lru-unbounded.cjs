'use strict';
// A least-recently-used list whose limit nobody set: map and doubly linked list grow together.
const { serve } = require('../harness.cjs');
class Node { constructor(key, value) { this.key = key; this.value = value; this.newer = null; this.older = null; } }
class Lru {
  constructor(max) { this.max = max; this.items = new Map(); this.newest = null; }
  set(key, value) {
    const node = new Node(key, value);
    node.older = this.newest;
    if (this.newest) this.newest.newer = node;
    this.newest = node;
    this.items.set(key, node);
    if (this.items.size > this.max) throw new Error('never');
  }
}
const thumbnails = new Lru(Infinity);
serve((n) => { thumbnails.set('image ' + n, { width: n, pixels: 'p' + n }); }, { leaks: [{ binding: 'thumbnails', class: 'Node', also: ['items', 'older', 'Lru'] }] });
