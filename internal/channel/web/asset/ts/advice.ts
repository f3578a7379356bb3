// The one question, and what reading the text has found, as the server draws them.
// Loaded at the first letter: before it nobody needs a word of it.

import type { Kit } from "./kit";

const ru = {
  question: "Уточните одно: о чём это?", other: "Другое",
  answered: "Вы уточнили: {0}.", none: "Вы уточнили: ничего из предложенного.", again: "Изменить",
  two: "Похоже, здесь две проблемы", why: "У каждой свой исполнитель и свой срок. По отдельности их решат быстрее.", split: "Разделить",
};
const en: typeof ru = {
  question: "One thing to settle: what is it about?", other: "Something else",
  answered: "You said: {0}.", none: "You said: none of these.", again: "Change",
  two: "This looks like two problems", why: "Each has its own executor and its own date. Apart they are solved sooner.", split: "Split in two",
};

interface Notice {
  readonly kind: string;
  readonly text: string;
  readonly quotes?: readonly { readonly said: string; readonly what: string }[];
}

/** Reading is what POST /suggest says of a text beside its topics. */
export interface Reading {
  readonly ask?: { readonly asked: string; readonly objects: readonly { readonly id: string; readonly name: string; readonly icon?: string }[] };
  readonly answered?: { readonly name?: string };
  readonly notices?: readonly Notice[];
  readonly parts?: readonly string[];
}

/** ask draws the question or what was said to it; nothing, where there is neither. */
export function ask({ ask, answered }: Reading, { el, icon, lang }: Kit): { shown: HTMLElement; said: string } | undefined {
  const words = lang === "en" ? en : ru;
  const press = (v: string, look: string, ...content: (Node | string)[]): HTMLElement =>
    el("button", { class: look, name: "answer", value: v, formnovalidate: true }, ...content);
  if (ask) {
    const buttons = ask.objects.map((o) => press(o.id, "button", ...(o.icon ? [icon(o.icon)] : []), o.name));
    const shown = el("fieldset", { class: "question", id: "object", "data-question": true },
      el("legend", {}, words.question), el("input", { type: "hidden", name: "asked", value: ask.asked }),
      el("div", { class: "buttons" }, ...buttons, press("0", "button", words.other)));
    return { shown, said: words.question };
  }
  if (!answered) return undefined;
  const said = answered.name ? words.answered.replace("{0}", answered.name) : words.none;
  return { shown: el("p", { class: "muted", "data-answered": true }, said, " ", press("again", "button-link", words.again)), said: "" };
}

/** warn draws what the author should know before sending, and gives what is to be said aloud: each thing once. */
export function warn(box: HTMLElement, { notices = [], parts = [] }: Reading, { el, lang }: Kit): string {
  const words = lang === "en" ? en : ru;
  const drawn = JSON.stringify([notices, parts]);
  if (box.dataset["drawn"] === drawn) return "";
  box.dataset["drawn"] = drawn;
  const quotes = (tag: "ul" | "ol", list: readonly { said: string; what?: string }[]): HTMLElement =>
    el(tag, { class: "quotes" }, ...list.map((q) => el("li", {}, el("q", {}, q.said), ...(q.what ? [" ", el("span", { class: "muted" }, q.what)] : []))));
  const shown = notices.map((n) => el("div", { class: "note" }, el("p", {}, n.text), ...(n.quotes ? [quotes("ul", n.quotes)] : [])));
  if (parts.length > 0) {
    shown.push(el("div", { class: "note note-plain" }, el("p", {}, el("strong", {}, words.two)),
      quotes("ol", parts.map((said) => ({ said }))), el("p", {}, words.why),
      el("p", { class: "buttons" }, el("button", { class: "button", name: "split", value: "1", formnovalidate: true }, words.split))));
  }
  box.replaceChildren(...shown);
  const kinds = [...notices.map((n) => n.kind), ...(parts.length > 0 ? ["two"] : [])];
  const told = (box.dataset["told"] ?? "").split(" ");
  box.dataset["told"] = kinds.join(" ");
  const aloud = notices.filter((n) => !told.includes(n.kind)).map((n) => [n.text, ...(n.quotes ?? []).map((q) => q.what)].join(" "));
  return [...aloud, ...(parts.length > 0 && !told.includes("two") ? [words.two + "."] : [])].join(" ");
}
