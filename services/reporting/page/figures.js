// What a figure says, and why it says nothing.
import { dayOf, named, number, percent, t } from "./text.js";

/** Whether the filters that are set do not divide it. */
export function isUnsaid(info, row) {
  const value = row.figures[info.figure];
  return (info.kind === "share" ? value.numerator : value) === null;
}

export function textOf(info, row) {
  const value = row.figures[info.figure];
  if (info.kind !== "share") return value === null ? "—" : number(value);
  return value.value === null ? "—" : percent(value.value);
}

/** Numerator, denominator, source and date of a ratio. */
export function basisOf(share, info) {
  const parts = share.numerator === null ? "—" : number(share.numerator);
  if (share.denominator === null) return `${named(info.numerator.name)}: ${parts}`;
  const day = share.as_of ? `, ${t("asOf")} ${dayOf(share.as_of)}` : "";
  return `${parts} / ${number(share.denominator)} · ${named(info.basis)}${day}`;
}

/** For a person: which figures are not shown, and why; empty where all are. */
export const whyUnsaid = (names) => (names.length ? t("unsaid", names.join(", ")) : "");
