'use strict';
// A class that remembers all its instances.
const { serve } = require('../harness.cjs');
class Widget { constructor(n) { this.label = 'widget ' + n; this.box = { x: n, y: 0.5 }; Widget.instances.push(this); } }
Widget.instances = [];
serve((n) => { new Widget(n); }, { leaks: [{ binding: 'instances', class: 'Widget' }] });
