// What is known of what is being reported: an outage with the date it ends, and
// whom to call first. Loaded when there are a place and a topic.

import type { Kit } from "./kit";

interface Outage {
  readonly id: number;
  readonly title: string; // «Горячей воды в доме нет по графику. Включат: …»
  readonly who?: string;
  readonly phone?: string;
  readonly why?: string;
  readonly still: string;
  readonly look: string;
  readonly url: string;
}

/** Answer is what /known says. */
export interface Answer {
  readonly outages: readonly Outage[];
  readonly duty?: { readonly phone: string; readonly call: string; readonly why: string };
}

/** draw shows it as the server does (part/house.html). What is new is said once. */
export function draw(box: HTMLElement, duty: HTMLElement | undefined, answer: Answer, { announce, el }: Kit): void {
  const shown = answer.outages.map((o) => o.id).join(" ");
  const was = [...box.querySelectorAll<HTMLInputElement>("input[name=outage]")].map((i) => i.value).join(" ");
  const call = (phone: string): HTMLElement => el("a", { class: "call", href: `tel:${phone}` }, phone);
  box.replaceChildren(...answer.outages.map((o) => el("div", { class: "note" },
    el("input", { type: "hidden", name: "outage", value: String(o.id) }),
    el("p", {}, el("strong", {}, o.title)),
    el("p", {},
      ...(o.who ? [o.who, ...(o.phone ? [", ", call(o.phone)] : []), ". "] : []),
      ...(o.why ? [`${o.why}. `] : []), o.still),
    el("p", { class: "buttons" }, el("a", { class: "note-link", href: o.url }, o.look)))));
  duty?.replaceChildren(...(answer.duty ? [el("p", { class: "note" },
    el("strong", {}, answer.duty.call, " ", call(answer.duty.phone)), " ", answer.duty.why)] : []));
  const [first] = answer.outages;
  if (first && shown !== was) announce(first.title);
}
