// Who is signed in at registration, and the five-minute tokens that open the other services.
import { Refused, reach } from "./refused.js";

const API = "/api/registration/v1";
const RENEW_AFTER_MS = 180000;
const KEPT = "session";

let registration = null;
let session = null;
const tokens = new Map();

/** `address` is null where nobody can sign in. Only this tab remembers who did, until it is closed. */
export function begin(address) {
  registration = address;
  try { session = JSON.parse(sessionStorage.getItem(KEPT)); } catch { /* no storage */ }
}

export const possible = () => registration !== null;
export const name = () => session?.name ?? null;

/** Raises Refused; `mustChange` is true on it where only a new password opens anything. */
export async function signIn(name, password, newPassword) {
  const begun = await ask("POST", "/sessions", { name, password, use: "bearer" });
  if (begun.user.must_change_password) {
    if (!newPassword) throw Object.assign(new Refused(403, null), { mustChange: true });
    await ask("POST", "/password", { old: password, new: newPassword }, begun.token);
    return signIn(name, newPassword);
  }
  keep({ name: begun.user.name, token: begun.token });
}

export async function signOut() {
  const { token } = session;
  keep(null);
  await ask("DELETE", "/sessions", undefined, token);
}

/** The headers that open `audience`; none while nobody has signed in. */
export async function headers(audience) {
  if (!session) return {};
  const known = tokens.get(audience);
  const fresh = known && performance.now() < known.renewAt;
  return { Authorization: `Bearer ${await (fresh ? known : renewed(audience)).text}` };
}

/** After a 401: whether a new token may open it, as after a night's sleep of this machine. */
export function tryAnother(audience) {
  return tokens.delete(audience);
}

function renewed(audience) {
  const token = { renewAt: performance.now() + RENEW_AFTER_MS, text: given(audience) };
  tokens.set(audience, token);
  token.text.catch(() => tokens.delete(audience));
  return token;
}

async function given(audience) {
  try {
    return (await ask("POST", "/tokens", { audience }, session.token)).token;
  } catch (error) {
    if (error.status === 401) keep(null);
    throw error;
  }
}

function keep(kept) {
  session = kept;
  tokens.clear();
  try {
    if (kept) sessionStorage.setItem(KEPT, JSON.stringify(kept));
    else sessionStorage.removeItem(KEPT);
  } catch { /* no storage */ }
}

async function ask(method, path, body, token) {
  const response = await reach(registration + API + path, {
    method,
    headers: { ...(body && { "Content-Type": "application/json" }), ...(token && { Authorization: `Bearer ${token}` }) },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => null));
  return response.status === 204 ? null : response.json();
}
