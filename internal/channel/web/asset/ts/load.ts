// What only some pages need comes when they need it. It shares no module with the
// page's first script, which lends it a kit instead: a shared module would be a file
// of its own, and every page would wait for two.

import { announce, button, calm, each, el, find, icon } from "./dom";
import type { Kit } from "./kit";
import { shrink } from "./shrink";
import { lang } from "./words";

/** kit is what this page lends. */
export const kit: Kit = { announce, button, calm, each, el, find, icon, lang, shrink };

export type MapModule = typeof import("./map");
export type StaffModule = typeof import("./staff");
export type PagesModule = typeof import("./pages");
export type HereModule = typeof import("./here");
export type NearModule = typeof import("./near");
export type KnownModule = typeof import("./known");
export type ThingsModule = typeof import("./things");
export type AdviceModule = typeof import("./advice");

/** mapOf loads the map; nothing, when the network does not give it. */
export function mapOf(): Promise<MapModule | undefined> {
  return import("./map").catch(() => undefined);
}

/** staffOf loads what the staff's pages add. */
export function staffOf(): Promise<StaffModule | undefined> {
  return import("./staff").catch(() => undefined);
}

/** pagesOf loads the conveniences of pages other than the form. */
export function pagesOf(): Promise<PagesModule | undefined> {
  return import("./pages").catch(() => undefined);
}

/** hereOf loads the question «Вы здесь?». */
export function hereOf(): Promise<HereModule | undefined> {
  return import("./here").catch(() => undefined);
}

/** adviceOf loads the question and what is said of a text before it is sent. */
export function adviceOf(): Promise<AdviceModule | undefined> {
  return import("./advice").catch(() => undefined);
}

/** nearOf loads what shows problems around. */
export function nearOf(): Promise<NearModule | undefined> {
  return import("./near").catch(() => undefined);
}

/** thingsOf loads what shows the objects of the city near the place. */
export function thingsOf(): Promise<ThingsModule | undefined> {
  return import("./things").catch(() => undefined);
}

/** knownOf loads what shows outages that explain what is being reported. */
export function knownOf(): Promise<KnownModule | undefined> {
  return import("./known").catch(() => undefined);
}
