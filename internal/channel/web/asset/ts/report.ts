// The form «Что случилось?» made quicker: its parts put together, the draft kept,
// the message sent so that a bad network neither loses nor doubles it.

import { announce, button, calm, each, el, find, Latest } from "./dom";
import { Drafts, fill, isEmpty, newKey, second, serialise, value, type Control, type Draft } from "./draft";
import { kit, knownOf, mapOf, nearOf, thingsOf } from "./load";
import type { Mail } from "./mail";
import type { Answer as Known } from "./known";
import type { Answer } from "./near";
import type { Answer as Things } from "./things";
import type { Outcome } from "./outbox";
import { PhotoQueue } from "./photos";
import { Place } from "./place";
import type { Rows } from "./rows";
import { Topics } from "./topics";
import { count, say } from "./words";

/** Report is the form of the home page. */
export class Report {
  private readonly drafts: Drafts;
  private readonly text: HTMLTextAreaElement;
  private readonly topics: Topics;
  private readonly place: Place;
  private readonly photos: PhotoQueue;
  private readonly near = new Latest();
  private readonly things = new Latest();
  private readonly known = new Latest();
  private readonly look = calm(400, () => {
    void this.lookNear();
    void this.lookThings();
    void this.lookKnown();
  });
  private looked = "";
  private askedThings = "";
  private askedKnown = "";
  private readonly remember = calm(300, () => void this.keep());
  private sending = false;
  private left = false; // the draft is no longer this page's to write
  private loaded = false;

  constructor(private readonly form: HTMLFormElement, rows: Rows, private readonly mail: Mail) {
    this.drafts = new Drafts(rows, () => Date.now());
    this.text = find<HTMLTextAreaElement>("[data-text]", form) as HTMLTextAreaElement;
    this.place = new Place(find("[data-place]", form) as HTMLElement, () => this.moved());
    this.topics = new Topics({ form, text: this.text, where: () => this.where(), changed: () => this.moved() });
    this.photos = new PhotoQueue(find<HTMLInputElement>("[data-photos-input]", form) as HTMLInputElement, {
      key: () => this.key, changed: this.remember, taken: (at) => this.taken(at),
    });
    find("[data-near]", form)?.setAttribute("aria-live", "off"); // one sentence is said instead
    mail.mend = (key) => void this.mend(key);
    this.listen();
  }

