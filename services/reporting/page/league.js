// The table of wards: sorted by any column, searched without accents, changed in place.
import { $, make, put } from "./dom.js";
import { basisOf, isUnsaid, textOf, whyUnsaid } from "./figures.js";
import * as scope from "./scope.js";
import { byName, fold, language, named, number, t } from "./text.js";

const NAME = "name";
const ABOVE_WARDS = ["district", "city"];

export class League {
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.sort = { by: "services", down: true };
    this.rows = new Map();
    this.drawn = "";
    $("#search").addEventListener("input", () => this.arrange());
  }

  /** `moves`: the question is the one before, so that what changed has moved. */
  show(answer, moves) {
    const columns = answer.figures.filter((info) => !isUnsaid(info, answer.total));
    const drawn = [language(), scope.label(), ...columns.map((info) => info.figure), ...answer.rows.map((row) => row.group.ward.key)].join();
    if (this.drawn !== drawn) this.lay(answer, columns);
    this.drawn = drawn;
    for (const row of answer.rows) this.fill(this.rows.get(row.group.ward.key), row, moves);
    this.fill({ cells: this.totals }, answer.total, moves);
    this.arrange();
  }

  lay(answer, columns) {
    this.columns = columns;
    const heads = [{ figure: NAME, name: { vi: t("unit"), en: t("unit") } }, ...columns].map((info) => make("th", { scope: "col", "data-figure": info.figure }, make("button", { type: "button", onclick: () => this.sortBy(info.figure) }, named(info.name))));
    $("#league thead").replaceChildren(make("tr", {}, ...heads));
    this.rows = new Map(answer.rows.map((row) => [row.group.ward.key, this.line(row.group.ward)]));
    this.totals = columns.map(() => make("td"));
    $("#league tfoot").replaceChildren(make("tr", {}, make("td", {}, scope.label()), ...this.totals));
    $("#leagueUnsaid").textContent = whyUnsaid(answer.figures.filter((info) => !columns.includes(info)).map((info) => named(info.name)));
    this.order = "";
  }

  line(ward) {
    const cells = this.columns.map(() => make("td"));
    const first = make("td", {}, make("button", { type: "button", onclick: () => this.onChoose(ward.key) }, ward.name), noteOf(ward));
    return { element: make("tr", {}, first, ...cells), cells, ward, isWard: isWardOfToday(ward), folded: fold(ward.name), values: {} };
  }

  fill(line, row, moves) {
    this.columns.forEach((info, index) => {
      const value = row.figures[info.figure];
      const cell = line.cells[index];
      if (line.values) line.values[info.figure] = info.kind === "share" ? value.value : value;
      put(cell, textOf(info, row), { show: moves });
      if (info.kind === "share") cell.title = value.value === null ? `${t("noBasis")}: ${basisOf(value, info)}` : basisOf(value, info);
    });
  }

  sortBy(figure) {
    this.sort = { by: figure, down: this.sort.by === figure ? !this.sort.down : figure !== NAME };
    this.arrange();
  }

  /** Wards of today first, and below them what is none: former units, the city itself. */
  arrange() {
    const { by, down } = this.sort;
    const wanted = fold($("#search").value);
    const value = (line) => line.values[by] ?? -1;
    const compare = by === NAME ? (a, b) => byName(a.ward.short_name, b.ward.short_name) : (a, b) => value(a) - value(b) || byName(b.ward.short_name, a.ward.short_name);
    const found = [...this.rows.values()].filter((line) => line.folded.includes(wanted));
    const lines = found.sort((a, b) => b.isWard - a.isWard || (down ? -compare(a, b) : compare(a, b)));
    const order = lines.map((line) => line.ward.key).join();
    if (order !== this.order) $("#league tbody").replaceChildren(...lines.map((line) => line.element));
    this.order = order;
    this.tellOrder(lines);
  }

  tellOrder(lines) {
    const { by, down } = this.sort;
    for (const head of document.querySelectorAll("#league thead th")) {
      const direction = down ? "descending" : "ascending";
      head.setAttribute("aria-sort", head.dataset.figure === by ? direction : "none");
    }
    const wards = lines.filter((line) => line.isWard).length;
    const rest = lines.length - wards;
    const text = t("found", number(wards)) + (rest ? t("foundBeside", number(rest)) : "");
    if ($("#found").textContent !== text) $("#found").textContent = text;
  }
}

export const isWardOfToday = (ward) => ward.today && !ABOVE_WARDS.includes(ward.kind);

function noteOf(ward) {
  if (ward.today) return null;
  const into = ward.split_into.length ? ` → ${ward.split_into.join(", ")}` : "";
  return make("small", {}, ` ${t("former")}${into}`);
}
