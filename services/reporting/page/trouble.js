// What the page says when it cannot show what was asked.
import { $ } from "./dom.js";
import { Refused, Unreached } from "./refused.js";
import * as signIn from "./signin.js";
import { language, t } from "./text.js";

export function tell(error) {
  $("#state").className = "clock-state lost";
  $("#stateText").textContent = t(stateOf(error));
  signIn.show(error.status === 401);
  say(sentenceOf(error));
}

/** A sentence above the figures; an empty one takes it away. */
export function say(sentence) {
  $("#notice").hidden = !sentence;
  if ($("#notice").textContent !== sentence) $("#notice").textContent = sentence;
}

function stateOf(error) {
  if (error instanceof Unreached || error.status >= 500) return "lost";
  if (error instanceof Refused) return error.status === 401 ? "closed" : "refused";
  return "broken";
}

function sentenceOf(error) {
  if (error.status === 401) return t("signIn");
  if (error instanceof Refused) return error.problem?.message?.[language()] ?? "";
  return error instanceof Unreached ? "" : t("brokenWhy");
}
