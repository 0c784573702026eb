'use strict';
// Each request listens on one emitter and never stops.
const { serve } = require('../harness.cjs');
const EventEmitter = require('events');
class Settings extends EventEmitter {}
const settings = new Settings();
settings.setMaxListeners(0);
class RequestContext { constructor(n) { this.path = '/page/' + n; this.locale = { lang: 'de', n }; } }
function handle(n) {
  const context = new RequestContext(n);
  settings.on('change', function onChange() { context.locale = null; });
}
serve(handle, { leaks: [{ binding: 'settings', class: 'RequestContext', function: 'onChange', also: ['_events', 'change'] }] });
