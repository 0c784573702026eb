'use strict';
// Listeners and timers that are taken off again.
const { serve } = require('../harness.cjs');
const EventEmitter = require('events');
const bus = new EventEmitter();
bus.setMaxListeners(0);
const live = [];
serve((n) => {
  const context = { path: '/p/' + n, answers: [n] };
  const listener = () => { context.answers = []; };
  bus.on('reload', listener);
  live.push({ listener, timer: setInterval(listener, 60000) });
  if (live.length > 150) { const done = live.shift(); bus.removeListener('reload', done.listener); clearInterval(done.timer); }
}, { healthy: 'at most 150 at a time' });
