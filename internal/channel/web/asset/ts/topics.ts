// Proposals of topics while a person types. The cards are those that the server
// draws; a topic that a person chose stays chosen, whatever is typed later.

import type { Reading } from "./advice";
import { announce, calm, each, el, find, icon, Latest, type Child } from "./dom";
import { value, type Entry, type Topic, type TopicField } from "./draft";
import { adviceOf, kit } from "./load";
import { count, say } from "./words";

interface Suggestion extends Reading {
  readonly topics: readonly Topic[];
  readonly danger: boolean;
  readonly offered?: string; // what the form carries of these topics to the sending
  readonly none?: string; // why nothing is proposed
  readonly next?: readonly Step[];
  readonly calls?: readonly Step[]; // in danger
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
  /** lat, lon and house, as far as they are known. */
  where(): Record<string, string>;
  /** the topic is another one now. */
  changed(): void;
}

// Three words and a space: the fourth is waited for no longer.
const enough = /\S\s+\S+\s+\S+\s$/;

/** Topics is the part of the form with the proposals. */
export class Topics {
  /** the proposals shown; empty when the server drew them. */
  shown: readonly Topic[] = [];
  /** ask looks at the form again, once a person has stopped typing. */
  readonly ask = calm(200, () => void this.propose());
  private readonly box: HTMLElement;
  private readonly latest = new Latest();
  private byHand: boolean;
  private asked: string;
  private readonly typed = new Map<string, string>(); // into fields of topics, also of those that are gone
  private told = { topics: "", asked: "" }; // aloud, and not again until it is something else
  private drawn = ""; // what the question and the warnings were drawn of

  constructor(private readonly host: TopicsHost) {
    this.box = find("[data-suggest]", host.form) as HTMLElement;
    for (const live of [this.box, this.notices]) live?.setAttribute("aria-live", "off"); // one sentence is said instead of every card
    this.byHand = find("[name=manual]", this.box) !== null;
    each("[data-answered] input", (input) => this.box.append(input), this.box); // they outlive what stands around them
    this.asked = JSON.stringify(this.question(host.text.defaultValue.trim()));
    host.text.addEventListener("input", () => (enough.test(host.text.value) ? void this.propose() : this.ask()));
    this.box.addEventListener("change", () => {
      this.byHand = true;
      this.detail();
      host.changed();
    });
    this.box.addEventListener("click", (e) => this.answer(e));
  }

  /** chosen is the topic of the checked card, as far as it is known. */
  get chosen(): Topic | undefined {
    const id = this.chosenID;
    return this.shown.find((t) => t.id === id);
  }

  get chosenID(): string {
    return find<HTMLInputElement>("[name=topic]:checked", this.box)?.value ?? "";
  }

  /** restore shows the proposals of a draft, and remembers what was answered. */
  restore(topics: readonly Topic[], id: string, entries: readonly Entry[]): void {
    this.reply(value(entries, "asked"), value(entries, "object"));
    if (topics.length === 0) {
      this.ask();
      return;
    }
    this.byHand = id !== "" && sole(topics) !== id;
    this.draw(topics, id);
  }

  private get notices(): HTMLElement | null {
    return find("[data-notices]", this.host.form);
  }

  private input(name: string): HTMLInputElement | null {
    return find<HTMLInputElement>(`[name=${name}]`, this.box);
  }

  private question(text: string): Record<string, string> {
    const [asked = "", object = ""] = ["asked", "object"].map((name) => this.input(name)?.value);
    const rest = find<HTMLInputElement>("[name=rest]", this.host.form)?.value ?? "";
    return { text, ...this.host.where(), ...(object ? { asked, object } : {}), ...(rest ? { rest } : {}) };
  }

  private async propose(answered = false): Promise<void> {
    const text = this.host.text.value.trim();
    const asks = this.question(text);
    const asked = JSON.stringify(asks);
    if (asked === this.asked) return;
    this.asked = asked;
    if (text.length < 3) return this.latest.cancel();
    const [found, advice] = await Promise.all([this.latest.ask<Suggestion>("/suggest", asks, true), adviceOf()]);
    if (asked !== this.asked) return; // a later question is on its way, or answered
    if (!found) {
      this.asked = ""; // no answer: the next letter asks again
      return;
    }
    this.warn(found);
    const said = advice && this.notices ? [advice.warn(this.notices, found, kit)] : [];
    said.push(this.show(found, advice, answered));
    if (said.some(Boolean)) announce(said.filter(Boolean).map((s) => (/[.?!…:]$/.test(s) ? s : s + ".")).join(" "));
  }

