// An outline drawn on the map: corners put by pointer or by the arrows and Enter.

import type * as maplibre from "maplibre-gl";
import { open } from "./map";

const english = document.documentElement.lang === "en";
const words = english
  ? {
      help: "Put points along the edge: press the map, or move it with the arrow keys and put a point in its middle with Enter. Backspace removes the last point.",
      map: "Map. Arrows move it, plus and minus change the zoom, Enter puts a point in its middle, Backspace removes the last one.",
      undo: "Remove the last point", clear: "Start again", points: (n: number) => (n < 3 ? `Points: ${n}. At least three are needed.` : `Points: ${n}. The outline is closed.`),
    }
  : {
      help: "Ставьте точки по краю участка: нажимайте на карту или двигайте её стрелками и ставьте точку в середине клавишей Enter. Backspace убирает последнюю точку.",
      map: "Карта. Стрелки двигают её, плюс и минус меняют масштаб, Enter ставит точку в середине, Backspace убирает последнюю.",
      undo: "Убрать последнюю точку", clear: "Начать заново", points: (n: number) => (n < 3 ? `Точек: ${n}. Нужно хотя бы три.` : `Точек: ${n}. Участок замкнут.`),
    };

type Corner = readonly [number, number]; // longitude, latitude

const mostCorners = 100;

/** cornersOf reads "lat,lon lat,lon …". */
export function cornersOf(text: string): Corner[] {
  return text.split(/\s+/).map((one) => one.split(",").map(Number)).filter((p) => p.length === 2 && !p.some(Number.isNaN)).map(([lat, lon]) => [lon ?? 0, lat ?? 0] as const);
}

/** textOf is what cornersOf reads. */
export function textOf(corners: readonly Corner[]): string {
  return corners.map(([lon, lat]) => `${lat.toFixed(5)},${lon.toFixed(5)}`).join(" ");
}

/** outline shows a map in a box and keeps the corners in an input. */
export async function outline(box: HTMLElement, input: HTMLInputElement): Promise<void> {
  const { lat, lon, zoom, mapStyle } = box.dataset;
  let corners = cornersOf(input.value);
  const help = document.createElement("p");
  help.className = "muted";
  help.textContent = words.help;
  const slot = document.createElement("div");
  slot.className = "picker";
  slot.dataset.picker = "";
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  const buttons = document.createElement("p");
  buttons.className = "buttons";
  box.append(help, slot, told, buttons);
  const map = await open(slot, { style: mapStyle ?? "/map/style.json", at: { lat: Number(lat), lon: Number(lon) }, zoom: Number(zoom) || undefined, keys: true });
  const shown = (): maplibre.GeoJSONSourceSpecification["data"] => {
    const closed = corners.length > 2 ? [...corners, corners[0]!] : corners;
    const at = (c: readonly Corner[]): number[][] => c.map((p) => [...p]);
    return {
      type: "FeatureCollection",
      features: [
        ...(corners.length > 2 ? [{ type: "Feature" as const, properties: {}, geometry: { type: "Polygon" as const, coordinates: [at(closed)] } }] : []),
        ...(corners.length > 1 ? [{ type: "Feature" as const, properties: {}, geometry: { type: "LineString" as const, coordinates: at(closed) } }] : []),
        ...corners.map((p) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: [...p] } })),
      ],
    };
  };
  const paint = getComputedStyle(document.documentElement);
  const neva = paint.getPropertyValue("--neva").trim() || "#0b5563";
  map.addSource("outline", { type: "geojson", data: shown() });
  map.addLayer({ id: "outline-fill", type: "fill", source: "outline", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": neva, "fill-opacity": 0.2 } });
  map.addLayer({ id: "outline-line", type: "line", source: "outline", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": neva, "line-width": 3 } });
  map.addLayer({
    id: "outline-points", type: "circle", source: "outline", filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-radius": 6, "circle-color": neva, "circle-stroke-color": paint.getPropertyValue("--paper").trim() || "#fff", "circle-stroke-width": 2 },
  });
  const change = (next: Corner[]): void => {
    corners = next.slice(0, mostCorners);
    input.value = textOf(corners);
    (map.getSource("outline") as maplibre.GeoJSONSource).setData(shown());
    told.textContent = words.points(corners.length);
  };
  const put = ({ lng, lat: north }: maplibre.LngLat): void => change([...corners, [lng, north]]);
  map.on("click", (e) => put(e.lngLat));
  map.doubleClickZoom.disable(); // two quick corners are two corners
  const canvas = map.getCanvas();
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", words.map);
  canvas.addEventListener("keydown", (e) => {
    if (e.key === "Enter") put(map.getCenter());
    else if (e.key === "Backspace") change(corners.slice(0, -1));
    else return;
    e.preventDefault();
  });
  const press = (label: string, f: () => void): void => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = label;
    made.addEventListener("click", f);
    buttons.append(made);
  };
  press(words.undo, () => change(corners.slice(0, -1)));
  press(words.clear, () => change([]));
  change(corners);
}
