// The place: an address that completes itself, the phone's own position, a pin on
// the map. Whatever came last counts; nothing is taken that was not confirmed.

import { announce, calm, el, find, Latest } from "./dom";
import type { HereHost } from "./here";
import { kit, hereOf } from "./load";
import { count, say } from "./words";

/** House is a house as the city lists it. */
export interface House {
  readonly id: number;
  readonly address: string;
  readonly area?: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly metres?: number;
}

/** Here is what GET /here says about a point. */
export interface Here {
  readonly inside: boolean;
  readonly label: string; // the place in words, or why it is none
  readonly accuracy?: string; // in words
  readonly rough?: boolean; // not to be believed without a look
  readonly houses: readonly House[];
}

/** Spot is a point that may become the place. */
export interface Spot {
  readonly lat: number;
  readonly lon: number;
  readonly accuracy: number; // metres; 0 for a pin that a person put
}

/** markOf is how the place is marked: by what was picked and what the topic wants. */
export function markOf(house: string, widget: string | undefined): string {
  if (house) return widget === undefined || widget === "building" ? "building" : "near";
  return widget === "point" ? "point" : "near";
}

/** Place is the part of the form with the place. */
export class Place {
  readonly input: HTMLInputElement;
  private readonly list: HTMLUListElement;
  private readonly latest = new Latest();
  private readonly point = new Latest();
  private readonly ask = calm(200, () => void this.complete());
  private readonly known: HTMLElement;
  private houses: readonly House[] = [];
  private active = -1;
  private picked = ""; // the address that the hidden values stand for
  private question: HTMLElement | undefined;