  // show gives what is to be said aloud of the proposals, if they are others now.
  private show(found: Suggestion, advice: Awaited<ReturnType<typeof adviceOf>>, answered: boolean): string {
    if (!answered && (this.byHand || this.box.contains(document.activeElement))) return "";
    const { topics, none = "", ask, answered: said } = found;
    const drawn = JSON.stringify([ask, said, none, topics]);
    if (drawn === this.drawn) return "";
    this.drawn = drawn;
    const first = topics[0];
    this.draw(topics, sole(topics), none, found.danger ? [] : found.next ?? []);
    const offered = find<HTMLInputElement>("[name=offered]", this.host.form);
    if (offered) offered.value = found.offered ?? "";
    const asking = advice?.ask(found, kit);
    if (asking && ask) this.box.prepend(asking.shown);
    else if (asking) this.line?.before(asking.shown);
    if (answered) find("[name=topic], button", this.box)?.focus();
    this.host.changed();
    const was = this.told;
    this.told = { topics: first ? `${count("topics", topics.length)}: ${first.name}.` : none, asked: asking?.said ?? "" };
    return [this.told.topics !== was.topics && this.told.topics, this.told.asked !== was.asked && this.told.asked].filter(Boolean).join(" ");
  }

  private answer(e: Event): void {
    const by = (e.target as Element).closest<HTMLButtonElement>("[name=answer]");
    if (!by) return;
    e.preventDefault();
    this.byHand = false;
    if (by.value === "again") this.reply("", "");
    else this.reply(this.input("asked")?.value ?? "", by.value);
    void this.propose(true);
  }

  // What was answered travels with the form, and is asked once.
  private reply(asked: string, object: string): void {
    for (const old of [...this.box.querySelectorAll("[data-answered], :scope > [name=asked], :scope > [name=object]")]) old.remove();
    if (object) for (const [name, v] of Object.entries({ asked, object })) this.box.append(el("input", { type: "hidden", name, value: v }));
  }

  // Whom to call stands above everything else.
  private warn({ danger, calls = [] }: Suggestion): void {
    const box = find("[data-danger]", this.host.form);
    if (!box || box.hidden === !danger) return;
    if (calls.length > 0) find("[data-calls]", box)?.replaceChildren(...steps(calls, "button button-danger"));
    box.hidden = !danger;
  }

  private get line(): HTMLElement | null | undefined {
    return find("[name=step][value=pick_topic]", this.box)?.parentElement;
  }

  private draw(topics: readonly Topic[], chosen: string, none = "", next: readonly Step[] = []): void {
    this.shown = topics;
    const { line } = this;
    for (const old of [...this.box.children]) {
      if (old !== line && !(old as HTMLInputElement).name) old.remove();
    }
    each("button", (pick) => (pick.textContent = say(topics.length > 0 ? "topicOther" : "topicPick")), line ?? this.box);
    if (topics.length > 0) this.box.prepend(cards(topics, chosen));
    else if (none) this.box.prepend(el("p", { class: "hint", id: "topic" }, none));
    if (next.length > 0) this.box.append(el("div", { class: "note note-plain" }, ...steps(next, "lone")));
    this.detail();
  }

  // What the chosen topic asks for: whom to call first, a word, a photo, fields.
  private detail(): void {
    const id = this.chosenID;
    if (id && !this.chosen) return void this.learn(id);
    each("[data-advice]", (old) => old.remove(), this.box);
    const { first = [], season, advice, fields = [], photo = id ? "" : needed(this.shown) }: Partial<Topic> = this.chosen ?? {};
    const told = (look: string, ...words: Child[]): void => this.box.append(el("p", { class: look, "data-advice": true }, ...words));
    if (first.length > 0) told("note", el("strong", {}, ...first.map((p) => (p.call ? el("a", { class: "call", href: "tel:" + p.text }, p.text) : p.text))));
    if (season) told("note", el("strong", {}, say("season")), " " + season);
    if (advice) told("note note-plain", advice);
    this.fields(fields);
    const photos = find("[data-photos-input]", this.host.form)?.closest(".stack");
    if (!photos) return;
    each("[data-need]", (old) => old.remove(), photos);
    const optional = find("label .optional", photos);
    if (optional) optional.hidden = !!photo;
    if (photo) find("label", photos)?.after(el("p", { class: "hint", "data-need": true }, photo));
  }

