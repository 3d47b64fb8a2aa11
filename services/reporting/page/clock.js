// Up to when the figures hold all events, why not longer, and what they go without.
import { $, make } from "./dom.js";
import { instant, language, named, number, t } from "./text.js";

const LATE_S = 15; // "true as of" is the write deadline and a heartbeat behind also when all is well
let told = "";

/** `answer` says of itself how complete it is. */
export function tell(iso, answer) {
  $("#trueAsOf").textContent = iso ? instant(iso) : t("unknown");
  const behind = iso ? Math.round((Date.now() - Date.parse(iso)) / 1000) : Infinity;
  const late = behind > LATE_S;
  $("#state").className = `clock-state ${late ? "late" : "live"}`;
  $("#stateText").textContent = late && Number.isFinite(behind) ? t("late", number(behind)) : t(late ? "unknown" : "live");
  $("#remaking").hidden = !answer.remaking;
  $("#remaking").textContent = answer.remaking ? t("remaking", number(answer.remaking)) : "";
  tellWhy(answer);
}

function tellWhy({ held_back: heldBack, without }) {
  const now = language() + JSON.stringify([heldBack, without]);
  if (told === now) return;
  const held = heldBack.map((one) => line(one.message, one.since ? t("since", instant(one.since)) : ""));
  $("#completeness").replaceChildren(...held, ...without.map((one) => line(one.message, "")));
  $("#completeness").hidden = !heldBack.length && !without.length;
  told = now;
}

const line = (message, since) => make("li", {}, named(message), since && make("time", {}, ` ${since}`));
