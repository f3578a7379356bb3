// The map: problems in view beside their list, one place, a pin to put. The only
// module that loads MapLibre (300 kB): pages ask for it when they show a map.
// Nothing here moves by itself; whatever the map does, the list or the address
// field does without it.

import * as maplibre from "maplibre-gl";
import type { Kit } from "./kit";
import { toneOf, tones, type Tone } from "./map_tone";

interface At {
  readonly lat: number;
  readonly lon: number;
}

interface Here {
  readonly inside: boolean;
  readonly label: string;
}

/** What a pin needs to know of the form. */
export interface PickHost {
  readonly kit: Pick<Kit, "announce" | "button" | "el">;
  readonly at: At | undefined; // the place so far
  here(at: At): Promise<Here | undefined>;
  take(at: At, address: string): void;
}

const gesturesRu = {
  "Map.Title": "Карта",
  "CooperativeGesturesHandler.WindowsHelpText": "Чтобы приблизить карту, держите Ctrl",
  "CooperativeGesturesHandler.MacHelpText": "Чтобы приблизить карту, держите ⌘",
  "CooperativeGesturesHandler.MobileHelpText": "Двигайте карту двумя пальцами",
};
const ru = {
  closer: "Приблизить", farther: "Отдалить", open: "Открыть", close: "Закрыть",
  pin: "Карта. Стрелки двигают точку, с Shift быстрее. Плюс и минус меняют масштаб, Enter выбирает место, Escape закрывает карту.",
  closeMap: "Закрыть карту", take: "Выбрать это место", unknown: "Не получилось узнать адрес: нет связи.",
  looking: "Узнаём адрес…", source: "Карта города", together: "В этом месте сообщений: ", list: "Показать списком",
  states: {
    moderation: "проверяем", question: "есть вопрос к автору", rejected: "не передано", withdrawn: "автор отозвал", work: "в работе",
    interim: "нужно больше времени", review: "проверяем ответ", answered: "получен ответ", closed_author: "решено, подтвердил житель",
    closed_controller: "решено, подтвердил народный контролёр", closed_auto: "закрыто без отклика", disputed: "с ответом не согласились",
  },
};
const gesturesEn: typeof gesturesRu = {
  "Map.Title": "Map",
  "CooperativeGesturesHandler.WindowsHelpText": "Hold Ctrl to zoom the map",
  "CooperativeGesturesHandler.MacHelpText": "Hold ⌘ to zoom the map",
  "CooperativeGesturesHandler.MobileHelpText": "Move the map with two fingers",
};
const en: typeof ru = {
  closer: "Zoom in", farther: "Zoom out", open: "Open", close: "Close",
  pin: "Map. Arrows move the pin, faster with Shift. Plus and minus change the zoom, Enter takes the place, Escape closes the map.",
  closeMap: "Close the map", take: "Take this place", unknown: "No connection, so the address is not known.",
  looking: "Looking up the address…", source: "Map of the city", together: "Messages in this place: ", list: "Show as a list",
  states: {
    moderation: "being checked", question: "a question to the author", rejected: "not passed on", withdrawn: "withdrawn", work: "in progress",
    interim: "needs more time", review: "answer being checked", answered: "answered", closed_author: "solved, says a resident",
    closed_controller: "solved, says a people's controller", closed_auto: "closed without reaction", disputed: "the answer was disputed",
  },
};
const english = document.documentElement.lang === "en";
const words = english ? en : ru;
const gestures = english ? gesturesEn : gesturesRu;

type Style = maplibre.StyleSpecification;

let ready = false;

function prepare(): void {
  if (ready) return;
  ready = true;
  maplibre.setWorkerUrl(new URL(__MAP_WORKER__, location.href).href);
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = __MAP_STYLE__;
  document.head.append(sheet);
}

/** isDark tells which theme the page is in; the schemes for low vision decide first. */
function isDark(): boolean {
  const scheme = document.documentElement.dataset.colors;
  return scheme ? scheme === "white" : matchMedia("(prefers-color-scheme: dark)").matches;
}

async function styleFrom(address: string): Promise<Style> {
  const url = new URL(address, location.href);
  if (isDark()) url.searchParams.set("theme", "dark");
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`map style: status ${answer.status}`);
  return (await answer.json()) as Style;
}

interface View {
  readonly style: string;
  readonly at?: At | undefined;
  readonly zoom?: number | undefined;
  readonly keys: boolean;
}

