'use strict';
// An audit trail as a linked list, newest first.
const { serve } = require('../harness.cjs');
class AuditEntry { constructor(text, next) { this.text = text; this.next = next; } }
let latest = null;
serve((n) => { latest = new AuditEntry('changed price ' + n, latest); }, { leaks: [{ binding: 'latest', class: 'AuditEntry', also: ['next'] }] });
