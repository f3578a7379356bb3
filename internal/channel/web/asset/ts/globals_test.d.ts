// The little of Node that the tests of this folder use.

declare function setImmediate(f: (nothing: void) => void): void;

declare module "node:test" {
  export default function test(name: string, f: () => void | Promise<void>): Promise<void>;
}

declare module "node:assert/strict" {
  interface Assert {
    (value: unknown, message?: string): asserts value;
    equal(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    rejects(promise: Promise<unknown>): Promise<void>;
    throws(f: () => unknown): void;
  }
  const assert: Assert;
  export default assert;
}
