// Checks of built sites in a browser: the example pack in all its versions, from disk and from a server under a
// sub-path, and a repository that means harm. `npm test`; README.md says what can be set.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Ajv from "ajv/dist/2020.js";
import { accessibility, hostility, openBrowser, overflow, print, skipLink, visit } from "./checks.mjs";
import { makeHostileRepository } from "./probes.mjs";
import { serve } from "./server.mjs";
import { addressesOf, build, examplePack, largestVersions, sample } from "./site.mjs";

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

// Looks at many things, a few at a time; returns all that is wrong.
async function each(things, look) {
  const waiting = [...things];
  const faults = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) faults.push(...await look(next));
  };
  await Promise.all([worker(), worker(), worker()]);
  return faults;
}

// Looks at a loaded page in each way: `[width, dark]`.
const ways = list => async page => {
  const faults = [];
  for (const [width, dark] of list) {
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    const found = [...await accessibility(page), ...await overflow(page)];
    faults.push(...found.map(fault => `${width} ${dark ? "dark" : "light"}: ${fault}`));
  }
  return faults;
};

// Each pair of narrow or wide, light or dark, with or without scripts is looked at; with ALL each of the eight ways.
test("every kind of page is accessible and fits, narrow and wide, light and dark, with and without scripts", async () => {
  const kinds = sample(pages, site());
  assert.ok(kinds.length >= 20, `only ${kinds.length} kinds of pages`);
  const every = [[320, false], [1280, false], [1280, true], [320, true]];
  const looks = kinds.flatMap(page => [
    { page, scripts: true, base: places().disk, list: process.env.ALL ? every : [[320, false], [1280, true]] },
    { page, scripts: false, base: places().server, list: process.env.ALL ? every : [[1280, false], [320, true]] },
  ]);
  assert.deepEqual(await each(looks, look => faultsOf(look.base + look.page.path, { scripts: look.scripts }, ways(look.list))), []);
});

test("every kind of page loads from disk and under a sub-path without an error, a blocked or a foreign request", async () => {
  const looks = sample(pages, site()).flatMap(page => Object.values(places()).map(base => base + page.path));
  assert.deepEqual(await each(looks, url => faultsOf(url, {})), []);
});

test("the first Tab stop leads to the content, and the words are printed", async () => {
  assert.deepEqual(await each(sample(pages, site()), page => faultsOf(places().disk + page.path, {}, print, skipLink)), []);
});

