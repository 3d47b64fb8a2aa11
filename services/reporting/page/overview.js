// The city's figures, or those of whoever looks: four large ones, the others in sets.
import { $, make, put } from "./dom.js";
import { open } from "./facts.js";
import { basisOf, isUnsaid, textOf, whyUnsaid } from "./figures.js";
import { language, named, percent, t } from "./text.js";

const LEAD = ["services", "visits", "people", "households_met"];
const SETS = [
  ["setDoors", ["doors", "households", "households_met", "reach"]],
  ["setTeams", ["community_tech_teams", "dx_formations", "literacy_teams", "city_teams", "active_teams", "community_tech_members"]],
  ["setPlaces", ["active_wards", "deployment", "neighbourhoods_with_team", "team_coverage", "service_points", "main_points"]],
  ["setActivities", ["activities", "attendance", "booth_visits"]],
  ["setSigns", ["signatures_activated", "consents"]],
  ["setSms", ["sms_delivered", "sms_sent", "sms_suppressed", "sms_failed", "sms_unconfirmed"]],
  ["setRecords", ["accepted", "rejected", "conflicting"]],
];
let cells = new Map();
let drawn = "";

/** `moves`: the question is the one before, so that what changed has moved. */
export function show(answer, moves) {
  const said = new Set(answer.figures.filter((info) => !isUnsaid(info, answer.total)).map((info) => info.figure));
  const now = language() + [...said].join();
  if (drawn !== now) lay(answer, said);
  drawn = now;
  for (const info of answer.figures) fill(info, answer, moves);
}

function lay(answer, said) {
  cells = new Map();
  const infos = new Map(answer.figures.map((info) => [info.figure, info]));
  $("#lead").replaceChildren(...LEAD.map((name) => leading(infos.get(name), said.has(name))));
  const sets = SETS.map(([title, names]) => [title, names.filter((name) => said.has(name))]).filter(([, names]) => names.length);
  $("#sets").replaceChildren(...sets.map(([title, names]) => set(t(title), names.map((name) => infos.get(name)))));
  $("#unsaid").textContent = whyUnsaid(unsaidOf(infos, said));
}

/** A set of which nothing is said is named as a whole. */
function unsaidOf(infos, said) {
  return SETS.flatMap(([title, names]) => {
    const left = names.filter((name) => !said.has(name));
    return left.length === names.length ? [t(title)] : left.map((name) => named(infos.get(name).name));
  });
}

function place(info) {
  const cell = info.kind === "share" ? make("span") : make("button", { type: "button", class: "open", onclick: () => cell.open?.() });
  cells.set(info.figure, [...(cells.get(info.figure) ?? []), cell]);
  return cell;
}

function leading(info, said) {
  const why = said ? null : make("span", { class: "l" }, t("notSaid"));
  return make("div", {}, make("span", { class: "n" }, place(info)), make("span", { class: "l" }, named(info.name)), why);
}

function set(title, infos) {
  const lines = infos.map((info) => {
    const share = info.kind === "share";
    return make("div", { class: share ? "share" : "" }, make("dt", {}, named(info.name)), make("dd", {}, place(info)), share ? make("dd", { class: "basis" }) : null);
  });
  return make("div", { class: "set" }, make("h3", {}, title), make("dl", {}, ...lines));
}

function fill(info, answer, moves) {
  const value = answer.total.figures[info.figure];
  for (const cell of cells.get(info.figure) ?? []) {
    if (info.kind === "share") fillShare(cell, value, info, moves);
    else {
      put(cell, textOf(info, answer.total), { show: moves });
      cell.disabled = !value;
      cell.open = () => open(named(info.name), answer.total.facts + info.opens.in_total);
    }
  }
}

function fillShare(cell, share, info, moves) {
  put(cell, share.value === null ? t("noBasis") : percent(share.value), { show: moves });
  cell.className = share.value === null ? "none" : "";
  put(cell.parentElement.nextElementSibling, basisOf(share, info), { show: false });
}
