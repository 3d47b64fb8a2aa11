// What citizens say is not so, and nobody has looked into yet: oldest first.
import { $, make } from "./dom.js";
import { BASE, read } from "./source.js";
import { instant, named, number, t } from "./text.js";

const SHOWN = 50;
let drawn = "";

export async function show() {
  const { body } = await read(`${BASE}/worklists/disputes?limit=${SHOWN}`);
  const told = document.documentElement.lang + body.rows.map((row) => `${row.event_id}${row.age_days}${row.disputed?.id}`).join();
  if (drawn === told) return;
  const heads = ["unit", "what", "disputedAt", "age", "records"].map((word) => make("th", { scope: "col" }, t(word)));
  $("#disputes thead").replaceChildren(make("tr", {}, ...heads));
  $("#disputes tbody").replaceChildren(...(body.rows.length ? body.rows.map(line) : [make("tr", {}, make("td", { colspan: "5" }, t("noDisputes")))]));
  $("#moreDisputes").hidden = body.next === null;
  drawn = told;
}

function line(row) {
  const record = `${row.disputed?.type ?? ""} …${row.event_id.slice(-8)}`;
  return make(
    "tr", {},
    make("td", {}, row.ward.name),
    make("td", {}, named(row.kind.name)),
    make("td", {}, instant(row.disputed_at)),
    make("td", {}, number(row.age_days)),
    make("td", {}, make("code", { title: row.event_id }, record)),
  );
}
