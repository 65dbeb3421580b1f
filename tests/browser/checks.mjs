// What a page must be like, each check by itself. A check returns a list of faults in words; an empty list is good.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";
import { chromium } from "playwright-core";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Starts the browser that the machine has.
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

// Opens a page in a context of its own and notes all that goes wrong while it is open. Without `scripts` the page loads
// with scripts off; they are on again afterwards, for the checks only.
export async function visit(browser, url, { width = 1280, dark = false, scripts = true, bypassCSP = false, now = null } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    bypassCSP,
  });
  const page = await context.newPage();
  if (now) await page.clock.setFixedTime(new Date(now));
  const faults = [];
  page.on("console", message => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", error => faults.push(`script: ${error.message}`));
  page.on("requestfailed", request => faults.push(`failed: ${request.url()}`));
  page.on("request", request => {
    if (!isOwn(request.url(), url)) faults.push(`foreign request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", event =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setScriptExecutionDisabled", { value: !scripts });
  await page.goto(url, { waitUntil: "load" });
  await session.send("Emulation.setScriptExecutionDisabled", { value: false });
  return { page, faults, close: () => context.close() };
}

// Tells whether a request stays where the page is: the same folder tree on disk, or the same host.
function isOwn(request, page) {
  const [to, from] = [new URL(request), new URL(page)];
  if (to.protocol === "data:" || to.protocol === "blob:") return true;
  return to.protocol === from.protocol && to.host === from.host;
}

// Accessibility rules of WCAG 2.0 to 2.2 A and AA, and the usual practice.
export async function accessibility(page) {
  await page.evaluate(AXE);
  const result = await page.evaluate(tags =>
    globalThis.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false }), TAGS);
  return result.violations.map(violation =>
    `axe ${violation.id}: ${violation.nodes.slice(0, 5).map(where).join(" | ")}`);
}

// Names a node and says what is wrong with it.
function where(node) {
  return `${node.target.join(" ")} (${node.failureSummary.split("\n")[1].trim()})`;
}

// Nothing is wider than the window.
export async function overflow(page) {
  const { wide, width } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    width: document.documentElement.clientWidth,
  }));
  return wide > width ? [`overflow: ${wide} in ${width}`] : [];
}

// The first Tab stop leads past the navigation, to a place that is there.
export async function skipLink(page) {
  await page.keyboard.press("Tab");
  return page.evaluate(() => {
    const link = document.activeElement;
    if (!link?.matches("a.skip")) return [`first Tab stop: ${link?.outerHTML.slice(0, 80)}`];
    const box = link.getBoundingClientRect();
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return [
      ...(box.width > 1 && box.top >= 0 ? [] : ["skip link cannot be seen when it has the focus"]),
      ...(target?.closest("main") || target?.querySelector("main") ? [] : [`skip link leads nowhere: ${link.hash}`]),
    ];
  });
}

// The printed page has the words of the page: enough glyphs, and all letters of the title among them.
export async function print(page) {
  const wanted = await page.evaluate(() => ({
    title: [...document.querySelector("h1")?.childNodes ?? []].filter(part => !part.matches?.(".anchor")).map(part => part.textContent).join(""),
    length: document.querySelector("main")?.innerText.replace(/\s/g, "").length ?? 0,
  }));
  const { glyphs, letters } = pdfText(await page.pdf());
  const missing = [...new Set(wanted.title.replace(/\s/g, ""))].filter(letter => !letters.has(letter));
  return [
    ...(glyphs >= wanted.length * 0.5 && wanted.length > 0 ? [] : [`print: ${glyphs} glyphs for ${wanted.length} letters`]),
    ...(missing.length ? [`print: no ${missing.join("")}`] : []),
  ];
}

// Counts glyphs and collects letters of a PDF: glyph strings of the pages, letters of the fonts' Unicode maps.
function pdfText(pdf) {
  const letters = new Set();
  let glyphs = 0;
  for (const stream of streams(pdf)) {
    for (const [shown] of stream.matchAll(/<([0-9A-Fa-f]+)>\s*Tj|\[[^\]]*\]\s*TJ/g)) {
      for (const [, codes] of shown.matchAll(/<([0-9A-Fa-f]+)>/g)) glyphs += codes.length / 4;
    }
    for (const [, block] of stream.matchAll(/beginbfchar(.*?)endbfchar/gs)) {
      for (const [, to] of block.matchAll(/<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>/g)) letters.add(utf16(to));
    }
    for (const [, block] of stream.matchAll(/beginbfrange(.*?)endbfrange/gs)) {
      for (const [, from, to, first] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
        const count = parseInt(to, 16) - parseInt(from, 16);
        for (let at = 0; at <= count; at++) letters.add(String.fromCodePoint(parseInt(first, 16) + at));
      }
    }
  }
  return { glyphs, letters: new Set([...letters].flatMap(text => [...text])) };
}

function utf16(hex) {
  return Buffer.from(hex, "hex").swap16().toString("utf16le");
}

// The unpacked streams of a PDF, as text.
function* streams(pdf) {
  let at = 0;
  while ((at = pdf.indexOf("stream\n", at)) >= 0) {
    const start = at + 7;
    const end = pdf.indexOf("endstream", start);
    if (pdf.subarray(at - 3, at).toString() !== "end") {
      try {
        yield inflateSync(pdf.subarray(start, end)).toString("latin1");
      } catch {
        // a picture or a font that is packed in another way
      }
    }
    at = end + 9;
  }
}

// Does to a page what readers do and what attackers hope for, then tells whether a script of the page's author ran.
export async function hostility(page) {
  await page.evaluate(() => {
    for (const element of document.body.querySelectorAll("*")) {
      for (const name of ["mouseover", "mouseenter", "focus", "pointerdown", "toggle", "animationend", "wheel"]) {
        element.dispatchEvent(new Event(name, { bubbles: false }));
      }
    }
    for (const link of document.querySelectorAll("main a[href], main area[href]")) {
      if (!["http:", "https:", "file:", "mailto:", "tel:"].includes(link.protocol)) link.click();
    }
  });
  await page.waitForTimeout(50);
  return page.evaluate(() => {
    const faults = window.__pwned === undefined ? [] : [`ran: ${window.__pwned}`];
    const inside = document.querySelector("main") ?? document.body;
    const forbidden = "script, iframe, frame, object, embed, applet, base, meta, link, style, form, math, template, svg script, foreignObject, animate, set";
    for (const element of inside.querySelectorAll(forbidden)) faults.push(`element: ${element.outerHTML.slice(0, 80)}`);
    for (const element of inside.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (/^on|^(srcdoc|formaction|style|action|ping)$/i.test(name)) faults.push(`attribute: ${name}=${value.slice(0, 60)}`);
        if (/^(href|src|xlink:href|poster|background|cite|data)$/i.test(name) && !allowed(value)) faults.push(`address: ${name}=${value.slice(0, 60)}`);
      }
    }
    for (const name of ["body", "head", "forms", "cookie", "location", "documentElement", "getElementById", "querySelector"]) {
      if (Object.hasOwn(document, name) && name !== "location") faults.push(`clobbered: document.${name}`);
      if (document[name] instanceof Element && !["body", "head", "documentElement"].includes(name)) faults.push(`clobbered: ${name}`);
    }
    return faults;
    function allowed(value) {
      // Scripts of the theme write whole addresses; those below the site's own root are as good as relative ones.
      if (value.startsWith(new URL(document.documentElement.dataset.top || ".", location.href).href)) return true;
      const scheme = new URL(value, document.baseURI).protocol;
      return ["http:", "https:", "mailto:", "tel:", location.protocol].includes(scheme) && !/^\s*file:/i.test(value);
    }
  });
}
