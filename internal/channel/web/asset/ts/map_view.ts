// What an address says of the map, and what a tile's numbers mean: all of it
// without the library that draws the map.

/** View is what the map shows: its middle and its zoom. */
export interface MapView {
  readonly lat: number;
  readonly lon: number;
  readonly zoom: number;
}

/** viewOf reads at=lat,lon,zoom; nothing, when it says nothing that could be shown. */
export function viewOf(at: string | null | undefined): MapView | undefined {
  const parts = (at ?? "").split(",");
  const [lat = NaN, lon = NaN, zoom = NaN] = parts.map((n) => (n.trim() === "" ? NaN : Number(n)));
  if (parts.length !== 3 || !(Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 24)) return undefined;
  return { lat, lon, zoom };
}

/** atOf writes it: ten metres are enough to find a view again, and tell nobody's door. */
export function atOf({ lat, lon, zoom }: MapView): string {
  return `${Number(lat.toFixed(4))},${Number(lon.toFixed(4))},${Number(zoom.toFixed(1))}`;
}

/** boxOf reads box=west,south,east,north. */
export function boxOf(box: string | null): [number, number, number, number] | undefined {
  const sides = (box ?? "").split(",").map((n) => (n.trim() === "" ? NaN : Number(n)));
  const [west = NaN, south = NaN, east = NaN, north = NaN] = sides;
  return sides.length === 4 && west < east && south < north ? [west, south, east, north] : undefined;
}

// What an address has beside the filter.
const beside = ["view", "mode", "at", "box", "n", "after"];

/** filterOf is the filter of an address, as the addresses of tiles take it. */
export function filterOf(search: string): string {
  const query = new URLSearchParams(search);
  for (const name of beside) query.delete(name);
  for (const [name, value] of [...query]) if (!value) query.delete(name, value);
  return query.toString();
}

/** withFilter adds a filter to an address or a template of addresses. */
export function withFilter(path: string, filter: string): string {
  return filter ? `${path}?${filter}` : path;
}

/** pieces is into how many pieces the rim of a group is cut. */
export const pieces = 12;

/** Rim is how many pieces of a rim are late, otherwise open, done; together pieces. */
export interface Rim {
  readonly late: number;
  readonly open: number;
  readonly done: number;
}

/**
 * rimOf cuts a rim by shares. Whoever is there at all is seen: one overdue
 * among a thousand gets a piece of its own.
 */
export function rimOf(count: number, open: number, late: number): Rim {
  const red = Math.max(0, Math.min(late, count));
  const blue = Math.max(0, Math.min(open, count) - red);
  const of = [red, blue, Math.max(0, count - red - blue)];
  const cut = of.map((n) => (n === 0 ? 0 : Math.max(1, Math.round((n / Math.max(count, 1)) * pieces))));
  const largest = of.indexOf(Math.max(...of)); // it gives and takes what rounding left over
  cut[largest] = (cut[largest] ?? 0) + pieces - cut.reduce((sum, n) => sum + n, 0);
  const [l = 0, o = 0, d = 0] = cut;
  return { late: l, open: o, done: d };
}

/** stepsTo are the bounds of four shades between nothing and the most, by the square root. */
export function stepsTo(most: number): readonly [number, number, number] {
  const step = (n: number): number => Math.max(n, Math.ceil(most * (n / 4) ** 2));
  return [step(1) + 1, step(2) + 1, step(3) + 1];
}

/** objectsOf reads which picture stands for which object: "1 house 2 yard". */
export function objectsOf(said: string | undefined): ReadonlyMap<string, string> {
  const words = (said ?? "").split(" ");
  const found = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2) found.set(words[i] ?? "", words[i + 1] ?? "");
  return found;
}

/** Sought is a picture that the map asks for by name. */
export type Sought =
  | { readonly kind: "point"; readonly tone: string; readonly object: string }
  | { readonly kind: "rim"; readonly rim: Rim; readonly size: number };

/** soughtOf reads the name of a picture: "p|late|3", "r|2|4|6|44". */
export function soughtOf(name: string): Sought | undefined {
  const [kind, ...rest] = name.split("|");
  if (kind === "p" && rest.length === 2) return { kind: "point", tone: rest[0] ?? "", object: rest[1] ?? "" };
  const [count = NaN, open = NaN, late = NaN, size = NaN] = rest.map(Number);
  if (kind !== "r" || rest.length !== 4 || Number.isNaN(count + open + late + size)) return undefined;
  return { kind: "rim", rim: rimOf(count, open, late), size };
}