  constructor(private readonly box: HTMLElement, private readonly changed: () => void) {
    this.input = find<HTMLInputElement>("[data-address]", box) as HTMLInputElement;
    this.known = find("#place-known", box) as HTMLElement;
    this.list = el("ul", { class: "options", id: "address-options", role: "listbox", "aria-label": say("houses"), hidden: true });
    this.input.after(this.list);
    for (const [name, v] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-controls": "address-options", "aria-autocomplete": "list", autocomplete: "off",
    })) this.input.setAttribute(name, v);
    this.picked = this.input.defaultValue;
    this.listen();
  }

  /** set makes a spot or a house the place. label is said and shown. */
  set(address: string, spot: Partial<Spot>, house: string, label: string): void {
    this.input.value = this.picked = address;
    this.value("lat", spot.lat === undefined ? "" : String(spot.lat));
    this.value("lon", spot.lon === undefined ? "" : String(spot.lon));
    this.value("accuracy", spot.accuracy ? String(Math.round(spot.accuracy)) : "");
    this.house(house);
    this.known.textContent = label;
    this.ignore();
    this.close();
    this.changed();
  }

  get label(): string {
    return this.known.textContent ?? "";
  }

  set label(text: string) {
    this.picked = this.input.value;
    this.known.textContent = text;
  }

  /** mark follows the topic, which says what kind of place it wants. */
  mark(widget: string | undefined): void {
    if (this.spot || this.houseID) this.value("mark", markOf(this.houseID, widget));
  }

  get spot(): { lat: string; lon: string } | undefined {
    const [lat, lon] = [this.read("lat"), this.read("lon")];
    return lat && lon ? { lat, lon } : undefined;
  }

  get houseID(): string {
    return find<HTMLInputElement>("[name=house]:checked, [name=house][type=hidden]", this.box)?.value ?? "";
  }

  /** locate asks the phone where it is; offer whether a spot is the place. */
  async locate(): Promise<void> {
    const here = await hereOf();
    if (here) return here.locate(this.host);
    this.label = say("noNet");
    announce(this.label);
  }

  async offer(spot: Spot): Promise<void> {
    (await hereOf())?.offer(this.host, spot);
  }

  /** here asks the city what is at a point. */
  here(spot: Spot): Promise<Here | undefined> {
    return this.point.ask<Here>("/here", { lat: String(spot.lat), lon: String(spot.lon), accuracy: String(Math.round(spot.accuracy)) });
  }

  /** takePin makes a point of the map the place. */
  takePin(spot: Spot, address: string): void {
    this.set(address, spot, "", say("known", address));
    this.input.focus();
  }

  private takeHouse(h: House): void {
    const focused = this.box.contains(document.activeElement);
    const at = h.lat === undefined || h.lon === undefined ? {} : { lat: h.lat, lon: h.lon };
    this.set(h.address, at, String(h.id), say("known", [h.address, h.area].filter(Boolean).join(" · ")));
    announce(this.label);
    if (focused) this.input.focus();
  }

  private get host(): HereHost {
    return {
      kit,
      show: (content) => {
        if (!this.question) this.known.after((this.question = el("div", { class: "note note-plain", "data-question": true })));
        this.question.replaceChildren(...content);
      },
      here: (spot) => this.here(spot),
      take: (address, spot) => this.set(address, spot, "", say("known", address)),
      takeHouse: (house) => this.takeHouse(house),
      dismiss: () => this.ignore(),
    };
  }

  private ignore(): void {
    if (this.question?.contains(document.activeElement)) this.input.focus();
    this.question?.remove();
    this.question = undefined;
  }

  private value(name: string, v: string): void {
    const input = find<HTMLInputElement>(`[name=${name}][type=hidden]`, this.box);
    if (input) input.value = v;
  }

  private read(name: string): string {
    return find<HTMLInputElement>(`[name=${name}]`, this.box)?.value ?? "";
  }

  // The server may have drawn houses to choose from; one hidden value follows them.
  private house(id: string): void {
    find("[data-houses]", this.box)?.remove();
    if (!find("[name=house]", this.box)) this.box.append(el("input", { type: "hidden", name: "house" }));
    this.value("house", id);
  }

  private listen(): void {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (e) => this.key(e));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("pointerdown", (e) => e.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (e) => {
      const at = [...this.list.children].indexOf((e.target as Element).closest("li") as HTMLLIElement);
      if (at >= 0) this.pick(at);
    });
    this.box.addEventListener("change", (e) => {
      if ((e.target as HTMLInputElement).name === "house") this.changed();
    });
  }

  // «ул. Садовая, 14» and then «, у площадки» says more of the same place; any
  // other change makes it another one.
  private typed(): void {
    const had = this.spot !== undefined || this.houseID !== "";
    if (had && !(this.picked && this.input.value.startsWith(this.picked))) {
      const value = this.input.value;
      this.set(value, {}, "", say("placeLost"));
      this.picked = "";
    }
    this.ask();
  }

  private async complete(): Promise<void> {
    const q = this.input.value.trim();
    if (q.length < 2 || (this.picked && this.input.value.startsWith(this.picked))) return this.close();
    const found = await this.latest.ask<{ houses: readonly House[]; note?: string }>("/addresses", { q });
    if (!found || document.activeElement !== this.input) return;
    this.houses = found.houses;
    this.draw();
    announce(found.note ?? (this.houses.length > 0 ? count("found", this.houses.length) : say("noHouse")));
    if (found.note && /\d/.test(q)) this.known.textContent = found.note;
    else if (this.houses.length === 0 && q.length > 5) this.known.textContent = say("noHouse");
    else if (this.houses.length > 1 && !/\d/.test(q)) this.known.textContent = say("addNumber");
  }

  private draw(): void {
    this.active = -1;
    this.list.replaceChildren(...this.houses.map((h, i) =>
      el("li", { role: "option", id: `address-${i}`, "aria-selected": "false" },
        el("b", {}, h.address), ...(h.area ? [" ", el("span", { class: "muted" }, h.area)] : []))));
    this.list.hidden = this.houses.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
  }

  private close(): void {
    this.latest.cancel();
    this.houses = [];
    this.draw();
  }

  private key(e: KeyboardEvent): void {
    if (e.key === "Enter") {
      // Enter in an address means "this house", never "send".
      e.preventDefault();
      if (this.houses.length > 0) this.pick(Math.max(0, this.active));
      else this.ask();
      return;
    }
    if (e.key === "Escape" && !this.list.hidden) {
      e.preventDefault();
      this.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step === undefined) return;
    e.preventDefault();
    if (this.houses.length === 0) return this.ask();
    const n = this.houses.length;
    this.move((this.active < 0 && step < 0 ? n - 1 : this.active + step + n) % n);
  }

  private move(to: number): void {
    this.active = to;
    [...this.list.children].forEach((li, i) => {
      li.setAttribute("aria-selected", String(i === to));
      if (i === to) li.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", `address-${to}`);
  }

  private pick(at: number): void {
    const house = this.houses[at];
    if (house) this.takeHouse(house);
  }
}
