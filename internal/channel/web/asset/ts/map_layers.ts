// The layers of problems over the ground: points and groups, areas, hexagons,
// and what is lit.

import type * as maplibre from "maplibre-gl";
import { colour } from "./map_images";
import { tones, toneOfState } from "./map_tone";
import { pieces, stepsTo } from "./map_view";

type Expression = maplibre.ExpressionSpecification;
const as = (e: unknown): Expression => e as Expression;

const number = (name: string): unknown => ["to-number", ["get", name], 0];
const isGroup = as([">", number("count"), 1]);
const isOne = as(["<=", number("count"), 1]);

// The tone of a feature: what is late is late, whatever its state is called.
const truth = ["any", ["==", ["get", "late"], true], ["==", ["to-string", ["get", "late"]], "1"]];
const toneOf: unknown = ["case", truth, "late", ["match", ["to-string", ["get", "state"]], ...Object.entries(toneOfState).flat(), "plain"]];

// What was settled fades with its age, which tiles tell in four steps: within a
// week, a month, a quarter of its answer, before. What is not settled does not.
const faded = as(["case", ["in", toneOf, ["literal", ["done", "plain"]]],
  ["match", number("age"), 0, 1, 1, 0.85, 2, 0.65, 0.45], 1]);

const size: unknown = ["step", number("count"), 32, 10, 36, 100, 42, 1000, 50];

// The picture of a group is called by its shares in pieces, so that a city of
// groups has some hundred pictures. Whoever is there at all gets a piece.
const share = (name: string): unknown => ["max", ["min", number(name), 1], ["round", ["/", ["*", pieces, number(name)], number("count")]]];
const rim = as(["let", "late", ["min", share("late"), pieces], "open", ["case", [">=", number("open"), number("count")], pieces, ["min", share("open"), pieces - 1]],
  ["concat", "r|", String(pieces), "|", ["to-string", ["case", [">", number("open"), number("late")],
    ["min", pieces, ["max", ["var", "open"], ["+", ["var", "late"], 1]]], ["var", "open"]]], "|", ["to-string", ["var", "late"]], "|", ["to-string", size]]]);

// The most urgent is placed first and keeps its place.
const urgency = as(["match", toneOf, "late", 0, "wait", 1, "work", 2, "done", 3, 4]);

/** letters draws words with the page's own typeface. */
export const letters = { "text-font": ["Golos Text"] };

/** addProblems puts the source and the layers of points and groups on the map. */
export function addProblems(map: maplibre.Map, tiles: string): void {
  map.addSource("problems", { type: "vector", tiles: [tiles], minzoom: 0, maxzoom: deepest });
  const here = { source: "problems", "source-layer": "problems" } as const;
  const byTone = as(["match", toneOf, ...tones.flatMap((t) => [t.name, colour(t.token)]), colour("--muted")]);
  // Where many stand close, each is at least a dot; those with room get their
  // picture, the most urgent and the largest first.
  map.addLayer({
    id: "dots", type: "circle", ...here,
    paint: { "circle-radius": as(["case", isGroup, 7, 5]), "circle-color": as(["case", isGroup, colour("--ink"), byTone]), "circle-stroke-color": colour("--paper"), "circle-stroke-width": 1.5, "circle-opacity": faded, "circle-stroke-opacity": faded },
  });
  map.addLayer({
    id: "points", type: "symbol", ...here, filter: isOne,
    layout: {
      "icon-image": as(["concat", "p|", toneOf, "|", ["to-string", ["get", "object"]]]), "icon-offset": [2, -2],
      "icon-allow-overlap": as(["step", ["zoom"], false, 18, true]), "icon-padding": 0, "symbol-sort-key": urgency, "symbol-z-order": "source",
    },
    paint: { "icon-opacity": faded },
  });
  map.addLayer({
    id: "clusters", type: "symbol", ...here, filter: isGroup,
    layout: {
      "icon-image": rim,
      "icon-padding": 0, "symbol-sort-key": as(["-", 0, number("count")]), "symbol-z-order": "source",
      "text-field": short, "text-size": 13, "text-padding": 0, ...letters,
    },
    paint: { "text-color": colour("--ink") },
  });
}

