// The form that is shown where the figures are not open to everybody.
import { $ } from "./dom.js";
import * as session from "./session.js";
import { language, t } from "./text.js";

let wanted = false; // by somebody to whom all is open, but not as themselves

/** `signedIn` is called once somebody is. */
export function setUp(signedIn) {
  $("#signIn").addEventListener("submit", async (event) => {
    event.preventDefault();
    await attempt(event.target, signedIn);
  });
  $("#signInOpen").addEventListener("click", () => {
    wanted = true;
    show(false);
    $("#signIn input").focus();
  });
  $("#signOut").addEventListener("click", async () => {
    await session.signOut().catch(console.warn);
    location.reload();
  });
}

/** Who is signed in, or a way to it: the form where nothing is open without. */
export function show(needed) {
  const nobody = session.name() === null;
  const open = nobody && session.possible();
  $("#signIn").hidden = !open || !(needed || wanted);
  $("#signInOpen").hidden = !open || !$("#signIn").hidden;
  $("#who").hidden = nobody;
  $("#whoName").textContent = session.name() ?? "";
}

async function attempt(form, signedIn) {
  const given = new FormData(form);
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await session.signIn(given.get("name"), given.get("password"), given.get("new"));
    form.reset();
    tell("");
    askForNew(false);
    wanted = false;
    show(false);
    signedIn();
  } catch (error) {
    if (error.mustChange) askForNew(true);
    tell(error.mustChange ? t("mustChange") : error.problem?.message?.[language()] ?? t("lost"));
  } finally {
    button.disabled = false;
  }
}

function askForNew(needed) {
  $("#newPassword").hidden = !needed;
  $("#newPassword input").required = needed;
}

function tell(sentence) {
  $("#signInProblem").textContent = sentence;
}
