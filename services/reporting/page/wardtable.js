// A report ward by ward: the wards that have any of its figures, and all together.
import { $, make } from "./dom.js";
import { open } from "./facts.js";
import { basisOf, textOf } from "./figures.js";
import * as scope from "./scope.js";
import { address, read } from "./source.js";
import { language, named, t } from "./text.js";

export class WardTable {
  #drawn = null;

  constructor(table, report, columns) {
    Object.assign(this, { table, report, columns });
  }

  /** The period of the question alone: services and groups do not divide these figures. */
  async show({ from, to, wards, trouble }) {
    if (trouble) return;
    const { body } = await read(address(`reports/${this.report}`, { from, to, wards, by: "ward" }));
    const now = [body, language(), scope.label()];
    if (this.#drawn?.every((part, index) => part === now[index])) return;
    const infos = this.columns.map((name) => body.figures.find((info) => info.figure === name));
    const rows = body.rows.filter((row) => this.columns.some((name) => row.figures[name] > 0));
    const heads = [make("th", { scope: "col" }, t("unit")), ...infos.map(head)];
    $(`${this.table} thead`).replaceChildren(make("tr", {}, ...heads));
    $(`${this.table} tbody`).replaceChildren(...rows.map((row) => line(row.group.ward.name, row, infos, "in_rows")));
    $(`${this.table} tfoot`).replaceChildren(line(scope.label(), body.total, infos, "in_total"));
    this.#drawn = now;
  }
}

const head = (info) => make("th", { scope: "col", title: info.kind === "share" ? null : named(info.basis) || null }, named(info.name));

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
