// The same problem may have been reported already: then joining is one press.
// Loaded when there is a topic and a place, which the city has to be asked about.

import type { Kit } from "./kit";

const ru = {
  near: "Рядом уже сообщили", join: "Та же проблема — присоединиться", look: "Посмотреть", number: "№", away: "{0} м отсюда",
  said: "Рядом уже есть похожие сообщения: {0}",
  joined: { one: "присоединился {0} житель", few: "присоединились {0} жителя", many: "присоединились {0} жителей", other: "присоединились {0} жителя" },
};
const en: typeof ru = {
  near: "Already reported near here", join: "The same problem: join", look: "Look", number: "No.", away: "{0} m away",
  said: "Similar messages near here: {0}",
  joined: { one: "{0} resident joined", few: "{0} residents joined", many: "{0} residents joined", other: "{0} residents joined" },
};

interface NearProblem {
  readonly number: number;
  readonly url: string;
  readonly topic: string;
  readonly metres: number;
  readonly since: string; // in words
  readonly joined: number;
}

/** Answer is what GET /near says. */
export interface Answer {
  readonly near: readonly NearProblem[];
}

/** draw shows at most three problems as the server does, and says that they are there. */
export function draw(box: HTMLElement, answer: Answer, { announce, el, lang }: Kit): void {
  const words = lang === "en" ? en : ru;
  const forms = new Intl.PluralRules(lang);
  const problems = answer.near.slice(0, 3);
  box.replaceChildren(...problems.map((p) => {
    const form = forms.select(p.joined) as keyof typeof words.joined;
    const joined = p.joined > 0 ? ` · ${words.joined[form].replace("{0}", String(p.joined))}` : "";
    const about = [p.topic, words.away.replace("{0}", String(p.metres)), p.since].filter(Boolean).join(", ");
    return el("div", { class: "note" },
      el("p", {}, el("strong", {}, words.near), ` · ${about}${joined}.`),
      el("p", { class: "buttons" },
        el("button", { class: "button", name: "join", value: String(p.number), formnovalidate: true }, words.join), " ",
        el("a", { class: "note-link", href: p.url }, words.look, el("span", { class: "sr" }, ` ${words.number} ${p.number}`))));
  }));
  if (problems.length > 0) announce(words.said.replace("{0}", String(problems.length)));
}
