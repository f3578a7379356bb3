import assert from "node:assert/strict";
import test from "node:test";
import { pace, wait } from "./backoff";

test("each failure doubles the pause", () => {
  assert.deepEqual([1, 2, 3, 4].map((n) => wait(n, 1)), [2_000, 4_000, 8_000, 16_000]);
});

test("the pause never exceeds two minutes, however often it failed", () => {
  assert.equal(wait(1_000, 1), pace.most);
});

test("chance takes at most a quarter off", () => {
  assert.equal(wait(3, 0), 6_000);
  assert.equal(wait(3, 0.5), 7_000);
});

test("no failure yet waits like the first", () => {
  assert.equal(wait(0, 1), pace.first);
});
