// What a page inside another site does: tells its height, and shows its map.

function tellHeight(): void {
  if (parent === window) return;
  const main = document.querySelector("main");
  if (!main) return;
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === last) return;
    last = height;
    parent.postMessage({ gorod: { height } }, "*"); // a number and nothing else
  }).observe(main);
}

async function showMap(): Promise<void> {
  const slot = document.querySelector<HTMLElement>("[data-map-slot]");
  if (!slot) return;
  const map = await import("./map").catch(() => undefined);
  await map?.explore(slot);
}

tellHeight();
void showMap();
