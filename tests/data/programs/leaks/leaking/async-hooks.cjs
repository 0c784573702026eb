'use strict';
// A tracer that notes each asynchronous resource and forgets to drop it.
const { serve } = require('../harness.cjs');
const asyncHooks = require('async_hooks');
class Span { constructor(id, type) { this.id = id; this.type = type; this.tags = { type }; } }
const spans = new Map();
let tracing = false;
asyncHooks.createHook({ init(id, type) { if (tracing) spans.set(id, new Span(id, type)); } }).enable();
serve(() => {
  tracing = true;
  new asyncHooks.AsyncResource('REQUEST');
  tracing = false;
}, { leaks: [{ binding: 'spans', class: 'Span', also: ['init'] }] });
