// The live page: asks each second, shows what changed, and says how far it is true.
import * as answers from "./answers.js";
import * as disputes from "./disputes.js";
import { $, make } from "./dom.js";
import * as facts from "./facts.js";
import { League } from "./league.js";
import { TileMap } from "./map.js";
import * as overview from "./overview.js";
import * as session from "./session.js";
import * as signIn from "./signin.js";
import * as sms from "./sms.js";
import { address, forget, keepDoing, read } from "./source.js";
import { instant, language, named, number, speak, t, today } from "./text.js";
import * as ward from "./ward.js";

const EVERY_MS = 1000;
const LATE_S = 15; // "true as of" is the write deadline and a heartbeat behind also when all is well
const SPOKEN_EVERY_MS = 20000;
const METRICS = ["services", "people", "visits", "doors", "households_met", "active_teams", "signatures_activated"];

const form = $("#filters");
const seen = { overview: null, league: null, ward: null, chosen: "", spokenAt: 0, completeness: "" };
const map = new TileMap(choose);
const league = new League((key) => { choose(key); $("#ward").scrollIntoView({ block: "nearest" }); });

function asked() {
  const given = new FormData(form);
  return { ...period(given), service: given.get("service"), group: given.get("group") };
}

function period(given) {
  const now = today();
  const back = (days) => new Date(Date.parse(now) - days * 864e5).toISOString().slice(0, 10);
  switch (given.get("period")) {
    case "today": return { from: now, to: now };
    case "week": return { from: back((new Date(now).getUTCDay() + 6) % 7), to: now };
    case "campaign": {
      const day = Number(now.slice(8));
      const month = day >= 15 ? now : back(day);
      return { from: `${month.slice(0, 8)}15`, to: now };
    }
    case "own": return { from: given.get("from"), to: given.get("to") };
    default: return {};
  }
}

async function refresh() {
  try {
    const question = asked();
    const city = await read(address("reports/overview", question));
    const wards = await read(address("reports/league", question));
    show(city.body, wards.body);
    if (wards.changed || seen.ward !== wardShown(question)) await showWard(question);
    tellClock(city.trueAsOf);
    tellCompleteness(city.body);
    $("#notice").hidden = true;
    signIn.show(false);
  } catch (error) {
    tellTrouble(error);
    throw error;
  }
}

function show(city, wards) {
  if (city !== seen.overview) overview.show(city, language());
  seen.overview = city;
  $("#sample").hidden = !city.demo;
  if (wards !== seen.league) {
    seen.league = wards;
    league.show(wards, language());
    colour();
  }
  speakUp(city);
}

function colour() {
  const infos = seen.league.figures.filter((info) => METRICS.includes(info.figure));
  const select = $("#metric");
  if (select.dataset.drawn !== language()) {
    const before = select.value || METRICS[0];
    select.replaceChildren(...infos.map((info) => make("option", { value: info.figure }, named(info.name))));
    select.value = before;
    select.dataset.drawn = language();
  }
  const info = infos.find((one) => one.figure === select.value);
  map.show(seen.league.rows, info.figure, named(info.name), seen.chosen);
}

const wardShown = (question) => `${seen.chosen}|${language()}|${JSON.stringify(question)}`;

async function showWard(question) {
  const row = seen.league?.rows.find((one) => one.group.ward.key === seen.chosen);
  await ward.show(row?.group.ward ?? null, question);
  seen.ward = wardShown(question);
}

function choose(key) {
  seen.chosen = key;
  again();
}

function tellClock(iso) {
  $("#trueAsOf").textContent = iso ? instant(iso) : t("unknown");
  const behind = iso ? Math.round((Date.now() - Date.parse(iso)) / 1000) : Infinity;
  const late = behind > LATE_S;
  $("#state").className = `clock-state ${late ? "late" : "live"}`;
  $("#stateText").textContent = late && Number.isFinite(behind) ? t("late", number(behind)) : t(late ? "unknown" : "live");
}

/** Why the instant stands still, and what the figures go without. */
function tellCompleteness({ held_back: heldBack, without }) {
  const told = language() + JSON.stringify([heldBack, without]);
  if (seen.completeness === told) return;
  const held = heldBack.map((one) => line(one.message, one.since ? t("since", instant(one.since)) : ""));
  $("#completeness").replaceChildren(...held, ...without.map((one) => line(one.message, "")));
  $("#completeness").hidden = !heldBack.length && !without.length;
  seen.completeness = told;
}

const line = (message, since) => make("li", {}, named(message), since && make("time", {}, ` ${since}`));

function tellTrouble(error) {
  $("#state").className = "clock-state lost";
  $("#stateText").textContent = t(error.status === 401 ? "closed" : "lost");
  if (error.status === 401) signIn.show(true);
  const sentence = error.problem?.message?.[language()];
  if (!sentence) return;
  $("#notice").textContent = error.status === 401 ? t("signIn") : sentence;
  $("#notice").hidden = false;
}

/** For a screen reader: the main figures when they changed, not each second. */
function speakUp(city) {
  const { services, people } = city.total.figures;
  const text = t("spoken", number(services ?? 0), number(people ?? 0));
  if (Date.now() - seen.spokenAt < SPOKEN_EVERY_MS || $("#spoken").textContent === text) return;
  $("#spoken").textContent = text;
  seen.spokenAt = Date.now();
}

function redraw() {
  const { overview: city, league: wards } = seen;
  Object.assign(seen, { overview: null, league: null, ward: null });
  nameCodes();
  if (city && wards) show(city, wards);
  askAll();
}

let codes = [];
function nameCodes() {
  for (const select of document.querySelectorAll("select[data-codes]")) {
    const before = select.value;
    const found = codes.filter((code) => code.label === select.dataset.codes);
    select.replaceChildren(select.firstElementChild, ...found.map((code) => make("option", { value: code.code }, named(code.name))));
    select.value = before;
  }
}

async function readCodes() {
  const answers = await Promise.all(["service", "group"].map((by) => read(address("reports/people", { by }))));
  codes = answers.flatMap(({ body }) => body.rows.map((row) => row.group.codes[0])).filter((code) => code.code);
  nameCodes();
}

for (const button of document.querySelectorAll("[data-lang]")) {
  button.addEventListener("click", () => { speak(button.dataset.lang); redraw(); });
}
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", () => {
  for (const label of form.querySelectorAll(".own")) label.hidden = form.period.value !== "own";
  seen.league = null;
  askAll();
});
$("#metric").addEventListener("change", colour);

speak(language());
facts.setUp();
const config = await fetch("/page/config.json").then((response) => response.json());
session.begin(config.registration);
const again = keepDoing(refresh, EVERY_MS);
const others = [keepDoing(async () => { if (!codes.length) await readCodes(); }, 10000)];
others.push(keepDoing(() => answers.show(asked()), 5 * EVERY_MS), keepDoing(disputes.show, 5 * EVERY_MS));
if (config.notify) others.push(keepDoing(() => sms.show(config.notify), 2 * EVERY_MS));
signIn.setUp(() => {
  forget();
  askAll();
});

function askAll() {
  for (const run of [again, ...others]) run();
}
