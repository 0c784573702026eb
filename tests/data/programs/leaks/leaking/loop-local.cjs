'use strict';
// A loop that never ends keeps what it saw in a local variable: held by the suspended function only.
const { serve } = require('../harness.cjs');
class Tick { constructor(n) { this.at = 'tick ' + n; this.load = [n + 0.5]; } }
const mailbox = { deliver: null };
async function poll() {
  const seenTicks = [];
  for (;;) {
    const tick = await new Promise((resolve) => { mailbox.deliver = resolve; });
    seenTicks.push(tick);
  }
}
poll();
serve(async (n) => { mailbox.deliver(new Tick(n)); await null; await null; await null; }, { leaks: [{ binding: 'seenTicks', class: 'Tick', function: 'poll' }] });
