import test from "node:test";
import assert from "node:assert/strict";
import { find, wordsOf } from "./pick";

test("a topic is found by the beginning of a word, whatever its ending and its ё", () => {
  assert.deepEqual(find("Не горит фонарь", wordsOf("фон")), [{ from: 9, to: 12 }]);
  assert.deepEqual(find("Не горит фонарь", wordsOf("фонари")), [{ from: 9, to: 14 }]);
  assert.deepEqual(find("Чёрный ход", wordsOf("черн")), [{ from: 0, to: 4 }]);
});

test("the middle of a word is no match, and every typed word must be there", () => {
  assert.equal(find("Домофон", wordsOf("фон")), undefined);
  assert.equal(find("Не горит фонарь", wordsOf("фонарь лифт")), undefined);
  assert.equal(find("Не горит фонарь", wordsOf("фонарь, горит"))?.length, 2);
});

test("nothing typed finds everything and marks nothing", () => {
  assert.deepEqual(find("Яма", wordsOf(" , ")), []);
});
