'use strict';
// Connections to a server of our own that neither side closes; loopback only.
const { serve } = require('../harness.cjs');
const net = require('net');
const clients = new Set();
const server = net.createServer((socket) => { socket.on('error', () => {}); });
const listening = new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
serve(async () => {
  await listening;
  const socket = net.connect(server.address().port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  clients.add(socket);
}, { divide: 10, leaks: [{ binding: 'clients', class: 'Socket', also: ['TCP', 'server'] }] });
