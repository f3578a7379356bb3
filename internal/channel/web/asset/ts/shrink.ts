// Photos are made smaller before they travel: a phone takes 4000 × 3000, the city
// shows 2048. Where it was taken and when must survive that, because the city
// offers it as the place (and removes it from what is public).

const side = 2048;
const quality = 0.85;

/** fit is the size with the longer side at most most; never larger than it was. */
export function fit(width: number, height: number, most: number = side): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** shrink gives a smaller copy, or the file itself when it is small or no picture that this browser can read. */
export async function shrink(file: File): Promise<Blob> {
  const picture = await read(file);
  if (!picture) return file;
  try {
    if (Math.max(picture.width, picture.height) <= side) return file;
    const { width, height } = fit(picture.width, picture.height);
    const small = await new Promise<Blob | null>((done) => draw(picture, width, height).toBlob(done, "image/jpeg", quality));
    if (!small || small.size >= file.size) return file;
    const exif = file.type === "image/jpeg" ? exifOf(new Uint8Array(await file.slice(0, 262_144).arrayBuffer())) : undefined;
    if (!exif) return small;
    return new Blob([small.slice(0, 2), upright(exif), small.slice(2)], { type: "image/jpeg" });
  } finally {
    picture.close();
  }
}

/** preview draws the photo small; a canvas, because the page lets no blob be an image. */
export async function preview(blob: Blob): Promise<HTMLCanvasElement | undefined> {
  const picture = await read(blob);
  if (!picture) return undefined;
  const { width, height } = fit(picture.width, picture.height, 320);
  const canvas = draw(picture, width, height);
  picture.close();
  return canvas;
}

function read(blob: Blob): Promise<ImageBitmap | undefined> {
  return createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => undefined);
}

function draw(picture: ImageBitmap, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** exifOf finds the Exif segment of a JPEG, marker and length included. */
export function exifOf(jpeg: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return undefined;
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1] ?? 0;
    const length = 2 + ((jpeg[at + 2] ?? 0) << 8 | (jpeg[at + 3] ?? 0));
    if (marker === 0xda || length < 4) return undefined; // the picture itself begins
    const isExif = marker === 0xe1 && String.fromCharCode(...jpeg.subarray(at + 4, at + 8)) === "Exif";
    if (isExif) return at + length <= jpeg.length ? jpeg.slice(at, at + length) : undefined;
    at += length;
  }
  return undefined;
}

/** upright returns the segment with its orientation set to 1: the canvas has turned the picture already. */
export function upright(exif: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const tiff = 10; // marker 2, length 2, "Exif\0\0" 6
  const view = new DataView(exif.slice().buffer);
  const size = view.byteLength;
  if (size < tiff + 8) return exif;
  const little = view.getUint16(tiff) === 0x4949;
  const first = tiff + view.getUint32(tiff + 4, little);
  if (first + 2 > size) return exif;
  const count = view.getUint16(first, little);
  for (let at = first + 2; at + 12 <= Math.min(size, first + 2 + 12 * count); at += 12) {
    if (view.getUint16(at, little) === 0x0112) view.setUint16(at + 8, 1, little);
  }
  return new Uint8Array(view.buffer);
}