  // A card that the server drew says only a part of what its topic asks for.
  private async learn(id: string): Promise<void> {
    const found = await this.latest.ask<Suggestion>("/suggest", { topic: id });
    const [topic] = found?.topics ?? [];
    if (topic?.id !== id || this.chosenID !== id) return;
    this.shown = [...this.shown, topic];
    this.detail();
    this.host.changed();
  }

  /** settle ticks the first proposal where none is: the city has taken it, and asks for what it needs. */
  settle(): void {
    const first = find<HTMLInputElement>("[name=topic]", this.box);
    if (!first || this.chosenID) return;
    first.checked = true;
    this.detail();
  }

  private fields(fields: readonly TopicField[]): void {
    const box = find("[data-fields]", this.host.form);
    if (!box) return;
    const { typed: old } = this;
    const names: string[] = [];
    each<HTMLInputElement>("input, select, textarea", (input) => names.push(input.name) && old.set(input.name, input.value), box);
    if (names.join() === fields.map((f) => f.name).join()) return;
    const row = el("div", { class: "field-row" }, ...fields.map((f) => field(f, old.get(f.name) ?? "")));
    box.replaceChildren(...(fields.length > 0 ? [row] : []));
  }
}

// sole is the topic that is ticked for a person: the only one. Among several they choose.
const sole = (topics: readonly Topic[]): string => (topics.length === 1 && topics[0]?.id) || "";

// needed is the photo that is asked for whichever of the topics is chosen.
const needed = (topics: readonly Topic[]): string => (topics.every((t) => t.photo) && topics[0]?.photo) || "";

function cards(topics: readonly Topic[], chosen: string): HTMLElement {
  const cards = topics.map((t) => {
    const about = el("span", {}, el("b", {}, t.name), " ", el("span", { class: "muted" }, t.says ? `${t.path}. ${t.says}` : t.path));
    if (t.covers) about.append(" ", el("span", { class: "muted covers" }, t.covers));
    return el("label", { class: "tile-choice" },
      el("input", { type: "radio", name: "topic", value: t.id, checked: t.id === chosen }), ...(t.icon ? [icon(t.icon)] : []), about);
  });
  if (topics.length === 1) return el("fieldset", { class: "choices", id: "topic" }, el("legend", {}, say("sure")), ...cards);
  return el("fieldset", { class: "choices", id: "topic", "aria-describedby": "topic-hint" }, el("legend", {}, say("guess")),
    el("p", { class: "hint", id: "topic-hint" }, say("unsure")), ...cards);
}

function field({ name, label, hint, type, required, long, max, options }: TopicField, value: string): HTMLElement {
  const optional = required ? [] : [" ", el("span", { class: "optional" }, say("optional"))];
  const state = { id: name, name, "aria-required": required ? "true" : false, "aria-describedby": hint ? name + "-hint" : false } as const;
  const input = options
    ? el("select", state, el("option", { value: "" }), ...options.map((o) => el("option", { value: o.value, selected: o.value === value }, o.label)))
    : long
      ? el("textarea", { ...state, rows: "3" }, value)
      : el("input", { ...state, value, type: type || "text", max: max || false, autocomplete: type === "tel" ? "tel" : false });
  return el("div", { class: type || long || options || name.startsWith("f-") ? "field" : "field field-short" },
    el("label", { for: name }, label, ...optional),
    ...(hint ? [el("p", { class: "hint", id: name + "-hint" }, hint)] : []),
    input);
}

function steps(list: readonly Step[], look: string): HTMLElement[] {
  return list.map((s) => el("p", {}, s.text, ...(s.url ? [" ", el("a", { class: look, href: s.url }, s.do ?? "")] : [])));
}
