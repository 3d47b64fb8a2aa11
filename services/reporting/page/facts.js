// What a number counted, in a dialog, page by page.
import { $, make } from "./dom.js";
import { read } from "./source.js";
import { dayOf, instant, named, number, t } from "./text.js";

let next = null;

export function setUp() {
  $("#factsClose").addEventListener("click", () => $("#facts").close());
  $("#factsMore").addEventListener("click", () => turn());
}

export async function open(title, link) {
  $("#factsTitle").textContent = title;
  $("#factsHint").textContent = t("factsHint");
  const heads = ["day", "ward", "what", "amount", "records"].map((word) => make("th", { scope: "col" }, t(word)));
  $("#factsHead").replaceChildren(make("tr", {}, ...heads));
  $("#factsRows").replaceChildren();
  next = `${link}&limit=50`;
  if (!$("#facts").open) $("#facts").showModal();
  await turn();
}

async function turn() {
  const { body } = await read(next);
  $("#factsRows").append(...body.rows.map(row));
  next = body.next;
  $("#factsMore").hidden = next === null;
  if (!$("#factsRows").children.length) $("#factsRows").append(make("tr", {}, make("td", { colspan: "5" }, t("none"))));
}

function row(counted) {
  const what = counted.labels.filter((label) => label.code).map((label) => named(label.name)).join(" · ");
  const records = counted.facts.slice(0, 3).map((fact) => make("div", {}, instant(fact.time), " ", make("code", {}, `${fact.type} …${fact.id.slice(-8)}`)));
  if (counted.facts.length > 3) records.push(make("div", {}, `+ ${number(counted.facts.length - 3)}`));
  return make(
    "tr", {},
    make("td", {}, dayOf(counted.day)),
    make("td", {}, counted.ward.name),
    make("td", {}, what),
    make("td", { class: "amount" }, number(counted.amount)),
    make("td", {}, ...records),
  );
}
