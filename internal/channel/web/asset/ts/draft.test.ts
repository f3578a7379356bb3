import assert from "node:assert/strict";
import test from "node:test";
import { Drafts, fill, isEmpty, keepFor, needsUpload, second, serialise, value, type Control, type Draft } from "./draft";
import { MemoryRows } from "./rows";

const typed: Omit<Draft, "changed"> = {
  key: "k1", entries: [["key", "k1"], ["text", "не горит фонарь"], ["contact_phone", "+7 900 000-00-00"]], photos: [],
};

function store(at = { now: 1_000 }): { drafts: Drafts; at: { now: number }; rows: MemoryRows } {
  const rows = new MemoryRows();
  return { drafts: new Drafts(rows, () => at.now), at, rows };
}

function draftOf(entries: Draft["entries"]): Draft {
  return { key: "k1", changed: 0, entries, photos: [] };
}

function control(name: string, value: string, more: Partial<Control> = {}): Control {
  return { name, value, type: "text", disabled: false, ...more };
}

test("what was typed comes back with its key", async () => {
  const { drafts } = store();
  await drafts.save(typed);
  const draft = await drafts.load();
  assert.equal(draft?.key, "k1");
  assert.equal(value(draft?.entries ?? [], "text"), "не горит фонарь");
});

test("a photo comes back as it was", async () => {
  const { drafts } = store();
  const blob = new Blob(["jpeg"]);
  await drafts.save({ key: "k1", entries: [], photos: [{ local: "a", name: "a.jpg", blob }] });
  assert.equal((await drafts.load())?.photos[0]?.blob, blob);
});

test("a draft of a week ago is wiped, contacts and all", async () => {
  const { drafts, at, rows } = store();
  await drafts.save(typed);
  at.now += keepFor;
  assert((await drafts.load()) !== undefined, "a week is still kept");
  at.now += 1;
  assert.equal(await drafts.load(), undefined);
  assert.equal(await rows.get("draft"), undefined);
});

test("emptied fields leave nothing behind", async () => {
  const { drafts, rows } = store();
  await drafts.save(typed);
  await drafts.save({ key: "k1", entries: [["key", "k1"], ["text", "  "]], photos: [] });
  assert.equal(await rows.get("draft"), undefined);
});

test("a key and a mark made by the server are no content", () => {
  assert(isEmpty(draftOf([["key", "k"], ["secret", "s"], ["mark", "near"], ["text", ""], ["address", ""]])));
  assert(!isEmpty(draftOf([["key", "k"], ["address", "Садовая, 14"]])));
});

test("a photo is uploaded once, and again when the city has forgotten it", () => {
  const blob = new Blob(["x"]);
  assert(needsUpload({ local: "a", name: "a", blob }, 0));
  assert(!needsUpload({ local: "a", name: "a", blob, id: "p1", uploaded: 0 }, 3_600_000));
  assert(needsUpload({ local: "a", name: "a", blob, id: "p1", uploaded: 0 }, 21 * 3_600_000));
  assert(!needsUpload({ local: "a", name: "a", blob, refused: "не фото" }, 0));
});

test("a form is serialised as the browser would send it, without files and buttons", () => {
  const entries = serialise([
    control("text", "яма"),
    control("topic", "1", { type: "radio", checked: false }),
    control("topic", "2", { type: "radio", checked: true }),
    control("consent", "contact", { type: "checkbox", checked: true }),
    control("consent", "news", { type: "checkbox", checked: true }),
    control("step", "send", { type: "submit" }),
    control("photos", "C:\\fakepath\\a.jpg", { type: "file" }),
    control("off", "x", { disabled: true }),
    control("", "nameless"),
  ]);
  assert.deepEqual(entries, [["text", "яма"], ["topic", "2"], ["consent", "contact"], ["consent", "news"]]);
});

test("filling puts every value back where it was", () => {
  const controls = [
    control("text", ""), control("topic", "1", { type: "radio", checked: true }), control("topic", "2", { type: "radio", checked: false }),
    control("consent", "contact", { type: "checkbox", checked: false }), control("photo", ""), control("photo", ""),
  ];
  fill(controls, [["text", "яма"], ["topic", "2"], ["consent", "contact"], ["photo", "p1"], ["photo", "p2"]]);
  assert.deepEqual(serialise(controls), [["text", "яма"], ["topic", "2"], ["consent", "contact"], ["photo", "p1"], ["photo", "p2"]]);
});

test("filling leaves alone what the draft does not name", () => {
  const controls = [control("secret", "made by the server", { type: "hidden" })];
  fill(controls, [["text", "яма"]]);
  assert.equal(controls[0]?.value, "made by the server");
});

test("the second problem of a text keeps the place and the contact, not the photos or the topic", () => {
  const first = { key: "k1", changed: 5, place: "Место: Садовая, 14", photos: [{ local: "a", name: "a.jpg" }],
    entries: [["text", "яма"], ["rest", "не горит фонарь"], ["topic", "7"], ["house", "14"], ["address", "Садовая, 14"], ["contact_email", "a@example.org"]] as [string, string][] };
  const other = second(first, "k2");
  assert.deepEqual(other?.entries, [["text", "не горит фонарь"], ["house", "14"], ["address", "Садовая, 14"], ["contact_email", "a@example.org"]]);
  assert.equal(other?.key, "k2");
  assert.equal(other?.photos.length, 0);
  assert.equal(second({ ...first, entries: [["text", "яма"], ["rest", ""]] }, "k3"), undefined);
});
