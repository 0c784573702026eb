// ES modules: the cache is an export of one, filled from another.
// needs: 14
import harness from '../harness.cjs';
import { rates, rateFor } from './esm-rates.mjs';
harness.serve((n) => { rateFor('EUR/' + n); if (rates.size < 0) throw new Error(); }, { leaks: [{ binding: 'rates', class: 'Rate', module: 'esm-rates.mjs', also: ['rateFor'] }] });
