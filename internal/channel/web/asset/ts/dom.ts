// The few things that every part of the page does with the document.

/** Child is what an element is made of. */
export type Child = Node | string;

/** find is querySelector with the kind of element that is meant. */
export function find<T extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector);
}

/** each runs f for every element that the selector finds. */
export function each<T extends HTMLElement = HTMLElement>(selector: string, f: (e: T) => void, within: ParentNode = document): void {
  within.querySelectorAll<T>(selector).forEach(f);
}

/** el makes an element. An attribute that is false is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Readonly<Record<string, string | boolean>> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, v] of Object.entries(attributes)) {
    if (v !== false) made.setAttribute(name, v === true ? "" : v);
  }
  made.append(...children);
  return made;
}

/** icon makes a picture of the sheet of objects. */
export function icon(href: string): SVGElement {
  const part = (tag: string, attributes: Readonly<Record<string, string>>): SVGElement => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, v] of Object.entries(attributes)) made.setAttribute(name, v);
    return made;
  };
  const made = part("svg", { class: "icon", "aria-hidden": "true", width: "24", height: "24" });
  made.append(part("use", { href }));
  return made;
}

/** button makes a button that does no more than f. */
export function button(text: string, f: () => void, look = "button"): HTMLButtonElement {
  const made = el("button", { type: "button", class: look }, text);
  made.addEventListener("click", f);
  return made;
}

let spoken: HTMLElement | undefined;

/** announce says a sentence to a screen reader and shows nothing. */
export function announce(text: string): void {
  if (!spoken) {
    spoken = el("p", { class: "sr", role: "status" });
    document.body.append(spoken);
  }
  // The same sentence twice would not be said: an empty one lies between.
  const to = spoken;
  to.textContent = "";
  setTimeout(() => (to.textContent = text), 60);
}

/** calm runs f once the calls have stopped for so many milliseconds. */
export function calm(ms: number, f: () => void): () => void {
  let timer: number | undefined;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(f, ms);
  };
}

/** Latest asks for JSON and gives up the answer to an earlier question. */
export class Latest {
  private stop = new AbortController();

  /**
   * ask returns nothing when the answer no longer matters or did not come. What a
   * person wrote is posted: an address is kept by browsers, proxies and their logs.
   */
  async ask<T>(path: string, values: Readonly<Record<string, string>>, post = false): Promise<T | undefined> {
    this.cancel();
    const { signal } = this.stop;
    const body = new URLSearchParams(values);
    const init = { signal, headers: { Accept: "application/json" } };
    try {
      const answer = await (post ? fetch(path, { ...init, method: "POST", body }) : fetch(`${path}?${body}`, init));
      const said = answer.ok ? ((await answer.json()) as T) : undefined;
      return signal.aborted ? undefined : said;
    } catch {
      return undefined;
    }
  }

  cancel(): void {
    this.stop.abort();
    this.stop = new AbortController();
  }
}
