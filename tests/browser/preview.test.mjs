// The live preview, as an author meets it: `readymark serve` on a repository, an editor, and an open page that stays
// where the reader is.
import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openBrowser } from "./checks.mjs";
import { program } from "./site.mjs";

const RUNBOOK = "packs/tea/runbooks/RB-001.md";
const steps = Array.from({ length: 150 }, (_, at) => `Row ${at} of the long part.\n`).join("\n");
const runbook = (first, title = "Boil the kettle") => `---
id: RB-001
kind: runbook
title: ${title}
status: draft
---
# ${title}

${first}

<details>
<summary>More</summary>

Inside.

</details>

## When to use

The water is cold.

~~~sh
kettle on
~~~

## Long part

${steps}
## Last part

The end of it.
`;

let browser, folder, server, url, page, complaints;
const at = path => join(folder, path);
const git = (...words) => execFileSync("git", ["-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.org", ...words], { stdio: "pipe" });

function write(path, text) {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

async function serve(port) {
  server = spawn(program(), ["serve", folder, ...(port ? ["--port", port] : [])], { stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      createInterface({ input: stream }).on("line", line => {
        const found = line.match(/http:\/\/[^ ]+/);
        if (found) resolve(found[0]);
      });
    }
    server.on("exit", code => reject(new Error(`serve ended with ${code}`)));
  });
}

function stop() {
  const ended = new Promise(resolve => server.on("exit", resolve));
  server.kill();
  return ended;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "readymark-preview-"));
  write("book.toml", "[book]\ntitle = \"Tea\"\n");
  write("packs/tea/pack.toml", "id = \"tea\"\ntitle = \"Tea\"\n");
  write(RUNBOOK, runbook("First words."));
  execFileSync("git", ["init", "-q", "-b", "main", folder]);
  git("add", ".");
  git("commit", "-qm", "Start");
  [browser, url] = [await openBrowser(), await serve()];
});
after(async () => {
  await browser?.close();
  if (server) await stop();
  if (folder) rmSync(folder, { recursive: true });
});

// Every test starts with the committed runbook, open in a page of its own.
beforeEach(async () => {
  await page?.close();
  git("checkout", "-q", "-f", "main");
  git("clean", "-qfd");
  page = await browser.newPage({ viewport: { width: 1000, height: 700 }, reducedMotion: "reduce" });
  complaints = [];
  page.on("console", message => {
    const asked = message.location().url.endsWith("/favicon.ico"); // the browser asks, not the page
    if (message.type() === "error" && !asked) complaints.push(message.text());
  });
  page.on("pageerror", error => complaints.push(String(error)));
  await open("runbooks/RB-001.html");
  await shows("First words.");
});

