// Runs the tests of this folder: node test.mjs [name…]. esbuild makes JavaScript
// of them in a folder of its own, Node's test runner runs it.

import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(path.join(here, "../../../../../web/package.json"))("esbuild");

const names = (await readdir(here)).filter((name) => name.endsWith(".test.ts"));
const wanted = process.argv.slice(2);
const chosen = wanted.length ? names.filter((name) => wanted.some((w) => name.startsWith(w))) : names;
const out = await mkdtemp(path.join(tmpdir(), "gorod-ts-"));
try {
  await build({
    entryPoints: chosen.map((name) => path.join(here, name)), outdir: out, outExtension: { ".js": ".mjs" },
    bundle: true, format: "esm", platform: "node", target: "es2022", sourcemap: "inline", logLevel: "warning",
  });
  const files = (await readdir(out)).map((name) => path.join(out, name));
  process.exitCode = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  await rm(out, { recursive: true });
}
