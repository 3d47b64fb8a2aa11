// The few things the page does with elements.
export const $ = (selector) => document.querySelector(selector);

export function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
export function draw(tag, given = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Writes text only where it changed, and lets it be seen that it did. */
export function put(element, text, { show = true } = {}) {
  if (element.textContent === text) return;
  const first = element.textContent === "";
  element.textContent = text;
  if (show && !first) flash(element);
}

const FLASH = [{ background: "#ffe9b0" }, { background: "transparent" }];
const MOST_FLASHES = 150; // where all moves, nothing stands out
const still = matchMedia("(prefers-reduced-motion: reduce)");
let moved = [];

/** Once a frame for all that moved in it: nothing here makes the browser lay the page out. */
function flash(element) {
  if (!moved.length) requestAnimationFrame(flashAll);
  moved.push(element);
}

function flashAll() {
  if (moved.length <= MOST_FLASHES && !still.matches) {
    for (const element of moved) element.animate(FLASH, { duration: 1400, easing: "ease-out" });
  }
  moved = [];
}
