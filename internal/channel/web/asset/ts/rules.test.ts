import assert from "node:assert/strict";
import test from "node:test";
import { toneOf } from "./map_tone";
import { insert, keyOf } from "./staff";
import { keeps } from "./sw_rules";

const answer = (cacheControl: string, ok = true) => ({ ok, redirected: false, headers: { get: () => cacheControl } });

test("the worker keeps open pages that the server calls public", () => {
  assert(keeps("/problem/24017", answer("public, max-age=60")));
  assert(!keeps("/problem/24017", answer("private")));
  assert(!keeps("/problem/24017", answer("")));
  assert(!keeps("/map", answer("public", false)));
});

test("the worker keeps nothing personal, whatever the server says", () => {
  for (const path of ["/me", "/cabinet", "/follow", "/follow/abc", "/staff", "/staff/work", "/sent/abc", "/report", "/", "/signin"]) {
    assert(!keeps(path, answer("public")), path);
  }
});

test("every state has its tone; an unknown one is plain", () => {
  assert.deepEqual(["work", "closed_author", "closed_auto", "disputed", "pink", undefined].map(toneOf), ["work", "done", "plain", "wait", "plain", "plain"]);
});

test("keys go by their place, so that the Russian layout works", () => {
  assert.equal(keyOf({ key: "в", code: "KeyD", shiftKey: false }), "D");
  assert.equal(keyOf({ key: "d", code: "KeyD", shiftKey: false }), "D");
  assert.equal(keyOf({ key: "1", code: "Numpad1", shiftKey: false }), "1");
  assert.equal(keyOf({ key: ".", code: "Slash", shiftKey: false }), "/");
  assert.equal(keyOf({ key: "?", code: "Digit7", shiftKey: true }), "?");
  assert.equal(keyOf({ key: "Enter", code: "NumpadEnter", shiftKey: false }), "Enter");
});

test("a ready text never wipes own words", () => {
  assert.equal(insert("", "готовый", ""), "готовый");
  assert.equal(insert("готовый", "другой", "готовый"), "другой");
  assert.equal(insert("своё", "готовый", ""), "своё\n\nготовый");
  assert.equal(insert("своё\n\nготовый", "другой", "готовый"), "своё\n\nдругой");
  assert.equal(insert("готовый", "за $& рублей", "готовый"), "за $& рублей");
});