test("every link inside the site leads to a page and an anchor that are there", () => {
  const written = new Map(pages.map(page => [page.path, addressesOf(join(site(), page.path))]));
  const faults = [];
  let followed = 0;
  for (const [path, { links }] of written) {
    for (const link of links) {
      const to = new URL(link, places().disk + path);
      if (to.protocol !== "file:") continue;
      const target = decodeURIComponent(to.href.slice(places().disk.length).split(/[?#]/)[0]);
      const anchor = decodeURIComponent(to.hash.slice(1));
      followed += 1;
      if (!existsSync(join(site(), target))) faults.push(`${path}: no ${target}`);
      else if (anchor && !written.get(target)?.ids.has(anchor)) faults.push(`${path}: no #${anchor} in ${target}`);
    }
  }
  assert.ok(followed > pages.length, `${followed} links`);
  assert.deepEqual(faults, []);
});

test("the board of gates is whole without scripts, and the keyboard leads from what is missing to why", async () => {
  const board = pages.find(({ path, inside }) => inside === "gates.html" && readFileSync(join(site(), path), "utf8").includes("missing-list"));
  assert.ok(board, "no board says that something is missing");
  for (const [scripts, width] of [[false, 360], [true, 1280]]) {
    const { page, close } = await visit(browser, places().disk + board.path, { scripts });
    await page.setViewportSize({ width, height: 800 });
    const items = page.locator(".missing-list > li");
    assert.ok(await items.count() > 0);
    for (const item of await items.all()) assert.match(await item.innerText(), /next: .+: ./s);
    for (const tree of await page.locator(".missing-list .tree").all()) assert.ok(await tree.isVisible());
    const link = items.first().locator("a").first();
    const id = await link.innerText();
    await link.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/completeness\.html#/);
    assert.match(await page.locator(":target").innerText(), new RegExp(id));
    await close();
  }
});

// Follows a link, and waits until the page that it leads to is there.
async function follow(page, link) {
  const before = page.url();
  await page.click(link);
  await page.waitForURL(address => address.href !== before);
}

test("the version menu keeps the page, and the place on it", async () => {
  const [newer, older] = largestVersions(pages);
  const inside = version => new Set(pages.filter(page => page.version === version).map(page => page.inside));
  const shared = [...inside(older)].filter(path => inside(newer).has(path) && !path.startsWith("kinds/"));
  const document = shared.find(path => path.includes("/"));
  const list = shared.find(path => !path.includes("/"));
  assert.ok(document && list, "no page is in both versions");
  for (const base of Object.values(places())) {
    for (const path of [document, list]) {
      const { page, faults, close } = await visit(browser, `${base}${older}/${path}`);
      await page.selectOption("#version-menu", newer.split("/").at(-1));
      await page.waitForURL(`${base}${newer}/${path}`);
      assert.equal(await page.locator("#version-menu").inputValue(), newer.split("/").at(-1));
      assert.deepEqual(faults, []);
      await close();
    }
  }
});

test("the version menu says what is there before the click, and the list marks what changed since", async () => {
  const [newer, older] = largestVersions(pages);
  const [then, now] = [older, newer].map(version => version.split("/").at(-1));
  const inside = version => pages.filter(page => page.version === version).map(page => page.inside);
  const isRunbook = path => path.startsWith("runbooks/");
  const shared = inside(newer).find(path => isRunbook(path) && inside(older).includes(path));
  const late = inside(newer).find(path => path.startsWith("changes/") && !inside(older).includes(path));
  assert.ok(shared && late, "no page is in both versions, or none is new");
  const option = (page, slug) => page.locator(`#version-menu option[value="${slug}"]`).innerText();
  for (const base of Object.values(places())) {
    const { page, faults, close } = await visit(browser, `${base}${newer}/${late}`);
    assert.match(await option(page, then), /: not there yet$/);
    assert.doesNotMatch(await option(page, now), /: /);
    await page.selectOption("#since-menu", then);
    await page.waitForSelector(".side .since", { state: "attached" });
    assert.match(await page.locator(".side [aria-current]").textContent(), / new$/);
    await page.goto(`${base}${newer}/${shared}`);
    assert.match(await option(page, then), /: (the same|changed|renamed|renamed and changed)$/);
    await page.waitForSelector(".side .since", { state: "attached" });
    assert.deepEqual(faults, []);
    await close();
  }
});

test("without scripts the header leads to all versions, and each version says what it is", async () => {
  const [newer, older] = largestVersions(pages);
  const { page, close } = await visit(browser, `${places().server}${older}/index.html`, { scripts: false });
  const words = await page.evaluate(() => getComputedStyle(document.querySelector(".version-facts"), "::after").content);
  assert.match(words, /Version .*commit [0-9a-f]{10} .*judged as of/);
  await follow(page, ".switch a");
  await follow(page, `a[href*="${newer.split("/").at(-1)}/"]`);
  assert.equal(page.url(), `${places().server}${newer}/index.html`);
  await close();
});

test("a command is copied without prompt and output, and said to be", async () => {
  const path = pages.find(page => page.inside.startsWith("runbooks/") && page.version === largestVersions(pages)[0]).path;
  const { page, faults, close } = await visit(browser, places().server + path);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => { document.querySelector(".prose pre > code").textContent = "$ one \\\n> two\noutput\n$ three <NAME>\nmore\n"; });
  await page.locator(".copy").first().click();
  await page.waitForFunction(() => document.querySelector("main [role=status]").textContent === "Copied, fill in <NAME>");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "one \\\ntwo\nthree <NAME>");
  assert.deepEqual(faults, []);
  await close();
});

// The person on call, on a phone: from the first page to the runbook of an alert, the telephone and the way back.
test("from the first page an alert's runbook is two taps away, a telephone two more, and the way back is at hand", async () => {
  if (process.env.PACK) return;
  const { page, faults, close } = await visit(browser, places().disk + "index.html", { width: 360 });
  await follow(page, "main h2 a:text('Agent Copilot')");
  assert.ok(await page.locator("main a:has-text('rollback toggle')").count(), "no way back on the overview");
  await follow(page, "main li:has-text('CopilotLatencyHigh') a");
  assert.match(await page.locator("h1").textContent(), /The copilot is slow/);
  assert.ok(await page.locator("main a[href*='RB-002']").count(), "no way back on the runbook");
  assert.equal(await page.locator("main a[href='tel:+35315550100']").count(), 1);
  const onScreen = await page.locator(".pages a:text('Whom to call')").boundingBox();
  assert.ok(onScreen.x >= 0 && onScreen.x + onScreen.width <= 360 && onScreen.height >= 44, JSON.stringify(onScreen));
  await follow(page, ".pages a:text('Whom to call')");
  assert.ok(await page.locator(".ladder a[href^='tel:']:visible").count(), "no telephone on the ladder");
  assert.deepEqual(faults, []);
  await close();
});

test("the first thing to tap is the telephone of whoever is on call, and the page says whether anybody is", async () => {
  if (process.env.PACK) return;
  const pilot = "agent-copilot/gate-d0";
  // Hours and shifts are those of Dublin: summer time, an hour before UTC.
  const looks = [
    [pilot, "2026-05-05T09:00:00Z", "It is Tuesday 10:00 there: open now.", "+35315550143"],
    [pilot, "2026-05-09T20:30:00Z", "It is Saturday 21:30 there: closed now.", "+35315550199"],
    [pilot, "2026-05-10T12:00:00Z", "It is Sunday 13:00 there: closed now.", "+35315550199"],
    [pilot, "2026-05-10T23:30:00Z", "It is Monday 00:30 there: closed now.", "+35315550199"],
    [pilot, "2026-05-11T06:00:00Z", "It is Monday 07:00 there: open now.", "+35315550144"],
    [largestVersions(pages)[0], "2026-10-20T09:00:00Z", "It is Tuesday 10:00 there: open now.", "+35315550144"]
  ];
  for (const [version, now, words, number] of looks) for (const name of ["index", "whom-to-call"]) {
    const { page, faults, close } = await visit(browser, places().disk + version + "/" + name + ".html", { width: 360, now });
    const first = await page.locator("main a:visible").first();
    assert.equal(await first.getAttribute("href"), "tel:" + number, `${now} on ${name}`);
    assert.ok((await page.locator(".hours").textContent()).endsWith(words), now);
    assert.ok((await first.boundingBox()).y < 800, "without scrolling");
    assert.equal(await page.locator(".shifts:visible .call:visible").count(), 2, "one number for each shift of today");
    assert.deepEqual(faults, []);
    await close();
  }
});

test("the decision log shows what somebody chooses, remembers it in the address, and is whole without scripts", async () => {
  if (process.env.PACK) return;
  const [version] = largestVersions(pages);
  const log = `${places().disk}${version}/decision-log.html`;
  const { page, faults, close } = await visit(browser, log, { width: 360 });
  const rows = page.locator("tr[data-kind]:visible");
  const all = await page.locator("tr[data-kind]").count();
  const unfolded = await rows.count();
  assert.ok(unfolded > 0 && unfolded < all / 2, `${unfolded} of ${all} are unfolded`);
  await page.selectOption("select[name=who]", "Jonas Weber");
  const his = await rows.count();
  assert.ok(his > 0 && his < all, `${his} of ${all}`);
  assert.equal(await rows.filter({ hasText: "Jonas Weber" }).count(), his);
  await page.selectOption("select[name=document]", "CHG-006");
  await page.fill("input[name=words]", "PROMPT approved");
  assert.equal(await rows.count(), 1);
  assert.match(await page.locator("main [role=status]").textContent(), new RegExp(`^1 of ${all} shown$`));
  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  assert.equal(await rows.count(), 1);
  assert.equal(await page.inputValue("input[name=words]"), "PROMPT approved");
  await page.fill("input[name=words]", "zzzz");
  assert.equal(await page.locator(".month:visible").count(), 0);
  await page.fill("input[name=words]", "");
  for (const name of ["document", "who"]) await page.selectOption(`select[name=${name}]`, "");
  assert.equal(await rows.count(), unfolded, "folded again");
  for (const name of ["kind", "gate", "mark"]) {
    const select = `select[name=${name}]`;
    const value = await page.locator(`${select} option`).nth(1).getAttribute("value");
    await page.selectOption(select, value);
    const of = places => places.evaluateAll((all, name) => all.map(row => row.dataset[name].split("|")), name);
    const [shown, known] = [await of(rows), await of(page.locator("tr[data-kind]"))];
    const meant = known.filter(values => values.includes(value));
    assert.ok(meant.length > 0 && meant.length < all, `${name} ${value}: ${meant.length} of ${all}`);
    assert.deepEqual(shown, meant, `${name} ${value}`);
    await page.selectOption(select, "");
  }
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await rows.count(), all, "in print nothing is folded");
  assert.deepEqual(faults, []);
  await close();
  const plain = await visit(browser, log, { scripts: false });
  assert.equal(await plain.page.locator("tr[data-kind]:visible").count(), unfolded);
  await plain.page.locator(".month:not([open]) summary").first().click();
  assert.ok(await plain.page.locator("tr[data-kind]:visible").count() > unfolded);
  await plain.close();
});

