// How states look on the map, apart from the library that draws it.

/** Tone is a kind of state: its colour on the page and its sign on the map. */
export interface Tone {
  readonly name: string;
  readonly token: string;
  readonly sign: string;
}

/** tones are those of the chips (css/parts.css). */
export const tones: readonly Tone[] = [
  { name: "work", token: "--neva", sign: "•" },
  { name: "done", token: "--green", sign: "✓" },
  { name: "late", token: "--red", sign: "!" },
  { name: "wait", token: "--amber", sign: "?" },
  { name: "plain", token: "--muted", sign: "–" },
];

const states: Readonly<Record<string, string>> = {
  answered: "done", closed_author: "done", closed_controller: "done",
  work: "work", interim: "work", review: "work",
  rejected: "plain", withdrawn: "plain", closed_auto: "plain",
  moderation: "wait", question: "wait", disputed: "wait", late: "late",
};

/** toneOf is the tone of a state, as the chips have it (view/part.go). */
export function toneOf(state: unknown): string {
  return states[String(state)] ?? "plain";
}
