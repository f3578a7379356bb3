// Builds what a page loads: the style sheets, the scripts, the map library in a
// chunk of its own, the typeface. Everything lands in ../internal/channel/web/dist
// under a name that holds the hash of its content, so that a browser may keep it
// for ever; manifest.json says which name stands for which file. The binary
// embeds the folder: a page never asks another host for anything.
//
//   node build.mjs        build and print the sizes

import * as esbuild from "esbuild";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "../internal/channel/web/asset");
const dist = path.join(here, "../internal/channel/web/dist");
const require = createRequire(import.meta.url);
const prefix = "/assets/"; // where the web channel serves dist

// Weights and subsets that the style sheet names; a page loads only those whose
// letters it shows. cyrillic-ext holds the letters of Tatar, Bashkir, Ukrainian.
const fonts = ["cyrillic", "cyrillic-ext", "latin"].flatMap((subset) =>
  [400, 600].map((weight) => `golos-text-${subset}-${weight}-normal.woff2`));

const manifest = {}; // "css/app.css" -> "css/app-1A2B3C4D.css"
const written = new Map(); // name in dist -> bytes
const shared = {}; // "js/app.js" -> chunks that it cannot start without

const common = {
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  target: "es2020",
  charset: "utf8",
  legalComments: "eof",
  logLevel: "warning",
  absWorkingDir: here,
  nodePaths: [path.join(here, "node_modules")],
  outdir: dist,
  entryNames: "[dir]/[name]-[hash]",
  chunkNames: "js/[name]-[hash]",
  assetNames: "font/[name]-[hash]",
};

// The style sheets name fonts and pictures as the server serves them; the build
// puts the name with the hash in.
const served = {
  name: "served",
  setup(build) {
    build.onResolve({ filter: /^\/assets\// }, ({ path: url }) => {
      const name = url.slice(prefix.length);
      const made = manifest[name];
      if (!made) return { errors: [{ text: `${url}: no such asset (known: ${Object.keys(manifest).join(", ")})` }] };
      return { path: prefix + made, external: true };
    });
  },
};

async function exists(file) {
  return access(file).then(() => true, () => false);
}

async function put(name, bytes) {
  const file = path.join(dist, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  written.set(name, bytes);
}

// hashed is the name of a file that esbuild did not name.
function hashed(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const { dir, name: base, ext } = path.posix.parse(name);
  return path.posix.join(dir, `${base}-${hash}${ext}`);
}

async function copy(name, bytes) {
  manifest[name] = hashed(name, bytes);
  await put(manifest[name], bytes);
}

// bundle builds entry points given as { "css/app": file } and writes them.
async function bundle(entries, extension, options) {
  const entryPoints = [];
  for (const [out, file] of Object.entries(entries)) {
    if (await exists(file)) entryPoints.push({ in: file, out });
    else console.log(`skipped: ${path.relative(path.join(here, ".."), file)} is not there`);
  }
  if (entryPoints.length === 0) return;
  const result = await esbuild.build({ ...common, entryPoints, ...options });
  for (const output of result.outputFiles) await put(inDist(output.path), output.contents);
  for (const [file, about] of Object.entries(result.metafile.outputs)) {
    if (!about.entryPoint) continue;
    const from = path.resolve(here, about.entryPoint);
    const entry = entryPoints.find((e) => path.resolve(e.in) === from);
    if (!entry) continue;
    manifest[entry.out + extension] = inDist(path.resolve(here, file));
    shared[entry.out + extension] = needs(result.metafile.outputs, file);
  }
}

// needs lists the chunks that an output imports at once, however deep.
function needs(outputs, file) {
  const found = new Set();
  const walk = (from) => {
    for (const { path: to, kind } of outputs[from]?.imports ?? []) {
      if (kind !== "import-statement" || found.has(to)) continue;
      found.add(to);
      walk(to);
    }
  };
  walk(file);
  return [...found].map((name) => inDist(path.resolve(here, name)));
}

function inDist(file) {
  return path.relative(dist, file).split(path.sep).join("/");
}

async function clean() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== ".gitkeep") await rm(path.join(dist, name), { recursive: true });
  }
}

