import assert from "node:assert/strict";
import test from "node:test";
import { keepFor, type Draft, type Entry } from "./draft";
import { claimFor, Outbox, type Outcome } from "./outbox";
import { MemoryRows } from "./rows";
import { sender } from "./send";

const entries: Entry[] = [["key", "k1"], ["text", "не горит фонарь"], ["contact_phone", "+7 900 000-00-00"]];
const draft: Draft = { key: "k1", changed: 0, entries, photos: [] };
const gone: Outcome = { kind: "later" };

// City is the other end: it opens one problem a key, as the server does.
class City {
  problems = new Map<string, string>();
  posts = 0;
  /** how the network fails next: before the city hears, or after it has answered. */
  fail: ("before" | "after")[] = [];
  readonly uploads: string[] = [];

  readonly fetch = (async (url: string, init: RequestInit) => {
    const how = this.fail.shift();
    if (how === "before") throw new TypeError("no network");
    const body = init.body as FormData;
    if (url === "/photos") {
      this.uploads.push((body.get("photos") as File).name);
      return answer(200, { photos: [{ id: `p${this.uploads.length}` }] });
    }
    this.posts++;
    const key = String(body.get("key"));
    if (!this.problems.has(key)) this.problems.set(key, body.getAll("photo").join());
    if (how === "after") throw new TypeError("the answer was lost");
    return answer(201, { url: `/sent/${key}` });
  }) as unknown as typeof fetch;
}

function answer(status: number, said: unknown): Response {
  return new Response(JSON.stringify(said), { status });
}

interface Phone {
  at: { now: number };
  rows: MemoryRows;
  page(holder: string): Outbox;
}

function phone(): Phone {
  const at = { now: 1_000 };
  const rows = new MemoryRows();
  return { at, rows, page: (holder) => new Outbox(rows, () => at.now, () => 1, holder) };
}

test("a message is sent, and nothing of it stays but the link", async () => {
  const { page, at } = phone();
  const city = new City();
  const outbox = page("a");
  await outbox.add(draft);
  const outcomes = await outbox.flush(sender(city.fetch, () => at.now));
  assert.deepEqual(outcomes.get("k1"), { kind: "sent", url: "/sent/k1" });
  const [left] = await outbox.all();
  assert.equal(left?.state, "sent");
  assert.equal(left?.draft, undefined);
  assert(!JSON.stringify(left).includes("900"), "the phone number is wiped");
});

test("an answer lost on the way makes no second problem", async () => {
  const { page, at } = phone();
  const city = new City();
  city.fail = ["after"];
  const outbox = page("a");
  const send = sender(city.fetch, () => at.now);
  await outbox.add(draft);
  assert.equal((await outbox.flush(send)).get("k1")?.kind, "later");
  at.now += 10_000;
  assert.equal((await outbox.flush(send)).get("k1")?.kind, "sent");
  assert.equal(city.posts, 2);
  assert.equal(city.problems.size, 1);
});

test("two pages and the worker together send one message once", async () => {
  const { page, at } = phone();
  const city = new City();
  const all = ["page", "other page", "worker"].map(page);
  await all[0]?.add(draft);
  await Promise.all(all.map((outbox) => outbox.flush(sender(city.fetch, () => at.now), "k1")));
  assert.equal(city.posts, 1);
});

test("what died while sending is sent again under the same key", async () => {
  const { page, at } = phone();
  const city = new City();
  const died = page("a");
  await died.add(draft);
  void died.flush(() => new Promise(() => undefined)); // never ends
  await new Promise((done) => setImmediate(done));
  const other = page("b");
  const send = sender(city.fetch, () => at.now);
  assert.equal((await other.flush(send)).size, 0, "the claim holds");
  at.now += claimFor;
  assert.equal((await other.flush(send)).get("k1")?.kind, "sent");
  assert.deepEqual([...city.problems.keys()], ["k1"]);
});

test("a late failure of an old holder does not undo the success of the new one", async () => {
  const { page, at } = phone();
  const city = new City();
  let fail: (o: Outcome) => void = () => undefined;
  const slow = page("a");
  await slow.add(draft);
  const running = slow.flush(() => new Promise((done) => (fail = done)));
  await new Promise((done) => setImmediate(done));
  at.now += claimFor;
  await page("b").flush(sender(city.fetch, () => at.now));
  fail(gone);
  await running;
  assert.equal((await slow.all())[0]?.state, "sent");
});

