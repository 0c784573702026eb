'use strict';
class Sample { constructor(name, ms) { this.name = name; this.ms = ms; this.labels = { host: 'h1' }; } }
const samples = [];
exports.record = (name, ms) => { samples.push(new Sample(name, ms)); };
