// The map beside the list: problems in view, by points, areas or hexagons, and
// the list that always shows the same selection. Nothing here moves by itself;
// whatever the map does, the list does without it.

import type * as maplibre from "maplibre-gl";
import { colour, drawOn, sheetOf } from "./map_images";
import { addAreas, addHexagons, addLit, addProblems, light, shadeHexagons } from "./map_layers";
import { atOf, boxOf, filterOf, objectsOf, viewOf, withFilter, type MapView } from "./map_view";

const ru = {
  together: "В этом месте сообщений: ", list: "Показать списком", close: "Закрыть", number: "Сообщение № ", open: "Открыть",
  lost: "Нет связи: показываем то, что успели загрузить.", looking: "Узнаём, где вы…",
  denied: "Телефон не сказал, где вы. Напишите адрес — покажем, что вокруг.", address: "Адрес", nothing: "Такого адреса не нашли.", you: "Вы здесь",
  shown: "Карта показывает: ", count: "сообщений",
};
const en: typeof ru = {
  together: "Messages in this place: ", list: "Show as a list", close: "Close", number: "Message No. ", open: "Open",
  lost: "No connection: this is what came before.", looking: "Finding out where you are…",
  denied: "The phone did not say where you are. Type an address to see what is around.", address: "Address", nothing: "No such address.", you: "You are here",
  shown: "The map shows: ", count: "messages",
};
const words = document.documentElement.lang === "en" ? en : ru;

/** Tools are what the explorer takes from the map's module. */
export interface Tools {
  marker(at: readonly [number, number], map: maplibre.Map): { remove(): void };
}

// nearest is the zoom beyond which nothing falls apart any more.
const nearest = 18;

/** first is the view with which a map begins: what the address says, else the city. */
export function first(slot: HTMLElement): { readonly view: MapView | undefined; readonly box: [number, number, number, number] | undefined } {
  const asked = new URLSearchParams(location.search);
  const { lat, lon, zoom, at } = slot.dataset;
  const named = viewOf(at);
  const city = lat && lon && zoom ? { lat: Number(lat), lon: Number(lon), zoom: Number(zoom) } : undefined;
  return { view: named ?? city, box: named ? undefined : boxOf(asked.get("box")) };
}

/** wholeCity shows the city from edge to edge, where its style says how far it reaches. */
export function wholeCity(map: maplibre.Map): void {
  const { bounds } = (map.getStyle().metadata ?? {}) as { bounds?: [number, number, number, number] };
  if (bounds && bounds[0] < bounds[2] && bounds[1] < bounds[3]) map.fitBounds(bounds, { animate: false, padding: 12 });
}

/** Explorer keeps map, list and address in step. */
export class Explorer {
  private stop = new AbortController();
  private timer: number | undefined;
  private mode = "";
  private moved = false; // a person moved the map
  private hovered: number | undefined;
  private you: { remove(): void } | undefined;

  private constructor(private readonly slot: HTMLElement, private readonly map: maplibre.Map, private readonly tools: Tools) {}

  /** start begins on a map that has its ground. */
  static async start(slot: HTMLElement, map: maplibre.Map, tools: Tools): Promise<void> {
    drawOn(map, objectsOf(slot.dataset.objects), await sheetOf(slot.dataset.icons));
    const made = new Explorer(slot, map, tools);
    made.show(slot.dataset.mode ?? "");
    made.listen();
    const asked = new URLSearchParams(location.search);
    if (asked.has("at") && !asked.has("box")) await made.follow(); // the list is of what the address shows
  }

  private get heated(): boolean {
    return this.mode === "area" || this.mode === "municipality";
  }

  private get filter(): string {
    return filterOf(location.search);
  }

  private address(path: string): string {
    return withFilter(location.origin + path, this.filter);
  }

  // show puts the layers of a mode on the map, or gives those that are there the filter.
  private show(mode: string): void {
    const { map } = this;
    for (const layer of ["lit", "lit-edge", "clusters", "points", "dots", "hex-counts", "hexagons", "area-lines", "areas"]) if (map.getLayer(layer)) map.removeLayer(layer);
    for (const source of ["lit", "problems", "hex", "heat"]) if (map.getSource(source)) map.removeSource(source);
    this.mode = mode;
    if (this.heated) {
      addAreas(map, `${location.origin}/map/base/{z}/{x}/{y}.mvt`, mode === "area" ? "district" : mode);
      this.warm();
    } else if (mode === "hex") addHexagons(map, this.address("/map/hex/{z}/{x}/{y}.mvt"));
    else addProblems(map, this.address(this.slot.dataset.points ?? ""));
    addLit(map);
    void this.told();
  }

