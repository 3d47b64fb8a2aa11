// Reads the report API: what did not change costs a 304 and no body.
import { Refused, reach } from "./refused.js";
import * as session from "./session.js";

export const BASE = "/api/reporting/v1";

const kept = new Map();

/** Another reader may see other figures. */
export const forget = () => kept.clear();

export async function read(address, audience = "reporting") {
  const before = kept.get(address);
  const known = before ? { "If-None-Match": before.etag } : {};
  let response = await get(address, known, audience);
  if (response.status === 401 && session.tryAnother(audience)) response = await get(address, known, audience);
  if (response.status === 304) {
    const trueAsOf = response.headers.get("True-As-Of") ?? before.body.true_as_of;
    return { body: before.body, changed: false, trueAsOf };
  }
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => null));
  const body = await response.json();
  const etag = response.headers.get("ETag");
  if (etag) {
    if (kept.size > 40) kept.delete(kept.keys().next().value);
    kept.set(address, { etag, body });
  }
  return { body, changed: true, trueAsOf: body.true_as_of ?? null };
}

async function get(address, known, audience) {
  return reach(address, { headers: { ...known, ...(await session.headers(audience)) }, cache: "no-store" });
}

export function address(path, asked) {
  const given = Object.entries(asked).filter(([, value]) => value);
  return `${BASE}/${path}?${new URLSearchParams(given)}`;
}

/** Runs again and again, never twice at once, slower while it fails, not at all while hidden.
    What is returned has it run now, or as soon as it has ended. */
export function keepDoing(work, everyMs) {
  let failures = 0;
  let timer = 0;
  let running = false;
  let wanted = false;
  const run = async () => {
    clearTimeout(timer);
    wanted = running;
    if (running) return;
    if (!document.hidden) {
      running = true;
      try {
        await work();
        failures = 0;
      } catch (error) {
        failures += 1;
        console.warn(error);
      } finally {
        running = false;
      }
    }
    timer = setTimeout(run, wanted ? 0 : Math.min(everyMs * 2 ** Math.min(failures, 5), 30000));
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) run(); });
  run();
  return run;
}
