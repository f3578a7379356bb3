// How states look on the map, apart from the library that draws it.

/** Tone is a kind of state: its colour on the page and its sign on the map. */
export interface Tone {
  readonly name: string;
  readonly token: string;
  readonly sign: string;
}

/** tones are those of the chips (css/parts.css); the page's server has the same signs (view/still.go). */
export const tones: readonly Tone[] = [
  { name: "work", token: "--neva", sign: "•" },
  { name: "done", token: "--green", sign: "✓" },
  { name: "late", token: "--red", sign: "!" },
  { name: "wait", token: "--amber", sign: "?" },
  { name: "plain", token: "--muted", sign: "–" },
];

/** toneOfState says which states of a tile have which tone, as the chips have it (view/part.go). */
export const toneOfState: Readonly<Record<string, string>> = {
  answered: "done", solved: "done", confirmed: "done", controlled: "done", closed_author: "done", closed_controller: "done",
  open: "work", work: "work", interim: "work", review: "work",
  rejected: "plain", withdrawn: "plain", closed_auto: "plain", silent: "plain",
  moderation: "wait", question: "wait", disputed: "wait", late: "late",
};

/** toneOf is the tone of a state. */
export function toneOf(state: unknown): string {
  return toneOfState[String(state)] ?? "plain";
}

/** toneNamed is the tone of a name. */
export function toneNamed(name: string): Tone {
  return tones.find((t) => t.name === name) ?? (tones[tones.length - 1] as Tone);
}
