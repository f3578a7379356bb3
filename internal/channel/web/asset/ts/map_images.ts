// The pictures on the map, drawn here from the page's own colours and the sheet
// of objects: no picture of another host, every theme and scheme for low vision.

import type * as maplibre from "maplibre-gl";
import { toneNamed } from "./map_tone";
import { pieces, soughtOf, type Rim } from "./map_view";

/** colour is a colour of the page. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#0b5563";
}

/** sheetOf reads the sheet of objects: the lines of each picture. */
export async function sheetOf(address: string | undefined): Promise<ReadonlyMap<string, string>> {
  const lines = new Map<string, string>();
  if (!address) return lines;
  try {
    const answer = await fetch(address);
    const sheet = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
    sheet.querySelectorAll("symbol").forEach((s) => lines.set(s.id, [...s.querySelectorAll("path")].map((p) => p.getAttribute("d") ?? "").join("")));
  } catch {
    // without the sheet a point has its sign alone
  }
  return lines;
}

const ratio = 2; // dots of a picture to a pixel

/** drawOn gives the map every picture that it asks for. */
export function drawOn(map: maplibre.Map, objects: ReadonlyMap<string, string>, sheet: ReadonlyMap<string, string>): void {
  map.setMissingStyleImageResolver((id) => {
    const sought = soughtOf(id);
    if (!sought || map.hasImage(id)) return;
    const made = sought.kind === "point"
      ? point(sought.tone, sheet.get(objects.get(sought.object) ?? "place"))
      : ring(sought.rim, sought.size);
    if (made) map.addImage(id, made, { pixelRatio: ratio });
  });
}

function canvas(size: number): CanvasRenderingContext2D | null {
  const made = document.createElement("canvas");
  made.width = made.height = size * ratio;
  const pen = made.getContext("2d");
  pen?.scale(ratio, ratio);
  return pen;
}

const taken = (pen: CanvasRenderingContext2D): ImageData => pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);

function disc(pen: CanvasRenderingContext2D, x: number, y: number, r: number, fill: string): void {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
}

// point is a disc with the object, and the sign of the state at its shoulder.
function point(name: string, lines: string | undefined): ImageData | undefined {
  const pen = canvas(42);
  if (!pen) return undefined;
  const tone = toneNamed(name);
  const [full, paper] = [colour(tone.token), colour("--paper")];
  disc(pen, 19, 23, 17, paper);
  disc(pen, 19, 23, 15, full);
  if (lines) {
    pen.save();
    pen.translate(9, 13);
    pen.scale(20 / 24, 20 / 24);
    pen.strokeStyle = paper;
    pen.lineWidth = 2;
    pen.lineCap = pen.lineJoin = "round";
    pen.stroke(new Path2D(lines));
    pen.restore();
  }
  disc(pen, 32, 10, 10, full);
  disc(pen, 32, 10, 8, paper);
  pen.fillStyle = full;
  pen.font = "bold 13px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(tone.sign, 32, tone.sign === "•" ? 10 : 11);
  return taken(pen);
}

// ring is a group: late, open and done as pieces of its rim, apart by gaps and
// always in this order from the top, so that it can be read without colours.
function ring({ late, open, done }: Rim, size: number): ImageData | undefined {
  const pen = canvas(size);
  if (!pen) return undefined;
  const mid = size / 2;
  disc(pen, mid, mid, mid, colour("--paper"));
  pen.lineWidth = 5;
  let at = 0;
  for (const [n, token, dash] of [[late, "--red", []], [open, "--neva", []], [done, "--green", [2.5, 1.5]]] as const) {
    if (n === 0) continue;
    const gap = n === pieces ? 0 : 0.06;
    pen.beginPath();
    pen.strokeStyle = colour(token);
    pen.setLineDash([...dash]);
    const turn = (m: number): number => (m / pieces) * 2 * Math.PI - Math.PI / 2;
    pen.arc(mid, mid, mid - 4, turn(at) + gap, turn(at + n) - gap);
    pen.stroke();
    at += n;
  }
  return taken(pen);
}
