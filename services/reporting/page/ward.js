// One ward: its figures, its days and its neighbourhoods.
import { bars } from "./bars.js";
import { $, make } from "./dom.js";
import { open } from "./facts.js";
import { isUnsaid, textOf, whyUnsaid } from "./figures.js";
import { address, read } from "./source.js";
import { language, named, t } from "./text.js";

const BIG = ["services", "people", "households"];
const COLUMNS = ["services", "people", "doors", "met"];

export async function show(ward, asked) {
  const box = $("#ward");
  if (!ward) {
    box.replaceChildren(make("p", { class: "hint" }, t("choose")));
    delete box.dataset.shown;
    return;
  }
  const shown = `${ward.key}|${language()}|${JSON.stringify(asked)}`;
  const [areas, days] = await Promise.all([
    read(address("reports/ward", { ...asked, ward: ward.key, by: "neighbourhood" })),
    read(address("reports/ward", { ...asked, ward: ward.key, by: "day", from: asked.from || twoYearsBefore(asked.to) })),
  ]);
  if (!areas.changed && !days.changed && box.dataset.shown === shown) return;
  const at = box.querySelector(".scroll")?.scrollTop ?? 0;
  box.replaceChildren(...parts(ward, areas.body, days.body));
  if (box.querySelector(".scroll")) box.querySelector(".scroll").scrollTop = at;
  box.dataset.shown = shown;
}

/** Whoever asks for all days sees at most the last two years day by day. */
function twoYearsBefore(to) {
  const end = to ? new Date(to) : new Date();
  end.setFullYear(end.getFullYear() - 2);
  return end.toISOString().slice(0, 10);
}

function parts(ward, areas, days) {
  const infos = (names) => names.map((name) => areas.figures.find((figure) => figure.figure === name));
  const said = (names) => infos(names).filter((info) => !isUnsaid(info, areas.total));
  const unsaid = infos([...new Set([...BIG, ...COLUMNS])]).filter((info) => isUnsaid(info, areas.total));
  return [
    make("h3", {}, ward.name),
    make("div", { class: "big" }, ...said(BIG).map((info) => big(info, areas.total))),
    make("p", { class: "hint" }, whyUnsaid(unsaid.map((info) => named(info.name)))),
    ...bars(days.rows),
    make("h4", {}, t("byArea")),
    table(areas, said(COLUMNS)),
  ];
}

function big(info, total) {
  const shown = make("button", { type: "button", class: "open", onclick: () => open(named(info.name), total.facts + info.opens.in_total) }, textOf(info, total));
  shown.disabled = !total.figures[info.figure];
  return make("div", {}, make("b", {}, shown), make("span", {}, named(info.name)));
}

function table(areas, infos) {
  const rows = areas.rows.filter((row) => row.group.codes[0].code || infos.some((info) => row.figures[info.figure]));
  if (!rows.length) return make("p", { class: "hint" }, t("none"));
  const heads = [t("area"), ...infos.map((info) => named(info.name))].map((text) => make("th", { scope: "col" }, text));
  const lines = rows.map((row) => make("tr", {}, make("td", {}, row.group.codes[0].code ? named(row.group.codes[0].name) : t("noArea")), ...infos.map((info) => make("td", {}, textOf(info, row)))));
  return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("byArea") }, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...lines)));
}
