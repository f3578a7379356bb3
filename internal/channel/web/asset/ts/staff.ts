// What the staff's pages add: the keyboard, ready texts, counters, and care for
// what was typed. Keys are written on the buttons (data-key), so that what is
// drawn is what works.

import type { Kit } from "./kit";

const ru = { count: "{0} из {1} знаков", keys: "Клавиши", help: "этот список", next: "следующее в очереди", previous: "предыдущее в очереди", close: "Закрыть", off: "Выключить клавиши", on: "Включить клавиши", silent: "Клавиши выключены." };
const en: typeof ru = { count: "{0} of {1} characters", keys: "Keys", help: "this list", next: "next in the queue", previous: "previous in the queue", close: "Close", off: "Switch keys off", on: "Switch keys on", silent: "Keys are off." };

/** start switches all of it on. */
export function start(kit: Kit): void {
  const words = kit.lang === "en" ? en : ru;
  keepScroll();
  counters(words.count);
  templates();
  searches();
  guardText();
  keySwitch(kit, words);
  bindKeys(kit, words);
}

// Who speaks to the computer, or whose screen reader wants the letters itself,
// switches the keys off (WCAG 2.1.4). It is remembered on this computer.
const keysOff = "keys-off";

function areKeysOff(): boolean {
  return localStorage.getItem(keysOff) === "1";
}

function switchKeys(kit: Kit, words: typeof ru): void {
  if (areKeysOff()) localStorage.removeItem(keysOff);
  else localStorage.setItem(keysOff, "1");
  if (areKeysOff()) kit.announce(words.silent);
}

// The switch stands in the legend of a desk; elsewhere in the list of keys, and
// in the header while they are off.
function keySwitch(kit: Kit, words: typeof ru): void {
  const legend = document.querySelector<HTMLElement>("[data-keys]");
  const own = legend?.querySelector<HTMLButtonElement>("[data-keys-switch]");
  const button = own ?? kit.el("button", { type: "button", class: "button button-small" }, "");
  const item = kit.el("li", {}, own ? "" : button);
  const show = (): void => {
    document.documentElement.toggleAttribute("data-keys-off", areKeysOff());
    button.textContent = areKeysOff() ? words.on : words.off;
    if (legend) {
      legend.hidden = false;
      legend.querySelector("[data-keys-on]")?.toggleAttribute("hidden", areKeysOff());
    } else if (areKeysOff()) {
      document.querySelector(".staff-tools")?.prepend(item);
    } else {
      item.remove();
    }
  };
  button.addEventListener("click", () => {
    switchKeys(kit, words);
    show();
  });
  document.addEventListener("keys-switched", show);
  show();
}

/** A key press, as much of it as counts. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
}

/**
 * keyOf names a press as data-key does: letters and digits by their place on the
 * keyboard, so that D works in the Russian layout too; "/" and "?" by sign or place.
 */
export function keyOf({ key, code, shiftKey }: Press): string {
  const placed = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  if (key === "?" || (code === "Slash" && shiftKey)) return "?";
  if (placed && !(placed[2] && shiftKey)) return placed[1] ?? placed[2] ?? "";
  if (key === "/" || code === "Slash") return "/";
  return key;
}

// A second Enter meant for the message before must not decide about this one.
const settle = 400;

function bindKeys(kit: Kit, words: typeof ru): void {
  const opened = performance.now();
  document.addEventListener("keydown", (e) => {
    if (areKeysOff() && e.key !== "Escape") return;
    if (e.repeat || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.defaultPrevented || document.querySelector("dialog[open]")) return;
    const key = keyOf(e);
    const typing = isTyping(e.target as HTMLElement);
    if (typing && key !== "Escape") return;
    if (key === "Enter" && (performance.now() - opened < settle || keepsEnter(e.target as HTMLElement))) return;
    const bound = key === "?" ? () => help(kit, words) : action(key);
    if (!bound) {
      if (typing) (e.target as HTMLElement).blur(); // out of the search, back to the keys
      return;
    }
    e.preventDefault();
    if (typing) (e.target as HTMLElement).blur();
    bound();
  });
}

function isTyping(at: HTMLElement): boolean {
  if (at.isContentEditable || at.tagName === "TEXTAREA" || at.tagName === "SELECT") return true;
  return at instanceof HTMLInputElement && !["radio", "checkbox", "button", "submit", "file"].includes(at.type);
}

// Enter belongs to what has the focus, and to nobody while a panel is open.
function keepsEnter(at: HTMLElement): boolean {
  const picked = at instanceof HTMLInputElement && at.type === "radio" && at.form?.querySelector('[data-key="Enter"]');
  if (!picked && at.closest("a, button, summary, input, label")) return true;
  return [...document.querySelectorAll<HTMLElement>(".panel")].some(isShown);
}

function isShown(e: HTMLElement): boolean {
  return e.getClientRects().length > 0;
}

function action(key: string): (() => void) | undefined {
  const bound = [...document.querySelectorAll<HTMLElement>("[data-key]")].find((e) => e.dataset.key === key && isShown(e));
  if (bound) return () => work(bound);
  const step = { J: 1, K: -1 }[key];
  const to = step === undefined ? undefined : neighbour(step);
  return to && (() => to.click());
}

function work(e: HTMLElement): void {
  if (e instanceof HTMLInputElement && e.type !== "radio" && e.type !== "checkbox") {
    e.focus();
    e.select();
    return;
  }
  e.click();
  const panel = e instanceof HTMLAnchorElement && e.hash.length > 1 ? document.getElementById(e.hash.slice(1)) : null;
  if (!panel?.matches(".panel")) {
    (document.activeElement as HTMLElement | null)?.blur(); // Enter means the verdict again
    return;
  }
  (panel.querySelector<HTMLElement>("input:not([type=hidden]), textarea") ?? panel).focus();
}

