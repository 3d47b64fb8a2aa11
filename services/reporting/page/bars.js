// What was done over time: a bar a day, a week or a month, so that all of the period is seen.
import { draw, make } from "./dom.js";
import { dayOf, number, t } from "./text.js";

const MOST_BARS = 62;
const DAY_MS = 864e5;

/** From rows by day: title, picture and what it says in numbers. */
export function bars(rows) {
  const days = withFigures(rows.map((row) => [row.group.period.first, row.figures.services ?? 0]));
  if (!days.length) return [make("h4", {}, t("byDay")), make("p", { class: "hint" }, t("none"))];
  const [word, shown] = gathered(days);
  const most = shown.reduce((best, bar) => (bar.value > best.value ? bar : best));
  const ends = make("p", { class: "hint ends" }, make("span", {}, dayOf(days[0][0])), make("span", {}, t("most", number(most.value), nameOf(most))), make("span", {}, days.length > 1 ? dayOf(days.at(-1)[0]) : ""));
  return [make("h4", {}, t(word)), make("div", {}, picture(shown, most.value), ends)];
}

/** From the first day on which something was done to the last. */
function withFigures(days) {
  const first = days.findIndex(([, value]) => value > 0);
  return first < 0 ? [] : days.slice(first, days.findLastIndex(([, value]) => value > 0) + 1);
}

function gathered(days) {
  if (days.length <= MOST_BARS) return ["byDay", together(days, (day) => day)];
  if (days.length <= MOST_BARS * 7) return ["byWeek", together(days, mondayOf)];
  return ["byMonth", together(days, (day) => day.slice(0, 7))];
}

function together(days, key) {
  const found = new Map();
  for (const [day, value] of days) {
    const bar = found.get(key(day)) ?? { first: day, value: 0 };
    found.set(key(day), { first: bar.first, last: day, value: bar.value + value });
  }
  return [...found.values()];
}

function mondayOf(day) {
  const at = new Date(day);
  return new Date(at - ((at.getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10);
}

const nameOf = ({ first, last }) => (first === last ? dayOf(first) : `${dayOf(first)} – ${dayOf(last)}`);

function picture(shown, most) {
  const width = 300 / Math.max(shown.length, 7);
  const svg = draw("svg", { class: "days", viewBox: "0 0 300 74", role: "img", preserveAspectRatio: "none" });
  svg.append(draw("title", {}, shown.map((bar) => `${nameOf(bar)}: ${number(bar.value)}`).join("; ")));
  shown.forEach((bar, index) => {
    const height = (bar.value / most) * 58;
    const rect = draw("rect", { x: index * width + 1, y: 60 - height, width: Math.max(width - 2, 1), height, rx: 1 });
    rect.append(draw("title", {}, `${nameOf(bar)}: ${number(bar.value)}`));
    svg.append(rect);
  });
  svg.append(draw("line", { x1: 0, x2: 300, y1: 60.5, y2: 60.5 }));
  return svg;
}
