// What can be looked for on the centre's page.

const drawn = (page) => page.waitForSelector("#league tbody tr");
const settled = (page) => page.waitForFunction(() => !document.querySelector("#main").hasAttribute("aria-busy"));

/** What a change of the question costs: layouts that were forced, and flashes that run. */
async function changing(page, { field, value }) {
  await drawn(page);
  await page.waitForSelector(`select[name=${field}] option[value=${value}]`, { state: "attached" });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const layouts = async () => (await devtools.send("Performance.getMetrics")).metrics.find(({ name }) => name === "LayoutCount").value;
  const before = await layouts();
  const began = Date.now();
  await page.selectOption(`select[name=${field}]`, value);
  await settled(page);
  const ms = Date.now() - began;
  const flashes = await page.evaluate(() => document.getAnimations().length);
  return { layouts: (await layouts()) - before, ms, flashes, address: await page.evaluate(() => location.search) };
}

/** How much of a table can be seen without moving it. */
async function width(page, { table }) {
  await drawn(page);
  return page.evaluate((name) => {
    const [box, shown] = [document.querySelector(name).parentElement, document.querySelector(`${name} tbody tr`)];
    const first = Math.max(...[...document.querySelectorAll(`${name} tbody td:first-child`)].map((cell) => cell.offsetWidth));
    const right = box.getBoundingClientRect().left + box.clientWidth;
    const cells = [...shown.children].slice(1);
    const seen = cells.filter((cell) => cell.getBoundingClientRect().right <= right + 1).length;
    return { first, box: box.clientWidth, seen, of: cells.length, beyond: document.documentElement.scrollWidth - innerWidth };
  }, table);
}

/** What the page says, once it has drawn the table, and what else is waited for. */
async function told(page, { until } = {}) {
  await drawn(page);
  await settled(page);
  if (until) await page.waitForSelector(until, { state: "attached" });
  return says(page);
}

const says = (page) => page.evaluate(() => {
  const text = (name) => document.querySelector(name).textContent;
  const seen = (name) => document.querySelector(name).offsetParent !== null;
  return {
    title: text("#h-overview"), asked: text("#asked"), total: text("#league tfoot td"), found: text("#found"), wards: text("#h-wards"),
    unsaid: text("#unsaid"), remaking: seen("#remaking") && text("#remaking"), state: text("#stateText"), notice: seen("#notice") && text("#notice"),
    map: seen("#mapBox"), tiles: document.querySelectorAll("#map .tile").length, ward: text("#ward"), signIn: seen("#signIn"), signInOpen: seen("#signInOpen"),
    columns: document.querySelectorAll("#league thead th").length, dashes: [...document.querySelectorAll("#lead .open, #sets dd")].filter((one) => one.textContent === "—").length,
    bars: document.querySelectorAll("#ward .days rect").length, service: document.querySelector("[name=service]").value, search: location.search,
  };
});

/** The same after some of a period was typed. */
async function typing(page, { from, to }) {
  await drawn(page);
  await page.selectOption("[name=period]", "own");
  await page.fill("[name=from]", from);
  await page.fill("[name=to]", to);
  await page.waitForSelector("#notice:not([hidden])");
  return says(page);
}

async function pressing(page, { button, until }) {
  await drawn(page);
  await page.click(button);
  await page.waitForSelector(until);
  return says(page);
}

/** Whether anything of a table lies over something else on paper. */
async function printed(page) {
  await drawn(page);
  await page.emulateMedia({ media: "print" });
  return page.evaluate(() => {
    const stuck = [...document.querySelectorAll("th, td")].filter((cell) => getComputedStyle(cell).position !== "static").length;
    const box = document.querySelector("#league").parentElement;
    return { stuck, cut: box.scrollHeight - box.clientHeight };
  });
}

/** What stands in the rows of a table, once it has some. */
async function rows(page, { table }) {
  await page.waitForSelector(`${table} tbody tr`);
  const rows = await page.$$eval(`${table} tbody tr`, (lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent)));
  return { rows };
}

module.exports = { changing, width, told, typing, pressing, printed, rows };
