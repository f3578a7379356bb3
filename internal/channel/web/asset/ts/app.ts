// What a resident's page adds to the server's HTML. Every part is a convenience:
// without it, or when it fails, the page works as it was drawn.

import { find } from "./dom";
import { kit, mapOf, pagesOf, staffOf } from "./load";
import { Mail } from "./mail";
import { Report } from "./report";
import { openRows } from "./rows";
import { learn } from "./words";

const isStaff = location.pathname.startsWith("/staff");

interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

// offerInstall shows the button when the browser says that it can.
function offerInstall(): void {
  window.addEventListener("beforeinstallprompt", (e) => {
    const box = find("[data-install]");
    if (!box) return;
    e.preventDefault();
    box.hidden = false;
    find("button", box)?.addEventListener("click", () => {
      box.hidden = true;
      void (e as InstallEvent).prompt();
    });
  });
}

// small does what costs nothing, and brings what only some pages have a use for.
function small(): void {
  find("[data-errors]")?.focus(); // what is wrong with a form that came back is read out
  offerInstall();
  if (find("[data-copy], [data-prefs-form], [data-filter], [data-photos], [data-outline], .evidence-photo, form:not([data-report]) [type=file]")) void pagesOf().then((pages) => pages?.start(kit));
}

async function messages(): Promise<void> {
  const form = find<HTMLFormElement>("form[data-report]");
  const rows = await openRows();
  const mail = new Mail(rows, form ?? find("main > *"));
  if (form) await new Report(form, rows, mail).start();
  await mail.start();
}

async function maps(): Promise<void> {
  const slot = find("[data-map-slot]");
  // A picture of the place is enough; a lone link becomes a map.
  if (!slot || slot.querySelector("img")) return;
  const map = await mapOf();
  await (slot.dataset.points ? map?.explore(slot) : map?.locate(slot));
}

// The worker must be served from the root: it may only see pages below it.
function worker(): void {
  void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
}

async function start(): Promise<void> {
  await learn().catch(() => undefined); // Russian words are better than none
  small();
  void maps();
  if (isStaff) (await staffOf())?.start(kit);
  else await messages();
}

void start();
if (!isStaff) window.addEventListener("load", worker);