// The published schema lets readers pass over what they do not know; what we write must be all in it.
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (!schema || typeof schema !== "object") return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return schema.properties && schema.type === "object" ? { ...inner, additionalProperties: false } : inner;
}

test("each decision log in JSON is as the published schema says, and says no more", () => {
  const read = path => JSON.parse(readFileSync(join(site(), path), "utf8"));
  const check = new Ajv({ allErrors: true, strictTypes: false }).compile(strict(read("schemas/decision-log-1.json")));
  const folders = new Set(pages.map(page => page.version));
  const logs = [...folders].map(folder => join(folder ?? "", "decision-log.json")).filter(path => existsSync(join(site(), path)));
  assert.ok(logs.length > 0);
  for (const log of logs) assert.ok(check(read(log)), `${log}: ${JSON.stringify(check.errors, null, 1)}`);
});

test("the search finds an id, goes to its page, and says so when nothing is found", async () => {
  for (const base of Object.values(places())) {
    const [version] = largestVersions(pages);
    const start = pages.find(page => page.version === version);
    const { page, faults, close } = await visit(browser, base + start.path);
    await page.keyboard.press("/");
    await page.waitForURL(`${base}${version}/search.html#q=`);
    await page.waitForFunction(() => document.activeElement.id === "search-input");
    const id = process.env.SEARCH_ID ?? "RB-001";
    await page.keyboard.type(id);
    await page.waitForSelector("#search-results a");
    const first = page.locator("#search-results a").first();
    assert.match(await first.textContent(), new RegExp(`^${id} `));
    assert.match(decodeURIComponent(page.url()), new RegExp(`#q=${id}$`));
    await page.keyboard.press("Enter");
    await page.waitForURL(url => !url.pathname.endsWith("/search.html"));
    assert.match(await page.locator("main").textContent(), new RegExp(id));
    await page.goto(`${base}${version}/search.html`);
    await page.waitForLoadState();
    await page.fill("#search-input", process.env.SEARCH_WORD ?? "slow");
    await page.waitForSelector("#search-results .search-hit a");
    assert.match(await page.locator("#search-results").textContent(), new RegExp(process.env.SEARCH_WORD ?? "slow", "i"));
    await page.goto("about:blank");
    await page.goto(`${base}${version}/search.html#q=zzzzqqqq`);
    await page.waitForSelector("#search-results li");
    assert.match(await page.locator("#search-results").textContent(), /Nothing matches “zzzzqqqq”.*Contents/);
    assert.deepEqual(faults, []);
    await close();
  }
});

