import assert from "node:assert/strict";
import test from "node:test";
import { toneOf } from "./map_tone";
import { atOf, boxOf, filterOf, objectsOf, pieces, rimOf, soughtOf, stepsTo, viewOf, withFilter } from "./map_view";

test("a view goes into an address and comes back", () => {
  assert.equal(atOf({ lat: 59.934567, lon: 30.300049, zoom: 15.26 }), "59.9346,30.3,15.3");
  assert.deepEqual(viewOf("59.9346,30.3,15.3"), { lat: 59.9346, lon: 30.3, zoom: 15.3 });
});

test("an address that is no view shows the city", () => {
  for (const at of [null, undefined, "", "1,2", "1,,3", "a,b,c", "95,30,10", "59,181,10", "59,30,-1", "59,30,25", "1,2,3,4"]) assert.equal(viewOf(at), undefined, String(at));
});

test("a box has its sides in order", () => {
  assert.deepEqual(boxOf("30,59,31,60"), [30, 59, 31, 60]);
  for (const box of [null, "", "31,59,30,60", "30,60,31,59", "1,2,3", "1,,3,4", "a,b,c,d"]) assert.equal(boxOf(box), undefined, String(box));
});

test("tiles are asked for with the filter and nothing else", () => {
  assert.equal(filterOf("?view=map&mode=hex&at=1,2,3&box=1,2,3,4&n=100&after=7-8&topic=o-1&late=1&q=&state=open"), "topic=o-1&late=1&state=open");
  assert.equal(withFilter("/map/tile/{z}/{x}/{y}.mvt", "late=1"), "/map/tile/{z}/{x}/{y}.mvt?late=1");
  assert.equal(withFilter("/map/count", ""), "/map/count");
});

test("a rim is whole, and whoever is there is seen", () => {
  assert.deepEqual(rimOf(4, 2, 1), { late: 3, open: 3, done: 6 });
  assert.deepEqual(rimOf(1000, 999, 1), { late: 1, open: 10, done: 1 });
  assert.deepEqual(rimOf(5, 0, 0), { late: 0, open: 0, done: pieces });
  assert.deepEqual(rimOf(5, 5, 5), { late: pieces, open: 0, done: 0 });
  for (let count = 1; count < 40; count++) {
    for (let open = 0; open <= count; open++) {
      for (let late = 0; late <= open; late++) {
        const { late: l, open: o, done: d } = rimOf(count, open, late);
        assert.equal(l + o + d, pieces);
        assert.equal((l > 0) === (late > 0) && (o > 0) === (open > late) && (d > 0) === (count > open), true, `${count} ${open} ${late}`);
      }
    }
  }
});

test("shades grow with the number", () => {
  for (let most = 0; most < 500; most++) {
    const [two, three, four] = stepsTo(most);
    assert.equal(1 < two && two < three && three < four, true, String(most));
    if (most > 16) assert.equal(four <= most, true, String(most));
  }
});

test("pictures are known by their names", () => {
  assert.deepEqual(soughtOf("p|late|3"), { kind: "point", tone: "late", object: "3" });
  assert.deepEqual(soughtOf("r|4|2|1|44"), { kind: "rim", rim: { late: 3, open: 3, done: 6 }, size: 44 });
  for (const name of ["", "p|late", "r|1|2|3", "r|a|2|3|4", "x|1|2"]) assert.equal(soughtOf(name), undefined, name);
  assert.equal(objectsOf("1 house 2 yard").get("2"), "yard");
  assert.equal(objectsOf(undefined).size, 0);
});

test("states have the tones of their chips", () => {
  assert.equal(toneOf("work"), "work");
  assert.equal(toneOf("confirmed"), "done");
  assert.equal(toneOf("silent"), "plain");
  assert.equal(toneOf("something new"), "plain");
});