/** deepest is the zoom of the deepest tiles of problems. */
export const deepest = 19;

// 12 300 is 12k: a ring is small.
const short = as(["case", [">=", number("count"), 10_000], ["concat", ["to-string", ["floor", ["/", number("count"), 1000]]], "k"], ["to-string", number("count")]]);

/** shades are the four shades of heat over the ground. */
const opacity = [0.14, 0.3, 0.46, 0.62] as const;

// words is the first layer of the ground's words: shades lie under them.
function words(map: maplibre.Map): string | undefined {
  return map.getStyle().layers.find((layer) => layer.type === "symbol")?.id;
}

/** addAreas puts the areas of a kind on the map; their numbers come as feature states. */
export function addAreas(map: maplibre.Map, tiles: string, kind: string): void {
  map.addSource("heat", { type: "vector", tiles: [tiles], minzoom: 5, maxzoom: 15, promoteId: { areas: "id" } });
  const shade = as(["match", ["coalesce", ["feature-state", "step"], 0], 1, opacity[0], 2, opacity[1], 3, opacity[2], 4, opacity[3], 0]);
  const layer = { source: "heat", "source-layer": "areas", filter: as(["==", ["get", "kind"], kind]) } as const;
  map.addLayer({ id: "areas", type: "fill", ...layer, paint: { "fill-color": colour("--neva"), "fill-opacity": shade } }, words(map));
  map.addLayer({
    id: "area-lines", type: "line", ...layer,
    paint: { "line-color": as(["case", ["boolean", ["feature-state", "lit"], false], colour("--focus"), colour("--neva")]), "line-width": as(["case", ["boolean", ["feature-state", "lit"], false], 4, 1.2]) },
  });
}

/** addHexagons puts the hexagons on the map. most is how many the fullest has. */
export function addHexagons(map: maplibre.Map, tiles: string): void {
  map.addSource("hex", { type: "vector", tiles: [tiles], minzoom: 0, maxzoom: deepest });
  const here = { source: "hex", "source-layer": "hex" } as const;
  map.addLayer({ id: "hexagons", type: "fill", ...here, paint: { "fill-color": colour("--neva"), "fill-opacity": 0.16, "fill-outline-color": colour("--neva") } }, words(map));
  map.addLayer({
    id: "hex-counts", type: "symbol", source: "hex", "source-layer": "counts",
    layout: { "text-field": short, "text-size": 13, "text-padding": 1, ...letters },
    paint: { "text-color": colour("--ink"), "text-halo-color": colour("--paper"), "text-halo-width": 1.4 },
  });
  shadeHexagons(map, 1);
}

/** shadeHexagons gives the hexagons in view their shades by the fullest of them. */
export function shadeHexagons(map: maplibre.Map, most: number): void {
  const [two, three, four] = stepsTo(most);
  const bounds = ["step", number("count"), opacity[0], two, opacity[1], three, opacity[2], four, opacity[3]];
  map.setPaintProperty("hexagons", "fill-opacity", as(bounds));
}

/** addLit puts the mark of what is lit on the map, over everything. */
export function addLit(map: maplibre.Map): void {
  map.addSource("lit", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "lit-edge", type: "circle", source: "lit", paint: { "circle-radius": 24, "circle-opacity": 0, "circle-stroke-color": colour("--focus-edge"), "circle-stroke-width": 7 } });
  map.addLayer({ id: "lit", type: "circle", source: "lit", paint: { "circle-radius": 24, "circle-opacity": 0, "circle-stroke-color": colour("--focus"), "circle-stroke-width": 4 } });
}

/** light marks a place, or none. */
export function light(map: maplibre.Map, at: readonly [number, number] | undefined): void {
  const features = at ? [{ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: [...at] } }] : [];
  (map.getSource("lit") as maplibre.GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features });
}
