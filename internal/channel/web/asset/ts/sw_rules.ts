// Which pages the service worker may keep.

/** What counts of an answer. */
export interface Answer {
  readonly ok: boolean;
  readonly redirected: boolean;
  readonly headers: { get(name: string): string | null };
}

// The home page is not among them: its copy is made apart, as a stranger sees it.
const open = /^\/(map|stats|about|rules|privacy|problem\/\d+)$/;

/**
 * keeps tells whether an answer may be kept. The path must be one that anyone may
 * read, and the server must have said that this answer is the same for everyone:
 * the header of a page names who is signed in.
 */
export function keeps(path: string, { ok, redirected, headers }: Answer): boolean {
  const said = headers.get("Cache-Control") ?? "";
  return ok && !redirected && open.test(path) && /\bpublic\b/.test(said) && !/\b(private|no-store)\b/.test(said);
}
