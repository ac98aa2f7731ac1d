import { readFileSync } from "node:fs";
import { initSync } from "./native/jihe_native.js";
initSync({ module: readFileSync(new URL("./native/jihe_native_bg.wasm", import.meta.url)) });
export { version } from "./native/jihe_native.js";
export default async function init() {}