  /** start puts back what was typed before the page was closed or died. */
  async start(): Promise<void> {
    const waiting = new Set((await this.mail.outbox.all()).map((s) => s.key));
    const draft = await this.drafts.load();
    // A page kept for use without a network gives the same key every time.
    if (!this.drawn) this.key = newKey();
    this.loaded = true;
    if (!draft) this.forget();
    else if (waiting.has(draft.key)) await this.drafts.wipe();
    else this.restore(draft);
    // Letters may have come before this script did.
    if (this.text.value !== this.text.defaultValue) this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private get drawn(): boolean {
    return this.text.defaultValue.trim() !== "";
  }

  // The button Back may bring a form that was sent already, with its text.
  private forget(): void {
    const [came] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    if (came?.type === "back_forward" && !this.drawn) this.text.value = "";
  }

  private get key(): string {
    return find<HTMLInputElement>("[name=key]", this.form)?.value ?? "";
  }

  private set key(key: string) {
    let input = find<HTMLInputElement>("[name=key]", this.form);
    if (!input) this.form.prepend((input = el("input", { type: "hidden", name: "key" })));
    input.value = key;
  }

  private get controls(): Control[] {
    return [...this.form.elements] as unknown as Control[];
  }

  private listen(): void {
    const { form } = this;
    each("[data-later] [data-nojs]", (e) => (e.hidden = true), form);
    this.show("[data-locate]", () => void this.place.locate());
    this.show("[data-map]", (e) => void this.openMap(e));
    form.addEventListener("input", (e) => this.typed(e.target as HTMLElement));
    form.addEventListener("change", this.remember);
    form.addEventListener("submit", (e) => this.submit(e));
    window.addEventListener("pagehide", () => void this.keep());
    document.addEventListener("visibilitychange", () => void this.keep());
    window.addEventListener("pageshow", (e) => {
      if (e.persisted && this.left) location.replace("/"); // Back, to a form that was sent
    });
  }

  private show(selector: string, f: (button: HTMLElement) => void): void {
    each(selector, (e) => {
      e.hidden = false;
      e.addEventListener("click", () => f(e));
    }, this.form);
  }

  private typed(at: HTMLElement): void {
    if (at === this.text) {
      this.open();
      this.look();
    }
    this.mended(at);
    this.count();
    this.remember();
  }

  // What was wrong with a field goes when the person goes at it again.
  private mended(at: HTMLElement): void {
    const id = at.closest("fieldset[id]")?.id || at.id;
    at.removeAttribute("aria-invalid");
    for (const line of [document.getElementById(id + "-error"), find(`.errors a[href="#${CSS.escape(id)}"]`)?.closest("li")]) line?.remove();
    each(".errors ul", (list) => list.children.length > 0 || list.closest(".errors")?.remove(), this.form);
  }

  // How much room is left is said once it becomes little.
  private count(): void {
    const most = Number(this.text.dataset["max"]);
    const room = most - [...this.text.value].length;
    let line = find("[data-room]", this.form);
    if (!most || room > most / 5) return line?.remove();
    if (!line) this.text.after((line = el("p", { class: "hint", "data-room": true })));
    line.className = room < 0 ? "field-error" : "hint";
    line.textContent = count(room < 0 ? "over" : "left", Math.abs(room));
  }

  // The plain button «Дальше» goes at the first letter and not before: nothing
  // on a page moves by itself.
  private open(): void {
    each("[data-later]", (e) => (e.hidden = false), this.form);
    each("[data-nojs]", (e) => (e.hidden = true), this.form);
  }

  private where(): Record<string, string> {
    const house = this.place.houseID;
    return { ...this.place.spot, ...(house ? { house } : {}) };
  }

  private moved(): void {
    if (this.place.spot || this.place.houseID) this.mended(this.place.input);
    if (this.topics.chosenID) each("#topic-error, .errors a[href='#topic']", (e) => (e.closest("li") ?? e).remove(), this.form);
    this.place.mark(this.topics.chosen?.widget);
    this.topics.ask(); // the place says something of the topic too
    this.look();
    this.remember();
  }

  private about(): Record<string, string> | undefined {
    const { spot, houseID: house } = this.place;
    const topic = this.topics.chosenID;
    const text = this.text.value.trim();
    if (!(topic || text) || !(spot || house)) return undefined;
    return { ...(text ? { text } : {}), ...(topic ? { topic } : {}), ...spot, ...(house ? { house } : {}) };
  }

  // What others have reported around may be the same problem. Whoever is at the
  // buttons there keeps them.
  private async lookNear(): Promise<void> {
    const box = find("[data-near]", this.form);
    const about = this.about();
    const asked = about ? JSON.stringify(about) : "";
    if (!box || asked === this.looked || box.contains(document.activeElement)) return;
    this.looked = asked;
    this.near.cancel();
    if (!about) return box.replaceChildren();
    const found = await this.near.ask<Answer>("/near", about, true);
    if (found) (await nearOf())?.draw(box, found, kit);
    else if (this.looked === asked) this.looked = "";
  }

  // Which object of the city it is about: asked once there are a topic and a place.
  private async lookThings(): Promise<void> {
    const box = find("[data-things]", this.form);
    const topic = this.topics.chosenID;
    const { spot, houseID: house } = this.place;
    const about: Record<string, string> | undefined = topic && (spot || house) ? { topic, ...spot, ...(house ? { house } : {}) } : undefined;
    const asked = about ? JSON.stringify(about) : "";
    if (!box || asked === this.askedThings || box.contains(document.activeElement)) return;
    this.askedThings = asked;
    this.things.cancel();
    if (!about) return;
    const found = await this.things.ask<Things>("/objects", about);
    if (found) (await thingsOf())?.draw(box, found, kit);
    else if (this.askedThings === asked) this.askedThings = "";
  }

  // What is off there already, and whom to call first: asked once there are a topic
  // and a place.
  private async lookKnown(): Promise<void> {
    const box = find("[data-known]", this.form);
    const topic = this.topics.chosenID;
    const { spot, houseID: house } = this.place;
    const about: Record<string, string> | undefined = topic && (spot || house) ? { topic, ...spot, ...(house ? { house } : {}) } : undefined;
    const asked = about ? JSON.stringify(about) : "";
    if (!box || asked === this.askedKnown || box.contains(document.activeElement)) return;
    this.askedKnown = asked;
    this.known.cancel();
    const duty = find("[data-duty]", this.form) ?? undefined;
    if (!about) {
      box.replaceChildren();
      return duty?.replaceChildren();
    }
    const found = await this.known.ask<Known>("/known", about);
    if (found) (await knownOf())?.draw(box, duty, found, kit);
    else if (this.askedKnown === asked) this.askedKnown = "";
  }

  private taken(at: { lat: number; lon: number }): void {
    if (this.place.spot || this.place.houseID) return;
    void this.place.offer({ ...at, accuracy: 0 });
  }

  private snapshot(): Draft {
    const entries = serialise(this.controls).filter(([name]) => name !== "q");
    return {
      key: this.key, changed: Date.now(), entries, photos: this.photos.photos,
      topics: this.topics.shown, place: this.place.label,
    };
  }

  private async keep(): Promise<void> {
    if (this.left || !this.loaded) return;
    const draft = this.snapshot();
    const kept = await this.drafts.save(draft).then(() => true, () => false);
    each("[data-saved]", (e) => (e.hidden = !kept || isEmpty(draft)), this.form);
  }

  // What the server has drawn counts more than the draft: it is the later step of
  // the same message. Photos that it does not know are added to it.
  private restore(draft: Draft): void {
    if (this.drawn && draft.key !== this.key) return;
    const has = new Set(serialise(this.controls).filter(([name]) => name === "photo").map(([, id]) => id));
    this.photos.restore(draft.photos.filter((p) => !p.id || !has.has(p.id)));
    if (this.drawn) return;
    const typed = this.text.value.trim();
    this.put(draft);
    if (typed && !this.text.value.includes(typed)) this.text.value += "\n" + typed;
    this.banner();
  }

  private put(draft: Draft): void {
    this.key = draft.key;
    const topic = value(draft.entries, "topic");
    this.topics.restore(draft.topics ?? [], topic, draft.entries);
    fill(this.controls, draft.entries);
    if (draft.place) this.place.label = draft.place;
    this.moved();
    this.open();
  }

  private banner(): void {
    const again = button(say("again"), () => void this.anew(), "button-link");
    this.form.prepend(el("p", { class: "note note-plain", role: "status", "data-restored": true }, say("restored") + ". ", again));
  }

  private async anew(): Promise<void> {
    this.left = true;
    await this.drafts.wipe();
    this.form.reset();
    location.replace("/");
  }

  private async mend(key: string): Promise<void> {
    const draft = await this.mail.outbox.takeBack(key);
    await this.mail.draw();
    if (!draft) return;
    this.photos.clear();
    this.photos.restore(draft.photos);
    this.put(draft);
    this.left = false;
    await this.keep();
    this.text.focus();
  }

  private submit(e: SubmitEvent): void {
    const by = e.submitter as HTMLButtonElement | null;
    const plain = by && !(by.name === "step" && (by.value === "send" || by.value === "next"));
    if (plain) return void this.keep(); // the server's own steps: another topic, joining
    e.preventDefault();
    if (!this.sending) void this.post();
  }

  private async post(): Promise<void> {
    const wrong = this.missing();
    if (wrong) return this.complain(wrong, "");
    this.sending = true;
    const send = find("[data-send]", this.form) as HTMLElement;
    const words = send.textContent;
    send.textContent = say("sendingNow");
    announce(say("sendingNow"));
    await this.photos.rest();
    try {
      await this.through(this.snapshot());
    } finally {
      this.sending = false;
      send.textContent = words;
      this.photos.resume();
    }
  }

  private missing(): Record<string, string> | undefined {
    if (this.text.value.trim() === "") return { text: say("needText") };
    const known = this.place.spot || this.place.houseID || this.place.input.value.trim();
    return known ? undefined : { place: say("needPlace") };
  }

  // The message goes into the outbox first: whatever happens to this page, it is
  // sent once.
  private async through(draft: Draft): Promise<void> {
    try {
      await this.mail.outbox.add(draft);
    } catch {
      return this.complain({}, say("notKept"));
    }
    const outcome = await this.mail.sendNow(draft.key);
    const other = second(draft, newKey());
    if (outcome?.kind === "sent") return this.sent(draft.key, outcome.url, other);
    if (outcome?.kind === "refused") return this.refused(draft.key, outcome);
    this.left = true;
    await this.drafts.wipe();
    this.clear();
    if (other) this.put(other);
    await this.mail.draw();
    await this.mail.later();
    this.mail.focus();
  }

  private async sent(key: string, url: string, other?: Draft): Promise<void> {
    this.left = true;
    await (other ? this.drafts.save(other) : this.drafts.wipe());
    await this.mail.outbox.remove(key);
    location.assign(url);
  }

  private async refused(key: string, { text, fields, taken }: Extract<Outcome, { kind: "refused" }>): Promise<void> {
    await this.mail.outbox.remove(key);
    if (taken) this.photos.anew(() => (this.key = newKey()));
    this.complain(fields, Object.keys(fields).length > 0 ? "" : text || say("refused"));
  }

  // An empty form for the next message; the one before is in the outbox.
  private clear(): void {
    for (const c of this.controls) {
      if (c.type === "radio" || c.type === "checkbox") c.checked = false;
      else if (c.type !== "file" && c.type !== "submit" && c.type !== "button" && c.name !== "secret") c.value = "";
    }
    this.key = newKey();
    this.place.label = "";
    this.photos.clear();
    this.topics.restore([], "", []);
    each("[data-restored], .errors, .field-error", (e) => e.remove(), this.form);
    each("[data-later], [data-saved], [data-danger]", (e) => (e.hidden = true), this.form);
    this.look();
    this.left = false;
  }

  // complain marks the fields and lists what is wrong, as the server's page does.
  private complain(fields: Readonly<Record<string, string>>, text: string): void {
    each(".errors, .field-error:not(li *)", (e) => e.remove(), this.form); // a photo keeps its own word
    each("[aria-invalid]", (e) => e.removeAttribute("aria-invalid"), this.form);
    if (Object.keys(fields).some((name) => name === "photos" || name !== "place" && name !== "house" && !document.getElementById(name))) this.topics.settle();
    const lines = Object.entries(fields).map(([name, said]) => {
      const id = name === "place" || name === "house" ? "address" : name;
      this.mark(id, said);
      return el("li", {}, el("a", { href: "#" + id }, said));
    });
    if (text) lines.unshift(el("li", {}, text));
    const box = el("div", { class: "errors", role: "alert", tabindex: "-1", id: "errors" },
      el("h2", {}, say("errors")), el("ul", {}, ...lines));
    this.form.prepend(box);
    this.open();
    box.focus();
  }

  private mark(id: string, said: string): void {
    const at = document.getElementById(id);
    if (!at) return;
    const error = el("p", { class: "field-error", id: id + "-error" }, said);
    if (at.tagName === "FIELDSET") return void find("legend", at)?.after(error);
    (at.closest("label") ?? at).before(error);
    if (at.tagName === "P") return;
    at.setAttribute("aria-invalid", "true");
    const told = (at.getAttribute("aria-describedby") ?? "").split(" ").filter((d) => d && d !== error.id);
    at.setAttribute("aria-describedby", [...told, error.id].join(" "));
  }

  // The map brings its own words and buttons; without it the address field does.
  private async openMap(opener: HTMLElement): Promise<void> {
    const map = await mapOf();
    const at = this.place.spot;
    const opened = await map?.pick(opener, find(".place-row", this.form) as HTMLElement, {
      kit,
      at: at && { lat: Number(at.lat), lon: Number(at.lon) },
      here: (spot) => this.place.here({ ...spot, accuracy: 0 }),
      take: (spot, address) => this.place.takePin({ ...spot, accuracy: 0 }, address),
    }).catch(() => undefined);
    if (opened) return;
    announce(say("noNet"));
    this.place.label = say("noNet");
  }
}