// open makes a map in a box and waits until it is drawn.
async function open(box: HTMLElement, view: View): Promise<maplibre.Map> {
  prepare();
  const style = await styleFrom(view.style);
  const canvas = document.createElement("div");
  canvas.className = "map-canvas";
  box.append(canvas);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  try {
    const map = new maplibre.Map({
      container: canvas, style, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      keyboard: view.keys, fadeDuration: 0, reduceMotion: calm, locale: gestures, renderWorldCopies: false,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches && !box.hasAttribute("data-picker"),
      ...(view.at ? { center: [view.at.lon, view.at.lat] as [number, number] } : {}),
      ...(view.zoom === undefined ? {} : { zoom: view.zoom }),
    });
    map.touchZoomRotate.disableRotation();
    tools(map, canvas, style);
    await new Promise<void>((resolve) => void map.once("load", () => resolve()));
    return map;
  } catch (e) {
    canvas.remove(); // no WebGL: what the server drew stays
    throw e;
  }
}

function tools(map: maplibre.Map, canvas: HTMLElement, style: Style): void {
  const row = document.createElement("div");
  row.className = "map-tools";
  row.append(tool("+", words.closer, () => zoom(map, 1)), tool("−", words.farther, () => zoom(map, -1)));
  const source = document.createElement("div");
  source.className = "map-source";
  const given = Object.values(style.sources).map((s) => ("attribution" in s ? String(s.attribution ?? "") : ""));
  source.textContent = [...new Set(given)].filter(Boolean).join(" · ").replace(/<[^>]*>/g, "") || words.source;
  canvas.append(row, source);
}

function tool(sign: string, label: string, f: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = sign;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", f);
  return made;
}

function zoom(map: maplibre.Map, by: number): void {
  map.jumpTo({ zoom: map.getZoom() + by });
}

/** locate shows one place in the slot of a page. */
export async function locate(slot: HTMLElement): Promise<void> {
  const [lat, lon] = [Number(slot.dataset.lat), Number(slot.dataset.lon)];
  if (!slot.dataset.lat || !slot.dataset.lon || Number.isNaN(lat + lon)) return;
  const map = await open(slot, { style: slot.dataset.mapStyle ?? "/map/style.json", at: { lat, lon }, zoom: 16, keys: true }).catch(() => undefined);
  if (map) new maplibre.Marker({ element: pin(), anchor: "bottom" }).setLngLat([lon, lat]).addTo(map);
}

function pin(): HTMLElement {
  const box = document.createElement("div");
  const ns = "http://www.w3.org/2000/svg";
  const make = (name: string, values: Record<string, string>): SVGElement => {
    const made = document.createElementNS(ns, name);
    for (const [k, v] of Object.entries(values)) made.setAttribute(k, v);
    return made;
  };
  const drawn = make("svg", { class: "map-pin", viewBox: "0 0 36 46", width: "36", height: "46", "aria-hidden": "true" });
  drawn.append(make("path", { d: "M18 44C11 33 3 26 3 17a15 15 0 0 1 30 0c0 9-8 16-15 27z" }), make("circle", { cx: "18", cy: "17", r: "6" }));
  box.append(drawn);
  return box;
}

/**
 * pick opens a map after a row of the form and lets a person put a pin, by pointer
 * or by arrows and Enter; the button that opened it closes it. False: no map.
 */
export async function pick(opener: HTMLElement, row: HTMLElement, host: PickHost): Promise<boolean> {
  if (row.nextElementSibling?.hasAttribute("data-picker")) {
    row.nextElementSibling.dispatchEvent(new Event("leave"));
    return true;
  }
  const { el, button } = host.kit;
  const box = el("div", { class: "picker", "data-picker": true });
  const was = opener.textContent;
  const close = (): void => {
    box.remove();
    opener.textContent = was;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  };
  box.addEventListener("leave", close);
  opener.textContent = words.closeMap;
  opener.setAttribute("aria-expanded", "true");
  row.after(box);
  try {
    const map = await open(box, { style: "/map/style.json", at: host.at, zoom: host.at ? 16 : undefined, keys: false });
    const told = el("p", { role: "status" });
    const placing = new Placing(map, told, host, close);
    box.append(told, el("p", { class: "buttons" }, button(words.take, () => void placing.confirm()), button(words.close, close)));
    return true;
  } catch {
    close();
    return false;
  }
}

// Placing is a pin on its way.
class Placing {
  private readonly marker: maplibre.Marker;
  private timer: number | undefined;

  constructor(private readonly map: maplibre.Map, private readonly told: HTMLElement, private readonly host: PickHost, private readonly close: () => void) {
    this.marker = new maplibre.Marker({ element: pin(), anchor: "bottom" }).setLngLat(map.getCenter()).addTo(map);
    const canvas = map.getCanvas();
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", words.pin);
    canvas.addEventListener("keydown", (e) => this.key(e));
    map.on("click", (e) => this.put(e.lngLat));
    if (host.at) this.soon();
    canvas.focus();
  }

