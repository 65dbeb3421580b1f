// Tests of the checks themselves, on small pages written here: a good page passes, and each fault is seen.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { accessibility, hostility, openBrowser, overflow, print, skipLink, visit } from "./checks.mjs";
import { hostileFiles } from "./probes.mjs";
import { serve } from "./server.mjs";

const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'">`;
const page = (body, head = POLICY) => `<!doctype html><html lang="en"><head><meta charset="utf-8">${head}
<meta name="viewport" content="width=device-width"><title>Roll back</title><link rel="stylesheet" href="a.css"><script defer src="a.js"></script></head>
<body><a class="skip" href="#content">Skip to content</a>${body}</body></html>`;
const PAGES = {
  "good.html": page(`<main id="content"><h1>Roll back the gateway</h1><p>Stop the old one, start the new one, look at the queue.</p></main>`),
  "faulty.html": page(`<main id="content"><h1>x</h1><img src="a.png"><p class="wide">x</p></main>`).replace(/<a class="skip".*?<\/a>/, `<a href="#x">x</a>`),
  "unprinted.html": page(`<main id="content" class="unprinted"><h1>Roll back</h1><p>Some words that nobody prints.</p></main>`),
  "foreign.html": page(`<main id="content"><h1>x</h1><img alt="" src="http://foreign.invalid/x.png"></main>`, ""),
  "blocked.html": page(`<main id="content"><h1>x</h1><img alt="" src="a.svg" onerror="window.__pwned=1"></main>`),
  "pwned.html": page(`<main id="content"><h1>x</h1><img alt="" src="a.svg" onerror="window.__pwned=1"></main>`),
  "click.html": page(`<main id="content"><h1>x</h1><a href="javascript:window.__pwned=2">x</a></main>`),
  "name.html": page(`<main id="content"><h1>x</h1><img alt="" name="cookie"></main>`),
  "a.css": ":root{color-scheme:light dark}body{font:16px sans-serif;background:light-dark(#fff,#111);color:light-dark(#111,#eee)}a{color:light-dark(#00c,#9cf)}.wide{width:900px}@media print{.unprinted{display:none}}",
  "a.js": "",
};

let browser, folder, server;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "readymark-self-"));
  for (const [name, text] of Object.entries(PAGES)) writeFileSync(join(folder, name), text);
  [browser, server] = [await openBrowser(), await serve(folder, "/a/b/")];
});
after(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const onDisk = name => pathToFileURL(join(folder, name)).href;
async function faultsOf(url, options, ...checks) {
  const visited = await visit(browser, url, options);
  try {
    const found = [];
    for (const check of checks) found.push(...await check(visited.page));
    return [...visited.faults, ...found].join("\n");
  } finally {
    await visited.close();
  }
}

test("a good page passes all checks, on disk and under a sub-path, with and without scripts", async () => {
  for (const url of [onDisk("good.html"), server.url + "good.html"]) {
    for (const scripts of [true, false]) {
      const options = { scripts, width: 320, dark: true };
      assert.equal(await faultsOf(url, options, accessibility, overflow, print, hostility, skipLink), "");
    }
  }
});

test("a picture without words, a wide line and a missing skip link are seen", async () => {
  const faults = await faultsOf(onDisk("faulty.html"), { width: 320 }, accessibility, overflow, skipLink);
  assert.match(faults, /axe image-alt/);
  assert.match(faults, /overflow: 9\d\d in 320/);
  assert.match(faults, /first Tab stop: <a href="#x">/);
});

test("words that are not printed are seen", async () => {
  assert.match(await faultsOf(onDisk("unprinted.html"), {}, print), /print: \d+ glyphs for \d+ letters/);
});

test("a request to another host is seen", async () => {
  assert.match(await faultsOf(onDisk("foreign.html")), /foreign request: http:\/\/foreign.invalid/);
});

test("a script that the policy blocks is seen as a violation, and as running without the policy", async () => {
  assert.match(await faultsOf(onDisk("blocked.html")), /policy: script-src-attr inline/);
  assert.match(await faultsOf(onDisk("pwned.html"), { bypassCSP: true }, hostility), /ran: 1[^]*attribute: onerror/);
});

test("a script in an address is seen when somebody follows it", async () => {
  assert.match(await faultsOf(onDisk("click.html"), { bypassCSP: true }, hostility), /ran: 2[^]*address: href=javascript/);
});

test("a clobbered name is seen", async () => {
  assert.match(await faultsOf(onDisk("name.html"), {}, hostility), /clobbered: cookie/);
});

test("there are a hundred probes, and most would run when pasted into a page", async () => {
  const { files, count } = hostileFiles();
  assert.ok(count >= 100);
  const raw = Object.entries(files).filter(([name]) => name.includes("/html-"));
  let ran = 0;
  for (const [, text] of raw) {
    const html = text.split("\n").slice(7, 8).join("\n");
    writeFileSync(join(folder, "raw.html"), `<!doctype html><main><h1>x</h1>\n${html}\n</main>`);
    if (/ran: \d/.test(await faultsOf(onDisk("raw.html"), {}, hostility))) ran += 1;
  }
  assert.ok(ran >= raw.length / 3, `${ran} of ${raw.length} run`);
});
