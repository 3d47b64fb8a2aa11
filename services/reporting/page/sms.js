// The newest SMS of the console provider, which notify keeps.
import { $, make } from "./dom.js";
import { read } from "./source.js";
import { instant, number, t } from "./text.js";

const SHOWN = 12;
let seen = new Set();
let first = true;

export async function show(notify) {
  const { body } = await read(`${notify}/api/notify/v1/console?limit=${SHOWN}`, "notify");
  $("#smsSection").hidden = false;
  const list = body.messages;
  const ids = list.map((sms) => sms.request_id).join() + document.documentElement.lang;
  if ($("#sms").dataset.ids === ids) return;
  $("#sms").dataset.ids = ids;
  $("#sms").replaceChildren(...(list.length ? list.map(item) : [make("li", {}, t("noSms"))]));
  seen = new Set(list.map((sms) => sms.request_id));
  first = false;
}

function item(sms) {
  const meta = make("p", { class: "meta" }, make("span", {}, sms.to), make("time", { datetime: sms.at }, instant(sms.at)), make("span", {}, `${number(sms.segments)} ${t("segments")}`));
  return make("li", { class: first || seen.has(sms.request_id) ? "" : "new" }, meta, make("p", { lang: "vi" }, sms.text));
}
