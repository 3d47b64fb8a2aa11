// A tile map: each ward one square, as near to its true place as the squares allow.
import { $, make } from "./dom.js";
import { language, number, t } from "./text.js";

const CENTRE = { lat: 10.782, lon: 106.675 };
const BREADTH = 1.235; // columns for each square root of a ward: 16 for the 168
const ISLAND_SOUTH_OF = 9.5; // Côn Đảo lies 230 km south of the rest: it is drawn as an inset
const KINDS = 5;

/** Places by key. The root of the distance spreads the inner wards and draws the outer ones in. */
export function places(wards) {
  const columns = Math.max(Math.round(Math.sqrt(wards.length) * BREADTH), 1);
  const near = wards.filter((ward) => ward.lat > ISLAND_SOUTH_OF).map((ward) => {
    const dy = CENTRE.lat - ward.lat;
    const dx = (ward.lon - CENTRE.lon) * Math.cos((CENTRE.lat * Math.PI) / 180);
    const distance = Math.hypot(dx, dy);
    return { key: ward.key, distance, x: dx / Math.sqrt(distance || 1), y: dy / Math.sqrt(distance || 1) };
  });
  const least = (axis) => Math.min(...near.map((point) => point[axis]));
  const [left, top] = [least("x"), least("y")];
  const width = Math.max(...near.map((point) => point.x)) - left;
  const scale = width > 0 ? (columns - 1) / width : 0; // one alone, or all in a line, lies in the first
  const taken = new Map();
  for (const point of near.sort((a, b) => a.distance - b.distance)) {
    const spot = nearestFree((point.x - left) * scale, (point.y - top) * scale, taken, columns);
    taken.set(spot.join(), point.key);
  }
  return settled(taken, wards.filter((ward) => ward.lat !== null && ward.lat <= ISLAND_SOUTH_OF));
}

function nearestFree(x, y, taken, columns) {
  let best = null;
  let shortest = Infinity;
  for (let column = -1; column <= columns; column += 1) {
    for (let row = -1; row <= columns + 2; row += 1) {
      const distance = (column - x) ** 2 + (row - y) ** 2;
      if (distance < shortest && !taken.has(`${column},${row}`)) {
        shortest = distance;
        best = [column, row];
      }
    }
  }
  return best;
}

function settled(taken, islands) {
  const spots = [...taken].map(([spot, key]) => [key, spot.split(",").map(Number)]);
  const left = Math.min(...spots.map(([, [column]]) => column));
  const top = Math.min(...spots.map(([, [, row]]) => row));
  const found = new Map(spots.map(([key, [column, row]]) => [key, { column: column - left + 1, row: row - top + 1 }]));
  const rows = Math.max(1, ...[...found.values()].map((place) => place.row));
  islands.forEach((ward, index) => found.set(ward.key, { column: 2 + index, row: rows, island: true }));
  return found;
}

/** Four bounds between five colours, each holding as many wards as the others. */
export function bounds(values) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const found = [];
  for (let part = 1; part < KINDS; part += 1) found.push(sorted[Math.floor((part * sorted.length) / KINDS)] ?? Infinity);
  return found;
}
export const kindOf = (value, limits) => (value > 0 ? 1 + limits.filter((limit) => value >= limit).length : 0);

const initials = (name) => name.split(" ").map((word) => word[0]).join("").slice(0, 3).toUpperCase();

export class TileMap {
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.tiles = new Map();
    $("#map").addEventListener("keydown", (event) => this.walk(event));
  }

  /** Whether there is a map: one ward alone has none. */
  show(rows, figure, label, chosen) {
    const wards = rows.map((row) => row.group.ward).filter((ward) => ward.today && ward.lat !== null);
    if (this.tiles.size !== wards.length || wards.some((ward) => !this.tiles.has(ward.key))) this.lay(wards);
    const shown = rows.filter((row) => this.tiles.has(row.group.ward.key));
    const limits = bounds(shown.map((row) => row.figures[figure] ?? 0));
    for (const row of shown) {
      const value = row.figures[figure] ?? 0;
      const { button } = this.tiles.get(row.group.ward.key);
      const text = `${row.group.ward.name}: ${number(value)} (${label})`;
      const name = `tile k${kindOf(value, limits)}`;
      if (button.className !== name) button.className = name;
      if (button.title !== text) { button.title = text; button.setAttribute("aria-label", text); }
      button.setAttribute("aria-pressed", String(row.group.ward.key === chosen));
    }
    this.explain(limits);
    return wards.length > 1;
  }

  lay(wards) {
    const spots = places(wards);
    const map = $("#map");
    this.tiles.clear();
    map.replaceChildren();
    const columns = Math.max(1, ...[...spots.values()].map((spot) => spot.column));
    map.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 3.4rem))`;
    const inReadingOrder = [...wards].sort((a, b) => spots.get(a.key).row - spots.get(b.key).row || spots.get(a.key).column - spots.get(b.key).column);
    inReadingOrder.forEach((ward, index) => {
      const spot = spots.get(ward.key);
      const button = make("button", { type: "button", class: "tile", tabindex: index ? "-1" : "0", onclick: () => this.choose(ward.key) }, initials(ward.short_name));
      button.style.gridColumn = spot.column;
      button.style.gridRow = spot.row;
      this.tiles.set(ward.key, { button, spot });
      map.append(button);
      if (spot.island) {
        const note = make("span", { class: "island-note", "data-t": "islandNote" }, t("islandNote"));
        note.style.gridColumn = `${spot.column + 1} / span 4`;
        note.style.gridRow = spot.row;
        map.append(note);
      }
    });
  }

  choose(key) {
    for (const [other, { button }] of this.tiles) {
      button.tabIndex = other === key ? 0 : -1;
      button.setAttribute("aria-pressed", String(other === key));
    }
    this.onChoose(key);
  }

  walk(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const from = [...this.tiles.values()].find(({ button }) => button === document.activeElement);
    if (!step || !from) return;
    event.preventDefault();
    const ahead = [...this.tiles.values()].filter((tile) => {
      const [dx, dy] = [tile.spot.column - from.spot.column, tile.spot.row - from.spot.row];
      return dx * step[0] + dy * step[1] > 0 && Math.abs(dx * step[1]) + Math.abs(dy * step[0]) <= Math.abs(dx * step[0] + dy * step[1]);
    });
    const far = (tile) => (tile.spot.column - from.spot.column) ** 2 + (tile.spot.row - from.spot.row) ** 2;
    const next = ahead.sort((a, b) => far(a) - far(b))[0];
    if (!next) return;
    from.button.tabIndex = -1;
    next.button.tabIndex = 0;
    next.button.focus();
  }

  explain(limits) {
    const told = language() + limits.join();
    if (this.told === told) return;
    this.told = told;
    const steps = limits.filter((limit) => Number.isFinite(limit));
    const words = [t("legendNone")];
    const starts = [1, ...steps];
    starts.forEach((start, index) => {
      const end = index < steps.length ? steps[index] - 1 : null;
      if (end !== null && end < start) words.push(null);
      else if (end === null) words.push(`≥ ${number(start)}`);
      else words.push(start === end ? number(start) : `${number(start)}–${number(end)}`);
    });
    const items = words.map((word, kind) => (word === null ? null : make("li", {}, make("span", { class: `tile k${kind}`, "aria-hidden": "true" }), word)));
    $("#legend").replaceChildren(...items.filter(Boolean));
  }
}
