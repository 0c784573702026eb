'use strict';
// A cache that is full from the first snapshot on and replaces its entries, in a plain object with a clock hand.
const { serve } = require('../harness.cjs');
class Entry { constructor(key) { this.key = key; this.value = { text: 'value of ' + key }; } }
const cache = { slots: {}, order: [], hand: 0 };
serve((n) => {
  const key = 'key ' + n;
  cache.slots[key] = new Entry(key);
  if (cache.order.length < 250) { cache.order.push(key); return; }
  delete cache.slots[cache.order[cache.hand]];
  cache.order[cache.hand] = key;
  cache.hand = (cache.hand + 1) % 250;
}, { healthy: 'full and rotating' });
