// The same problem may have been reported already: then joining is one press.
// Loaded when there is a place and a topic or a text, which the city has to be
// asked about.

import type { Kit } from "./kit";

const ru = { look: "Посмотреть", number: "№", said: "{0}. Похожих сообщений: {1}" };
const en: typeof ru = { look: "Have a look", number: "No.", said: "{0}. Similar messages: {1}" };

interface NearProblem {
  readonly number: number;
  readonly url: string;
  readonly chance: "sure" | "perhaps";
  readonly title: string;
  readonly about: string; // topic, distance, age, state, who joined
  readonly same?: string; // words in common, in a sentence
  readonly over?: string; // it was answered or closed: what to know
  readonly join?: string; // words of the button; none: nothing to join
}

/** Answer is what /near says. */
export interface Answer {
  readonly near: readonly NearProblem[];
}

/** draw shows the problems as the server does (part/near.html). What is new is said once. */
export function draw(box: HTMLElement, answer: Answer, { announce, el, lang }: Kit): void {
  const words = lang === "en" ? en : ru;
  const { near } = answer;
  const shown = near.map((p) => p.number).join(" ");
  const was = [...box.querySelectorAll<HTMLInputElement>("input[name=near]")].map((i) => i.value).join(" ");
  box.replaceChildren(...near.map((p) => el("div", { class: p.chance === "sure" ? "note" : "note note-plain" },
    el("input", { type: "hidden", name: "near", value: String(p.number) }),
    el("p", {}, el("strong", {}, p.title), ` · ${p.about}.`),
    ...(p.same ? [el("p", { class: "muted small" }, p.same)] : []),
    ...(p.over ? [el("p", {}, p.over)] : []),
    el("p", { class: "buttons" },
      ...(p.join ? [el("button", { class: "button", name: "join", value: String(p.number), formnovalidate: true }, p.join), " "] : []),
      el("a", { class: "note-link", href: p.url }, words.look, el("span", { class: "sr" }, ` ${words.number} ${p.number}`))))));
  const [first] = near;
  if (first && shown !== was) announce(words.said.replace("{0}", first.title).replace("{1}", String(near.length)));
}
