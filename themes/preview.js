// The live preview in the browser; added by the server only, never part of a published site.
// Fetches the page again after a change and alters only what differs, so that scroll position, focus, open parts and
// what was typed or ticked stay. Says "readymark:updated" on the document afterwards.
(() => {
  "use strict";

  const own = document.currentScript;
  let base = own.getAttribute("src").replace(/preview\.js$/, "");
  let etag = own.dataset.etag;
  let source = null;
  let timer = 0;
  let delay = 500;
  let work = Promise.resolve();
  const seen = new Map();

  // The pages allow text to become HTML through a named policy only; a parsed page runs nothing.
  const policy = window.trustedTypes?.createPolicy("readymark-preview", {
    createHTML: (text) => text,
    createScriptURL: (address) => address,
  });
  const trusted = (text) => policy ? policy.createHTML(text) : text;

  const regions = "header, nav, main, aside, footer";
  // What the site's own scripts fill; a page as it is sent has nothing there.
  const built = "[data-built]";
  const siteScripts = (page) =>
    [...page.querySelectorAll("script[src]:not([data-preview])")].map((script) => script.getAttribute("src").replace(/\?.*$/, "")).join("\n");

  // --- Altering the page ---

  const nameOf = (node) => node.nodeType === 1 ? node.nodeName + "#" + node.id : node.nodeName;

  function morph(live, next) {
    if (live.nodeType !== 1) {
      if (live.nodeValue !== next.nodeValue) live.nodeValue = next.nodeValue;
      return;
    }
    for (const { name, value } of next.attributes) {
      if (live.getAttribute(name) !== value && !isReaders(live, name)) live.setAttribute(name, value);
    }
    for (const { name } of [...live.attributes]) {
      if (!next.hasAttribute(name) && !isReaders(live, name)) live.removeAttribute(name);
    }
    if (!live.matches(built)) morphChildren(live, next);
  }

  // Whether a part is open is the reader's choice; what was typed or ticked is kept by the browser itself.
  function isReaders(element, name) {
    return name === "open" && /^(DETAILS|DIALOG)$/.test(element.nodeName);
  }

  function morphChildren(live, next) {
    let at = live.firstChild;
    for (const [index, child] of [...next.childNodes].entries()) {
      const match = find(at, child, next.childNodes, index);
      if (!match) {
        live.insertBefore(document.importNode(child, true), at);
        continue;
      }
      while (at !== match) at = remove(at);
      if (!match.isEqualNode(child)) morph(match, child);
      at = match.nextSibling;
    }
    while (at) at = remove(at);
  }

  function remove(node) {
    const after = node.nextSibling;
    node.remove();
    return after;
  }

  // The old node that becomes `child`: an equal one further on, else one of the same name that no later child equals.
  function find(at, child, children, index) {
    for (let node = at, steps = 0; node && steps < 40; node = node.nextSibling, steps += 1) {
      if (node.isEqualNode(child) && (steps === 0 || node.nodeType === 1)) return node;
      if (child.id && node.id === child.id) return node;
    }
    if (!at || nameOf(at) !== nameOf(child)) return null;
    for (let later = index + 1; later < Math.min(children.length, index + 40); later += 1) {
      if (children[later].nodeType === 1 && children[later].isEqualNode(at)) return null;
    }
    return at;
  }

  const outermost = (page) => [...page.querySelectorAll(regions)].filter((part) => !part.parentElement.closest(regions + ", " + built));

  function update(next) {
    const [live, fresh] = [outermost(document), outermost(next)];
    const sameShape = live.length === fresh.length && live.every((part, n) => part.nodeName === fresh[n].nodeName);
    if (!sameShape || !document.querySelector("main") || siteScripts(document) !== siteScripts(next)) {
      location.reload();
      return;
    }
    const anchor = document.elementFromPoint(innerWidth / 2, innerHeight / 3);
    const top = anchor && anchor.getBoundingClientRect().top;
    const focused = document.activeElement;
    document.title = next.title;
    live.forEach((part, n) => morph(part, fresh[n]));
    if (anchor && anchor.isConnected && scrollY > 0) scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
    if (focused && focused.id && !focused.isConnected) document.getElementById(focused.id)?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("readymark:updated"));
  }

  // --- Fetching ---

  async function refresh() {
    const reply = await fetch(location.pathname, { cache: "no-store", headers: { "If-None-Match": `"${etag}"` } });
    if (reply.status !== 304) {
      const next = new DOMParser().parseFromString(trusted(await reply.text()), "text/html");
      const script = next.querySelector("script[data-preview]");
      if (script) {
        base = script.getAttribute("src").replace(/preview\.js$/, "");
        if (script.dataset.etag !== etag) update(next);
        etag = script.dataset.etag;
      }
    }
    await refreshAssets();
  }

  // Style sheets, images and scripts that hold facts are fetched again when their bytes changed; for a script that does
  // something the page starts anew.
  async function refreshAssets() {
    const chosen = "link[rel~=stylesheet]:not([data-preview]), img[src], script[src]:not([data-preview])";
    for (const element of document.querySelectorAll(chosen)) {
      const attribute = element.nodeName === "LINK" ? "href" : "src";
      const address = new URL(element.getAttribute(attribute), location.href);
      if (address.origin !== location.origin) continue;
      address.search = "";
      const reply = await fetch(address, { method: "HEAD", cache: "no-store" });
      const tag = reply.headers.get("ETag");
      const known = seen.get(address.href);
      seen.set(address.href, tag);
      if (!known || known === tag) continue;
      if (element.nodeName === "SCRIPT" && !("facts" in element.dataset)) {
        location.reload();
        return;
      }
      address.search = "?" + encodeURIComponent(tag);
      if (element.nodeName === "IMG") element.src = address.href;
      else if (element.nodeName === "SCRIPT") replaceFacts(element, address.href);
      else replaceSheet(element, address.href);
    }
  }

  function replaceFacts(old, address) {
    const script = document.createElement("script");
    script.dataset.facts = "";
    script.src = policy ? policy.createScriptURL(address) : address;
    script.addEventListener("load", () => document.dispatchEvent(new CustomEvent("readymark:updated")));
    old.replaceWith(script);
  }

  // The old sheet goes when the new one is there, so that the page is never without style.
  function replaceSheet(old, address) {
    const sheet = old.cloneNode();
    sheet.href = address;
    sheet.addEventListener("load", () => old.remove());
    sheet.addEventListener("error", () => sheet.remove());
    old.after(sheet);
  }

  // --- The overlay ---

  const overlay = () => document.querySelector(".readymark-overlay");

  function make(tag, text, parent) {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    return element;
  }

  function show(problems) {
    overlay()?.remove();
    const box = document.createElement("section");
    box.className = "readymark-overlay";
    box.setAttribute("role", "alert");
    make("h2", "The site could not be built; this is the last good one", box);
    for (const problem of problems) {
      const line = make("p", "", box);
      if (problem.place) make("code", problem.place, line);
      line.append(problem.place ? ": " : "", problem.message);
      if (problem.frame) make("pre", problem.frame, box);
      if (problem.hint) make("p", "Next step: " + problem.hint, box);
    }
    document.body.append(box);
  }

  // --- The stream ---

  function receive(message) {
    const event = JSON.parse(message.data);
    if (event.event === "failed") {
      show(event.problems);
      return;
    }
    overlay()?.remove();
    work = work.then(refresh).catch(retry);
  }

  function connect() {
    if (document.hidden || source) return;
    source = new EventSource(base + "events");
    source.onopen = () => {
      delay = 500;
      overlay()?.remove();
      work = work.then(refresh).catch(retry);
    };
    source.onmessage = receive;
    source.onerror = retry;
  }

  function disconnect() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  // After a restart the stream has a new address; the page itself tells it.
  function retry() {
    disconnect();
    if (document.hidden) return;
    timer = setTimeout(() => {
      work = work.then(refresh).then(connect, retry);
    }, delay);
    delay = Math.min(delay * 2, 8000);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      disconnect();
      return;
    }
    delay = 500;
    work = work.then(refresh).then(connect, retry);
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);

  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = base + "preview.css";
  style.dataset.preview = "";
  document.head.append(style);
  connect();
})();
