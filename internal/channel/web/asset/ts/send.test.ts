import assert from "node:assert/strict";
import test from "node:test";
import { outcome, uploadAnswer } from "./send";

const cases: readonly [name: string, status: number, said: unknown, after: number, kind: string][] = [
  ["the city has it", 201, { url: "/sent/abc" }, 0, "sent"],
  ["a hotel's sign-in page", 200, undefined, 0, "later"],
  ["200 with an address is not 201", 200, { url: "/sent/abc" }, 0, "later"],
  ["201 without an address", 201, {}, 0, "later"],
  ["201 that leads to another host", 201, { url: "//evil.example/x" }, 0, "later"],
  ["fields to mend", 422, { error: { fields: { address: "Укажите место" } } }, 0, "refused"],
  ["another body under the key", 409, { error: { text: "Уже отправлено" } }, 0, "refused"],
  ["too large", 413, undefined, 0, "refused"],
  ["too many", 429, { error: { text: "10 за сутки" } }, 0, "refused"],
  ["the database is away", 503, { error: { text: "Позже" } }, 30, "later"],
  ["a proxy in the way", 502, undefined, 0, "later"],
  ["the request took too long", 408, undefined, 0, "later"],
];
for (const [name, status, said, after, kind] of cases) {
  test(`${name}: ${kind}`, () => assert.equal(outcome(status, said, after).kind, kind));
}

test("too many is tried again after an hour, or when the city says", () => {
  assert.deepEqual(outcome(429, { error: { text: "t" } }, 0), { kind: "refused", text: "t", fields: {}, again: 3_600_000 });
  assert.deepEqual(outcome(429, { error: { text: "t" } }, 60), { kind: "refused", text: "t", fields: {}, again: 60_000 });
});

test("the city's own pause is kept", () => {
  assert.deepEqual(outcome(503, {}, 30), { kind: "later", after: 30_000 });
});

test("a message sent later leads to the link that always works", () => {
  assert.deepEqual(outcome(201, { url: "/sent/7", follow: "https://town.example/follow/x" }, 0), { kind: "sent", url: "/sent/7", follow: "https://town.example/follow/x" });
});

test("a photo that is no photo is refused, a failing server is tried again", () => {
  assert.equal(uploadAnswer(200, { photos: [{ id: "p1" }] }).id, "p1");
  assert.equal(uploadAnswer(422, { photos: [], errors: ["не фото"] }).error, "не фото");
  assert.equal(uploadAnswer(413, { error: { text: "слишком большой" } }).error, "слишком большой");
  assert.throws(() => uploadAnswer(503, { error: { text: "позже" } }));
  assert.throws(() => uploadAnswer(429, { error: { text: "позже" } }));
  assert.throws(() => uploadAnswer(200, undefined));
  assert.throws(() => uploadAnswer(200, { photos: [] }));
});
