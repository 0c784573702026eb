'use strict';
// A heartbeat for each connection that nobody stops: the timers hold the connections.
const { serve } = require('../harness.cjs');
class Connection { constructor(n) { this.peer = '10.0.0.' + n % 250; this.buffer = ['hello ' + n]; this.beats = 0; } }
function connect(n) {
  const connection = new Connection(n);
  setInterval(() => { connection.beats++; }, 60000);
}
serve(connect, { leaks: [{ binding: 'connection', class: 'Connection', function: 'connect', also: ['Timeout', 'timer', '_idle', 'onTimeout'] }] });
