import assert from "node:assert/strict";
import test from "node:test";
import { exifOf, fit, upright } from "./shrink";

test("the longer side becomes 2048, the shape stays", () => {
  assert.deepEqual(fit(4000, 3000), { width: 2048, height: 1536 });
  assert.deepEqual(fit(3000, 4000), { width: 1536, height: 2048 });
});

test("a small picture is not made larger", () => {
  assert.deepEqual(fit(800, 600), { width: 800, height: 600 });
  assert.deepEqual(fit(2048, 2048), { width: 2048, height: 2048 });
});

test("a very long picture keeps at least one pixel", () => {
  assert.deepEqual(fit(100_000, 3), { width: 2048, height: 1 });
});

// An Exif segment of one entry: orientation 6, turned by 90°.
function exif(little: boolean): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(10 + 8 + 2 + 12 + 4));
  const bytes = new Uint8Array(view.buffer);
  bytes.set([0xff, 0xe1, 0, view.byteLength - 2]);
  bytes.set(new TextEncoder().encode("Exif\0\0"), 4);
  bytes.set(new TextEncoder().encode(little ? "II" : "MM"), 10);
  view.setUint16(12, 42, little);
  view.setUint32(14, 8, little);
  view.setUint16(18, 1, little);
  view.setUint16(20, 0x0112, little);
  view.setUint16(22, 3, little);
  view.setUint32(24, 1, little);
  view.setUint16(28, 6, little);
  return bytes;
}

function jpeg(...segments: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array([0xff, 0xd8, ...segments.flatMap((s) => [...s]), 0xff, 0xda, 0, 2, 1, 2, 3]);
}

const jfif = new Uint8Array([0xff, 0xe0, 0, 4, 1, 2]);

for (const little of [true, false]) {
  test(`the Exif segment is found behind others and turned upright, ${little ? "little" : "big"} endian`, () => {
    const found = exifOf(jpeg(jfif, exif(little)));
    assert.deepEqual(found, exif(little));
    const turned = upright(exif(little));
    assert.equal(new DataView(turned.buffer).getUint16(28, little), 1);
    turned.set(exif(little).subarray(28, 30), 28);
    assert.deepEqual(turned, exif(little), "nothing else is changed");
  });
}

test("no Exif, no JPEG, or a broken one gives nothing", () => {
  assert.equal(exifOf(jpeg(jfif)), undefined);
  assert.equal(exifOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47])), undefined);
  assert.equal(exifOf(new Uint8Array()), undefined);
  assert.equal(exifOf(jpeg(jfif, exif(true)).slice(0, 30)), undefined);
  assert.equal(exifOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, 0, 0, 0])), undefined);
});

test("an offset that leads out of the segment changes nothing", () => {
  const bad = exif(true);
  new DataView(bad.buffer).setUint32(14, 0xffff, true);
  assert.deepEqual(upright(bad), bad);
  const many = exif(true);
  new DataView(many.buffer).setUint16(18, 0xffff, true);
  assert.equal(upright(many).length, many.length);
});
