'use strict';
// Nothing but the engine and an answer that is thrown away.
const { serve } = require('../harness.cjs');
serve((n) => JSON.stringify({ n, text: 'answer ' + n }).length, { healthy: 'nothing is kept' });
