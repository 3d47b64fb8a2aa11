// The table of wards: sorted by any column, searched without accents, changed in place.
import { $, make, put } from "./dom.js";
import { basisOf } from "./overview.js";
import { byName, fold, named, number, percent, t } from "./text.js";

const NAME = "name";

export class League {
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.sort = { by: "services", down: true };
    this.rows = new Map();
    this.drawnIn = "";
    $("#search").addEventListener("input", () => this.arrange());
  }

  show(answer, language) {
    this.answer = answer;
    const keys = answer.rows.map((row) => row.group.ward.key);
    if (this.drawnIn !== language || keys.length !== this.rows.size || keys.some((key) => !this.rows.has(key))) this.lay(answer, language);
    for (const row of answer.rows) this.fill(this.rows.get(row.group.ward.key), row);
    this.fill({ cells: this.totals }, answer.total);
    this.arrange();
  }

  lay(answer, language) {
    const columns = answer.figures;
    const heads = [{ figure: NAME, name: { vi: t("unit"), en: t("unit") } }, ...columns].map((info) => make("th", { scope: "col", "data-figure": info.figure }, make("button", { type: "button", onclick: () => this.sortBy(info.figure) }, named(info.name))));
    $("#league thead").replaceChildren(make("tr", {}, ...heads));
    this.rows = new Map(answer.rows.map((row) => [row.group.ward.key, this.line(row.group.ward, columns)]));
    this.totals = columns.map(() => make("td"));
    $("#league tfoot").replaceChildren(make("tr", {}, make("td", {}, t("city")), ...this.totals));
    this.drawnIn = language;
    this.order = "";
  }

  line(ward, columns) {
    const cells = columns.map(() => make("td"));
    const note = ward.today ? null : make("small", {}, ` ${t("former")}${ward.split_into.length ? ` → ${ward.split_into.join(", ")}` : ""}`);
    const first = make("td", {}, make("button", { type: "button", onclick: () => this.onChoose(ward.key) }, ward.name), note);
    return { element: make("tr", {}, first, ...cells), cells, ward, folded: fold(ward.name), values: {} };
  }

  fill(line, row) {
    this.answer.figures.forEach((info, index) => {
      const value = row.figures[info.figure];
      const cell = line.cells[index];
      if (line.values) line.values[info.figure] = info.kind === "share" ? value.value : value;
      if (info.kind === "share") {
        put(cell, value.value === null ? "—" : percent(value.value));
        cell.title = value.value === null ? `${t("noBasis")}: ${basisOf(value, info)}` : basisOf(value, info);
      } else put(cell, value === null ? "—" : number(value));
    });
  }

  sortBy(figure) {
    this.sort = { by: figure, down: this.sort.by === figure ? !this.sort.down : figure !== NAME };
    this.arrange();
  }

  arrange() {
    const { by, down } = this.sort;
    const wanted = fold($("#search").value);
    const value = (line) => line.values[by] ?? -1;
    const compare = by === NAME ? (a, b) => byName(a.ward.short_name, b.ward.short_name) : (a, b) => value(a) - value(b) || byName(b.ward.short_name, a.ward.short_name);
    const lines = [...this.rows.values()].filter((line) => line.folded.includes(wanted)).sort((a, b) => (down ? -compare(a, b) : compare(a, b)));
    const order = lines.map((line) => line.ward.key).join();
    if (order !== this.order) $("#league tbody").replaceChildren(...lines.map((line) => line.element));
    this.order = order;
    for (const head of document.querySelectorAll("#league thead th")) {
      const direction = down ? "descending" : "ascending";
      head.setAttribute("aria-sort", head.dataset.figure === by ? direction : "none");
    }
    const text = `${number(lines.length)} ${t("found")}`;
    if ($("#found").textContent !== text) $("#found").textContent = text;
  }
}