  async confirm(): Promise<void> {
    clearTimeout(this.timer);
    this.told.textContent = words.looking;
    const here = await this.look();
    if (!here?.inside) return;
    const at = this.at;
    this.close();
    this.host.take(at, here.label);
  }

  private get at(): At {
    const { lat, lng } = this.marker.getLngLat();
    return { lat, lon: lng };
  }

  private async look(): Promise<Here | undefined> {
    const here = await this.host.here(this.at);
    this.told.textContent = here?.label ?? words.unknown;
    return here;
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), 400);
  }

  private put(to: maplibre.LngLat): void {
    this.marker.setLngLat(to);
    if (!this.map.getBounds().contains(to)) this.map.jumpTo({ center: to });
    this.soon();
  }

  private key(e: KeyboardEvent): void {
    const arrow = arrows[e.key];
    if (arrow) {
      const step = e.shiftKey ? 60 : 12; // pixels of the map as it is shown
      const was = this.map.project(this.marker.getLngLat());
      this.put(this.map.unproject([was.x + arrow[0] * step, was.y + arrow[1] * step]));
    } else if (e.key === "Enter") void this.confirm();
    else if (e.key === "Escape") this.close();
    else if (e.key === "+" || e.key === "=") zoom(this.map, 1);
    else if (e.key === "-") zoom(this.map, -1);
    else return;
    e.preventDefault();
  }
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** explore shows the problems in view and keeps the list beside the map in step. */
export async function explore(slot: HTMLElement): Promise<void> {
  const asked = new URLSearchParams(location.search);
  const data = slot.dataset;
  const map = await open(slot, {
    style: data.mapStyle || "/map/style.json", keys: true, zoom: data.zoom ? Number(data.zoom) : undefined,
    at: data.lat && data.lon ? { lat: Number(data.lat), lon: Number(data.lon) } : undefined,
  }).catch(() => undefined);
  if (!map) return;
  slot.querySelectorAll<HTMLElement>(".map-words").forEach((e) => (e.hidden = true));
  const box = (asked.get("box") ?? "").split(",").map(Number);
  if (box.length === 4 && !box.some(Number.isNaN)) map.fitBounds(box as [number, number, number, number], { animate: false });
  layers(map);
  new Explorer(slot, map, data.points || "/map/points");
}

