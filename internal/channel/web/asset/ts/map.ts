// The map: problems in view beside their list, one place, a pin to put. The only
// module that loads MapLibre (300 kB): pages ask for it when they show a map.
// Nothing here moves by itself; whatever the map does, the list or the address
// field does without it.

import * as maplibre from "maplibre-gl";
import type { Kit } from "./kit";
import { Explorer, first, wholeCity, youPin } from "./map_explore";
import { toneNamed } from "./map_tone";

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
  closer: "Приблизить", farther: "Отдалить", close: "Закрыть",
  pin: "Карта. Стрелки двигают точку, с Shift быстрее. Плюс и минус меняют масштаб, Enter выбирает место, Escape закрывает карту.",
  closeMap: "Закрыть карту", take: "Выбрать это место", unknown: "Не получилось узнать адрес: нет связи.",
  looking: "Узнаём адрес…", source: "Карта города", near: "Похожие сообщения рядом: ", similar: "Уже сообщили: ",
};
const gesturesEn: typeof gesturesRu = {
  "Map.Title": "Map",
  "CooperativeGesturesHandler.WindowsHelpText": "Hold Ctrl to zoom the map",
  "CooperativeGesturesHandler.MacHelpText": "Hold ⌘ to zoom the map",
  "CooperativeGesturesHandler.MobileHelpText": "Move the map with two fingers",
};
const en: typeof ru = {
  closer: "Zoom in", farther: "Zoom out", close: "Close",
  pin: "Map. Arrows move the pin, faster with Shift. Plus and minus change the zoom, Enter takes the place, Escape closes the map.",
  closeMap: "Close the map", take: "Take this place", unknown: "No connection, so the address is not known.",
  looking: "Looking up the address…", source: "Map of the city", near: "Similar messages near here: ", similar: "Reported already: ",
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
  for (const href of [__CITY_STYLE__, __MAP_STYLE__]) {
    if (!href || document.querySelector(`link[href="${href}"]`)) continue;
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = href;
    document.head.append(sheet);
  }
}

/** isDark tells which theme the page is in; the schemes for low vision decide first. */
function isDark(): boolean {
  const scheme = document.documentElement.dataset.colors;
  return scheme ? scheme === "white" : matchMedia("(prefers-color-scheme: dark)").matches;
}

// The addresses of a style are of this site, and the worker wants them whole.
const whole = (address: string): string => (address.startsWith("/") ? location.origin + address : address);

async function styleFrom(address: string): Promise<Style> {
  const url = new URL(address, location.href);
  if (isDark()) url.searchParams.set("theme", "dark");
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`map style: status ${answer.status}`);
  const style = (await answer.json()) as Style;
  const { style: other, attribution, bounds } = (style.metadata ?? {}) as { style?: string; attribution?: string; bounds?: unknown };
  if (other) return { ...((await (await fetch(other)).json()) as Style), metadata: { attribution, bounds } };
  for (const source of Object.values(style.sources)) {
    if (!("url" in source) || typeof source.url !== "string" || !source.url.startsWith("pmtiles://")) continue;
    const { Protocol } = await import("pmtiles"); // only for a city that has such a file
    maplibre.addProtocol("pmtiles", new Protocol().tile);
    source.url = "pmtiles://" + whole(source.url.slice("pmtiles://".length));
  }
  return style;
}

/** Wanted is how a map is opened. */
export interface Wanted {
  readonly style: string;
  readonly at?: At | undefined;
  readonly zoom?: number | undefined;
  readonly keys: boolean;
}

