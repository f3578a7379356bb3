// What this device remembers: rows under a key, in IndexedDB. Where a browser
// refuses that (a private window), they live as long as the page does.

/** Rows is the little of a database that drafts and the outbox need. */
export interface Rows {
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  /** all rows whose key begins so, in the order of their keys. */
  all<T>(prefix: string): Promise<T[]>;
  /**
   * change reads and writes one row so that nobody comes between, not another
   * page and not the service worker. It returns what stands there afterwards;
   * undefined removes the row.
   */
  change<T>(key: string, f: (was: T | undefined) => T | undefined): Promise<T | undefined>;
}

/** MemoryRows forgets everything with the page. */
export class MemoryRows implements Rows {
  private readonly rows = new Map<string, unknown>();

  async get<T>(key: string): Promise<T | undefined> {
    return this.rows.get(key) as T | undefined;
  }

  async put(key: string, value: unknown): Promise<void> {
    this.rows.set(key, value);
  }

  async remove(key: string): Promise<void> {
    this.rows.delete(key);
  }

  async all<T>(prefix: string): Promise<T[]> {
    const keys = [...this.rows.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => this.rows.get(key) as T);
  }

  async change<T>(key: string, f: (was: T | undefined) => T | undefined): Promise<T | undefined> {
    const now = f(this.rows.get(key) as T | undefined);
    if (now === undefined) this.rows.delete(key);
    else this.rows.set(key, now);
    return now;
  }
}

const table = "rows";

/** DiskRows keeps rows in IndexedDB. */
export class DiskRows implements Rows {
  constructor(private readonly db: IDBDatabase) {}

  static open(name: string): Promise<DiskRows> {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(table);
      asked.onsuccess = () => resolve(new DiskRows(asked.result));
      asked.onerror = () => reject(asked.error);
      asked.onblocked = () => reject(new Error("another page holds the database"));
    });
  }

  get<T>(key: string): Promise<T | undefined> {
    return this.run<T | undefined>("readonly", (rows) => rows.get(key));
  }

  async put(key: string, value: unknown): Promise<void> {
    await this.run("readwrite", (rows) => rows.put(value, key));
  }

  async remove(key: string): Promise<void> {
    await this.run("readwrite", (rows) => rows.delete(key));
  }

  all<T>(prefix: string): Promise<T[]> {
    return this.run<T[]>("readonly", (rows) => rows.getAll(IDBKeyRange.bound(prefix, prefix + "\uffff")));
  }

  change<T>(key: string, f: (was: T | undefined) => T | undefined): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const tx = this.db.transaction(table, "readwrite");
      const rows = tx.objectStore(table);
      const read = rows.get(key) as IDBRequest<T | undefined>;
      let now: T | undefined;
      read.onsuccess = () => {
        now = f(read.result);
        if (now === undefined) rows.delete(key);
        else rows.put(now, key);
      };
      tx.oncomplete = () => resolve(now);
      tx.onerror = tx.onabort = () => reject(tx.error);
    });
  }

  // run resolves when the transaction is on the disk, not when it was asked for.
  private run<T>(mode: IDBTransactionMode, ask: (rows: IDBObjectStore) => IDBRequest): Promise<T> {
    return new Promise((resolve, reject) => {
      const tx = this.db.transaction(table, mode);
      const asked = ask(tx.objectStore(table));
      tx.oncomplete = () => resolve(asked.result as T);
      tx.onerror = tx.onabort = () => reject(tx.error);
    });
  }
}

/** openRows opens what this device remembers for this site. */
export function openRows(): Promise<Rows> {
  return DiskRows.open("gorod").catch(() => new MemoryRows());
}
