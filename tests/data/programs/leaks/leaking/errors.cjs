'use strict';
// Errors that are collected "for the report", with their stacks.
const { serve } = require('../harness.cjs');
class UpstreamError extends Error { constructor(n) { super('upstream said no to ' + n); this.attempt = n; } }
const report = { failures: [] };
serve((n) => { try { throw new UpstreamError(n); } catch (error) { report.failures.push(error); } }, { leaks: [{ binding: 'failures', class: 'Error', also: ['UpstreamError', 'report'] }] });
