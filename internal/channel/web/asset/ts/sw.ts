// The service worker: the home page opens without a network, and a message in the
// outbox is sent when the network is back and no page is open. Pages that belong
// to a person are never kept, nor is any answer to a form.

import { newKey } from "./draft";
import { channel, Outbox, syncTag } from "./outbox";
import { openRows } from "./rows";
import { sender } from "./send";
import { keeps } from "./sw_rules";

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
  readonly lastChance: boolean;
}

const here = self as unknown as ServiceWorkerGlobalScope;
const cacheName = `gorod-${__BUILD__}`;

here.addEventListener("install", (e) => e.waitUntil(install()));
here.addEventListener("activate", (e) => e.waitUntil(activate()));
here.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  if (__ASSETS__.includes(url.pathname)) e.respondWith(fromCache(e.request));
  else if (e.request.mode === "navigate") e.respondWith(page(e, url.pathname));
});
here.addEventListener("sync", (e) => {
  const sync = e as SyncEvent;
  if (sync.tag === syncTag) sync.waitUntil(flush());
});

async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([...__ASSETS__]);
  await keepHome(cache);
  await here.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith("gorod-") && name !== cacheName) await caches.delete(name);
  }
  // The page is asked for while the worker starts, so that it costs no time.
  await here.registration.navigationPreload?.enable();
  await here.clients.claim();
}

// The home page is asked for as a stranger: the kept copy has nobody's name in it.
async function keepHome(cache: Cache): Promise<void> {
  const answer = await fetch("/", { credentials: "omit", cache: "no-store" });
  if (answer.ok && !answer.redirected) await cache.put("/", answer);
}

async function fromCache(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function page({ request, preloadResponse }: FetchEvent, path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  try {
    const answer = ((await preloadResponse) as Response | undefined) ?? (await fetch(request));
    if (keeps(path, answer)) void cache.put(request, answer.clone());
    return answer;
  } catch {
    const kept = await cache.match(path === "/" ? "/" : request, { ignoreVary: true });
    return kept ?? offline();
  }
}

// No page and no network: a word and the way to the form, which works.
function offline(): Response {
  const ru = !navigator.language || navigator.language.startsWith("ru");
  const css = __ASSETS__.find((name) => /\/css\/app/.test(name)) ?? "";
  const [title, text, link] = ru
    ? ["Нет связи", "Эта страница откроется, когда связь вернётся. Написать сообщение можно и сейчас: оно сохранится на телефоне.", "Написать сообщение"]
    : ["No connection", "This page will open once the connection is back. You can write a message now: it is kept on the phone.", "Write a message"];
  const html = `<!doctype html><html lang="${ru ? "ru" : "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<title>${title}</title><link rel="stylesheet" href="${css}"></head><body><main class="narrow"><h1>${title}</h1><p>${text}</p>` +
    `<p><a class="button button-main" href="/">${link}</a></p></main></body></html>`;
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

// Throwing tells the browser to call again later.
async function flush(): Promise<void> {
  const outbox = new Outbox(await openRows(), () => Date.now(), Math.random, newKey());
  const send = sender((...args) => fetch(...args), () => Date.now());
  let waiting = 0;
  for (const { key, state } of await outbox.all()) {
    if (state !== "waiting") continue;
    const outcome = (await outbox.flush(send, key)).get(key);
    if (!outcome || outcome.kind === "later") waiting++;
  }
  new BroadcastChannel(channel).postMessage("");
  if (waiting > 0) throw new Error(`${waiting} messages wait for the network`);
}