// open makes a map in a box and waits until it is drawn.
export async function open(box: HTMLElement, view: Wanted): Promise<maplibre.Map> {
  prepare();
  const style = await styleFrom(view.style);
  const canvas = document.createElement("div");
  canvas.className = "map-canvas map-coming"; // what stands below is seen until the map is drawn
  box.append(canvas);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  try {
    const map = new maplibre.Map({
      container: canvas, style, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      keyboard: view.keys, fadeDuration: 0, transformRequest: (url) => ({ url: whole(url) }),
      localIdeographFontFamily: '"Golos Text", "Golos Fallback", sans-serif', reduceMotion: calm, locale: gestures, renderWorldCopies: false,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches && !box.hasAttribute("data-picker"),
      ...(view.at ? { center: [view.at.lon, view.at.lat] as [number, number] } : {}),
      ...(view.zoom === undefined ? {} : { zoom: view.zoom }),
    });
    map.touchZoomRotate.disableRotation();
    tools(map, canvas, style);
    map.once("load", () => canvas.classList.remove("map-coming"));
    await new Promise<void>((resolve) => void map.once("style.load", () => resolve()));
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
  const said = String((style.metadata as { attribution?: string } | undefined)?.attribution ?? "");
  const given = said ? [said] : Object.values(style.sources).map((s) => ("attribution" in s ? String(s.attribution ?? "") : ""));
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
    const like = el("p", { class: "muted", role: "status" });
    const placing = new Placing(map, told, like, host, close);
    box.append(told, like, el("p", { class: "buttons" }, button(words.take, () => void placing.confirm()), button(words.close, close)));
    return true;
  } catch {
    close();
    return false;
  }
}

interface Like {
  readonly number: number;
  readonly url: string;
  readonly about: string;
  readonly lat: number;
  readonly lon: number;
  readonly tone: string;
}

// likeness is a problem near the pin; a new page shows it, for this one is being written.
function likeness({ url, about, tone }: Like): HTMLElement {
  const { sign, token } = toneNamed(tone);
  const made = document.createElement("a");
  made.className = "map-near";
  made.href = url;
  made.target = "_blank";
  made.textContent = sign;
  made.title = words.similar + about;
  made.setAttribute("aria-label", words.similar + about);
  made.style.background = `var(${token})`;
  made.addEventListener("click", (e) => e.stopPropagation()); // the pin stays where it is
  return made;
}

// Placing is a pin on its way.
class Placing {
  private readonly marker: maplibre.Marker;
  private timer: number | undefined;

  private likes: maplibre.Marker[] = [];
  private asked = 0;

  constructor(
    private readonly map: maplibre.Map, private readonly told: HTMLElement, private readonly like: HTMLElement,
    private readonly host: PickHost, private readonly close: () => void,
  ) {
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
    void this.around();
    const here = await this.host.here(this.at);
    this.told.textContent = here?.label ?? words.unknown;
    return here;
  }

  // around shows what of the like was reported near the pin, before anything is sent.
  private async around(): Promise<void> {
    const asked = ++this.asked;
    const { lat, lon } = this.at;
    const topic = document.querySelector<HTMLInputElement>("form[data-report] [name=topic]:checked, form[data-report] [name=topic][type=hidden]")?.value ?? "";
    const query = new URLSearchParams({ lat: lat.toFixed(6), lon: lon.toFixed(6), topic });
    const answer = await fetch(`/near?${query}`, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok || asked !== this.asked) return;
    const { near } = (await answer.json()) as { near: readonly Like[] };
    for (const old of this.likes) old.remove();
    this.likes = near.map((p) => new maplibre.Marker({ element: likeness(p) }).setLngLat([p.lon, p.lat]).addTo(this.map));
    this.like.textContent = near.length > 0 ? words.near + String(near.length) : "";
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
  const { view, box } = first(slot);
  const map = await open(slot, { style: slot.dataset.mapStyle || "/map/style.json", keys: true, zoom: view?.zoom, at: view }).catch(() => undefined);
  if (!map) return void slot.classList.add("map-off"); // what the server drew stays, with its links
  slot.querySelectorAll<HTMLElement>("[data-picture]").forEach((e) => (e.inert = true));
  if (box) map.fitBounds(box, { animate: false });
  else if (!slot.dataset.at) wholeCity(map);
  await Explorer.start(slot, map, { marker: (at, on) => new maplibre.Marker({ element: youPin() }).setLngLat([at[0], at[1]]).addTo(on) });
}

export { outline } from "./map_outline";
