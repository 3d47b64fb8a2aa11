// The form that is shown where the figures are not open to everybody.
import { $ } from "./dom.js";
import * as session from "./session.js";
import { language, t } from "./text.js";

/** `signedIn` is called once somebody is. */
export function setUp(signedIn) {
  $("#signIn").addEventListener("submit", async (event) => {
    event.preventDefault();
    await attempt(event.target, signedIn);
  });
  $("#signOut").addEventListener("click", async () => {
    await session.signOut().catch(console.warn);
    location.reload();
  });
}

/** Who is signed in, or the form. */
export function show(needed) {
  $("#signIn").hidden = !needed || !session.possible();
  $("#who").hidden = session.name() === null;
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