// The address of a page of the work tree's version, found as a reader would.
async function addressOf(path) {
  await page.goto(url);
  const links = () => page.evaluate(() => [...document.links].map(link => link.href).filter(href => /\/tea\//.test(href)));
  for (const link of await links()) {
    const address = new URL(path, link).href;
    if ((await page.request.get(address)).ok()) return address;
  }
  throw new Error(`no page links the version that holds ${path}`);
}

async function open(path) {
  const address = await addressOf(path);
  const stream = page.waitForResponse(response => response.url().endsWith("/events"));
  await page.goto(address);
  await stream;
  await page.waitForTimeout(200);
  await page.evaluate(() => { window.marker = "same document"; });
}

const shows = text => page.waitForFunction(text => document.querySelector("main").textContent.includes(text), text);
const lacks = text => page.waitForFunction(text => !document.querySelector("main").textContent.includes(text), text);
async function untouched() {
  assert.equal(await page.evaluate(() => window.marker), "same document", "the page was loaded again");
  assert.deepEqual(complaints, []);
}

test("an edit changes the open page in place; scroll position, focus and open parts stay", async () => {
  await page.click("article summary");
  const row = page.locator("article p", { hasText: "Row 75 " });
  await row.evaluate(element => element.scrollIntoView({ block: "center" }));
  await page.evaluate(() => document.querySelector("#last-part a").focus({ preventScroll: true }));
  const state = () => page.evaluate(() => ({
    focus: document.activeElement.outerHTML.slice(0, 80),
    open: document.querySelector("article details").open,
  }));
  const top = async () => Math.round((await row.boundingBox()).y);
  const [before, line] = [await state(), await top()];
  write(RUNBOOK, runbook("Other words.\n\nAnd one more paragraph.\n\nAnd a third."));
  await shows("And one more paragraph.");
  await page.waitForTimeout(150);
  assert.ok(before.open);
  assert.deepEqual(await state(), before);
  assert.ok(Math.abs((await top()) - line) <= 3, `${await top()}, before ${line}`);
  await untouched();
});

test("neighbours of a change are the same elements, and what scripts built is still there", async () => {
  const built = () => page.evaluate(() => [".side nav a", ".theme button", ".copy"].map(part => document.querySelectorAll(part).length));
  await page.evaluate(() => { document.getElementById("last-part").mine = true; });
  const before = await built();
  assert.ok(before.every(count => count > 0), before.join());
  write(RUNBOOK, runbook("Before it.\n\n- a list\n- of two"));
  await shows("of two");
  assert.equal(await page.evaluate(() => document.getElementById("last-part").mine), true);
  assert.deepEqual(await built(), before);
  await untouched();
});

test("a new title reaches the open page, its tab and the list beside it", async () => {
  write(RUNBOOK, runbook("First words.", "Warm the kettle"));
  await page.waitForFunction(() => document.title.startsWith("Warm the kettle"));
  await page.waitForFunction(() => document.querySelector(".side nav")?.textContent.includes("Warm the kettle"));
  await untouched();
});

test("what stands in the search field stays when the page changes", async () => {
  await open("search.html");
  await page.fill("#search-input", "kettle");
  write("book.toml", "[book]\ntitle = \"Green tea\"\n");
  await page.waitForFunction(() => document.querySelector(".brand").textContent.includes("Green tea"));
  assert.equal(await page.inputValue("#search-input"), "kettle");
});

test("broken fields show what is wrong over the page until they are mended", async () => {
  write(RUNBOOK, runbook("Broken.").replace("status: draft", "status: [draft"));
  const box = page.locator("[role=alert]");
  await box.waitFor();
  const text = await box.innerText();
  assert.ok(text.includes("RB-001.md:"), text);
  await page.reload();
  await box.waitFor();
  write(RUNBOOK, runbook("Mended."));
  await box.waitFor({ state: "detached" });
  await shows("Mended.");
  assert.deepEqual(complaints, []);
});

test("a new file appears in the open list, a renamed one changes its address, a deleted one goes", async () => {
  await open("contents.html");
  write("packs/tea/runbooks/RB-002.md", runbook("Second.").replace("RB-001", "RB-002").replaceAll("Boil the kettle", "Pour it"));
  await shows("Pour it");
  renameSync(at("packs/tea/runbooks/RB-002.md"), at("packs/tea/runbooks/pour.md"));
  await page.waitForFunction(() => [...document.links].some(link => link.href.endsWith("/runbooks/pour.html")));
  rmSync(at("packs/tea/runbooks/pour.md"));
  await lacks("Pour it");
  assert.deepEqual(complaints, []);
});

test("another branch shows its own words, and the first one its own again", async () => {
  git("checkout", "-q", "-B", "other");
  write(RUNBOOK, runbook("Words of the other branch."));
  git("commit", "-qam", "Other words");
  await shows("Words of the other branch.");
  git("checkout", "-q", "main");
  await shows("First words.");
  assert.deepEqual(complaints, []);
});

test("the page comes back by itself after a restart of the server", async () => {
  await stop();
  write(RUNBOOK, runbook("Written while nobody looked."));
  await serve(new URL(url).port);
  await shows("Written while nobody looked.");
  assert.ok(readFileSync(at(RUNBOOK), "utf8").includes("nobody looked"));
});