// The colours come from the page, so that themes and schemes for low vision hold
// here too. A letter goes with each: nothing is said by colour alone.
function layers(map: maplibre.Map): void {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || "#0b5563";
  const byTone = (f: (tone: Tone) => string): maplibre.ExpressionSpecification =>
    ["match", ["get", "tone"], ...tones.flatMap((t) => [t.name, f(t)]), ""] as unknown as maplibre.ExpressionSpecification;
  map.addSource("problems", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({
    id: "clusters", type: "circle", source: "problems", filter: [">", ["coalesce", ["get", "count"], 0], 1],
    paint: {
      "circle-radius": ["step", ["get", "count"], 16, 10, 19, 100, 24, 1000, 30],
      "circle-color": colour("--neva"), "circle-stroke-color": colour("--paper"), "circle-stroke-width": 3,
    },
  });
  map.addLayer({
    id: "points", type: "circle", source: "problems", filter: ["<=", ["coalesce", ["get", "count"], 0], 1],
    paint: {
      "circle-radius": 12, "circle-color": ["to-color", byTone((t) => colour(t.token)), colour("--muted")] as unknown as maplibre.ExpressionSpecification,
      "circle-stroke-color": colour("--paper"), "circle-stroke-width": 2,
    },
  });
  const text = { "text-allow-overlap": true, "text-ignore-placement": true } as const;
  map.addLayer({
    id: "counts", type: "symbol", source: "problems", filter: [">", ["coalesce", ["get", "count"], 0], 1],
    layout: { "text-field": ["to-string", ["get", "count"]], "text-size": 14, ...text }, paint: { "text-color": colour("--on-neva") },
  });
  map.addLayer({
    id: "signs", type: "symbol", source: "problems", filter: ["<=", ["coalesce", ["get", "count"], 0], 1],
    layout: { "text-field": byTone((t) => t.sign), "text-size": 14, ...text }, paint: { "text-color": colour("--paper") },
  });
}

interface Collection {
  readonly newest?: number; // only so many of the newest are here
  readonly features: readonly { geometry: { type: "Point"; coordinates: [number, number] }; properties: Record<string, unknown> }[];
}

// nearest is the zoom beyond which nothing falls apart any more.
const nearest = 18;

class Explorer {
  private stop = new AbortController();
  private timer: number | undefined;
  private first = true;

  constructor(private readonly slot: HTMLElement, private readonly map: maplibre.Map, private readonly points: string) {
    map.on("moveend", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.load(), 200);
    });
    map.on("click", (e) => this.click(e));
    for (const layer of ["clusters", "points"]) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
    void this.load();
  }

  private async load(): Promise<void> {
    this.stop.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    const b = this.map.getBounds();
    const box = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((n) => n.toFixed(5)).join(",");
    const query = new URLSearchParams(location.search);
    query.set("box", box);
    query.delete("after"); // another box has pages of its own
    const url = new URL(this.points, location.href);
    url.searchParams.set("box", box);
    url.searchParams.set("zoom", this.map.getZoom().toFixed(1));
    try {
      const [dots] = await Promise.all([
        fetch(url, { signal }).then((r) => (r.ok ? (r.json() as Promise<Collection>) : undefined)),
        this.first ? undefined : this.list(query, signal),
      ]);
      this.first = false;
      if (dots) this.show(dots);
    } catch {
      // no network: the last points stay
    }
  }

  private show({ features, newest }: Collection): void {
    document.querySelectorAll<HTMLElement>("[data-map-newest]").forEach((e) => (e.hidden = !newest));
    const drawn = features.map((f) => ({ ...f, type: "Feature" as const, properties: { ...f.properties, tone: toneOf(f.properties.state) } }));
    (this.map.getSource("problems") as maplibre.GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features: drawn });
  }

  // The list is the server's: the same page is asked for this box and its rows are taken.
  private async list(query: URLSearchParams, signal: AbortSignal): Promise<void> {
    const url = `${location.pathname}?${query}`;
    const answer = await fetch(url, { signal, headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    history.replaceState(null, "", url);
    for (const part of [".split-side", ".page-head [aria-live]"]) {
      const [now, next] = [document.querySelector(part), page.querySelector(part)];
      if (now && next && !now.contains(document.activeElement)) now.replaceChildren(...next.childNodes);
    }
    document.querySelectorAll<HTMLInputElement>("input[data-box]").forEach((e) => {
      e.value = query.get("box") ?? "";
      e.disabled = false;
    });
    const views = document.querySelectorAll<HTMLAnchorElement>(".toggle a");
    page.querySelectorAll<HTMLAnchorElement>(".toggle a").forEach((a, i) => views[i]?.setAttribute("href", a.getAttribute("href") ?? ""));
  }

  private click(e: maplibre.MapMouseEvent): void {
    this.slot.querySelector(".map-card")?.remove();
    const r = 6; // a thumb is not a pixel
    const found = this.map.queryRenderedFeatures([[e.point.x - r, e.point.y - r], [e.point.x + r, e.point.y + r]], { layers: ["clusters", "points"] })[0];
    if (found?.geometry.type !== "Point") return;
    const center = found.geometry.coordinates as [number, number];
    const p = found.properties;
    if (found.layer.id === "points") {
      const url = typeof p.url === "string" && p.url.startsWith("/") ? p.url : `/problem/${Number(p.number)}`;
      this.card(String(p.topic ?? ""), words.states[String(p.state) as keyof typeof words.states] ?? "", url, words.open);
    } else if (this.map.getZoom() < nearest) this.map.jumpTo({ center, zoom: Math.min(this.map.getZoom() + 2, nearest) });
    else this.card(words.together + String(p.count), "", this.around(e.point), words.list);
  }

  // around is the list of what lies close to a point of the map: many problems of one house.
  private around({ x, y }: maplibre.Point): string {
    const [low, high] = [this.map.unproject([x - 64, y + 64]), this.map.unproject([x + 64, y - 64])];
    const query = new URLSearchParams(location.search);
    query.set("box", [low.lng, low.lat, high.lng, high.lat].map((n) => n.toFixed(5)).join(","));
    query.delete("after");
    query.delete("view");
    return `${location.pathname}?${query}`;
  }

  private card(title: string, about: string, url: string, open: string): void {
    const card = document.createElement("div");
    card.className = "map-card";
    card.setAttribute("role", "status");
    const head = document.createElement("b");
    head.textContent = title;
    const line = document.createElement("p");
    line.textContent = about;
    const link = document.createElement("a");
    link.className = "button";
    link.href = url;
    link.textContent = open;
    const buttons = document.createElement("p");
    buttons.className = "buttons";
    buttons.append(link, tool(words.close, words.close, () => card.remove()));
    card.append(head, line, buttons);
    this.slot.append(card);
  }
}
