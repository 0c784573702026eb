'use strict';
// A memoizer of our own whose cache is a variable of its closure.
const { serve } = require('../harness.cjs');
function remember(compute) {
  const results = Object.create(null);
  return function remembered(key) { return results[key] || (results[key] = compute(key)); };
}
class Route { constructor(key) { this.stops = [key, key + '!']; } }
const routeFor = remember((key) => new Route(key));
serve((n) => { routeFor('A to ' + n); }, { leaks: [{ binding: 'results', class: 'Route', function: 'remembered', also: ['routeFor', 'remember'] }] });
