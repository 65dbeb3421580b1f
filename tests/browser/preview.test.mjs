// The live preview in a real browser: what a reader does on the page survives a change of the page.
// Run: npm install && node --test   (needs Chromium; set CHROMIUM when it is not at /usr/bin/chromium)
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";

const cwd = new URL("../..", import.meta.url).pathname;
let server, browser, url, page, complaints;

const rows = (count) => Array.from({ length: count }, (_, n) => `<p id="row-${n}">row ${n}</p>`).join("");

const form = (text, extra = "") =>
  `<header><h1>Site</h1></header><main><h2>${text}</h2>${extra}` +
  `<details id="d"><summary>More</summary><p>inside ${text}</p></details>` +
  `<label><input id="tick" type="checkbox"> done</label>` +
  `<input id="name"><textarea id="note">start</textarea>${rows(200)}</main><footer>${text}</footer>`;

const say = (order) => server.stdin.write(order + "\n");
const shows = (text) => page.waitForFunction((text) => document.querySelector("h2")?.textContent === text, text);

before(async () => {
  const command = ["test", "-q", "--test", "it", "--", "--ignored", "--exact", "--nocapture", "serve::for_the_browser"];
  server = spawn("cargo", command, { cwd, stdio: ["pipe", "pipe", "inherit"] });
  url = await new Promise((resolve, reject) => {
    createInterface(server.stdout).on("line", (line) => line.startsWith("URL ") && resolve(line.slice(4)));
    server.on("exit", () => reject(new Error("the server stopped")));
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  say("quit");
});

beforeEach(async () => {
  await page?.close();
  say("body " + form("one"));
  say("colour rgb(1, 2, 3)");
  page = await browser.newPage();
  complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const stream = page.waitForResponse((response) => response.url().endsWith("/events"));
  await page.goto(url);
  await stream;
  await shows("one");
  await page.waitForTimeout(150);
  await page.evaluate(() => { window.marker = "same document"; });
});

const sameDocument = async () => assert.equal(await page.evaluate(() => window.marker), "same document");

test("keeps what the reader typed, ticked, opened and focused", async () => {
  await page.click("summary");
  await page.check("#tick");
  await page.fill("#note", "my own words");
  await page.fill("#name", "Ada Lovelace");
  await page.evaluate(() => document.getElementById("name").setSelectionRange(2, 6));
  say("body " + form("two", "<p>a new paragraph</p>"));
  await shows("two");
  const state = await page.evaluate(() => {
    const name = document.getElementById("name");
    return [document.getElementById("d").open, document.getElementById("tick").checked, name.value,
      document.getElementById("note").value, document.activeElement === name, name.selectionStart, name.selectionEnd,
      document.querySelector("details p").textContent, document.querySelector("footer").textContent];
  });
  assert.deepEqual(state, [true, true, "Ada Lovelace", "my own words", true, 2, 6, "inside two", "two"]);
  await sameDocument();
  assert.deepEqual(complaints, []);
});

test("keeps the line in view where it is, even when text above it grows", async () => {
  await page.evaluate(() => document.getElementById("row-120").scrollIntoView());
  const place = () => page.evaluate(() => Math.round(document.getElementById("row-120").getBoundingClientRect().top));
  const scrolled = () => page.evaluate(() => scrollY);
  const [top, scroll] = [await place(), await scrolled()];
  say("body " + form("two", "<p>tall</p>".repeat(30)));
  await shows("two");
  await page.waitForTimeout(100);
  assert.ok(Math.abs((await place()) - top) <= 2, `${await place()} and before ${top}`);
  assert.ok((await scrolled()) > scroll + 300);
  say("body " + form("three"));
  await shows("three");
  await page.waitForTimeout(100);
  assert.ok(Math.abs((await place()) - top) <= 2, `${await place()} and before ${top}`);
  await sameDocument();
});

test("an insertion leaves its neighbours the same elements", async () => {
  await page.evaluate(() => { document.getElementById("row-7").mine = true; });
  say("body " + form("two").replace('<p id="row-7">', "<p>before seven</p><p>and another</p><p id=\"row-7\">").replace(rows(5), ""));
  await shows("two");
  const text = await page.evaluate(() => [document.getElementById("row-7").mine,
    document.getElementById("row-7").previousElementSibling.textContent, document.getElementById("row-3")]);
  assert.deepEqual(text, [true, "and another", null]);
});

test("shows a failure until the next good build", async () => {
  say("fail");
  const box = page.locator("[role=alert]");
  await box.waitFor();
  const text = await box.innerText();
  for (const part of ["docs/a.md:3:7", "bad", "3 | ke: x", "write “key”"]) assert.ok(text.includes(part), text);
  assert.equal(await box.evaluate((element) => getComputedStyle(element).position), "fixed");
  await page.reload();
  await box.waitFor();
  say("body " + form("one"));
  await box.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

test("takes a new style sheet without touching the page", async () => {
  const colour = () => page.evaluate(() => getComputedStyle(document.querySelector("main")).color);
  assert.equal(await colour(), "rgb(1, 2, 3)");
  say("colour rgb(9, 8, 7)");
  await page.waitForFunction(() => getComputedStyle(document.querySelector("main")).color === "rgb(9, 8, 7)");
  await page.waitForFunction(() => document.querySelectorAll("link[href*='site.css']").length === 1);
  await sameDocument();
});

test("comes back after a restart of the server", async () => {
  await page.fill("#name", "kept");
  say("body " + form("two"));
  await shows("two");
  say("restart");
  await page.waitForTimeout(1500);
  say("body " + form("three"));
  await shows("three");
  assert.equal(await page.inputValue("#name"), "kept");
  await sameDocument();
});

test("starts anew when the shape of the page changes", async () => {
  say("body " + form("two").replace("<header>", "<nav>menu</nav><header>"));
  await shows("two");
  assert.equal(await page.evaluate(() => window.marker), undefined);
});
