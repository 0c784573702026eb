'use strict';
// A program without a leak in which much happens: what grows is bounded, or grew once. `tests/leaks` has its snapshots.
const EventEmitter = require('events');
const { serve } = require('../harness.cjs');

class Page { constructor(n) { this.html = '<p>' + n; this.links = ['/' + n]; } }
class Entry { constructor(key) { this.key = key; this.value = { text: 'value of ' + key }; } }
class Country { constructor(n) { this.code = 'C' + n; this.names = { de: 'Land ' + n, en: 'Country ' + n }; } }
class Tariff { constructor(n) { this.code = 'T' + n; this.steps = [n + 0.1, n + 0.2]; } }
class Particle { constructor() { this.position = { x: 0.5, y: 0.5 }; this.trail = []; } }
class Article { constructor(key) { this.title = 'article ' + key; } }
class Route { constructor(n) { this.path = '/r/' + n; this.handler = (request) => request.path === this.path; } }
class Session { constructor(n) { this.user = 'u' + n; this.data = [{ n }]; } }

// Fills between the first and the second snapshot, then churns.
const pages = new Map();
// Full from the first snapshot on.
const slots = { byKey: {}, order: [], hand: 0 };
// Filled when the program starts, and when it is first needed.
const countries = new Map(Array.from({ length: 1500 }, (_, n) => ['C' + n, new Country(n)]));
let tariffs = null;
// Taken and given back.
const free = Array.from({ length: 200 }, () => new Particle());
const busy = new Set();
// Warms up over 400 keys.
const articles = {};
let seed = 7;
const random = (n) => { seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff; return (seed >>> 8) % n; };
// A ring, a registry, listeners that are taken off again, sessions that expire, a journal that is cut.
const ring = { lines: new Array(200).fill(null), at: 0 };
const bus = new EventEmitter();
bus.setMaxListeners(0);
for (let n = 0; n < 300; n++) bus.on('request', new Route(n).handler);
const live = [];
const sessions = new Map();
const journal = { text: '' };

function rotate(n) {
  const key = 'key ' + n;
  slots.byKey[key] = new Entry(key);
  if (slots.order.length < 120) { slots.order.push(key); return; }
  delete slots.byKey[slots.order[slots.hand]];
  slots.order[slots.hand] = key;
  slots.hand = (slots.hand + 1) % 120;
}
function borrow(n) {
  const particle = free.pop() || new Particle();
  particle.trail = [n];
  busy.add(particle);
  if (busy.size > 60) for (const oldest of busy) { busy.delete(oldest); free.push(oldest); break; }
}
function listen(n) {
  const context = { path: '/p/' + n, answers: [n] };
  const listener = () => { context.answers = []; };
  bus.on('reload', listener);
  live.push({ listener, timer: setInterval(listener, 60000) });
  if (live.length > 80) { const done = live.shift(); bus.removeListener('reload', done.listener); clearInterval(done.timer); }
}

serve((n) => {
  pages.set('page ' + n, new Page(n));
  if (pages.size > 350) pages.delete(pages.keys().next().value);
  rotate(n);
  borrow(n);
  for (let i = 0; i < 3; i++) { const key = 'a' + random(400); articles[key] = articles[key] || new Article(key); }
  ring.lines[ring.at] = { text: 'request ' + n + ' was answered', level: 'info' };
  ring.at = (ring.at + 1) % 200;
  listen(n);
  sessions.set('s' + n, new Session(n));
  const limit = 100 + Math.round(40 * Math.sin(n / 90));
  for (const key of sessions.keys()) { if (sessions.size <= limit) break; sessions.delete(key); }
  journal.text = (journal.text + 'line ' + n + '\n').slice(-4000);
  return countries.get('C' + n % 1500).names.de.length + (tariffs ? tariffs.length : 0);
}, {
  before(step) { if (step === 1) tariffs = Array.from({ length: 1500 }, (_, n) => new Tariff(n)); },
  healthy: 'bounded caches, a pool, a ring, tables, a registry, expiring sessions',
});
