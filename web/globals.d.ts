// What build.mjs writes into the scripts.

/** Address of the map library's worker script. */
declare const __MAP_WORKER__: string;

/** Address of the map library's style sheet. */
declare const __MAP_STYLE__: string;
declare const __CITY_STYLE__: string;

/** Service worker only: addresses of the assets to keep for use without a network. */
declare const __ASSETS__: readonly string[];

/** Service worker only: changes with every asset; the name of its cache. */
declare const __BUILD__: string;
