// Checks of built sites in a browser: the example pack in all its versions, from disk and from a server under a
// sub-path, and a repository that means harm. `npm test`; README.md says what can be set.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { accessibility, hostility, openBrowser, overflow, print, skipLink, visit } from "./checks.mjs";
import { makeHostileRepository } from "./probes.mjs";
import { serve } from "./server.mjs";
import { build, examplePack, pagesOf, sample, versionsOf } from "./site.mjs";

let browser, work, server, pages, hostilePages;
const site = () => join(work, "site");
const places = () => ({ disk: pathToFileURL(site()).href + "/", server: server.url });

before(async () => {
  work = mkdtempSync(join(tmpdir(), "readymark-browser-"));
  pages = build(examplePack(join(work, "pack")), site());
  makeHostileRepository(join(work, "hostile"));
  hostilePages = build(join(work, "hostile"), join(work, "hostile-site"));
  [browser, server] = [await openBrowser(), await serve(site(), "/a/b/")];
});
after(async () => {
  await browser?.close();
  await server?.stop();
  if (work) rmSync(work, { recursive: true });
});

// Runs checks on a page; returns what is wrong, each with the page and how it was looked at.
async function faultsOf(url, options, ...checks) {
  const visited = await visit(browser, url, options);
  try {
    const found = [];
    for (const check of checks) found.push(...await check(visited.page));
    return [...visited.faults, ...found].map(fault => `${url} ${JSON.stringify(options)}: ${fault}`);
  } finally {
    await visited.close();
  }
}

test("every kind of page is accessible and fits, narrow and wide, light and dark, with and without scripts", async () => {
  const faults = [];
  for (const page of sample(pages)) {
    for (const width of [320, 1280]) {
      for (const dark of [false, true]) {
        for (const scripts of [true, false]) {
          const base = scripts === dark ? places().server : places().disk;
          faults.push(...await faultsOf(base + page.path, { width, dark, scripts }, accessibility, overflow));
        }
      }
    }
  }
  assert.deepEqual(faults, []);
});

test("every page loads from disk and under a sub-path without an error, a blocked or a foreign request", async () => {
  const faults = [];
  for (const page of pages) {
    for (const base of Object.values(places())) faults.push(...await faultsOf(base + page.path, {}));
  }
  assert.deepEqual(faults, []);
});

test("the first Tab stop leads to the content, and the words are printed", async () => {
  const faults = [];
  for (const page of sample(pages)) faults.push(...await faultsOf(places().disk + page.path, {}, print, skipLink));
  assert.deepEqual(faults, []);
});

test("every link inside the site leads to a page and an anchor that are there", async () => {
  const known = new Set(pagesOf(site()).map(page => page.path));
  const faults = [];
  const anchors = new Map();
  const wanted = [];
  for (const page of pages) {
    const { page: open, close } = await visit(browser, places().disk + page.path, { scripts: false });
    anchors.set(page.path, new Set(await open.evaluate(() => [...document.querySelectorAll("[id]")].map(one => one.id))));
    const links = await open.evaluate(() => [...document.links].map(link => link.href));
    await close();
    for (const link of links.filter(link => link.startsWith(places().disk))) wanted.push([page.path, link.slice(places().disk.length)]);
  }
  for (const [from, link] of wanted) {
    const [path, anchor] = link.split("#").map(decodeURIComponent);
    if (path.endsWith(".html") && !known.has(path)) faults.push(`${from}: no ${path}`);
    else if (anchor && anchors.has(path) && !anchors.get(path).has(anchor)) faults.push(`${from}: no #${anchor} in ${path}`);
  }
  assert.deepEqual(faults, []);
});

test("the version switch keeps the page", async () => {
  const versions = versionsOf(pages);
  assert.ok(versions.length >= 2, `two versions are needed: ${versions}`);
  const inside = version => new Set(pages.filter(page => page.version === version).map(page => page.inside));
  const [older, newer] = versions.slice(-2);
  const shared = [...inside(older)].filter(path => inside(newer).has(path) && path.includes("/"));
  assert.ok(shared.length, "no page is in both versions");
  for (const base of Object.values(places())) {
    const target = `${base}${newer}/${shared[0]}`;
    const { page, close } = await visit(browser, `${base}${older}/${shared[0]}`);
    const offered = await page.evaluate(target => [...document.links].some(link => link.href.split("#")[0] === target)
      || [...document.querySelectorAll("option")].some(option => new URL(option.value, document.baseURI).href === target), target);
    await close();
    assert.ok(offered, `${older}/${shared[0]} does not offer itself in ${newer}`);
  }
});

test("the search finds an id, goes to its page, and says so when nothing is found", async () => {
  for (const base of Object.values(places())) {
    const version = versionsOf(pages).at(-1);
    const start = pages.find(page => page.version === version);
    const { page, faults, close } = await visit(browser, base + start.path);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "search-input");
    const id = process.env.SEARCH_ID ?? "RB-001";
    await page.keyboard.type(id);
    await page.waitForSelector("#search-results a");
    const first = page.locator("#search-results a").first();
    assert.match(await first.textContent(), new RegExp(`^${id} `));
    assert.match(decodeURIComponent(page.url()), new RegExp(`#q=${id}$`));
    await page.keyboard.press("Enter");
    await page.waitForURL(url => url.pathname !== new URL(base + start.path).pathname);
    assert.match(await page.locator("main").textContent(), new RegExp(id));
    await page.goto(base + start.path + "#q=zzzzqqqq");
    await page.waitForSelector("#search-results li");
    assert.match(await page.locator("#search-results").textContent(), /Nothing matches “zzzzqqqq”.*Contents/);
    assert.deepEqual(faults, []);
    await close();
  }
});

test("no hostile page runs a script, with the policy or without it", async () => {
  const faults = [];
  const base = pathToFileURL(join(work, "hostile-site")).href + "/";
  for (const page of hostilePages) {
    for (const bypassCSP of [false, true]) faults.push(...await faultsOf(base + page.path, { bypassCSP }, hostility));
  }
  assert.deepEqual(faults, []);
});

test("a hostile query and hostile titles stay words in the search", async () => {
  const start = hostilePages.find(page => page.version) ?? hostilePages[0];
  for (const query of ["<img src=x onerror=window.__pwned=1>", "word", "script", "</script>", "constructor", "__proto__"]) {
    const url = pathToFileURL(join(work, "hostile-site", start.path)).href + "#q=" + encodeURIComponent(query);
    const { page, faults, close } = await visit(browser, url, { bypassCSP: true });
    await page.waitForSelector("#search-results li");
    assert.deepEqual([...faults, ...await hostility(page)], []);
    assert.equal(await page.locator("#search-results").locator("img, script, svg").count(), 0);
    await close();
  }
});
