// One try to send a message: photos that the city does not have yet, then the
// message. Used by the page and, when the page is gone, by the service worker.

import { needsUpload, type Draft, type KeptPhoto } from "./draft";
import type { Outcome, Send } from "./outbox";

/** Uploaded is what came of one photo. */
export interface Uploaded {
  readonly id?: string;
  readonly thumb?: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly error?: string;
}

const hour = 3_600_000;
const patience = 60_000; // for one request; a slow network gets a photo through in it

/** photoBody is the form of one photo: the key of its message comes first. */
export function photoBody(photo: KeptPhoto, key: string): FormData {
  const body = new FormData();
  body.append("key", key);
  body.append("photos", photo.blob as Blob, photo.name);
  return body;
}

/** upload gives one photo to the city. It throws when the network did not let it. */
async function upload(photo: KeptPhoto, key: string, ask: typeof fetch): Promise<Uploaded> {
  const answer = await within(patience, (signal) =>
    ask("/photos", { method: "POST", body: photoBody(photo, key), signal, headers: { "X-Draft-Key": key, Accept: "application/json" } }));
  return uploadAnswer(answer.status, await readJSON(answer));
}

/** uploadAnswer tells an answer about the photo from a failure on the way. */
export function uploadAnswer(status: number, said: unknown): Uploaded {
  const answer = (said ?? {}) as { photos?: Uploaded[]; errors?: string[]; error?: { text?: string } };
  const [photo] = answer.photos ?? [];
  if (status < 300 && photo?.id) return photo;
  const error = answer.errors?.[0] ?? answer.error?.text;
  if (status < 500 && status !== 429 && status !== 408 && error) return { error };
  throw new Error(`photo: status ${status}`);
}

/** sender makes the tries; a test gives it another network and clock. */
export function sender(ask: typeof fetch, now: () => number): Send {
  return async (draft, keep) => {
    const photos: KeptPhoto[] = [...draft.photos];
    for (const [i, photo] of photos.entries()) {
      if (!needsUpload(photo, now())) continue;
      photos[i] = arrived(photo, await upload(photo, draft.key, ask), now());
      await keep(photos);
    }
    const answer = await within(patience, (signal) =>
      ask("/report", { method: "POST", body: bodyOf({ ...draft, photos }), signal, headers: { Accept: "application/json" } }));
    return outcome(answer.status, await readJSON(answer), Number(answer.headers.get("Retry-After")));
  };
}

/** arrived marks the photo as the city answered. */
export function arrived(photo: KeptPhoto, said: Uploaded, now: number): KeptPhoto {
  if (!said.id) return { ...photo, refused: said.error ?? "" };
  return { ...photo, id: said.id, uploaded: now, ...(said.thumb ? { thumb: said.thumb } : {}) };
}

function bodyOf(draft: Draft): FormData {
  const body = new FormData();
  for (const [name, v] of draft.entries) {
    if (name !== "photo" && name !== "step") body.append(name, v);
  }
  for (const photo of draft.photos) {
    if (photo.id) body.append("photo", photo.id);
  }
  body.append("step", "send");
  return body;
}

/**
 * outcome reads the city's answer. Only 201 with an address means that the city
 * has the message: a hotel's sign-in page answers 200 to everything.
 */
export function outcome(status: number, said: unknown, retryAfter: number): Outcome {
  const { url, follow, error } = (said ?? {}) as { url?: string; follow?: string; error?: { kind?: string; text?: string; fields?: Record<string, string> } };
  const after = retryAfter > 0 ? retryAfter * 1000 : undefined;
  if (status === 201 && typeof url === "string" && /^\/(?!\/)/.test(url)) return follow ? { kind: "sent", url, follow } : { kind: "sent", url };
  if (status < 400 || status === 408 || status >= 500) return after === undefined ? { kind: "later" } : { kind: "later", after };
  const refused = { kind: "refused", text: error?.text ?? "", fields: error?.fields ?? {} } as const;
  // The key did another message before: this one needs a key of its own.
  if (status === 409 && error?.kind === "conflict" && !error.fields) return { ...refused, taken: true };
  return status === 429 ? { ...refused, again: after ?? hour } : refused;
}

async function readJSON(answer: Response): Promise<unknown> {
  return answer.json().catch(() => undefined);
}

async function within<T>(ms: number, f: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  try {
    return await f(stop.signal);
  } finally {
    clearTimeout(timer);
  }
}
