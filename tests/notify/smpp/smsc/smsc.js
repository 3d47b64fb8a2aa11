// An SMSC on npm's `smpp`. Says what it sees on stdout, a JSON line each; does what stdin says.
// Behaviour, at first from the command line and later by {"do": "behave", ...}:
//   submits: "answer" | "hold" (until {"do": "release"}) | "ignore";  delay_ms;  status
//   receipts: "none" | "before" | "after" | "twice";  enquiries: "answer" | "ignore"
//   drop_at: destroys the connection once so many submits wait;  bind_status;  password
//   per_s: takes so many submits in a second and answers 0x58 to the others
//   again_ms: about so long after it delivers again what was not taken
"use strict";
const readline = require("node:readline");
const smpp = require("smpp");

const behaviour = {
  submits: "answer", delay_ms: 0, status: 0, receipts: "none", enquiries: "answer",
  drop_at: Infinity, bind_status: 0, per_s: Infinity, again_ms: 0,
};
Object.assign(behaviour, JSON.parse(process.argv[2] || "{}"));
let connections = 0;
let messages = 0;
const sessions = new Set();
const held = [];
const THROTTLED = 0x58;
let taken_at = [];

const say = (saw, what) => process.stdout.write(JSON.stringify({ saw, ...what }) + "\n");
const reading = () => [...sessions].find((s) => s.mode && s.mode !== "transmitter");

function receipt(id) {
  return {
    esm_class: 0x04,
    source_addr: "84900000001",
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2511221403 ` +
      `done date:2511221403 stat:DELIVRD err:000 text:`,
  };
}

function deliver(session, pdu, id) {
  session.deliver_sm(pdu, (answer) => {
    const { command_status: status, sequence_number: sequence } = answer;
    say("deliver_sm_resp", { status, sequence, id });
    const pause_ms = behaviour.again_ms * (0.5 + Math.random());
    if (status && pause_ms) setTimeout(deliver, pause_ms, session, pdu, id);
  });
}

function status_of_a_submit() {
  const now = Date.now();
  taken_at = taken_at.filter((at) => now - at < 1000);
  if (behaviour.status) return behaviour.status;
  if (taken_at.length >= behaviour.per_s) return THROTTLED;
  taken_at.push(now);
  return 0;
}

function answer(session, pdu) {
  session.waiting -= 1;
  const command_status = status_of_a_submit();
  if (command_status) {
    say("refused", { status: command_status });
    return session.send(pdu.response({ command_status }));
  }
  const id = (++messages).toString(16).padStart(8, "0");
  const told = { none: 0, before: 1, after: 1, twice: 2 }[behaviour.receipts];
  const tell = () => { for (let i = 0; i < told; i++) deliver(reading(), receipt(id)); };
  if (behaviour.receipts === "before") tell();
  session.send(pdu.response({ message_id: id }));
  say("answered", { id, to: pdu.destination_addr });
  if (behaviour.receipts !== "before") tell();
}

function submitted(session, pdu) {
  session.waiting += 1;
  const { message, udh } = pdu.short_message;
  say("submit_sm", {
    connection: session.number, waiting: session.waiting, sequence: pdu.sequence_number,
    to: pdu.destination_addr, from: pdu.source_addr, text: message, coding: pdu.data_coding,
    esm_class: pdu.esm_class, registered: pdu.registered_delivery, validity: pdu.validity_period,
    udh: (udh || []).map((element) => element.toString("hex")),
  });
  if (session.waiting >= behaviour.drop_at) return session.destroy();
  if (behaviour.submits === "hold") held.push(() => answer(session, pdu));
  if (behaviour.submits === "answer") setTimeout(answer, behaviour.delay_ms, session, pdu);
}

function bind(mode) {
  return function (pdu) {
    const { system_id, password } = pdu;
    say(`bind_${mode}`, { connection: this.number, system_id, password });
    this.send(pdu.response({ command_status: behaviour.bind_status, system_id: "smsc" }));
    if (!behaviour.bind_status) this.mode = mode;
  };
}

const server = smpp.createServer((session) => {
  Object.assign(session, { number: ++connections, waiting: 0 });
  sessions.add(session);
  for (const mode of ["transceiver", "transmitter", "receiver"])
    session.on(`bind_${mode}`, bind(mode));
  session.on("submit_sm", (pdu) => submitted(session, pdu));
  session.on("enquire_link", (pdu) => {
    say("enquire_link", { connection: session.number });
    if (behaviour.enquiries === "answer") session.send(pdu.response());
  });
  session.on("unbind", (pdu) => {
    say("unbind", { connection: session.number, waiting: session.waiting });
    session.send(pdu.response());
  });
  session.on("generic_nack", (pdu) =>
    say("generic_nack", { status: pdu.command_status, sequence: pdu.sequence_number }));
  session.on("error", (error) => say("error", { error: error.message }));
  session.on("close", () => {
    sessions.delete(session);
    say("close", { connection: session.number });
  });
});

const commands = {
  behave: ({ do: _, ...changes }) => Object.assign(behaviour, changes),
  release: ({ count = held.length }) => held.splice(0, count).forEach((go) => go()),
  deliver: ({ pdu }) => deliver(reading(), pdu),
  deliver_data: ({ pdu }) => reading().data_sm(pdu, ({ command_status: status }) =>
    say("data_sm_resp", { status })),
  receipts: ({ ids }) => ids.forEach((id) => deliver(reading(), receipt(id), id)),
  enquire: () => sessions.forEach((s) => s.enquire_link(() => say("enquire_link_resp"))),
  unbind: () => sessions.forEach((s) => s.unbind(() => say("unbind_resp"))),
  drop: () => sessions.forEach((s) => s.destroy()),
  raw: ({ hex }) => sessions.forEach((s) => s.socket.write(Buffer.from(hex, "hex"))),
};

server.listen(0, "127.0.0.1", () => say("listening", { port: server.address().port }));
const told = readline.createInterface({ input: process.stdin });
told.on("line", (line) => { const command = JSON.parse(line); commands[command.do](command); });
told.on("close", () => process.exit(0)); // whoever started it is gone
