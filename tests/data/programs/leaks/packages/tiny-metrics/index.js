'use strict';
const registry = require('./lib/registry.js');
exports.timing = (name, ms) => registry.record(name, ms);