// What people type when they are in a hurry, and the document that must come first.
const FIRST = {
  "RB-002": "RB-002", "rb-001": "RB-001", "CHG-006": "CHG-006", CopilotLatencyHigh: "RB-001", copilotloginfailures: "RB-003",
  rollback: "RB-002", "switch off": "RB-002", slow: "RB-001", latency: "RB-001", login: "RB-003",
  "latency high": "RB-001", LatencyHigh: "RB-001", "copilot_login_failures": "RB-003", "on call": "Whom to call",
  escalation: "SUP-1", drill: "EXR-001", "cold start": "EXR-002", "prompt chain v3": "CHG-006", baseline: "RB-006",
  "configuration baseline": "CFG-1", risks: "REG-1", español: "RB-007", cumplimiento: "RB-007"
};

// The same in the version of the day on which the pilot was decided, which has less to find.
const FIRST_AT_D0 = {
  "RB-002": "RB-002", rollback: "RB-002", slow: "RB-001", login: "RB-003", "on call": "Whom to call", "who to call": "Whom to call",
  drill: "EXR-001", waiver: "WVR-001", baseline: "CFG-1", risks: "REG-1"
};

test("the search shows first what somebody in a hurry needs, and says what Enter opens", async () => {
  if (process.env.PACK) return;
  for (const [version, firsts] of [[largestVersions(pages)[0], FIRST], ["agent-copilot/gate-d0", FIRST_AT_D0]]) {
    const { page, faults, close } = await visit(browser, `${places().disk}${version}/search.html`);
    const wrong = [];
    for (const [query, id] of Object.entries(firsts)) {
      await page.fill("#search-input", "");
      await page.waitForSelector("#search-results:empty", { state: "attached" });
      await page.fill("#search-input", query);
      const first = page.locator("#search-results .search-hit").first();
      const title = await first.locator(".search-title").textContent();
      if (!`${title} `.startsWith(`${id} `)) wrong.push(`${version}, ${query}: ${title} instead of ${id}`);
      assert.ok(await first.locator(".search-key").isVisible(), query);
    }
    assert.deepEqual([...wrong, ...faults], []);
    await close();
  }
});

