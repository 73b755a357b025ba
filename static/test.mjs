// Bundles every src/**/*.test.ts(x) for Node and runs them with node --test. With
// NODE_OPTIONS=--enable-source-maps a failure tells its line in the source: reading the
// maps takes longer than the tests.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";

const out = "node_modules/.cache/casustafel-test";
const sources = (await readdir("src", { recursive: true })).filter((file) => /\.test\.tsx?$/.test(file)).map((file) => join("src", file));
if (sources.length === 0) throw new Error("no tests found below src");

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: sources,
  outdir: out,
  outbase: "src",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".css": "empty" },
  mainFields: ["module", "main"], // of modules only what is used comes along
  sourcemap: true,
  logLevel: "warning",
});

const built = sources.map((file) => join(out, file.replace(/^src\//, "").replace(/\.tsx?$/, ".mjs")));
const run = spawnSync(process.execPath, ["--test", `--test-concurrency=${availableParallelism()}`, ...built], { stdio: "inherit" });
process.exit(run.status ?? 1);
