// What the reader asks: typed into the form, kept in the address, so that a reload asks the same.
import { $, make } from "./dom.js";
import { today } from "./text.js";

const form = $("#filters");
const DAY_MS = 864e5;

/** What the reports are asked, or `{ trouble }`: the word for why they cannot be yet. */
export function asked() {
  const given = Object.fromEntries(new FormData(form));
  const days = period(given);
  return days.trouble ? days : { ...days, service: given.service, group: given.group, wards: given.wards };
}

function period({ period: chosen, from, to }) {
  const now = today();
  const back = (days) => new Date(Date.parse(now) - days * DAY_MS).toISOString().slice(0, 10);
  switch (chosen) {
    case "today": return { from: now, to: now };
    case "week": return { from: back((new Date(now).getUTCDay() + 6) % 7), to: now };
    case "campaign": {
      const day = Number(now.slice(8));
      const month = day >= 15 ? now : back(day);
      return { from: `${month.slice(0, 8)}15`, to: now };
    }
    case "own": return ownPeriod(from, to);
    default: return {};
  }
}

function ownPeriod(from, to) {
  if (!from || !to) return { trouble: "periodHalf" };
  return from > to ? { trouble: "periodReversed" } : { from, to };
}

export const isDivided = ({ service, group }) => Boolean(service || group);

/** `shown` is what was chosen beside the form: a ward, a figure. */
export function keep(shown) {
  const { from, to, ...given } = Object.fromEntries(new FormData(form));
  const told = Object.entries({ ...given, ...(given.period === "own" && { from, to }), ...shown });
  const params = new URLSearchParams(told.filter(([name, value]) => value && !isUsual(name)));
  const address = params.size ? `?${params}` : location.pathname;
  if (address !== (location.search || location.pathname)) history.replaceState(null, "", address);
}

const isUsual = (name) => form.elements[name]?.selectedIndex === 0;

/** Fills the form from the address; codes that have no name yet stand for themselves. */
export function recall() {
  const given = new URLSearchParams(location.search);
  for (const field of form.elements) {
    const value = given.get(field.name);
    if (!value) continue;
    if (field.dataset.codes) field.append(make("option", { value }, value));
    field.value = value;
    if (!field.value && field.options) field.selectedIndex = 0;
  }
  showOwn();
  return { ward: given.get("ward") ?? "", metric: given.get("metric") ?? "" };
}

/** `changed` is called when something else is asked. */
export function setUp(changed) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    showOwn();
    changed();
  });
}

function showOwn() {
  for (const label of form.querySelectorAll(".own")) label.hidden = form.elements.period.value !== "own";
}
