// A page of a real Chromium, isolated so that its clock is as fine as it gets: 5 µs.
//
// In: the folder to serve. Out: `inPage`, which runs a function in a page of its own, the browser's version, how to close it.
// Invariant: everything comes over the loopback address.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const TYPES = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

export async function openChromium(folder) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url.slice(1));
    try {
      const body = path === "" ? "<!doctype html><title>bench</title>" : readFileSync(join(folder, path));
      response.writeHead(200, { ...ISOLATED, "content-type": path === "" ? "text/html" : TYPES[extname(path)] ?? "text/plain" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const browser = await chromium.launch({ executablePath: process.env.JIHE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  return {
    version: browser.version(),
    inPage: async (work, given) => {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      const answer = await page.evaluate(work, given);
      await page.close();
      return answer;
    },
    close: () => browser.close().finally(() => server.close()),
  };
}
