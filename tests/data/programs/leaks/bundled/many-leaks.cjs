'use strict';
// Many kinds of leaks at once, each at a rate of its own, beside parts that are bounded. `tests/leaks` has its snapshots.
const EventEmitter = require('events');
const { serve } = require('../harness.cjs');

class Session { constructor(n) { this.user = 'user ' + n; this.basket = [{ sku: 'sku-' + n }]; } }
class Request { constructor(n) { this.url = '/orders/' + n; } }
class Translation { constructor(key) { this.text = 'text of ' + key; } }
class Subscription { constructor(n) { this.topic = 'topic ' + n; } }
class Job { constructor(n) { this.title = 'job ' + n; } }
class AuditEntry { constructor(text, next) { this.text = text; this.next = next; } }
class Quota { constructor(n) { this.used = n + 0.5; } }
class Widget { constructor(n) { this.label = 'widget ' + n; Widget.instances.push(this); } }
Widget.instances = [];
class Connection { constructor(n) { this.peer = 'peer ' + n; this.beats = 0; } }
class Visitor { constructor(n) { this.agent = 'agent ' + n; } }
class Profile { constructor(n) { this.score = n + 0.5; } }
class Page { constructor(n) { this.html = '<p>' + n; } }

const sessions = new Map();
const answered = new Set();
const translations = {};
const settings = new EventEmitter();
settings.setMaxListeners(0);
const ready = new Promise(() => {});
let latest = null;
let handler = (request) => request;
const uploads = [];
const pages = [];
const tenants = new Map(['acme', 'globex', 'initech'].map((name) => [name, { name, quotas: new Map() }]));
const profiles = new WeakMap();
const visitors = [];
const hits = new Map();
const journal = { text: '' };
// Bounded: a cache of 150, a ring of 100, a table of 2000.
const recent = new Map();
const ring = { lines: new Array(100).fill(null), at: 0 };
const countries = new Map(Array.from({ length: 2000 }, (_, n) => ['C' + n, { code: 'C' + n, label: 'Country ' + n }]));

function remember(compute) {
  const results = Object.create(null);
  return function remembered(key) { return results[key] || (results[key] = compute(key)); };
}
const routeFor = remember((key) => ({ stops: key, length: key.length + 0.5 }));

function subscribe(n) {
  const subscription = new Subscription(n);
  settings.on('change', function onChange() { subscription.topic = null; });
}
function submit(n) {
  const job = new Job(n);
  ready.then(() => job.title.length);
}
function use(layer) {
  const inner = handler;
  handler = function layered(request) { return inner(request) || layer; };
}
function connect(n) {
  const connection = new Connection(n);
  setInterval(() => { connection.beats++; }, 60000);
}
function visit(n) {
  const visitor = new Visitor(n);
  visitors.push(visitor);
  profiles.set(visitor, new Profile(n));
}
function keepRecent(n) {
  recent.set('page ' + n, new Page(n));
  if (recent.size > 150) recent.delete(recent.keys().next().value);
  ring.lines[ring.at] = { text: 'request ' + n, level: 'info' };
  ring.at = (ring.at + 1) % 100;
}

serve((n) => {
  keepRecent(n);
  sessions.set('token-' + n, new Session(n));
  answered.add(new Request(n));
  translations['phrase ' + n] = new Translation('phrase ' + n);
  if (n % 2 === 0) subscribe(n);
  if (n % 2 === 0) submit(n);
  latest = new AuditEntry('changed ' + n, latest);
  if (n % 4 === 0) use({ name: 'layer ' + n });
  if (n % 4 === 0) uploads.push(Buffer.alloc(6000, n % 256));
  if (n % 4 === 0) pages.push(Buffer.alloc(1500, 'page ' + n + ' ').toString('latin1'));
  tenants.get(['acme', 'globex', 'initech'][n % 3]).quotas.set('user-' + n, new Quota(n));
  new Widget(n);
  if (n % 4 === 0) connect(n);
  if (n % 2 === 0) visit(n);
  for (let i = 0; i < 10; i++) hits.set(n * 10 + i, i);
  routeFor('A to ' + n);
  journal.text += 'line number ' + n + ' of the journal of this server\n';
  if (/never there/.test(journal.text)) journal.text = '';
}, {
  leaks: [
    { binding: 'sessions', class: 'Session' },
    { binding: 'answered', class: 'Request' },
    { binding: 'translations', class: 'Translation' },
    { binding: 'settings', class: 'Subscription', each: 0.5, function: 'onChange' },
    { binding: 'ready', class: 'Job', each: 0.5, function: 'submit' },
    { binding: 'latest', class: 'AuditEntry' },
    { binding: 'handler', class: 'layered', each: 0.25, function: 'use' },
    { binding: 'uploads', class: 'Buffer', each: 0.25, bytes: 1500 },
    { binding: 'pages', class: '(string)', each: 0.25, bytes: 375 },
    { binding: 'tenants', class: 'Quota', also: ['quotas'] },
    { binding: 'instances', class: 'Widget' },
    { binding: 'connection', class: 'Connection', each: 0.25, function: 'connect', also: ['Timeout'] },
    { binding: 'visitors', class: 'Visitor', each: 0.5, also: ['profiles'] },
    { binding: 'hits', class: null, each: 10, unseen: true },
    { binding: 'results', class: 'stops, length', function: 'remembered', also: ['routeFor'] },
    { binding: 'journal', class: '(string)', each: 0, start: 1, bytes: 43, also: ['text'] },
  ],
});
