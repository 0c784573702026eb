'use strict';
// Promise.race against one long-lived promise: each race leaves its reactions on it.
const { serve } = require('../harness.cjs');
class Reply { constructor(n) { this.text = 'reply ' + n; } }
const shutdown = new Promise(() => {});
async function ask(n) { return Promise.race([shutdown, Promise.resolve(new Reply(n))]); }
serve(ask, { leaks: [{ binding: 'shutdown', class: null, also: ['Promise', 'reaction'] }] });
