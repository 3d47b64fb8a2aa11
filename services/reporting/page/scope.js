// Who looks, and at what: the whole city, one ward, or several.
import * as session from "./session.js";
import { BASE, read } from "./source.js";
import { number, t } from "./text.js";

let scope = null;

/** Asked again whenever somebody else looks. */
export async function learn() {
  const who = session.name();
  if (scope?.who === who) return;
  const { body } = await read(`${BASE}/reader`);
  scope = { who, wards: body.wards };
}

export const wards = () => scope?.wards ?? null;
export const onlyWard = () => (scope?.wards?.length === 1 ? scope.wards[0] : null);

/** Whose figures a total holds. */
export function label() {
  if (!scope) return "…";
  if (!scope.wards) return t("city");
  return onlyWard()?.name ?? t("ownWards", number(scope.wards.length));
}
