// Shows what is in the outbox and keeps trying while a page is open. The service
// worker does the same when there is none, where the browser lets it.

import { announce, button, el, find } from "./dom";
import { keepFor, newKey } from "./draft";
import { channel, Outbox, syncTag, type Outcome, type Sending } from "./outbox";
import type { Rows } from "./rows";
import { sender } from "./send";
import { say } from "./words";

interface Syncing extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}

/** Mail is the outbox of a page. */
export class Mail {
  readonly outbox: Outbox;
  private readonly send = sender((...args) => fetch(...args), () => Date.now());
  private readonly others = "BroadcastChannel" in window ? new BroadcastChannel(channel) : undefined;
  private readonly box = el("div", { class: "stack stack-tight", "data-outbox": true });
  private timer: number | undefined;
  /** what to do with a message that is to be mended; only the page with the form can. */
  mend: ((key: string) => void) | undefined;

  constructor(rows: Rows, before: Element | null) {
    this.outbox = new Outbox(rows, () => Date.now(), Math.random, newKey());
    before?.before(this.box);
    if (this.others) this.others.onmessage = () => void this.draw();
    window.addEventListener("online", () => void this.flush(true));
  }

  async start(): Promise<void> {
    await this.outbox.expire();
    await this.draw();
    await this.flush(false);
  }

  /** later lets the service worker try when the network is back. */
  async later(): Promise<void> {
    this.others?.postMessage("");
    await this.plan();
    const worker = (await navigator.serviceWorker?.getRegistration()) as Syncing | undefined;
    await worker?.sync?.register(syncTag).catch(() => undefined); // a browser may forbid it; then pages do it
  }

  /** sendNow makes a try at one message whatever its turn. */
  async sendNow(key: string): Promise<Outcome | undefined> {
    const outcome = (await this.outbox.flush(this.send, key)).get(key);
    this.others?.postMessage("");
    return outcome;
  }

  /** draw shows what is on its way and what became of it. */
  async draw(): Promise<void> {
    const all = await this.outbox.all();
    this.box.replaceChildren(...all.map((s) => this.line(s)));
    this.box.classList.toggle("outbox", all.length > 0);
  }

  /** focus puts the reader where the outbox is told about. */
  focus(): void {
    const note = find(".note", this.box);
    note?.setAttribute("tabindex", "-1");
    note?.focus();
  }

  private async flush(hurry: boolean): Promise<void> {
    if (navigator.onLine) {
      const due = hurry ? (await this.outbox.all()).filter((s) => s.state === "waiting").map((s) => s.key) : [undefined];
      let tried = 0;
      for (const key of due) tried += (await this.outbox.flush(this.send, key)).size;
      if (tried > 0) {
        await this.draw();
        this.others?.postMessage("");
        announce(this.box.textContent ?? "");
      }
    }
    await this.plan();
  }

  private async plan(): Promise<void> {
    clearTimeout(this.timer);
    const next = await this.outbox.nextTry();
    if (next !== undefined) this.timer = window.setTimeout(() => void this.flush(false), Math.max(1_000, next - Date.now()));
  }

  private line(s: Sending): HTMLElement {
    const hide = (): void => void this.outbox.remove(s.key).then(() => this.draw());
    if (s.state === "sent") {
      return note("note-done", say("outSent", s.excerpt), el("a", { class: "button", href: s.url ?? "/" }, say("open")), button(say("hide"), hide));
    }
    const mend = this.mend ? [button(say("mend"), () => this.mend?.(s.key))] : [el("a", { class: "button", href: "/" }, say("mend"))];
    if (s.state === "refused") {
      const why = s.text || Object.values(s.fields ?? {}).join(" ") || say(Date.now() - s.at > keepFor ? "outOld" : "refused");
      return note("", say("outRefused", s.excerpt, why), ...mend, button(say("hide"), hide));
    }
    const now = button(say("sendNow"), () => void this.sendNow(s.key).then(() => this.draw()).then(() => this.plan()));
    return note("", say("kept", s.excerpt), now, ...mend);
  }
}

function note(look: string, text: string, ...buttons: HTMLElement[]): HTMLElement {
  return el("div", { class: `note ${look}`.trim() }, el("p", {}, text), el("p", { class: "buttons" }, ...buttons));
}
