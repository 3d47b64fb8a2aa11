// The live page: asks each second, shows what changed, and says how far it is true.
import * as clock from "./clock.js";
import * as codes from "./codes.js";
import { $, make } from "./dom.js";
import * as facts from "./facts.js";
import { isUnsaid } from "./figures.js";
import { League } from "./league.js";
import { TileMap } from "./map.js";
import * as overview from "./overview.js";
import * as question from "./question.js";
import { reach } from "./refused.js";
import * as scope from "./scope.js";
import * as session from "./session.js";
import * as signIn from "./signin.js";
import * as sms from "./sms.js";
import { address, forget, keepDoing, read } from "./source.js";
import { dayOf, language, named, number, speak, t } from "./text.js";
import * as trouble from "./trouble.js";
import * as ward from "./ward.js";
import { WardTable } from "./wardtable.js";
import { disputes, doubts } from "./worklist.js";

const EVERY_MS = 1000;
const RETRY_MS = 3000;
const SPOKEN_EVERY_MS = 20000;
const METRICS = ["services", "people", "visits", "doors", "households_met", "active_teams", "signatures_activated"];

const ANSWERS = ["sms", "sms_delivered", "segments", "cost_vnd", "answered_share", "confirmed", "disputed_not_helped", "disputed_wrong_number", "still_using", "stopped_using", "feedback", "opted_out"];
const QUALITY = ["doors_recorded_twice", "help_recorded_twice", "signatures_recorded_twice", "doors_of_two_teams", "help_of_two_teams", "signatures_of_two_teams", "nobody_known", "nobody_known_share", "clock_wrong", "admitted"];

const seen = { overview: null, league: null, question: "", ward: null, chosen: "", metric: "", spokenAt: 0 };
const map = new TileMap(choose);
const league = new League((key) => { choose(key); $("#ward").scrollIntoView({ block: "nearest" }); });

async function refresh() {
  const asked = question.asked();
  if (asked.trouble) return trouble.say(t(asked.trouble));
  try {
    await scope.learn();
    const city = await read(address("reports/overview", asked));
    const wards = await read(address("reports/league", asked));
    if (isOutdated(asked)) return again();
    show(city.body, wards.body, asked);
    if (wards.changed || seen.ward !== wardShown(asked)) await showWard(asked);
    clock.tell(city.trueAsOf, city.body);
    signIn.show(false);
    trouble.say("");
  } catch (error) {
    trouble.tell(error);
    throw error;
  }
}

const isOutdated = (asked) => JSON.stringify(question.asked()) !== JSON.stringify(asked);

function show(city, wards, asked) {
  const now = JSON.stringify([asked, scope.label(), language()]);
  const moves = now === seen.question; // another question's figures have not moved
  if (city !== seen.overview || !moves) overview.show(city, moves);
  if (wards !== seen.league || !moves) league.show(wards, moves);
  Object.assign(seen, { overview: city, league: wards, question: now });
  if (!moves) tellQuestion(city);
  colour();
  $("#sample").hidden = !city.demo;
  $("#main").removeAttribute("aria-busy");
  speakUp(city);
}

/** Whose figures these are, of which days and of what: also on paper. */
function tellQuestion(city) {
  $("#h-overview").textContent = scope.label();
  $("#h-wards").textContent = scope.wards() ? scope.label() : t("wards");
  const filters = Object.entries(city.filters).map(([label, code]) => `${t(label)}: ${codes.nameOf(label, code)}`);
  const days = `${dayOf(city.period.first)} – ${dayOf(city.period.last)}`;
  $("#asked").textContent = [days, ...filters, city.wards === "as_was" ? t("wardsAsWas") : ""].filter(Boolean).join(" · ");
  $("#notDivided").hidden = !question.isDivided(city.filters);
}

function colour() {
  const infos = seen.league.figures.filter((info) => METRICS.includes(info.figure) && !isUnsaid(info, seen.league.total));
  const drawn = language() + infos.map((info) => info.figure).join();
  const select = $("#metric");
  if (select.dataset.drawn !== drawn) {
    select.replaceChildren(...infos.map((info) => make("option", { value: info.figure }, named(info.name))));
    select.value = infos.some((info) => info.figure === seen.metric) ? seen.metric : infos[0]?.figure;
    select.dataset.drawn = drawn;
  }
  const info = infos.find((one) => one.figure === select.value);
  $("#mapBox").hidden = !info || !map.show(seen.league.rows, info.figure, named(info.name), seen.chosen);
}

const wardShown = (asked) => JSON.stringify([seen.chosen, language(), asked]);

async function showWard(asked) {
  const chosen = seen.chosen || scope.onlyWard()?.key;
  const row = seen.league?.rows.find((one) => one.group.ward.key === chosen);
  await ward.show(row?.group.ward ?? null, asked);
  seen.ward = wardShown(asked);
}

function choose(key) {
  seen.chosen = key;
  keep();
  again();
}

const keep = () => question.keep({ ward: seen.chosen, metric: seen.metric });

/** For a screen reader: the main figures when they changed, not each second. */
function speakUp(city) {
  const { services, people } = city.total.figures;
  const text = t("spoken", number(services ?? 0), number(people ?? 0));
  if (Date.now() - seen.spokenAt < SPOKEN_EVERY_MS || $("#spoken").textContent === text) return;
  $("#spoken").textContent = text;
  seen.spokenAt = Date.now();
}

function askAll() {
  for (const run of [again, ...others]) run();
}

/** What the page cannot know by itself; without it there is nothing to show. */
async function configured() {
  for (;;) {
    try {
      return await (await reach("/page/config.json")).json();
    } catch (error) {
      trouble.tell(error);
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
}

const recalled = question.recall();
Object.assign(seen, { chosen: recalled.ward, metric: recalled.metric });
speak(language());
facts.setUp();
for (const button of document.querySelectorAll("[data-lang]")) {
  button.addEventListener("click", () => {
    speak(button.dataset.lang);
    codes.nameAll();
    askAll();
  });
}
$("#metric").addEventListener("change", (event) => {
  seen.metric = event.target.value;
  keep();
  colour();
});
question.setUp(() => {
  keep();
  $("#main").setAttribute("aria-busy", "true");
  askAll();
});

const config = await configured();
session.begin(config.registration);
const again = keepDoing(refresh, EVERY_MS);
const others = [keepDoing(codes.learn, 10 * EVERY_MS)];
const tables = [new WardTable("#answers", "notifications", ANSWERS), new WardTable("#quality", "data_quality", QUALITY)];
others.push(...tables.map((table) => keepDoing(() => table.show(question.asked()), 5 * EVERY_MS)));
others.push(keepDoing(() => disputes.show(), 5 * EVERY_MS), keepDoing(() => doubts.show(), 30 * EVERY_MS));
if (config.notify) others.push(keepDoing(() => sms.show(config.notify), 2 * EVERY_MS));
signIn.setUp(() => {
  forget();
  askAll();
});
