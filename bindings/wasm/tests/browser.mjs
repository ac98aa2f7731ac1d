// Opens a page of a real Chromium that can import the installed package as `/jihe/index.mjs`.
//
// In: nothing. Out: the page, and how to close it.
// Invariant: everything the page loads comes from this folder, over the loopback address; any other request fails.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const PACKAGE = fileURLToPath(new URL("../node_modules/jihe/", import.meta.url));
const TYPES = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

async function answer(request, response) {
  const path = normalize(decodeURIComponent(request.url));
  if (!path.startsWith("/jihe/")) {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<!doctype html><title>jihe</title>");
    return;
  }
  try {
    const body = await readFile(join(PACKAGE, path.slice("/jihe/".length)));
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

export async function open() {
  const server = createServer(answer);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const executablePath = process.env.JIHE_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const page = await browser.newPage();
  const address = `http://127.0.0.1:${server.address().port}/`;
  await page.route((url) => !url.href.startsWith(address), (route) => route.abort());
  await page.goto(address);
  return { page, close: () => browser.close().finally(() => server.close()) };
}
