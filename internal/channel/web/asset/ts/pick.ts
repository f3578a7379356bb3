// The tree of topics: narrowed at the first letter, by names and by the words of
// people in any language of the city, and walked through with the arrows.

import type { Kit } from "./kit";

/** fold makes words comparable, letter for letter: small ones, е for ё. */
export function fold(text: string): string {
  return text.toLowerCase().replace(/ё/g, "е");
}

/** Place is a piece of a text. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

// A word may have another ending than the one that was typed: «фонари», «фонарь».
function beginnings(word: string): string[] {
  return [word, ...(word.length > 4 ? [word.slice(0, -1)] : []), ...(word.length > 6 ? [word.slice(0, -2)] : [])];
}

/** find gives where words of a text begin with what was typed; nothing, when one of the typed words is not there. */
export function find(text: string, typed: readonly string[]): Place[] | undefined {
  const folded = fold(text);
  const places: Place[] = [];
  for (const word of typed) {
    const at = beginnings(word).map((begin) => ({ from: startOf(folded, begin), length: begin.length })).find((p) => p.from >= 0);
    if (!at) return undefined;
    places.push({ from: at.from, to: at.from + at.length });
  }
  return places;
}

function startOf(folded: string, begin: string): number {
  for (let at = folded.indexOf(begin); at >= 0; at = folded.indexOf(begin, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(folded[at - 1] ?? "")) return at;
  }
  return -1;
}

