'use strict';
// Routes, handlers and listeners that are registered when the program starts.
const { serve } = require('../harness.cjs');
const EventEmitter = require('events');
const bus = new EventEmitter();
bus.setMaxListeners(0);
class Route { constructor(n) { this.path = '/r/' + n; this.handler = (request) => request.path === this.path; } }
const routes = {};
for (let n = 0; n < 800; n++) { routes['/r/' + n] = new Route(n); bus.on('request', routes['/r/' + n].handler); }
serve((n) => bus.emit('request', { path: '/r/' + n }), { healthy: 'registered at the start' });
