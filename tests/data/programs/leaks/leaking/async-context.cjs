'use strict';
// AsyncLocalStorage: each request's store is kept alive by a timer that was started inside it.
// needs: 14
const { serve } = require('../harness.cjs');
const { AsyncLocalStorage } = require('async_hooks');
class Trace { constructor(n) { this.id = 'trace ' + n; this.marks = [{ at: n + 0.5 }]; } }
const storage = new AsyncLocalStorage();
serve((n) => { storage.run(new Trace(n), () => { setInterval(() => storage.getStore(), 90000); }); }, { leaks: [{ binding: 'storage', class: 'Trace', also: ['Timeout', 'timer', 'kResourceStore', 'AsyncContextFrame', '_idle'] }] });
