// The services and groups that figures can be divided by, with their names.
import { make } from "./dom.js";
import { address, read } from "./source.js";
import { named } from "./text.js";

let codes = [];

/** Once they are known there is nothing more to ask. */
export async function learn() {
  if (codes.length) return;
  const answers = await Promise.all(["service", "group"].map((by) => read(address("reports/people", { by }))));
  codes = answers.flatMap(({ body }) => body.rows.map((row) => row.group.codes[0])).filter((code) => code.code);
  nameAll();
}

/** Fills the form's lists, in the reader's language. */
export function nameAll() {
  for (const select of codes.length ? document.querySelectorAll("select[data-codes]") : []) {
    const before = select.value;
    const found = codes.filter((code) => code.label === select.dataset.codes);
    select.replaceChildren(select.firstElementChild, ...found.map((code) => make("option", { value: code.code }, named(code.name))));
    select.value = before;
  }
}

export function nameOf(label, code) {
  const found = codes.find((one) => one.label === label && one.code === code);
  return found ? named(found.name) : code;
}
