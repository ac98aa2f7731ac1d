export { default, version } from "./native/jihe_native.js";
