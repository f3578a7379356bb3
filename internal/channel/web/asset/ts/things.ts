// Objects of the city near the place (a lamp, a stop): which one the message is
// about, and what is open at it. Loaded when there are a place and a topic.

import type { Kit } from "./kit";

const ru = { which: "О каком объекте речь? Вот что есть рядом.", none: "Другое или не знаю", open: "Об этом уже сообщили", look: "Посмотреть", number: "№", said: "Рядом: {0}" };
const en: typeof ru = {
  which: "This stands near. Is it about one of these?", none: "Something else, or I do not know", open: "Reported already", look: "Have a look", number: "No.",
  said: "Near: {0}",
};

interface OpenProblem {
  readonly number: number;
  readonly url: string;
  readonly about: string; // topic and state
  readonly join?: string; // words of the button; none: nothing to join
}

interface Thing {
  readonly id: string;
  readonly url: string;
  readonly title: string; // «Фонарь Л-001»
  readonly about: string; // distance and what is known
  readonly open?: readonly OpenProblem[];
  readonly more?: string;
}

/** Answer is what /objects says. */
export interface Answer {
  readonly objects: readonly Thing[];
}

/** draw shows the objects as the server does (part/thing.html). What was chosen stays. */
export function draw(box: HTMLElement, answer: Answer, { announce, el, lang }: Kit): void {
  const words = lang === "en" ? en : ru;
  const kept = box.querySelector<HTMLInputElement>("[name=thing]:checked, [name=thing][type=hidden]")?.value ?? "";
  const had = [...box.querySelectorAll<HTMLInputElement>("[name=thing]")].map((i) => i.value).join(" ");
  const { objects } = answer;
  if (objects.length === 0) {
    // A choice outlives a topic that is not about objects.
    return box.replaceChildren(...(kept ? [el("input", { type: "hidden", name: "thing", value: kept })] : []));
  }
  const radio = (value: string, ...content: (Node | string)[]): HTMLElement =>
    el("label", { class: "tile-choice" }, el("input", { type: "radio", name: "thing", value, checked: value === kept }), " ", el("span", {}, ...content));
  box.replaceChildren(el("fieldset", { class: "choices", "data-things-list": true },
    el("legend", {}, words.which),
    ...objects.map((o) => el("div", { class: "stack stack-tight" },
      radio(o.id, el("b", {}, o.title), " ", el("span", { class: "muted" }, o.about)),
      ...(o.open ?? []).map((p) => el("p", { class: "note note-plain" },
        el("strong", {}, words.open), ` · ${p.about}. `,
        ...(p.join ? [el("button", { class: "button", name: "join", value: String(p.number), formnovalidate: true }, p.join), " "] : []),
        el("a", { class: "note-link", href: p.url }, words.look, el("span", { class: "sr" }, ` ${words.number} ${p.number}`)))),
      ...(o.more ? [el("p", { class: "hint" }, el("a", { href: o.url }, o.more))] : []))),
    radio("none", words.none)));
  if (objects.map((o) => o.id).join(" ") + " none" !== had) announce(words.said.replace("{0}", objects.map((o) => o.title).join(", ")));
}
