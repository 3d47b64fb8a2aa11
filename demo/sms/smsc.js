// The SMSC in front of the invented citizens' phones, on npm's `smpp`. It takes every SMS, sends
// receipts, and passes on what citizens answer. The journal has what happened, a JSON line each:
//   sms       as it came to the phone, with what the network says of it and what is answered
//   receipt   once notify acknowledged it; answer: likewise
// Arguments, as JSON: port, journal, late_ms, again_ms, habits (see citizens.js).
"use strict";
const fs = require("node:fs");
const smpp = require("smpp");
const { citizens } = require("./citizens.js");

const told = JSON.parse(process.argv[2]);
const people = citizens(told.habits);
const SOON_MS = 40;
const RECEIPTS = { once: 1, twice: 2, late: 1, before: 1 };

const lines = fs.existsSync(told.journal) ? fs.readFileSync(told.journal, "utf8").split("\n") : [];
const answered = new Set(); // each number answers once to a visit, and once two weeks later
for (const line of lines.filter(Boolean).map(JSON.parse))
  if (line.saw === "sms" && line.means) answered.add(`${line.asked}/${line.number}`);

const journal = fs.openSync(told.journal, "a", 0o600);
const note = (saw, what) => fs.writeSync(journal, JSON.stringify({ saw, ...what }) + "\n");

let next = Date.now() * 1000;
const newId = () => (next++).toString(16).toUpperCase().padStart(16, "0");
const sessions = new Set();
const begun = new Map(); // the parts that came of an SMS whose last has not

function deliver(pdu, done) {
  const [session] = sessions;
  const again = () => setTimeout(deliver, told.again_ms, pdu, done);
  if (!session) return again();
  session.open.add(again);
  session.deliver_sm({ ...pdu }, (answer) => {
    session.open.delete(again);
    if (answer.command_status) again();
    else done();
  });
}

/** Of each part, as each was submitted with the wish for one. */
function receipt(sms, id) {
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(2, 12);
  const dlvrd = sms.state === "DELIVRD" ? "001" : "000";
  const text = `id:${id} sub:001 dlvrd:${dlvrd} submit date:${stamp} done date:${stamp} ` +
    `stat:${sms.state} err:000 text:`;
  const pdu = { esm_class: 0x04, source_addr: sms.number, data_coding: 0, short_message: text };
  return new Promise((acknowledged) => deliver(pdu, acknowledged));
}

async function receipts(sms, ids) {
  await Promise.all(ids.map((id) => receipt(sms, id)));
  note("receipt", { id: sms.id });
}

function answer(sms) {
  if (!sms.means) return;
  const plain = smpp.encodings.ASCII.match(sms.says);
  const pdu = {
    source_addr: sms.number, destination_addr: sms.from,
    data_coding: plain ? 0 : 8, short_message: sms.says,
  };
  deliver(pdu, () => note("answer", { id: sms.id }));
}

async function carry(sms, ids, respond) {
  const times = Array.from({ length: sms.receipts }, () => () => receipts(sms, ids));
  if (sms.comes === "before") times.splice(0).forEach((send) => send());
  respond();
  await new Promise((passed) => setTimeout(passed, sms.comes === "late" ? told.late_ms : SOON_MS));
  for (const send of times) await send();
  setTimeout(answer, SOON_MS, sms);
}

function arrived(pdu, parts, respond) {
  const number = pdu.destination_addr;
  const text = parts.map((part) => part.message).join("");
  const ids = parts.map((part) => part.id);
  const { state, comes } = people.fate(number, text);
  const got = state === "DELIVRD" || state === "";
  const about = people.asked(text);
  const first = got && about && !answered.has(`${about}/${number}`);
  const { means, says } = first ? people.answer(number, text) : { means: "", says: "" };
  if (means) answered.add(`${about}/${number}`);
  const times = state ? RECEIPTS[comes] : 0;
  const sms = {
    id: ids.at(-1), number, from: pdu.source_addr, text, parts: parts.length, state, comes, receipts: times,
    asked: about, means, says,
  };
  note("sms", sms);
  carry(sms, ids, respond);
}

function submitted(session, pdu) {
  const { message, udh } = pdu.short_message;
  const id = newId();
  const respond = () => session.send(pdu.response({ message_id: id }));
  const joined = (udh || []).find((element) => element[0] === 0x00);
  if (!joined) return arrived(pdu, [{ id, message }], respond);
  const key = `${pdu.destination_addr}/${joined[2]}`;
  const parts = [...(begun.get(key) || []), { id, message }];
  begun.set(key, parts);
  if (parts.length < joined[3]) return respond();
  begun.delete(key);
  arrived(pdu, parts, respond);
}

const server = smpp.createServer((session) => {
  session.open = new Set();
  session.on("bind_transceiver", (pdu) => {
    session.send(pdu.response({ system_id: "minhhoa" }));
    sessions.add(session);
  });
  session.on("submit_sm", (pdu) => submitted(session, pdu));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    sessions.delete(session);
    session.send(pdu.response());
  });
  session.on("error", (error) => console.error(error.message));
  session.on("close", () => {
    sessions.delete(session);
    session.open.forEach((again) => again());
  });
});
server.listen(told.port, "127.0.0.1");
