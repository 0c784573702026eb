'use strict';
// Uploads that are kept after they were stored.
const { serve } = require('../harness.cjs');
const uploads = [];
serve((n) => { uploads.push(Buffer.alloc(8192, n % 256)); }, { leaks: [{ binding: 'uploads', class: 'Buffer', bytes: 8192, also: ['ArrayBuffer', 'Uint8Array'] }] });
