// The queue of photos: made smaller, kept on this device, uploaded ahead one by
// one while the person goes on typing, tried again when the network comes back.

import { wait } from "./backoff";
import { announce, button, el, find } from "./dom";
import { needsUpload, newKey, type KeptPhoto } from "./draft";
import { arrived, photoBody, uploadAnswer, type Uploaded } from "./send";
import { preview, shrink } from "./shrink";
import { say } from "./words";

/** What the queue needs to know of the rest of the form. */
export interface PhotosHost {
  key(): string;
  /** the photos have changed: the draft is to be kept. */
  changed(): void;
  /** a photo says where it was taken. */
  taken(at: { lat: number; lon: number }): void;
}

interface Shown {
  photo: KeptPhoto;
  readonly n: number;
  readonly item: HTMLLIElement;
  readonly status: HTMLElement;
}

/** PhotoQueue is the part of the form with the photos. */
export class PhotoQueue {
  private shown: Shown[] = [];
  private busy: Promise<void> | undefined;
  private paused = false;
  private stop: (() => void) | undefined; // gives up the upload under way
  private failures = 0;
  private timer: number | undefined;
  private last = 0;
  private readonly list: HTMLElement;
  private readonly most: number;

  constructor(private readonly input: HTMLInputElement, private readonly host: PhotosHost) {
    this.list = find("[data-photos-list]", input.form ?? document) as HTMLElement;
    this.last = this.list.children.length; // drawn by the server, which keeps them itself
    this.most = Number(/\d+/.exec(find("#photos-hint")?.textContent ?? "")?.[0] ?? 10);
    input.addEventListener("change", () => void this.add([...(input.files ?? [])]));
    window.addEventListener("online", () => this.retry());
  }

  get photos(): readonly KeptPhoto[] {
    return this.shown.map((s) => s.photo);
  }

  /** restore shows the photos of a draft. */
  restore(photos: readonly KeptPhoto[]): void {
    for (const photo of photos) void this.show(photo);
    this.work();
  }

  /** rest stops uploading, so that whoever sends the message may do it. */
  async rest(): Promise<void> {
    this.paused = true;
    clearTimeout(this.timer);
    this.stop?.();
    await this.busy;
  }

  /** resume goes on after a rest. */
  resume(): void {
    this.paused = false;
    this.work();
  }

  /** anew gives the photos to the city again, under another key. */
  anew(rekey: () => void): void {
    const photos = this.photos.filter((p) => p.blob).map(({ local, name, blob }) => ({ local, name, blob }) as KeptPhoto);
    this.clear();
    rekey();
    this.restore(photos);
  }

  clear(): void {
    for (const { item } of this.shown) item.remove();
    this.shown = [];
    this.list.hidden = this.list.children.length === 0;
  }

  private async add(files: readonly File[]): Promise<void> {
    this.input.value = "";
    for (const file of files) {
      if (this.list.children.length >= this.most) {
        announce(say("tooMany", this.most));
        break;
      }
      const shown = this.show({ local: newKey(), name: file.name, blob: file });
      shown.status.textContent = say("preparing");
      const blob = await shrink(file);
      if (!this.shown.includes(shown)) continue; // removed meanwhile
      shown.photo = { ...shown.photo, blob };
      this.tell(shown);
      this.host.changed();
      this.work();
    }
  }

  private show(photo: KeptPhoto): Shown {
    const n = ++this.last;
    const status = el("span", { class: "muted small" });
    const item = el("li", {}, el("span", { class: "sr" }, say("photo", n) + " "), status);
    const shown: Shown = { photo, n, item, status };
    const remove = button(say("remove"), () => this.drop(shown));
    remove.append(el("span", { class: "sr" }, " " + say("photo", n)));
    item.append(remove);
    this.shown.push(shown);
    this.list.append(item);
    this.list.hidden = false;
    this.tell(shown);
    if (photo.blob) void preview(photo.blob).then((canvas) => canvas && item.prepend(canvas));
    else if (photo.thumb) item.prepend(el("img", { src: photo.thumb, alt: say("photo", n), width: "320", height: "240" }));
    return shown;
  }

  private drop(shown: Shown): void {
    const next = shown.item.nextElementSibling ?? shown.item.previousElementSibling;
    shown.item.remove();
    this.shown = this.shown.filter((s) => s !== shown);
    this.list.hidden = this.list.children.length === 0;
    (find("button", next ?? this.list) ?? this.input).focus();
    this.host.changed();
  }

  private tell({ photo, status }: Shown): void {
    status.className = photo.refused === undefined ? "muted small" : "field-error";
    status.textContent = photo.refused !== undefined ? photo.refused || say("badPhoto") : photo.id ? say("arrived") : say("waiting");
  }

  private retry(): void {
    clearTimeout(this.timer);
    this.failures = 0;
    this.work();
  }

  private work(): void {
    if (this.busy || this.paused) return;
    this.busy = this.drain().finally(() => (this.busy = undefined));
  }

  private async drain(): Promise<void> {
    for (;;) {
      const shown = this.shown.find(({ photo }) => needsUpload(photo, Date.now()));
      if (!shown || this.paused || !navigator.onLine) return;
      try {
        this.arrive(shown, await this.upload(shown));
        this.failures = 0;
      } catch {
        this.tell(shown);
        if (this.paused) return;
        this.failures++;
        this.timer = window.setTimeout(() => this.work(), wait(this.failures, Math.random()));
        return;
      }
    }
  }

  private arrive(shown: Shown, said: Uploaded): void {
    shown.photo = arrived(shown.photo, said, Date.now());
    this.tell(shown);
    announce(said.id ? say("photoArrived", shown.n) : say("photoRefused", shown.n, said.error ?? ""));
    this.host.changed();
    const { lat, lon } = said;
    if (lat !== undefined && lon !== undefined && this.shown.includes(shown)) this.host.taken({ lat, lon });
  }

  // XMLHttpRequest, because fetch does not tell how far an upload has come.
  private upload(shown: Shown): Promise<Uploaded> {
    return new Promise((resolve, reject) => {
      const ask = new XMLHttpRequest();
      ask.open("POST", "/photos");
      ask.setRequestHeader("X-Draft-Key", this.host.key());
      ask.setRequestHeader("Accept", "application/json");
      ask.responseType = "json";
      ask.timeout = 120_000;
      ask.upload.onprogress = (e) => {
        if (e.lengthComputable) shown.status.textContent = say("sending", Math.floor((100 * e.loaded) / e.total));
      };
      ask.onload = () => {
        try {
          resolve(uploadAnswer(ask.status, ask.response));
        } catch (e) {
          reject(e);
        }
      };
      ask.onerror = ask.ontimeout = ask.onabort = () => reject(new Error("photo: no network"));
      this.stop = () => ask.abort();
      shown.status.textContent = say("sending", 0);
      ask.send(photoBody(shown.photo, this.host.key()));
    });
  }
}
