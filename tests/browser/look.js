// Looks at a page in Chromium; standard input says at which and how, standard output what was found.
const { readFileSync } = require("node:fs");
const { chromium } = require("playwright-core");
const looks = require("./looks.js");

const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

async function look({ program, address, name, width, given, patienceMs }) {
  const browser = await chromium.launch({ executablePath: program, args: QUIET, timeout: patienceMs });
  try {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(address);
    return { found: await looks[name](page, given), errors };
  } finally {
    await browser.close();
  }
}

look(JSON.parse(readFileSync(0, "utf8"))).then((seen) => process.stdout.write(JSON.stringify(seen)));