  // told says when a narrow filter lets the map show the newest only.
  private async told(): Promise<void> {
    const answer = await fetch(this.address("/map/count")).catch(() => undefined);
    const { newest } = answer?.ok ? ((await answer.json()) as { newest?: number }) : {};
    document.querySelectorAll<HTMLElement>("[data-map-newest]").forEach((note) => (note.hidden = !newest));
  }

  // warm gives the areas the shades of their rows in the table: the same numbers.
  private warm(): void {
    document.querySelectorAll<HTMLElement>("[data-area]").forEach(({ dataset }) => {
      this.map.setFeatureState({ source: "heat", sourceLayer: "areas", id: dataset.area ?? "" }, { step: Number(dataset.step) || 0 });
    });
  }

  private listen(): void {
    const { map } = this;
    map.on("movestart", (e) => { if (e.originalEvent) this.moved = true; });
    map.getCanvas().addEventListener("keydown", () => (this.moved = true));
    map.on("moveend", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => { if (this.moved) void this.follow(); }, 250);
    });
    map.on("idle", () => this.shade());
    map.on("click", (e) => void this.click(e));
    map.on("mousemove", (e) => this.over(e));
    map.getCanvas().addEventListener("mouseleave", () => this.glow(undefined));
    document.addEventListener("click", (e) => this.soft(e));
    window.addEventListener("popstate", () => void this.back());
    for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]] as const) {
      document.addEventListener(on, (e) => this.row(e.target, true));
      document.addEventListener(off, (e) => this.row(e.target, false));
    }
    this.near();
  }

  /* The list and the address. */

  // follow writes the view into the address and brings the list of what is in it.
  private async follow(): Promise<void> {
    const b = this.map.getBounds();
    const { lat, lng: lon } = this.map.getCenter();
    const query = new URLSearchParams(location.search);
    query.set("box", [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((n) => n.toFixed(5)).join(","));
    query.set("at", atOf({ lat, lon, zoom: this.map.getZoom() }));
    query.delete("after"); // another box has pages of its own
    history.replaceState(null, "", `${location.pathname}?${query}`);
    await this.bring();
  }

  // bring asks the server for this very page and takes the parts that change.
  private async bring(): Promise<void> {
    if (!document.querySelector("[data-part]")) return; // a frame has no more than the map
    this.stop.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    try {
      const answer = await fetch(location.href, { signal, headers: { Accept: "text/html", "X-Part": "list" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const next of page.querySelectorAll<HTMLElement>("[data-part]")) {
        const now = document.querySelector<HTMLElement>(`[data-part="${next.dataset.part}"]`);
        if (!now) continue;
        const focused = now.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : undefined;
        if (now.innerHTML !== next.innerHTML) now.replaceChildren(...next.childNodes);
        if (focused !== undefined) [...now.querySelectorAll<HTMLElement>("a, button")].find((a) => a.getAttribute("href") === focused)?.focus();
      }
      this.fill(new URLSearchParams(location.search));
      page.querySelectorAll<HTMLAnchorElement>("a[data-view]").forEach((a, i) => document.querySelectorAll("a[data-view]")[i]?.setAttribute("href", a.getAttribute("href") ?? ""));
    } catch {
      if (!signal.aborted) this.say(words.lost);
    }
  }

  // fill keeps the form beside the map at what the address says.
  private fill(query: URLSearchParams): void {
    for (const name of ["topic", "area", "state", "from", "to", "q", "box", "at"]) {
      document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`form[data-filters] [name=${name}]`).forEach((field) => {
        field.value = query.get(name) ?? "";
        if (field instanceof HTMLInputElement && field.type === "hidden") field.disabled = !field.value;
      });
    }
    document.querySelectorAll<HTMLInputElement>("form[data-filters] [name=late]").forEach((box) => (box.checked = query.get("late") === "1"));
  }

  // soft follows a link of the map's own without a new page: the map stays where it is.
  private soft(e: MouseEvent): void {
    const link = e.target instanceof Element ? e.target.closest<HTMLAnchorElement>("a[data-soft]") : null;
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.button !== 0) return;
    e.preventDefault();
    history.pushState(null, "", link.href);
    void this.again();
  }

  // back is the browser's own button.
  private async back(): Promise<void> {
    const view = viewOf(new URLSearchParams(location.search).get("at"));
    if (view) this.map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
    else wholeCity(this.map);
    this.moved = false;
    await this.again();
  }

  // again shows the selection of the address: list first, for the areas' table.
  private async again(): Promise<void> {
    this.card(undefined);
    await this.bring();
    this.show(new URLSearchParams(location.search).get("mode") ?? "");
  }

  private say(text: string): void {
    const total = document.querySelector<HTMLElement>("[data-part=total]");
    if (total) total.textContent = text; // it is said politely
  }

  /* What is lit: a row of the list and its point. */

  private row(target: EventTarget | null, on: boolean): void {
    const row = target instanceof Element ? target.closest<HTMLElement>("[data-line], [data-area]") : null;
    if (!row) return;
    const { at, area } = row.dataset;
    if (area && this.heated) this.map.setFeatureState({ source: "heat", sourceLayer: "areas", id: area }, { lit: on });
    const [lat = NaN, lon = NaN] = (at ?? "").split(",").map(Number);
    light(this.map, on && at && !Number.isNaN(lat + lon) ? [lon, lat] : undefined);
  }

  private glow(number: number | undefined): void {
    if (number === this.hovered) return;
    this.hovered = number;
    document.querySelectorAll<HTMLElement>("[data-line][data-lit]").forEach((line) => delete line.dataset.lit);
    const line = number === undefined ? null : document.querySelector<HTMLElement>(`[data-line][data-number="${number}"]`);
    if (line) line.dataset.lit = "";
  }

  private over(e: maplibre.MapMouseEvent): void {
    const found = this.at(e.point);
    this.map.getCanvas().style.cursor = found ? "pointer" : "";
    this.glow(found && found.properties.number ? Number(found.properties.number) : undefined);
  }

  // at is what lies under a pointer; a thumb is not a pixel.
  private at({ x, y }: maplibre.Point): maplibre.MapGeoJSONFeature | undefined {
    const layers = ["points", "clusters", "dots", "areas", "hexagons"].filter((layer) => this.map.getLayer(layer));
    const r = this.mode ? 0 : 6;
    return this.map.queryRenderedFeatures([[x - r, y - r], [x + r, y + r]], { layers })[0];
  }

  /* What a press opens. */

  private async click(e: maplibre.MapMouseEvent): Promise<void> {
    this.card(undefined);
    const found = this.at(e.point);
    if (!found) return;
    const p = found.properties;
    if (this.heated) return this.follows(`[data-area="${CSS.escape(String(p.id))}"] a`);
    if (this.mode === "hex") return this.into([e.lngLat.lng, e.lngLat.lat], e.point, Number(p.count));
    if (found.geometry.type !== "Point") return;
    const center = found.geometry.coordinates as [number, number];
    if (!p.number) return this.into(center, e.point, Number(p.count));
    light(this.map, center);
    document.querySelector(`[data-line][data-number="${Number(p.number)}"]`)?.scrollIntoView({ block: "nearest" });
    await this.open(Number(p.number));
  }

  private follows(selector: string): void {
    document.querySelector<HTMLAnchorElement>(selector)?.click();
  }

  private into(center: [number, number], point: maplibre.Point, count: number): void {
    const zoom = this.map.getZoom();
    if (zoom < nearest) {
      this.moved = true;
      this.map.jumpTo({ center, zoom: Math.min(zoom + 2, nearest) });
      return;
    }
    this.card([text("b", words.together + String(count)), link(this.around(point), words.list)]);
  }

  // open shows the card of a problem, which the server draws.
  private async open(number: number): Promise<void> {
    const plain = [text("b", words.number + String(number)), link(`/problem/${number}`, words.open)];
    const answer = await fetch(`/map/card/${number}?l=${document.documentElement.lang}`, { headers: { Accept: "text/html" } }).catch(() => undefined);
    const drawn = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes : undefined;
    this.card(drawn ? [...drawn] : plain);
  }

  // around is the list of what lies close to a point of the map: many problems of one house.
  private around({ x, y }: maplibre.Point): string {
    const [low, high] = [this.map.unproject([x - 64, y + 64]), this.map.unproject([x + 64, y - 64])];
    const query = new URLSearchParams(location.search);
    query.set("box", [low.lng, low.lat, high.lng, high.lat].map((n) => n.toFixed(5)).join(","));
    for (const name of ["after", "view", "at", "mode"]) query.delete(name);
    return `/map?${query}`;
  }

  private card(content: readonly (Node | string)[] | undefined): void {
    this.slot.querySelector(".map-card")?.remove();
    if (!content) return light(this.map, undefined);
    const card = document.createElement("div");
    card.className = "map-card";
    card.setAttribute("role", "status");
    const close = (): void => {
      this.card(undefined);
      this.map.getCanvas().focus();
    };
    const buttons = document.createElement("p");
    buttons.className = "buttons";
    buttons.append(button(words.close, close));
    card.append(...content, buttons);
    card.addEventListener("keydown", (e) => { if (e.key === "Escape") close(); });
    this.slot.append(card);
  }

  /* Near me. */

  private near(): void {
    const box = document.querySelector<HTMLElement>("[data-near]");
    if (!box) return;
    box.hidden = false;
    box.querySelector("button")?.addEventListener("click", () => {
      if (!("geolocation" in navigator)) return this.ask(box);
      this.say(words.looking);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => this.go(coords.latitude, coords.longitude), () => this.ask(box),
        { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 });
    });
  }

  // go shows a place; the address gets the rounded middle of the map and no more.
  private go(lat: number, lon: number): void {
    this.you?.remove();
    this.you = this.tools.marker([lon, lat], this.map);
    this.moved = true;
    this.map.jumpTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), 16) });
  }

  // ask takes an address where the phone says nothing.
  private ask(box: HTMLElement): void {
    this.say(words.denied);
    if (box.querySelector("input")) return;
    const field = document.createElement("input");
    field.type = "search";
    field.setAttribute("aria-label", words.address);
    field.placeholder = words.address;
    const found = document.createElement("span");
    found.className = "buttons";
    let timer: number | undefined;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => void this.find(field.value, found), 250);
    });
    box.append(field, found);
    field.focus();
  }

  private async find(q: string, to: HTMLElement): Promise<void> {
    if (q.trim().length < 3) return to.replaceChildren();
    const answer = await fetch(`/addresses?${new URLSearchParams({ q })}`, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok) return this.say(words.lost);
    const { houses } = (await answer.json()) as { houses: readonly { address: string; lat?: number; lon?: number }[] };
    const some = houses.filter((h) => h.lat !== undefined && h.lon !== undefined).slice(0, 4);
    to.replaceChildren(...some.map((h) => button(h.address, () => this.go(h.lat ?? 0, h.lon ?? 0))));
    if (some.length === 0) this.say(words.nothing);
  }

  // shade gives the hexagons their shades by the fullest that is in view.
  private shade(): void {
    if (this.mode !== "hex" || !this.map.getLayer("hexagons")) return;
    const seen = this.map.queryRenderedFeatures({ layers: ["hexagons"] }).map((f) => Number(f.properties.count) || 0);
    const most = Math.max(1, ...seen);
    if (most === this.fullest) return;
    this.fullest = most;
    shadeHexagons(this.map, most);
  }

  private fullest = 0;
}

function text(tag: "b" | "p", said: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = said;
  return made;
}

function link(url: string, said: string): HTMLElement {
  const p = document.createElement("p");
  const made = document.createElement("a");
  made.className = "button";
  made.href = url;
  made.textContent = said;
  p.append(made);
  return p;
}

function button(said: string, f: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = said;
  made.addEventListener("click", f);
  return made;
}

/** youPin is the mark of where a person is. */
export function youPin(): HTMLElement {
  const made = document.createElement("div");
  made.className = "map-near";
  made.style.background = colour("--amber");
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", words.you);
  made.textContent = "●";
  return made;
}
