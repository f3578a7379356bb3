// «Я здесь», and the place that a photo brings along. Satellite positions are
// jammed in Russian cities, so what the phone says is always shown with its
// accuracy and asked about, never taken by itself. Needs the network anyway, so it
// comes when it is asked for.

import type { Kit } from "./kit";
import type { Here, House, Spot } from "./place";

const ru = {
  looking: "Узнаём, где вы…",
  denied: "Телефон не сказал, где вы. Напишите адрес или покажите место на карте.",
  noAnswer: "Не получилось узнать адрес: нет связи. Напишите его.",
  you: "Вы здесь?", yes: "Да, здесь", no: "Нет, другое место",
  rough: "Спутниковый сигнал в городе бывает искажён, проверьте адрес.",
  taken: "Снято здесь:", use: "Это и есть место",
  metres: "м",
};
const en: typeof ru = {
  looking: "Finding out where you are…",
  denied: "The phone did not say where you are. Type the address or show the place on the map.",
  noAnswer: "No connection, so the address is not known. Type it.",
  you: "Are you here?", yes: "Yes, here", no: "No, another place",
  rough: "Satellite signals in the city may be distorted, check the address.",
  taken: "Taken here:", use: "This is the place",
  metres: "m",
};

/** What the question needs to know of the form. */
export interface HereHost {
  readonly kit: Kit;
  /** shows the one question under the address. */
  show(content: readonly HTMLElement[]): void;
  here(spot: Spot): Promise<Here | undefined>;
  take(address: string, spot: Spot): void;
  takeHouse(house: House): void;
  dismiss(): void;
}

/** locate asks the phone, then the city, then the person. */
export function locate(host: HereHost): void {
  const words = host.kit.lang === "en" ? en : ru;
  say(host, words.looking);
  const fail = (): void => say(host, words.denied);
  if (!("geolocation" in navigator)) return fail();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => void ask(host, { lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }, words.you, words.yes),
    fail, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 });
}

/** offer asks whether the place of a photo is the place of the problem. */
export function offer(host: HereHost, spot: Spot): void {
  const words = host.kit.lang === "en" ? en : ru;
  void ask(host, spot, words.taken, words.use);
}

async function ask(host: HereHost, spot: Spot, title: string, yes: string): Promise<void> {
  const { el, button, announce, lang } = host.kit;
  const words = lang === "en" ? en : ru;
  const here = await host.here(spot);
  if (!here) return say(host, words.noAnswer);
  if (!here.inside) return say(host, here.label);
  const where = [here.label, here.accuracy].filter(Boolean).join(", ") + ".";
  const doubt = here.rough ? words.rough : "";
  const houses = here.houses.slice(0, 3).map((h) =>
    button(`${h.address}, ${Math.round(h.metres ?? 0)} ${words.metres}`, () => host.takeHouse(h)));
  host.show([
    el("p", {}, el("strong", {}, title), " ", where),
    ...(doubt ? [el("p", {}, doubt)] : []),
    el("p", { class: "buttons" },
      button(yes, () => host.take(here.label, spot)), ...houses, button(words.no, () => host.dismiss())),
  ]);
  announce([title, where, doubt].join(" "));
}

function say({ kit, show }: HereHost, text: string): void {
  show([kit.el("p", {}, text)]);
  kit.announce(text);
}
