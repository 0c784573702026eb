'use strict';
// A private field of a long-lived service.
// needs: 12
const { serve } = require('../harness.cjs');
class Message { constructor(n) { this.body = 'message ' + n; this.to = ['a', 'b' + n]; } }
class Mailer {
  #sent = [];
  send(message) { this.#sent.push(message); return this.#sent.length; }
}
const mailer = new Mailer();
serve((n) => { mailer.send(new Message(n)); }, { leaks: [{ binding: '#sent', class: 'Message', also: ['mailer', 'sent'] }] });
