// Proposals of topics while a person types. The cards are those that the server
// draws; a topic that a person chose stays chosen, whatever is typed later.

import { announce, calm, each, el, find, Latest } from "./dom";
import type { Topic, TopicField } from "./draft";
import { say } from "./words";

interface Suggestion {
  readonly topics: readonly Topic[];
  readonly danger: boolean;
  readonly none?: string; // why nothing is proposed
  readonly next?: readonly Step[];
}

// Step is what a person may do instead of writing, or before.
interface Step {
  readonly text: string;
  readonly url?: string;
  readonly do?: string;
}

/** What the proposals need to know of the rest of the form. */
export interface TopicsHost {
  readonly form: HTMLFormElement;
  readonly text: HTMLTextAreaElement;
  /** lat, lon and mark, as far as they are known. */
  where(): Record<string, string>;
  /** the topic is another one now. */
  changed(): void;
}

/** Topics is the part of the form with the proposals. */
export class Topics {
  /** the proposals shown; empty when the server drew them. */
  shown: readonly Topic[] = [];
  private readonly box: HTMLElement;
  private readonly latest = new Latest();
  private readonly ask = calm(350, () => void this.propose());
  private byHand: boolean;
  private asked = "";

  constructor(private readonly host: TopicsHost) {
    this.box = find("[data-suggest]", host.form) as HTMLElement;
    this.box.setAttribute("aria-live", "off"); // one sentence is said instead of every card
    this.byHand = find("[name=manual]", this.box) !== null;
    this.asked = host.text.defaultValue;
    host.text.addEventListener("input", this.ask);
    this.box.addEventListener("change", () => {
      this.byHand = true;
      this.detail();
      host.changed();
    });
  }

  /** chosen is the topic of the checked card, as far as it is known. */
  get chosen(): Topic | undefined {
    const id = this.chosenID;
    return this.shown.find((t) => t.id === id);
  }

  get chosenID(): string {
    return find<HTMLInputElement>("[name=topic]:checked", this.box)?.value ?? "";
  }

  /** restore shows the proposals of a draft. */
  restore(topics: readonly Topic[], id: string): void {
    if (topics.length === 0) {
      this.ask();
      return;
    }
    this.byHand = id !== "" && topics[0]?.id !== id;
    this.draw(topics, id);
  }

  private async propose(): Promise<void> {
    const text = this.host.text.value.trim();
    if (text === this.asked) return;
    this.asked = text;
    if (text.length < 3) return this.latest.cancel();
    const found = await this.latest.ask<Suggestion>("/suggest", { text, ...this.host.where() });
    if (!found) {
      if (this.host.text.value.trim() === text) this.asked = ""; // no answer: the next letter asks again
      return;
    }
    this.warn(found);
    if (this.byHand || this.box.contains(document.activeElement)) return;
    const { topics, none = "" } = found;
    if (same(topics, this.shown) && topics.length > 0) return;
    const first = topics[0];
    this.draw(topics, first?.id ?? "", none, found.danger ? [] : found.next ?? []);
    announce(first ? say("topics", first.name, topics.length) : none);
    this.host.changed();
  }

  // Whom to call stands above everything else.
  private warn({ danger, next = [] }: Suggestion): void {
    const box = find("[data-danger]", this.host.form);
    if (!box || box.hidden === !danger) return;
    const calls = next.filter((s) => s.url?.startsWith("tel:"));
    const old = find(".buttons", box);
    if (calls.length > 0) old?.replaceWith(...steps(calls, "button button-danger"));
    box.hidden = !danger;
  }

  private draw(topics: readonly Topic[], chosen: string, none = "", next: readonly Step[] = []): void {
    this.shown = topics;
    const pick = find("[name=step][value=pick_topic]", this.box);
    const line = pick?.parentElement;
    for (const old of [...this.box.children]) {
      if (old !== line) old.remove();
    }
    if (pick) pick.textContent = say(topics.length > 0 ? "topicOther" : "topicPick");
    this.box.prepend(topics.length > 0 ? cards(topics, chosen) : el("p", { class: "hint", id: "topic" }, none));
    if (next.length > 0) this.box.append(el("div", { class: "note note-plain" }, ...steps(next, "lone")));
    this.detail();
  }

  // What the chosen topic asks for: a word before sending, a photo, fields.
  private detail(): void {
    const topic = this.chosen;
    if (!topic) return;
    each("[data-advice]", (old) => old.remove(), this.box);
    if (topic.advice) this.box.append(el("p", { class: "note note-plain", "data-advice": true }, topic.advice));
    this.fields(topic.fields ?? []);
    const photos = find("[data-photos-input]", this.host.form)?.closest(".stack");
    if (!photos) return;
    each("[data-need]", (old) => old.remove(), photos);
    const optional = find("label .optional", photos);
    if (optional) optional.hidden = !!topic.photo;
    if (topic.photo) find("label", photos)?.after(el("p", { class: "hint", "data-need": true }, topic.photo));
  }

  private fields(fields: readonly TopicField[]): void {
    const box = find("[data-fields]", this.host.form);
    if (!box) return;
    const old = new Map<string, string>();
    each<HTMLInputElement>("input", (input) => old.set(input.name, input.value), box);
    if ([...old.keys()].join() === fields.map((f) => f.name).join()) return;
    const row = el("div", { class: "field-row" }, ...fields.map((f) => field(f, old.get(f.name) ?? "")));
    box.replaceChildren(...(fields.length > 0 ? [row] : []));
  }
}

function same(a: readonly Topic[], b: readonly Topic[]): boolean {
  return a.length === b.length && a.every((t, i) => t.id === b[i]?.id && t.says === b[i]?.says);
}

function cards(topics: readonly Topic[], chosen: string): HTMLElement {
  const cards = topics.map((t) => {
    const about = t.says ? `${t.path}. ${t.says}` : t.path;
    return el("label", { class: "tile-choice" },
      el("input", { type: "radio", name: "topic", value: t.id, checked: t.id === chosen }), " ",
      el("span", {}, el("b", {}, t.name), " ", el("span", { class: "muted" }, about)));
  });
  return el("fieldset", { class: "choices", id: "topic" }, el("legend", {}, say("guess")), ...cards);
}

function field({ name, label, hint, type, required }: TopicField, value: string): HTMLElement {
  const optional = required ? [] : [" ", el("span", { class: "optional" }, say("optional"))];
  return el("div", { class: type ? "field" : "field field-short" },
    el("label", { for: name }, label, ...optional),
    ...(hint ? [el("p", { class: "hint", id: name + "-hint" }, hint)] : []),
    el("input", {
      id: name, name, value, type: type || "text", autocomplete: type === "tel" ? "tel" : false,
      "aria-required": required ? "true" : false, "aria-describedby": hint ? name + "-hint" : false,
    }));
}

function steps(list: readonly Step[], look: string): HTMLElement[] {
  return list.map((s) => el("p", {}, s.text, ...(s.url ? [" ", el("a", { class: look, href: s.url }, s.do ?? "")] : [])));
}
