// The one line that another site loads: it puts a frame of the city behind itself
// and gives it the height that it asks for. It reads nothing of the page around it,
// sets no cookie and counts nobody.

const script = document.currentScript as HTMLScriptElement | null;

function frameOf(from: HTMLScriptElement): HTMLIFrameElement {
  const { show = "list", area, house, lang, height = "480", title = "" } = from.dataset;
  const url = new URL(`/embed/${encodeURIComponent(show)}`, from.src);
  for (const [name, value] of [["area", area], ["house", house], ["l", lang]] as const) if (value) url.searchParams.set(name, value);
  const frame = document.createElement("iframe");
  frame.src = url.href;
  frame.title = title || url.hostname;
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
  frame.setAttribute("width", "100%");
  frame.setAttribute("height", height);
  frame.setAttribute("frameborder", "0");
  addEventListener("message", (e: MessageEvent<unknown>) => {
    const wanted = (e.data as { gorod?: { height?: unknown } } | null)?.gorod?.height;
    if (e.source === frame.contentWindow && e.origin === url.origin && typeof wanted === "number" && wanted > 0 && wanted < 5000) frame.setAttribute("height", String(Math.ceil(wanted)));
  });
  return frame;
}

if (script) script.after(frameOf(script));