function neighbour(step: number): HTMLAnchorElement | undefined {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-queue] li a")];
  const at = links.findIndex((a) => a.getAttribute("aria-current") === "true");
  return links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
}

function help(kit: Kit, words: typeof ru): void {
  const { el } = kit;
  const rows: [string, string][] = [];
  for (const e of document.querySelectorAll<HTMLElement>("[data-key]")) {
    if (isShown(e) && e.dataset.key) rows.push([e.dataset.key, nameOf(e)]);
  }
  if (neighbour(1) || neighbour(-1)) rows.push(["J", words.next], ["K", words.previous]);
  rows.push(["?", words.help]);
  const close = el("button", { type: "button", class: "button" }, words.close);
  const off = el("button", { type: "button", class: "button" }, words.off);
  const box = el("dialog", { class: "keys", "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title" }, words.keys),
    el("dl", {}, ...rows.flatMap(([key, name]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, name)])),
    el("p", { class: "buttons" }, close, off));
  off.addEventListener("click", () => {
    switchKeys(kit, words);
    document.dispatchEvent(new Event("keys-switched"));
    box.close();
  });
  close.addEventListener("click", () => box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

// nameOf is what is written on the control, without the key itself.
function nameOf(e: HTMLElement): string {
  const from = (e instanceof HTMLInputElement ? e.labels?.[0] : e) ?? e;
  const name = from.querySelector(".topic-name") ?? from;
  const copy = name.cloneNode(true) as HTMLElement;
  copy.querySelectorAll("kbd").forEach((k) => k.remove());
  return (copy.textContent ?? "").trim().replace(/\s+/g, " ");
}

function counters(phrase: string): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-count]")) {
    const shown = document.getElementById(`${area.id}-count`);
    const tell = (): void => {
      if (shown) shown.textContent = phrase.replace("{0}", String([...area.value].length)).replace("{1}", String(area.maxLength));
    };
    area.addEventListener("input", tell);
    tell();
  }
}

/** insert puts a ready text in: instead of the one before, or after own words. */
export function insert(written: string, ready: string, before: string): string {
  if (written.trim() === "" || written === before) return ready;
  if (before !== "" && written.includes(before)) return written.replace(before, () => ready);
  return `${written.trimEnd()}\n\n${ready}`;
}

// A search inside a desk takes along what was written in its other panels.
function searches(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-search]")) {
    button.form?.addEventListener("submit", (e) => {
      if ((e as SubmitEvent).submitter?.getAttribute("value") !== "search") return;
      for (const control of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(".panel [name]")) {
        const picked = control instanceof HTMLInputElement && control.type === "radio" ? control.checked : differs(control);
        if (!picked || control.form === button.form) continue;
        const copy = document.createElement("input");
        copy.type = "hidden";
        copy.name = control.name;
        copy.value = control.value;
        button.form?.append(copy);
      }
    });
  }
}

function templates(): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-template]")) {
    const text = document.querySelector<HTMLTextAreaElement>("#text");
    if (!text) continue;
    const submit = select.form?.querySelector("button");
    if (submit) submit.hidden = true;
    let before = select.selectedOptions[0]?.dataset.text ?? "";
    select.form?.addEventListener("submit", (e) => e.preventDefault());
    select.addEventListener("change", () => {
      const ready = select.selectedOptions[0]?.dataset.text ?? "";
      if (!ready) return;
      text.value = insert(text.value, ready, before);
      before = ready;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }
}

// What was typed into a form and not sent is asked about before the page goes.
function guardText(): void {
  const typed = new Set<HTMLFormElement>();
  document.addEventListener("input", (e) => {
    const at = e.target as HTMLInputElement | HTMLTextAreaElement;
    if (at.form?.method !== "post") return;
    if (at.tagName === "TEXTAREA" || (isTyping(at) && at.type !== "search")) typed.add(at.form);
  });
  let going = false;
  document.addEventListener("submit", (e) => {
    going = (e.target as HTMLFormElement).method === "post" && !e.defaultPrevented;
  });
  window.addEventListener("pageshow", () => (going = false));
  window.addEventListener("beforeunload", (e) => {
    const changed = [...typed].some((form) => [...form.elements].some(differs));
    if (changed && !going) e.preventDefault();
  });
}

function differs(control: Element): boolean {
  if (control instanceof HTMLTextAreaElement || control instanceof HTMLInputElement) {
    return control.type !== "hidden" && isTyping(control) && control.value !== control.defaultValue;
  }
  return false;
}

// The queue and a long list stay where they were when the page comes again.
function keepScroll(): void {
  const key = `scroll:${location.pathname.replace(/\d+/g, "N")}`;
  const queue = document.querySelector<HTMLElement>(".desk-queue");
  window.addEventListener("pagehide", () => {
    sessionStorage.setItem(key, JSON.stringify({ path: location.pathname, page: scrollY, queue: queue?.scrollTop ?? 0 }));
  });
  const was = JSON.parse(sessionStorage.getItem(key) ?? "null") as { path: string; page: number; queue: number } | null;
  if (!was) return;
  queue?.scrollTo({ top: was.queue });
  queue?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  const errors = document.querySelector("[data-errors], .conflict, .note-done"); // something to read first: a password shown once
  if (was.path === location.pathname && !location.hash && !errors) scrollTo({ top: was.page });
}
