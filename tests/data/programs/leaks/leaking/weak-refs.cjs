'use strict';
// A cache of WeakRefs: the values go, but keys and references stay.
// needs: 14
const { serve } = require('../harness.cjs');
const byName = new Map();
serve((n) => { byName.set('document ' + n, new WeakRef({ title: 'document ' + n })); }, { leaks: [{ binding: 'byName', class: 'WeakRef' }] });
