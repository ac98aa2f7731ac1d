// What the built page loads only when it is needed.
//
// In: the npm package, crates/jihe-rulebook, examples/three-rules. Out: for each part a function giving its bytes.
// Invariant: a part that is not built is an error that says how to build it.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

function module(path) {
  const file = fileURLToPath(new URL(`../node_modules/jihe/${path}`, import.meta.url));
  if (!existsSync(file)) throw new Error(`${path} is not built; run \`cargo xtask wasm\` first`);
  return readFileSync(file);
}

function texts(folder, end) {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(end)).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(root, folder, name), "utf8")]));
}

/** The rule sets the workbench starts from. */
function examples() {
  const rulebook = "crates/jihe-rulebook";
  const three = "examples/three-rules";
  return {
    rulebook: { files: texts(`${rulebook}/rules`, ".jihe"), tables: texts(`${rulebook}/tables`, ".csv"), claims: null },
    three: {
      files: texts(three, ".jihe"),
      tables: texts(three, ".csv"),
      claims: readFileSync(join(root, three, "claims.json"), "utf8"),
    },
  };
}

export const PARTS = {
  core: () => module("native/jihe_native_bg.wasm"),
  files: () => module("native/jihe_files_bg.wasm"),
  examples: () => Buffer.from(JSON.stringify(examples())),
};
