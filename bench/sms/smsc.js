// An SMSC on npm's `smpp` that answers each submit after a while and only counts.
// node smsc.js PORT DELAY_MS; writes {"answered", "first_at", "last_at", "longest"} to stdout a few
// times a second: seconds since 1970 of the first submit and the last answer, and how many submits
// were open at most.
"use strict";
const smpp = require("smpp");

const [port, delay_ms] = process.argv.slice(2).map(Number);
const count = { answered: 0, first_at: 0, last_at: 0, longest: 0 };
let told = 0;
let open = 0;

function answer(session, pdu) {
  open -= 1;
  count.answered += 1;
  count.last_at = Date.now() / 1000;
  session.send(pdu.response({ message_id: count.answered.toString(16) }));
}

function submitted(session, pdu) {
  open += 1;
  count.first_at = count.first_at || Date.now() / 1000;
  count.longest = Math.max(count.longest, open);
  if (delay_ms) setTimeout(answer, delay_ms, session, pdu);
  else answer(session, pdu);
}

const server = smpp.createServer((session) => {
  for (const bind of ["bind_transceiver", "bind_transmitter", "bind_receiver"])
    session.on(bind, (pdu) => session.send(pdu.response({ system_id: "smsc" })));
  session.on("submit_sm", (pdu) => submitted(session, pdu));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => session.send(pdu.response()));
  session.on("error", () => session.close());
});

server.listen(port, "127.0.0.1");
setInterval(() => {
  if (count.answered === told) return;
  told = count.answered;
  process.stdout.write(JSON.stringify(count) + "\n");
}, 100);