test("pressing Send again while it waits replaces the text, not the message", async () => {
  const { page } = phone();
  const outbox = page("a");
  await outbox.add(draft);
  await outbox.flush(async () => gone);
  await outbox.add({ ...draft, entries: [["key", "k1"], ["text", "не горят два фонаря"]] });
  const all = await outbox.all();
  assert.equal(all.length, 1);
  assert.equal(all[0]?.excerpt, "не горят два фонаря");
});

test("a message that was sent is not put in again", async () => {
  const { page, at } = phone();
  const city = new City();
  const outbox = page("a");
  await outbox.add(draft);
  await outbox.flush(sender(city.fetch, () => at.now));
  await outbox.add(draft);
  await outbox.flush(sender(city.fetch, () => at.now), "k1");
  assert.equal(city.posts, 1);
});

test("pauses grow, and an early flush leaves the message alone", async () => {
  const { page, at } = phone();
  const outbox = page("a");
  await outbox.add(draft);
  let tries = 0;
  const send = async (): Promise<Outcome> => (tries++, gone);
  await outbox.flush(send);
  assert.equal(await outbox.nextTry(), at.now + 2_000);
  await outbox.flush(send);
  assert.equal(tries, 1);
  at.now += 2_000;
  await outbox.flush(send);
  assert.equal(await outbox.nextTry(), at.now + 4_000);
});

test("photos that arrived are not uploaded again when the message failed after them", async () => {
  const { page, at } = phone();
  const city = new City();
  const outbox = page("a");
  const send = sender(city.fetch, () => at.now);
  const photo = (name: string) => ({ local: name, name, blob: new Blob([name]) });
  await outbox.add({ ...draft, photos: [photo("one.jpg"), photo("two.jpg")] });
  const nets: ("before" | "after" | undefined)[] = [undefined, undefined, "before"];
  const flaky = (async (url: string, init: RequestInit) => {
    if (nets.shift() === "before") throw new TypeError("no network");
    return city.fetch(url, init);
  }) as unknown as typeof fetch;
  await outbox.flush(sender(flaky, () => at.now));
  at.now += 10_000;
  await outbox.flush(send);
  assert.deepEqual(city.uploads, ["one.jpg", "two.jpg"]);
  assert.equal(city.problems.get("k1"), "p1,p2");
});

test("a refusal is kept to be mended, and taking it back empties the outbox", async () => {
  const { page } = phone();
  const outbox = page("a");
  await outbox.add(draft);
  await outbox.flush(async () => ({ kind: "refused", text: "", fields: { place: "Укажите место" } }));
  const [refused] = await outbox.all();
  assert.equal(refused?.state, "refused");
  assert.equal(refused?.fields?.place, "Укажите место");
  assert.deepEqual((await outbox.takeBack("k1"))?.entries, entries);
  assert.deepEqual(await outbox.all(), []);
});

test("a message being sent cannot be taken back", async () => {
  const { page } = phone();
  const outbox = page("a");
  await outbox.add(draft);
  void outbox.flush(() => new Promise(() => undefined));
  await new Promise((done) => setImmediate(done));
  assert.equal(await page("b").takeBack("k1"), undefined);
});

test("too many today: it waits as long as the city said", async () => {
  const { page, at } = phone();
  const outbox = page("a");
  await outbox.add(draft);
  await outbox.flush(async () => ({ kind: "refused", text: "10 за сутки", fields: {}, again: 3_600_000 }));
  assert.equal(await outbox.nextTry(), at.now + 3_600_000);
});

test("after a week without a network contacts and photos are gone, the text is not", async () => {
  const { page, at } = phone();
  const outbox = page("a");
  await outbox.add({ ...draft, photos: [{ local: "a", name: "a.jpg", blob: new Blob(["x"]) }] });
  at.now += keepFor + 1;
  await outbox.expire();
  const [left] = await outbox.all();
  assert.equal(left?.state, "refused");
  assert.deepEqual(left?.draft?.entries, [["key", "k1"], ["text", "не горит фонарь"]]);
  assert.deepEqual(left?.draft?.photos, []);
  assert.equal(await outbox.nextTry(), undefined);
});
