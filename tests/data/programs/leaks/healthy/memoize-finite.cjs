'use strict';
// lodash.memoize over a small set of keys.
const { serve } = require('../harness.cjs');
const memoize = require('lodash/memoize');
class Format { constructor(locale) { this.locale = locale; this.parts = [locale + '-number', locale + '-date']; } }
const formatFor = memoize((locale) => new Format(locale));
serve((n) => { formatFor('locale-' + n % 120); }, { healthy: '120 keys' });