async function copyFonts() {
  for (const font of fonts) {
    await copy(`font/${font}`, await readFile(require.resolve(`@fontsource/golos-text/files/${font}`)));
  }
}

// Icons and the like: all of asset/ that is neither script nor style. A text
// that names another asset gets the name with the hash, so texts come last.
async function copyStatic() {
  const names = [];
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const name = path.relative(source, path.join(entry.parentPath, entry.name)).split(path.sep).join("/");
    if (/^(ts|css)\/|\.(go|md)$/.test(name)) continue;
    names.push(name);
  }
  const last = (name) => (name.endsWith(".webmanifest") ? 1 : 0);
  for (const name of names.sort((a, b) => last(a) - last(b) || (a < b ? -1 : 1))) {
    let bytes = await readFile(path.join(source, name));
    if (last(name)) bytes = Buffer.from(rename(bytes.toString("utf8"), name));
    await copy(name, bytes);
  }
}

function rename(text, inside) {
  return text.replace(/\/assets\/([\w./-]+)/g, (_, name) => {
    if (!manifest[name]) throw new Error(`${inside} names /assets/${name}, which is not there`);
    return prefix + manifest[name];
  });
}

// What a script is told about the build; declared for TypeScript in globals.d.ts.
const url = (name) => (manifest[name] ? prefix + manifest[name] : "");
const define = (values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));

async function styles() {
  await bundle({
    "css/app": path.join(source, "css/app.css"),
    "css/city": path.join(source, "css/city.css"),
    "css/staff": path.join(source, "css/staff.css"),
    "css/map": require.resolve("maplibre-gl/dist/maplibre-gl.css"),
  }, ".css", { plugins: [served] });
}

async function scripts() {
  const ts = (name) => path.join(source, "ts", `${name}.ts`);
  await bundle({ "js/map-worker": require.resolve("maplibre-gl/dist/maplibre-gl-worker.mjs") }, ".js", { format: "esm" });
  await bundle({ "js/app": ts("app"), "js/map": ts("map"), "js/staff": ts("staff"), "js/embed": ts("embed") }, ".js", {
    format: "esm",
    splitting: true,
    define: define({ __MAP_WORKER__: url("js/map-worker.js"), __MAP_STYLE__: url("css/map.css"), __CITY_STYLE__: url("css/city.css") }),
  });
  // The service worker comes last: it is told what to keep for a phone without
  // a network. The map library is not among it: half a megabyte for one page.
  const keep = Object.keys(manifest).filter((name) => !/map|staff|embed|cyrillic-ext/.test(name)).map(url)
    .concat((shared["js/app.js"] ?? []).map((chunk) => prefix + chunk));
  const build = createHash("sha256").update(JSON.stringify(manifest)).digest("hex").slice(0, 12);
  await bundle({ "js/widget": ts("widget") }, ".js", { format: "iife" });
  await bundle({ "js/sw": ts("sw") }, ".js", {
    format: "iife",
    define: define({ __ASSETS__: keep, __BUILD__: build }),
  });
}

// Both licences ask that their text goes along.
async function licences() {
  const beside = (name, file) => path.join(here, "node_modules", name, file);
  await copy("licence/golos-text.txt", await readFile(beside("@fontsource/golos-text", "LICENSE")));
  await copy("licence/maplibre-gl.txt", await readFile(beside("maplibre-gl", "LICENSE.txt")));
}

function report() {
  const kb = (n) => (n / 1024).toFixed(1).padStart(8);
  let raw = 0;
  let packed = 0;
  console.log(`${"kB".padStart(8)} ${"gzip".padStart(8)}`);
  for (const [name, bytes] of [...written].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // What is compressed already gains nothing.
    const zipped = /\.(woff2|png|jpe?g|webp)$/.test(name) ? bytes.length : gzipSync(bytes, { level: 9 }).length;
    raw += bytes.length;
    packed += zipped;
    console.log(`${kb(bytes.length)} ${kb(zipped)}  ${name}`);
  }
  console.log(`${kb(raw)} ${kb(packed)}  all of it`);
}

await clean();
await copyFonts();
await copyStatic();
await styles();
await scripts();
await licences();
await writeFile(path.join(dist, "manifest.json"), JSON.stringify(manifest, Object.keys(manifest).sort(), 1) + "\n");
report();
