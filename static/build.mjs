// Builds the entry points to dist with hashed names, and dist/manifest.json
// that tells the server which name is which.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

const outdir = "dist";

await mkdir(outdir, { recursive: true });
for (const old of await readdir(outdir)) {
  if (old !== ".keep") await rm(`${outdir}/${old}`, { recursive: true });
}

const { metafile } = await build({
  entryPoints: ["src/account.ts", "src/board.tsx", "src/cases.ts", "src/enter.ts", "src/factor.ts", "src/lock.ts", "src/screen.tsx", "src/spelling.ts", "src/members.css", "src/page.css"],
  outdir,
  entryNames: "[name].[hash]",
  assetNames: "[name].[hash]",
  chunkNames: "[name].[hash]",
  bundle: true,
  splitting: true, // what only a writer needs comes when somebody writes
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".woff2": "file", ".gz": "file" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

// "board.3F2A.js" is the file of "board.js".
const manifest = {};
for (const path of Object.keys(metafile.outputs).sort()) {
  const file = basename(path);
  manifest[file.replace(/\.[^.]+(\.[^.]+)$/, "$1")] = file;
}

// The list of words goes to every reader; so do its licences, and those of what reads it.
const licences = ["@cspell/dict-nl-nl/LICENSE", "@cspell/dict-nl-nl/src/hunspell/license", "cspell-trie-lib/LICENSE"];
const texts = await Promise.all(licences.map(async (path) => `${path}\n\n${(await readFile(`node_modules/${path}`, "utf8")).trim()}\n`));
const licence = texts.join(`\n${"-".repeat(72)}\n\n`);
manifest["spelling-licences.txt"] = `spelling-licences.${createHash("sha256").update(licence).digest("hex").slice(0, 8).toUpperCase()}.txt`;
await writeFile(`${outdir}/${manifest["spelling-licences.txt"]}`, licence);

await writeFile(`${outdir}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");
