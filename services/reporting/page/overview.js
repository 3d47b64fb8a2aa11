// The city's figures: four large ones, the others in sets.
import { $, make, put } from "./dom.js";
import { open } from "./facts.js";
import { dayOf, named, number, percent, t } from "./text.js";

const LEAD = ["services", "visits", "people", "households_met"];
const SETS = [
  ["setDoors", ["doors", "households", "households_met", "reach"]],
  ["setTeams", ["community_tech_teams", "dx_formations", "literacy_teams", "city_teams", "active_teams", "community_tech_members"]],
  ["setPlaces", ["active_wards", "deployment", "neighbourhoods_with_team", "team_coverage", "service_points", "main_points"]],
  ["setSigns", ["signatures_activated", "consents"]],
  ["setSms", ["sms_delivered", "sms_sent", "sms_suppressed", "sms_failed", "sms_unconfirmed"]],
  ["setRecords", ["accepted", "rejected", "conflicting"]],
];
let cells = new Map();
let drawnIn = "";

export function show(answer, language) {
  if (drawnIn !== language) lay(answer, language);
  for (const info of answer.figures) fill(info, answer);
}

function lay(answer, language) {
  cells = new Map();
  const infos = new Map(answer.figures.map((info) => [info.figure, info]));
  $("#lead").replaceChildren(...LEAD.map((name) => leading(infos.get(name))));
  $("#sets").replaceChildren(...SETS.map(([title, names]) => set(t(title), names.map((name) => infos.get(name)))));
  drawnIn = language;
}

function place(info) {
  const cell = info.kind === "share" ? make("span") : make("button", { type: "button", class: "open", onclick: () => cell.open?.() });
  cells.set(info.figure, [...(cells.get(info.figure) ?? []), cell]);
  return cell;
}

const leading = (info) => make("div", {}, make("span", { class: "n" }, place(info)), make("span", { class: "l" }, named(info.name)));

function set(title, infos) {
  const lines = infos.map((info) => {
    const share = info.kind === "share";
    return make("div", { class: share ? "share" : "" }, make("dt", {}, named(info.name)), make("dd", {}, place(info)), share ? make("dd", { class: "basis" }) : null);
  });
  return make("div", { class: "set" }, make("h3", {}, title), make("dl", {}, ...lines));
}

function fill(info, answer) {
  const value = answer.total.figures[info.figure];
  for (const cell of cells.get(info.figure) ?? []) {
    if (info.kind === "share") fillShare(cell, value, info);
    else {
      put(cell, value === null ? "—" : number(value));
      cell.disabled = !value;
      cell.title = value === null ? t("notSaid") : "";
      cell.open = () => open(named(info.name), answer.total.facts + info.opens.in_total);
    }
  }
}

function fillShare(cell, share, info) {
  put(cell, share.value === null ? t("noBasis") : percent(share.value));
  cell.className = share.value === null ? "none" : "";
  put(cell.parentElement.nextElementSibling, basisOf(share, info), { show: false });
}

/** Numerator, denominator, source and date of a ratio. */
export function basisOf(share, info) {
  const parts = share.numerator === null ? "—" : number(share.numerator);
  if (share.denominator === null) return `${named(info.numerator.name)}: ${parts}`;
  const day = share.as_of ? `, ${t("asOf")} ${dayOf(share.as_of)}` : "";
  return `${parts} / ${number(share.denominator)} · ${named(info.basis)}${day}`;
}
