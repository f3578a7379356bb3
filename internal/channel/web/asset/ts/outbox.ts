// The outbox: messages that were sent but not yet acknowledged. Each keeps the
// key that it was first sent with, so that the city recognises a repetition, and
// is claimed before sending, so that of several pages and the service worker
// only one sends it at a time. A claim runs out: who held it may be gone.

import { wait } from "./backoff";
import { keepFor, value, type Draft, type Entry, type KeptPhoto } from "./draft";
import type { Rows } from "./rows";

/** Sending is a message on its way. */
export interface Sending {
  readonly key: string;
  readonly at: number; // when it was sent first
  readonly excerpt: string;
  readonly draft?: Draft; // gone once the city has it
  readonly state: "waiting" | "sent" | "refused";
  readonly failures: number;
  readonly next: number; // not before
  readonly holder?: string;
  readonly until?: number; // the claim runs out
  readonly url?: string;
  readonly text?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Outcome is what came of one try. */
export type Outcome =
  | { readonly kind: "sent"; readonly url: string; readonly follow?: string } // url works for an hour, follow for ever
  | { readonly kind: "refused"; readonly text: string; readonly fields: Readonly<Record<string, string>>; readonly again?: number; readonly taken?: true }
  | { readonly kind: "later"; readonly after?: number };

/** Send makes one try. keep remembers which photos have arrived meanwhile. */
export type Send = (draft: Draft, keep: (photos: readonly KeptPhoto[]) => Promise<void>) => Promise<Outcome>;

/** How long one try may take before another sender may step in. */
export const claimFor = 5 * 60_000;

/** The name under which pages and the service worker tell each other of a change. */
export const channel = "gorod-outbox";

/** The tag of the background sync. */
export const syncTag = "outbox";

const row = (key: string): string => "out:" + key;
const contact = /^(contact_|phone$|apartment$|consent$)/;

/** Outbox holds the messages on their way. */
export class Outbox {
  constructor(
    private readonly rows: Rows,
    private readonly now: () => number,
    private readonly chance: () => number,
    private readonly holder: string,
  ) {}

  /** add puts a draft in. What is on its way under the same key already stays. */
  async add(draft: Draft): Promise<void> {
    await this.rows.change<Sending>(row(draft.key), (was) => {
      if (was && (was.state === "sent" || this.held(was))) return was;
      return {
        key: draft.key, at: was?.at ?? this.now(), excerpt: excerpt(draft.entries), draft,
        state: "waiting", failures: was?.failures ?? 0, next: 0,
      };
    });
  }

  all(): Promise<Sending[]> {
    return this.rows.all<Sending>("out:");
  }

  async remove(key: string): Promise<void> {
    await this.rows.remove(row(key));
  }

  /** takeBack removes a message in order to mend it, unless it is being sent. */
  async takeBack(key: string): Promise<Draft | undefined> {
    let taken: Draft | undefined;
    await this.rows.change<Sending>(row(key), (was) => {
      if (!was?.draft || was.state === "sent" || this.held(was)) return was;
      taken = was.draft;
      return undefined;
    });
    return taken;
  }

  /** flush tries whatever is due; with a key only that one, due or not. */
  async flush(send: Send, key?: string): Promise<Map<string, Outcome>> {
    const outcomes = new Map<string, Outcome>();
    for (const sending of await this.all()) {
      if (key !== undefined && sending.key !== key) continue;
      const claimed = await this.claim(sending.key, key !== undefined);
      if (!claimed) continue;
      const outcome = await send(claimed, (photos) => this.keepPhotos(sending.key, photos))
        .catch((): Outcome => ({ kind: "later" }));
      await this.settle(sending.key, outcome);
      outcomes.set(sending.key, outcome);
    }
    return outcomes;
  }

  /** nextTry is when flush has something to do again; nothing waits: undefined. */
  async nextTry(): Promise<number | undefined> {
    const waiting = (await this.all()).filter((s) => s.state === "waiting");
    const times = waiting.map((s) => (this.held(s) ? s.until ?? 0 : s.next));
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** expire takes everything personal out of what could not be sent for a week. */
  async expire(): Promise<void> {
    for (const { key, at } of await this.all()) {
      if (this.now() - at <= keepFor) continue;
      await this.rows.change<Sending>(row(key), (was) => {
        if (!was?.draft) return was && this.now() - at > 2 * keepFor ? undefined : was;
        const entries = was.draft.entries.filter(([name]) => !contact.test(name));
        return { ...rest(was), state: "refused", text: "", draft: { ...was.draft, entries, photos: [] } };
      });
    }
  }

  private held(s: Sending): boolean {
    return s.holder !== undefined && (s.until ?? 0) > this.now();
  }

  private async claim(key: string, anyTime: boolean): Promise<Draft | undefined> {
    let mine: Draft | undefined;
    await this.rows.change<Sending>(row(key), (was) => {
      if (!was?.draft || was.state !== "waiting" || this.held(was)) return was;
      if (!anyTime && was.next > this.now()) return was;
      mine = was.draft;
      return { ...was, holder: this.holder, until: this.now() + claimFor };
    });
    return mine;
  }

  private async keepPhotos(key: string, photos: readonly KeptPhoto[]): Promise<void> {
    await this.rows.change<Sending>(row(key), (was) =>
      was?.draft && was.holder === this.holder ? { ...was, draft: { ...was.draft, photos } } : was);
  }

  private async settle(key: string, outcome: Outcome): Promise<void> {
    await this.rows.change<Sending>(row(key), (was) => {
      // Another holder took over when our claim ran out: its word counts, unless
      // ours is that the city has the message.
      if (!was || (was.holder !== this.holder && outcome.kind !== "sent")) return was;
      return settled(was, outcome, this.now(), this.chance());
    });
  }
}

function settled(was: Sending, outcome: Outcome, now: number, chance: number): Sending {
  const free = rest(was);
  switch (outcome.kind) {
    case "sent": {
      const { draft: _, ...wiped } = free;
      return { ...wiped, state: "sent", url: outcome.follow ?? outcome.url };
    }
    case "refused":
      if (outcome.again !== undefined) return { ...free, next: now + outcome.again };
      return { ...free, state: "refused", text: outcome.text, fields: outcome.fields };
    case "later": {
      const failures = was.failures + 1;
      return { ...free, failures, next: now + Math.max(outcome.after ?? 0, wait(failures, chance)) };
    }
  }
}

// rest is the row without the claim on it.
function rest(was: Sending): Sending {
  const { holder: _, until: __, ...free } = was;
  return free;
}

function excerpt(entries: readonly Entry[]): string {
  const text = value(entries, "text").trim().replace(/\s+/g, " ");
  return text.length > 60 ? text.slice(0, 59) + "…" : text;
}