// Names, roles and teams, and where on the page of people they stand.
const PEOPLE = {
  "Priya Raman": "person-priya", raman: "person-priya", jonas: "person-jonas", "ewa zielinska": "person-ewa", "amara nwosu": "person-amara", "service owner": "person-priya",
  "Change authority": "person-jonas", "cork centre": "team-cork-centre", "data office": "team-data-office"
};

test("the search leads from a name, a role or a team to the place where their number stands", async () => {
  if (process.env.PACK) return;
  for (const [query, anchor] of Object.entries(PEOPLE)) {
    const { page, faults, close } = await visit(browser, places().disk + largestVersions(pages)[0] + "/search.html#q=" + encodeURIComponent(query));
    await page.locator("#search-results .search-title").first().click();
    await page.waitForURL(url => url.pathname.endsWith("/whom-to-call.html"));
    assert.equal(new URL(page.url()).hash, "#" + anchor, query);
    assert.ok(await page.locator("#" + anchor).isVisible(), query);
    assert.deepEqual(faults, []);
    await close();
  }
});

test("no hostile page runs a script, with the policy or without it", async () => {
  const base = pathToFileURL(join(work, "hostile-site")).href + "/";
  const own = hostilePages.filter(page => !page.version.endsWith("/latest")); // the same bytes as the version it means
  const looks = own.flatMap((page, at) => [true, ...at % 5 ? [] : [false]].map(bypassCSP => [base + page.path, { bypassCSP }]));
  assert.deepEqual(await each(looks, ([url, options]) => faultsOf(url, options, hostility)), []);
});

test("a hostile query and hostile titles stay words in the search", async () => {
  const start = hostilePages.find(page => page.path.endsWith("search.html"));
  for (const query of ["<img src=x onerror=window.__pwned=1>", "word", "script", "</script>", "constructor", "__proto__"]) {
    const url = pathToFileURL(join(work, "hostile-site", start.path)).href + "#q=" + encodeURIComponent(query);
    const { page, faults, close } = await visit(browser, url, { bypassCSP: true });
    await page.waitForSelector("#search-results li");
    assert.deepEqual([...faults, ...await hostility(page)], []);
    assert.equal(await page.locator("#search-results").locator("img, script, svg").count(), 0);
    await close();
  }
});
