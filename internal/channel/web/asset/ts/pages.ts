// Small conveniences of pages other than the form, loaded by pages that have them.

import type { Kit } from "./kit";
import { start as startPick } from "./pick";

const ru = { copied: "Ссылка скопирована", photo: "Фото", close: "Закрыть", back: "Назад", forward: "Дальше", of: "из" };
const en: typeof ru = { copied: "Link copied", photo: "Photo", close: "Close", back: "Back", forward: "Next", of: "of" };

/** start switches them on. */
export function start(kit: Kit): void {
  const words = kit.lang === "en" ? en : ru;
  copyLink(kit, words);
  tryPrefs(kit);
  startPick(kit);
  drawOutlines(kit);
  watchPhotos(kit, words);
  shrinkOnPick(kit);
}

// copyLink copies the link by which a message is followed.
function copyLink({ announce, each, find }: Kit, words: typeof ru): void {
  each("[data-copy]", (copy) => {
    const link = find<HTMLAnchorElement>("[data-secret]");
    if (!link || !navigator.clipboard) return;
    copy.hidden = false;
    copy.addEventListener("click", () => void navigator.clipboard.writeText(link.href).then(() => {
      copy.textContent = words.copied;
      announce(words.copied);
    }));
  });
}

// drawOutlines offers to draw a place on the map; the map comes when it is chosen.
function drawOutlines({ each, find }: Kit): void {
  each("[data-outline]", (box) => {
    const [radio, input] = [find<HTMLInputElement>("input[type=radio]", box), find<HTMLInputElement>("[data-ring]", box)];
    if (!radio || !input) return;
    box.hidden = false;
    let open = false;
    const draw = (): void => {
      if (!radio.checked || open) return;
      open = true;
      void import("./map").then((map) => map.outline(box, input)).catch(() => (open = false)); // no WebGL: the other ways stay
    };
    radio.form?.addEventListener("change", draw);
    draw();
  });
}

// tryPrefs shows each reading setting at once; saving it is the form's.
function tryPrefs({ find }: Kit): void {
  find("[data-prefs-form]")?.addEventListener("change", (e) => {
    const { name, value } = e.target as HTMLInputElement;
    if (value) document.documentElement.dataset[name] = value;
    else delete document.documentElement.dataset[name];
  });
}

const photos = "[data-photos] a, .evidence-photo a, a[data-photo]";

// watchPhotos opens a photo in a dialog instead of a page of its own.
function watchPhotos(kit: Kit, words: typeof ru): void {
  document.addEventListener("click", (e) => {
    const link = (e.target as Element).closest<HTMLAnchorElement>(photos);
    if (!link?.querySelector("img") || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.button !== 0) return;
    e.preventDefault();
    view([...document.querySelectorAll<HTMLAnchorElement>(photos)].filter((a) => a.querySelector("img")), link, kit, words);
  });
}

function view(links: readonly HTMLAnchorElement[], first: HTMLAnchorElement, { button, el }: Kit, words: typeof ru): void {
  let at = links.indexOf(first);
  const picture = el("img", {});
  const told = el("p", { role: "status" });
  const box = el("dialog", { class: "viewer", "aria-label": words.photo });
  const show = (to: number): void => {
    at = (to + links.length) % links.length;
    const link = links[at] as HTMLAnchorElement;
    const small = link.querySelector("img");
    picture.src = link.href;
    picture.alt = small?.alt ?? "";
    told.textContent = [links.length > 1 ? `${at + 1} ${words.of} ${links.length}` : "", picture.alt].filter(Boolean).join(" · ");
  };
  const turn = links.length > 1 ? [button(words.back, () => show(at - 1)), button(words.forward, () => show(at + 1))] : [];
  box.append(picture, told, el("p", { class: "buttons" }, ...turn, button(words.close, () => box.close())));
  box.addEventListener("keydown", (e) => {
    if (links.length < 2) return;
    if (e.key === "ArrowLeft") show(at - 1);
    if (e.key === "ArrowRight") show(at + 1);
  });
  box.addEventListener("close", () => {
    box.remove();
    links[at]?.focus();
  });
  document.body.append(box);
  show(at);
  box.showModal();
}

// shrinkOnPick makes photos of a plain form smaller before it is sent.
function shrinkOnPick({ each, shrink }: Kit): void {
  each<HTMLInputElement>("form:not([data-report]) input[type=file][accept^='image/']", (input) => {
    input.addEventListener("change", () => void (async () => {
      const files = [...(input.files ?? [])];
      const small = await Promise.all(files.map(shrink));
      if (files.every((file, i) => file === small[i])) return;
      const list = new DataTransfer();
      files.forEach((file, i) => list.items.add(new File([small[i] ?? file], file.name, { type: small[i]?.type ?? file.type })));
      input.files = list.files;
    })());
  });
}
