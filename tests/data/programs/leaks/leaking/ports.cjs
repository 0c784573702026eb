'use strict';
// A message channel for each call that is never closed.
// needs: 14
const { serve } = require('../harness.cjs');
const { MessageChannel } = require('worker_threads');
const channels = [];
serve(() => { const channel = new MessageChannel(); channel.port1.unref(); channel.port2.unref(); channels.push(channel); }, { divide: 5, leaks: [{ binding: 'channels', class: 'MessageChannel', also: ['MessagePort'] }] });
