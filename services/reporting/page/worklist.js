// What waits for somebody: the first page of a work list, a row each.
import { $, make } from "./dom.js";
import { BASE, read } from "./source.js";
import { instant, language, named, number, t } from "./text.js";

const SHOWN = 50;

export class WorkList {
  #drawn = "";

  /** `columns`: the word above each, and what stands in a row of it. `none`: the word for no row. */
  constructor(name, columns, none) {
    Object.assign(this, { name, columns, none });
  }

  async show() {
    const { body } = await read(`${BASE}/worklists/${this.name}?limit=${SHOWN}`);
    const now = language() + JSON.stringify(body.rows);
    if (this.#drawn === now) return;
    const heads = this.columns.map(([word]) => make("th", { scope: "col" }, t(word)));
    const empty = make("tr", {}, make("td", { colspan: String(heads.length) }, t(this.none)));
    $(`#${this.name} thead`).replaceChildren(make("tr", {}, ...heads));
    $(`#${this.name} tbody`).replaceChildren(...(body.rows.length ? body.rows.map((row) => this.#line(row)) : [empty]));
    $(`#${this.name}More`).hidden = body.next === null;
    this.#drawn = now;
  }

  #line(row) {
    return make("tr", {}, ...this.columns.map(([, content]) => make("td", {}, content(row))));
  }
}

const record = (id, type) => make("code", { title: id }, `${type} …${id.slice(-8)}`);
const ward = ["unit", (row) => row.ward.name];

export const disputes = new WorkList("disputes", [
  ward,
  ["what", (row) => named(row.kind.name)],
  ["disputedAt", (row) => instant(row.disputed_at)],
  ["age", (row) => number(row.age_days)],
  ["records", (row) => record(row.event_id, row.disputed?.type ?? "")],
], "noDisputes");

export const doubts = new WorkList("doubts", [
  ward,
  ["what", (row) => named(row.doubt.name)],
  ["happenedAt", (row) => instant(row.happened_at)],
  ["records", (row) => record(row.record.id, row.record.type)],
  ["earlier", (row) => record(row.earlier.id, row.earlier.type)],
  ["toDo", (row) => named(row.to_do)],
], "noDoubts");
