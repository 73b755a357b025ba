// Builds the entry points to dist with hashed names, and dist/manifest.json
// that tells the server which name is which.
import { build } from "esbuild";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

const outdir = "dist";

await mkdir(outdir, { recursive: true });
for (const old of await readdir(outdir)) {
  if (old !== ".keep") await rm(`${outdir}/${old}`, { recursive: true });
}

const { metafile } = await build({
  entryPoints: ["src/board.tsx", "src/cases.ts", "src/enter.ts", "src/lock.ts", "src/screen.tsx", "src/page.css"],
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
  loader: { ".woff2": "file" },
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
await writeFile(`${outdir}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");
