// One ward: its figures, its days and its neighbourhoods.
import { $, draw, make } from "./dom.js";
import { open } from "./facts.js";
import { address, read } from "./source.js";
import { dayOf, named, number, t } from "./text.js";

const BIG = ["services", "people", "households"];
const COLUMNS = ["services", "people", "doors", "met"];
const MOST_DAYS = 30;

export async function show(ward, asked) {
  const box = $("#ward");
  if (!ward) {
    box.replaceChildren(make("p", { class: "hint" }, t("choose")));
    return;
  }
  const shown = `${ward.key}|${document.documentElement.lang}`;
  const [areas, days] = await Promise.all([
    read(address("reports/ward", { ...asked, ward: ward.key, by: "neighbourhood" })),
    read(address("reports/ward", { ...asked, ward: ward.key, by: "day", from: asked.from || lastDays(asked.to) })),
  ]);
  if (!areas.changed && !days.changed && box.dataset.shown === shown) return;
  const at = box.querySelector(".scroll")?.scrollTop ?? 0;
  box.replaceChildren(...parts(ward, areas.body, days.body));
  if (box.querySelector(".scroll")) box.querySelector(".scroll").scrollTop = at;
  box.dataset.shown = shown;
}

/** Whoever asks for all days sees at most the last two years day by day. */
function lastDays(to) {
  const end = to ? new Date(to) : new Date();
  end.setFullYear(end.getFullYear() - 2);
  return end.toISOString().slice(0, 10);
}

function parts(ward, areas, days) {
  const info = (name) => areas.figures.find((figure) => figure.figure === name);
  const big = BIG.map((name) => {
    const value = areas.total.figures[name];
    const shown = make("button", { type: "button", class: "open", onclick: () => open(named(info(name).name), areas.total.facts + info(name).opens.in_total) }, value === null ? "—" : number(value));
    if (!value) shown.disabled = true;
    return make("div", {}, make("b", {}, shown), make("span", {}, named(info(name).name)));
  });
  return [make("h3", {}, ward.name), make("div", { class: "big" }, ...big), make("h4", {}, t("byDay")), bars(days), make("h4", {}, t("byArea")), table(areas, info)];
}

function bars(days) {
  const all = days.rows.map((row) => [row.group.period.first, row.figures.services ?? 0]);
  const first = all.findIndex(([, value]) => value > 0);
  if (first < 0) return make("p", { class: "hint" }, t("none"));
  const last = all.findLastIndex(([, value]) => value > 0);
  const shown = all.slice(Math.max(first, last + 1 - MOST_DAYS), last + 1);
  const most = Math.max(...shown.map(([, value]) => value));
  const width = 300 / Math.max(shown.length, 7);
  const picture = draw("svg", { class: "days", viewBox: "0 0 300 74", role: "img", preserveAspectRatio: "none" });
  picture.append(draw("title", {}, shown.map(([day, value]) => `${dayOf(day)}: ${number(value)}`).join("; ")));
  shown.forEach(([day, value], index) => {
    const height = (value / most) * 58;
    const bar = draw("rect", { x: index * width + 1, y: 60 - height, width: Math.max(width - 2, 1), height, rx: 1 });
    bar.append(draw("title", {}, `${dayOf(day)}: ${number(value)}`));
    picture.append(bar);
  });
  picture.append(draw("line", { x1: 0, x2: 300, y1: 60.5, y2: 60.5 }));
  const ends = make("p", { class: "hint ends" }, make("span", {}, dayOf(shown[0][0])), make("span", {}, shown.length > 1 ? dayOf(shown.at(-1)[0]) : ""));
  return make("div", {}, picture, ends);
}

function table(areas, info) {
  const rows = areas.rows.filter((row) => row.group.codes[0].code || COLUMNS.some((name) => row.figures[name]));
  if (!rows.length) return make("p", { class: "hint" }, t("none"));
  const heads = [t("area"), ...COLUMNS.map((name) => named(info(name).name))].map((text) => make("th", { scope: "col" }, text));
  const lines = rows.map((row) => make("tr", {}, make("td", {}, row.group.codes[0].code ? named(row.group.codes[0].name) : t("noArea")), ...COLUMNS.map((name) => make("td", {}, row.figures[name] === null ? "—" : number(row.figures[name])))));
  return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("byArea") }, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...lines)));
}