/** wordsOf cuts what was typed. */
export function wordsOf(typed: string): string[] {
  return fold(typed).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

interface Card {
  readonly box: HTMLElement;
  readonly name: HTMLElement;
  readonly title: string;
  readonly about: string; // object and category
  readonly such: readonly string[]; // synonyms, and the name in other languages
}

/** start switches it on where there is a tree. */
export function start(kit: Kit): void {
  const input = kit.find<HTMLInputElement>("[data-filter]");
  const tree = kit.find(".tree");
  const form = input?.form;
  if (!input || !tree || !form) return;
  kit.each("[data-js]", (e) => (e.hidden = false), form);
  const cards = cardsOf(kit, tree);
  const opened = new Set(tree.querySelectorAll("details[open]"));
  const narrowed = (): void => narrow(kit, tree, cards, wordsOf(input.value), opened);
  input.addEventListener("input", narrowed);
  if (input.value) narrowed();
  form.addEventListener("keydown", (e) => key(e, form, input, narrowed));
  form.addEventListener("submit", (e) => e.submitter?.matches(".default-button") && e.preventDefault()); // Enter is ours
  // A press of the mouse or a thumb chooses; the keyboard walks first.
  form.addEventListener("click", (e) => {
    if (e.detail > 0 && (e.target as Element).matches(".tile-choice [type=radio]:not(:disabled)")) take(form);
    const label = (e.target as Element).closest<HTMLLabelElement>("label.tile-choice");
    if (e.detail > 0 && label?.control && label.control !== e.target) {
      e.preventDefault();
      const radio = label.control as HTMLInputElement;
      if (!radio.disabled) {
        radio.checked = true;
        take(form);
      }
    }
  });
}

function take(form: HTMLFormElement): void {
  form.querySelector<HTMLButtonElement>("[name=step][value=topic_chosen]")?.click();
}

function cardsOf({ find }: Kit, tree: HTMLElement): Card[] {
  return [...tree.querySelectorAll<HTMLElement>(".tile-choice")].map((box) => {
    const name = find("b", box) as HTMLElement;
    const category = box.closest(".choices")?.previousElementSibling?.textContent ?? "";
    const object = box.closest("details")?.querySelector("h2")?.textContent ?? "";
    return { box, name, title: name.textContent ?? "", about: `${object} ${category}`, such: (box.dataset["words"] ?? "").split(/;\s*/).filter(Boolean) };
  });
}

function narrow(kit: Kit, tree: HTMLElement, cards: readonly Card[], typed: readonly string[], opened: ReadonlySet<Element>): void {
  let left = 0;
  for (const card of cards) {
    card.box.hidden = !draw(kit, card, typed);
    if (!card.box.hidden) left++;
  }
  kit.each("li", (object) => {
    kit.each(".choices", (group) => {
      group.hidden = kit.find(".tile-choice:not([hidden])", group) === null;
      const title = group.previousElementSibling;
      if (title instanceof HTMLElement && title.tagName === "H3") title.hidden = group.hidden;
    }, object);
    object.hidden = kit.find(".tile-choice:not([hidden])", object) === null;
    const details = object.querySelector("details");
    if (details) details.open = typed.length > 0 ? !object.hidden : opened.has(details);
  }, tree);
  kit.each("[data-found], [data-recent]", (list) => (list.hidden = typed.length > 0));
  kit.each("[data-none]", (line) => (line.hidden = left > 0));
  const none = kit.find("[data-none]")?.textContent ?? "";
  if (typed.length > 0) later(() => kit.announce(left > 0 ? `${kit.lang === "en" ? "Topics found" : "Подходит тем"}: ${left}` : none));
}

// What is left is said once a person has stopped typing.
let timer: number | undefined;
function later(f: () => void): void {
  clearTimeout(timer);
  timer = window.setTimeout(f, 600);
}

// draw shows why a topic was found: the piece of its name, or the words by which
// people know it. A typed word may stand in the name, another among the synonyms.
function draw({ el, find: first }: Kit, card: Card, typed: readonly string[]): boolean {
  first("[data-by]", card.box)?.remove();
  card.name.replaceChildren(card.title);
  const inName: Place[] = [];
  const by = new Map<string, Place[]>();
  for (const word of typed) {
    const here = find(card.title, [word]);
    if (here) {
      inName.push(...here);
      continue;
    }
    const such = card.such.find((s) => find(s, [word]));
    if (such) by.set(such, [...(by.get(such) ?? []), ...(find(such, [word]) ?? [])]);
    else if (!find(card.about, [word])) return false;
  }
  card.name.replaceChildren(...marked(el, card.title, inName));
  if (by.size > 0) {
    const lines = [...by].flatMap(([such, places], i) => [...(i > 0 ? [", "] : []), ...marked(el, such, places)]);
    card.name.after(" ", el("span", { class: "muted covers", "data-by": true }, ...lines));
  }
  return true;
}

function marked(el: Kit["el"], text: string, places: readonly Place[]): (Node | string)[] {
  const out: (Node | string)[] = [];
  let at = 0;
  for (const { from, to } of [...places].sort((a, b) => a.from - b.from)) {
    if (from < at) continue;
    out.push(text.slice(at, from), el("mark", {}, text.slice(from, to)));
    at = to;
  }
  return [...out, text.slice(at)].filter((piece) => piece !== "");
}

function key(e: KeyboardEvent, form: HTMLFormElement, input: HTMLInputElement, narrowed: () => void): void {
  const at = e.target as HTMLElement;
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  const onRadio = at.matches("[type=radio]");
  if (step !== undefined && (at === input || onRadio || at.tagName === "SUMMARY")) {
    e.preventDefault();
    walk(form, input, at, step);
  } else if (e.key === "Enter" && at === input && input.value.trim() !== "") {
    e.preventDefault();
    walk(form, input, at, 1);
  } else if (e.key === "Enter" && onRadio) {
    e.preventDefault();
    (at as HTMLInputElement).checked = true;
    take(form);
  } else if (e.key === "Escape") {
    e.preventDefault();
    if (at === input && input.value === "") return form.querySelector<HTMLButtonElement>("[name=step][value=next]")?.click();
    if (at === input) {
      input.value = "";
      narrowed();
    }
    input.focus();
  }
}

// walk goes through what is shown: objects, and the topics of those that are open.
function walk(form: HTMLFormElement, input: HTMLInputElement, at: HTMLElement, step: number): void {
  const narrowedTo = input.value.trim() === "" ? "summary, " : "";
  const all = [...form.querySelectorAll<HTMLElement>(narrowedTo + ".tile-choice [type=radio]:not(:disabled)")]
    .filter((e) => (e.closest(".tile-choice") ?? e).getClientRects().length > 0);
  const next = all.indexOf(at) + step;
  if (next < 0) return input.focus();
  const to = all[Math.min(next, all.length - 1)];
  to?.focus({ preventScroll: true });
  to?.closest(".tile-choice, summary")?.scrollIntoView({ block: "nearest" });
}
