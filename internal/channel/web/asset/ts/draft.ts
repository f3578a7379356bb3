// The draft: everything typed and every photo, kept on this device from the
// first letter until the message is sent, and for a week at most, because it may
// hold a phone number and the device may be lent.

import type { Rows } from "./rows";

/** Entry is one value of the form, as the browser would send it. */
export type Entry = [name: string, value: string];

/** KeptPhoto is a photo on its way: first only here, later also in the city. */
export interface KeptPhoto {
  readonly local: string;
  readonly name: string;
  readonly blob?: Blob;
  readonly id?: string; // given by the city
  readonly thumb?: string;
  readonly uploaded?: number; // when, in milliseconds
  readonly refused?: string; // why the city did not take it
}

/** Topic is one proposal of POST /suggest. */
export interface Topic {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly icon?: string; // address of a picture
  readonly covers?: string; // what it is about, in a line
  readonly first?: readonly Piece[]; // what to do before writing
  readonly season?: string; // why it is not taken now
  readonly says?: string; // the promise in words
  readonly advice?: string; // what to know before sending
  readonly photo?: string; // what evidence it asks for
  readonly widget?: string; // building, near, point
  readonly fields?: readonly TopicField[];
}

/** Piece is a part of a sentence; one with call is a telephone number. */
export interface Piece {
  readonly text: string;
  readonly call?: boolean;
}

/** TopicField is an input that only some topics ask for. */
export interface TopicField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly long?: boolean;
  readonly max?: string; // the last day of a date
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

/** Draft is a message that was not sent. */
export interface Draft {
  readonly key: string;
  readonly changed: number;
  readonly entries: readonly Entry[];
  readonly photos: readonly KeptPhoto[];
  readonly topics?: readonly Topic[];
  readonly place?: string; // the place in words
}

const day = 24 * 3_600_000;

/** How long anything typed stays on the device. */
export const keepFor = 7 * day;

/** The city forgets a photo without a message after a day. */
const photoLives = 20 * 3_600_000;

/** needsUpload tells whether the city has to be given the photo (again). */
export function needsUpload(photo: KeptPhoto, now: number): boolean {
  if (!photo.blob || photo.refused) return false;
  return !photo.id || now - (photo.uploaded ?? 0) > photoLives;
}

/** value is the first value of a name, or nothing. */
export function value(entries: readonly Entry[], name: string): string {
  return entries.find(([n]) => n === name)?.[1] ?? "";
}

/** isEmpty tells whether a person has put anything in yet. */
export function isEmpty(draft: Draft): boolean {
  const made = new Set(["key", "secret", "version", "mark", "manual", "mended", "topic", "step", "asked", "object", "offered"]);
  return draft.photos.length === 0 && !draft.entries.some(([name, v]) => !made.has(name) && v.trim() !== "");
}

/** newKey is a key that nobody else has; a page without TLS has no randomUUID. */
export function newKey(): string {
  if ("randomUUID" in crypto) return crypto.randomUUID();
  return [...(crypto as Crypto).getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

const samePlace = new Set(["address", "house", "lat", "lon", "accuracy", "contact_phone", "contact_email", "consent"]);

/** second is the draft of the other problem of a text, at the place of the first; nothing where there is none. */
export function second(first: Draft, key: string): Draft | undefined {
  const rest = value(first.entries, "rest");
  if (!rest) return undefined;
  const entries: Entry[] = [["text", rest], ...first.entries.filter(([name]) => samePlace.has(name))];
  return { key, changed: first.changed, entries, photos: [], ...(first.place ? { place: first.place } : {}) };
}

/** Drafts is the one draft of this device. */
export class Drafts {
  constructor(private readonly rows: Rows, private readonly now: () => number) {}

  /** save keeps the draft; one without content is dropped. */
  async save(draft: Omit<Draft, "changed">): Promise<void> {
    const kept: Draft = { ...draft, changed: this.now() };
    await (isEmpty(kept) ? this.wipe() : this.rows.put("draft", kept));
  }

  /** load gives the draft back; one that is a week old is wiped instead. */
  async load(): Promise<Draft | undefined> {
    const draft = await this.rows.get<Draft>("draft");
    if (!draft) return undefined;
    if (this.now() - draft.changed <= keepFor) return draft;
    await this.wipe();
    return undefined;
  }

  async wipe(): Promise<void> {
    await this.rows.remove("draft");
  }
}

/** A control of a form, as much of it as counts; every HTML control is one. */
export interface Control {
  readonly name: string;
  readonly type: string;
  readonly disabled: boolean;
  value: string;
  checked?: boolean;
}

const notTyped = new Set(["submit", "button", "reset", "image", "file"]);

/** serialise lists what the controls would send, without files and buttons. */
export function serialise(controls: Iterable<Control>): Entry[] {
  const entries: Entry[] = [];
  for (const c of controls) {
    if (!c.name || c.disabled || notTyped.has(c.type)) continue;
    if ((c.type === "radio" || c.type === "checkbox") && !c.checked) continue;
    entries.push([c.name, c.value]);
  }
  return entries;
}

/** fill puts the entries back into the controls that are still there. */
export function fill(controls: Iterable<Control>, entries: readonly Entry[]): void {
  const left = new Map<string, string[]>();
  for (const [name, v] of entries) left.set(name, [...(left.get(name) ?? []), v]);
  for (const c of controls) {
    if (!c.name || notTyped.has(c.type)) continue;
    const values = left.get(c.name);
    if (c.type === "radio" || c.type === "checkbox") {
      c.checked = values?.includes(c.value) ?? false;
    } else {
      const next = values?.shift();
      if (next !== undefined) c.value = next;
    }
  }
}
