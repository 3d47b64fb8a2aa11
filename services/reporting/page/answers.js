// SMS ward by ward: how many arrived, what they cost, and what citizens answered.
import { $, make } from "./dom.js";
import { open } from "./facts.js";
import { basisOf, textOf } from "./figures.js";
import * as scope from "./scope.js";
import { address, read } from "./source.js";
import { language, named, t } from "./text.js";

const COLUMNS = ["sms", "sms_delivered", "segments", "cost_vnd", "answered_share", "confirmed", "disputed_not_helped", "disputed_wrong_number", "still_using", "stopped_using", "feedback", "opted_out"];
let drawn = null;

/** The period of the question alone: an SMS tells of all services of a visit. */
export async function show({ from, to, wards, trouble }) {
  if (trouble) return;
  const { body } = await read(address("reports/notifications", { from, to, wards, by: "ward" }));
  const now = [body, language(), scope.label()];
  if (drawn?.every((part, index) => part === now[index])) return;
  const infos = COLUMNS.map((name) => body.figures.find((info) => info.figure === name));
  const rows = body.rows.filter((row) => COLUMNS.some((name) => row.figures[name] > 0));
  const heads = [t("unit"), ...infos.map((info) => named(info.name))];
  $("#answers thead").replaceChildren(make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))));
  $("#answers tbody").replaceChildren(...rows.map((row) => line(row.group.ward.name, row, infos, "in_rows")));
  $("#answers tfoot").replaceChildren(line(scope.label(), body.total, infos, "in_total"));
  drawn = now;
}

function line(name, row, infos, opens) {
  return make("tr", {}, make("td", {}, name), ...infos.map((info) => make("td", {}, cell(info, row, opens))));
}

function cell(info, row, opens) {
  const value = row.figures[info.figure];
  if (info.kind === "share") return make("span", { title: basisOf(value, info) }, textOf(info, row));
  if (!value) return textOf(info, row);
  const link = row.facts + info.opens[opens];
  return make("button", { type: "button", class: "open", onclick: () => open(named(info.name), link) }, textOf(info, row));
}
