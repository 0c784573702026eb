'use strict';
// Each request pipes one source into a stream that is never ended nor taken off.
const { serve } = require('../harness.cjs');
const { PassThrough } = require('stream');
const ticker = new PassThrough();
ticker.setMaxListeners(0);
class Feed extends PassThrough { constructor(n) { super(); this.subscriber = 'subscriber ' + n; } }
serve((n) => { ticker.pipe(new Feed(n)); }, { divide: 5, leaks: [{ binding: 'ticker', class: 'Feed', also: ['pipes', '_readableState', '_events'] }] });
