// Builds the site into target/site: one page, one classic script, and the engine's modules as scripts loaded when needed.
//
// In: src/, the npm package in target/npm, the shipped rulebook. Out: a folder that works from any static server and from file://.
// Invariant: nothing is ever requested but scripts and styles beside the page, so its policy allows no connection at all.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig } from "vite";
import { POLICY } from "./scripts/policy.mjs";
import { PARTS } from "./scripts/parts.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Each part is a classic script that puts its bytes, gzipped in base64, where src/engine/parts.ts finds them. */
function parts() {
  return {
    name: "jihe-parts",
    apply: "build",
    generateBundle() {
      for (const [name, bytes] of Object.entries(PARTS)) {
        const text = gzipSync(bytes(), { level: 9 }).toString("base64");
        const source = `(self.jiheParts??={})[${JSON.stringify(name)}]="${text}";\n`;
        this.emitFile({ type: "asset", fileName: `parts/${name}.js`, source });
      }
    },
  };
}

/** The generated glue would have the bundler copy its wasm file; here the bytes come from a part. */
const glue = {
  name: "jihe-glue",
  enforce: "pre",
  transform(code, id) {
    if (!id.includes("/native/")) return null;
    return code.replace(/new URL\('[^']+\.wasm', import\.meta\.url\)/g, "undefined");
  },
};

/** A classic script, because Chromium refuses modules from file://, and the policy as the page's first word. */
const page = {
  name: "jihe-page",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: (html) => html
      .replace("<head>", `<head>\n    <meta http-equiv="Content-Security-Policy" content="${POLICY}">`)
      .replace(/<script type="module" crossorigin /g, "<script defer ")
      .replace(/<link rel="stylesheet" crossorigin /g, '<link rel="stylesheet" '),
  },
};

export default defineConfig({
  root: at("."),
  base: "./",
  plugins: [glue, parts(), page],
  worker: { format: "iife", plugins: () => [glue] },
  build: {
    outDir: at("../target/site"),
    emptyOutDir: true,
    target: ["chrome91", "firefox90", "safari15"],
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      output: {
        format: "iife",
        entryFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
      },
    },
  },
});
