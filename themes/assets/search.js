// Search in the browser, without a server. Reads the script files that src/search writes (the format is described
// there), cuts queries into terms as src/search/tokens.rs does, and shows hits below #search-input.
(() => {
  "use strict";

  const input = document.getElementById("search-input");
  const list = document.getElementById("search-results");
  if (!input || !list || !document.currentScript) return;

  const root = new URL("../", document.currentScript.src);
  const PAGE = 20;
  const OWN_ID = 15;
  const LONGEST = 24;
  const DEEPEST = 12;
  // How much more a match counts in a document that somebody in trouble needs.
  const FIRST = 1.5;
  const PARTS = 12;
  // Scripts that put no spaces between words.
  const SCRIPTS = "\\u0E00-\\u0EFF\\u1000-\\u109F\\u1780-\\u17FF\\u3005-\\u3007\\u3040-\\u30FF\\u31F0-\\u31FF" +
    "\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uF900-\\uFAFF\\u{20000}-\\u{3FFFF}";
  const PIECES = new RegExp("[" + SCRIPTS + "]+|[^" + SCRIPTS + "]+", "gu");
  const DENSE = new RegExp("^[" + SCRIPTS + "]", "u");
  const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

  // ---- files ----

  const asked = new Map(); // name -> { promise, done }
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("readymark-search", { createScriptURL: url => url })
    : null;

  window.readymarkSearch = (name, data) => {
    const entry = asked.get(name);
    if (entry) entry.done(data);
  };

  // Loads one file; null when it cannot be loaded. A file that failed is asked for again the next time.
  function load(name) {
    if (asked.has(name)) return asked.get(name).promise;
    const entry = {};
    entry.promise = new Promise(resolve => {
      const script = document.createElement("script");
      const url = new URL("search/" + name + ".js", root).href;
      entry.done = resolve;
      script.onerror = () => {
        asked.delete(name);
        resolve(null);
      };
      script.src = policy ? policy.createScriptURL(url) : url;
      document.head.appendChild(script);
    });
    asked.set(name, entry);
    return entry.promise;
  }

  function numbers(text) {
    const out = [];
    let value = 0;
    let scale = 1;
    for (let at = 0; at < text.length; at++) {
      const digit = DIGITS.indexOf(text[at]);
      value += (digit & 31) * scale;
      scale *= 32;
      if (digit < 32) {
        out.push(value);
        value = 0;
        scale = 1;
      }
    }
    return out;
  }

  // ---- terms ----

  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ς/g, "σ").normalize("NFC");
  }

  // The terms of a query; all must match.
  function words(query) {
    const terms = new Set();
    for (const run of fold(query).match(/[\p{Alphabetic}\p{N}-]+/gu) || []) {
      for (const piece of run.match(PIECES)) {
        (DENSE.test(piece) ? pairs(Array.from(piece)) : joined(piece)).forEach(term => terms.add(term));
      }
    }
    return Array.from(terms);
  }

  function pairs(characters) {
    if (characters.length === 1) return characters;
    return characters.slice(1).map((character, at) => characters[at] + character);
  }

  // An id is looked for whole; other words with hyphens in parts.
  function joined(text) {
    const whole = text.replace(/^-+|-+$/g, "");
    if (/-/.test(whole) && /[0-9]/.test(whole) && Array.from(whole).length <= LONGEST) return [whole];
    return whole.split("-").map(part => Array.from(part))
      .filter(part => part.length > 1)
      .map(part => part.slice(0, LONGEST).join(""));
  }

  // The parts of words that are written as one, as the index cuts them: whole -> parts.
  function humps(query) {
    const found = new Map();
    for (const run of query.match(/[\p{Alphabetic}\p{N}]+/gu) || []) {
      const parts = run.match(/\p{Lu}*[^\p{Lu}]+|\p{Lu}+/gu).flatMap(hump);
      if (parts.length > 1) words(run).forEach(whole => found.set(whole, words(parts.join(" "))));
    }
    return found;
  }

  // `HTTPServer` is two: the last of several capitals goes with the small letters.
  function hump(part) {
    const [, capitals, rest] = part.match(/^(\p{Lu}*)(\p{Lu}\p{Ll}.*)$/u) || [];
    return capitals ? [capitals, rest] : [part];
  }

  // A query of several words written as one, as names are in the index.
  function joint(query) {
    return Array.from(fold(query).replace(/[^\p{Alphabetic}\p{N}]+/gu, "")).slice(0, LONGEST).join("");
  }

  function key(term, length) {
    const characters = Array.from(term);
    if (/^[a-z0-9]/.test(term)) return characters.slice(0, length).join("").replace(/[^a-z0-9]/g, "_");
    const code = term.codePointAt(0);
    return "_" + (code >> 7).toString(16) + (length < 3 ? "" : "-" + code.toString(16));
  }

  // ---- the index ----

  let index = null;

  async function open() {
    if (index) return index;
    const data = await load("index");
    if (!data || data.format !== 2) return null;
    const facts = window.readymarkVersion || {};
    const version = data.versions.indexOf(facts.version);
    data.keys = data.shards.split(" ").filter(Boolean);
    data.known = version >= 0;
    data.current = Math.max(version, 0);
    data.pack = facts.pack;
    data.before = runs(data.first, data.documents);
    data.here = runs(await load("v-" + data.current) || "", data.documents);
    index = data;
    return index;
  }

  function runs(text, count) {
    const here = new Uint8Array(count);
    let at = 0;
    const list = numbers(text);
    for (let i = 0; i + 1 < list.length; i += 2) {
      at += list[i];
      here.fill(1, at, at + list[i + 1]);
      at += list[i + 1];
    }
    return here;
  }

  // The terms of a shard: a map from term to its postings as text.
  async function shard(name) {
    const data = await load("t-" + name);
    const parts = (data || "").split(" ");
    const terms = new Map();
    for (let at = 0; at + 1 < parts.length; at += 2) terms.set(parts[at], parts[at + 1]);
    return terms;
  }

  // The terms that may start with `term`: those of the longest key that leads to it and, where that shard was split,
  // of the first parts; the next letter tells the others.
  async function shardOf(term) {
    const whole = key(term, DEEPEST);
    const leads = index.keys.filter(name => whole.startsWith(name)).sort((a, b) => b.length - a.length).slice(0, 1);
    const parts = index.keys.filter(name => name.startsWith(whole) && name !== whole).slice(0, PARTS);
    const shards = await Promise.all(leads.concat(parts).map(shard));
    return new Map(shards.flatMap(terms => Array.from(terms)));
  }

  // Adds a term's documents to `found`: number -> { score, section, id }. `id` is 2 for the document's whole id and 1
  // for the start of it, where the query reads like an id.
  function collect(found, postings, factor, idLike) {
    const list = numbers(postings);
    const rarity = Math.log(1 + index.documents / (list.length / 2));
    let number = 0;
    for (let at = 0; at + 1 < list.length; at += 2) {
      number += list[at];
      const impact = list[at + 1] % 16;
      const id = impact !== OWN_ID ? 0 : factor === 1 ? 2 : idLike ? 1 : 0;
      const hit = { score: (1 + impact) * rarity * factor, section: Math.floor(list[at + 1] / 16), id };
      const before = found.get(number);
      if (!before || id > before.id || (id === before.id && hit.score > before.score)) found.set(number, hit);
    }
  }

  // The documents of one term: itself, and what it is the start of.
  async function lookup(term) {
    const found = new Map();
    (await shardOf(term)).forEach((postings, other) => {
      if (other === term) collect(found, postings, 1);
      else if (other.startsWith(term)) collect(found, postings, 0.5, /[0-9-]/.test(term));
    });
    return found;
  }

  // The documents of terms that are one edit away. A first letter that is wrong or missing is not looked for.
  async function near(term) {
    const starts = [term, term[1] + term[0] + term.slice(2), term.slice(1), term[0] + term.slice(2)];
    const found = new Map();
    const spellings = new Set();
    for (const terms of await Promise.all(starts.map(shardOf))) {
      terms.forEach((postings, other) => {
        if (spellings.has(other) || !oneEdit(term, other)) return;
        spellings.add(other);
        collect(found, postings, 0.5);
      });
    }
    return { found, spellings: Array.from(spellings).sort() };
  }

  // Tells whether one character was added, left out, changed, or swapped with its neighbour.
  function oneEdit(one, other) {
    if (Math.abs(one.length - other.length) > 1) return false;
    let start = 0;
    while (start < one.length && one[start] === other[start]) start++;
    let end = 0;
    while (end < Math.min(one.length, other.length) - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
    const a = one.slice(start, one.length - end);
    const b = other.slice(start, other.length - end);
    return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b === a[1] + a[0]);
  }

  // ---- queries ----

  // The documents of a term: those that hold it, then those that hold its parts.
  async function meant(term, parts) {
    const found = await lookup(term);
    if (!parts || !parts.length) return found;
    const sets = await Promise.all(parts.map(lookup));
    rank(sets).forEach(hit => {
      if (!found.has(hit.document)) found.set(hit.document, { score: hit.score / sets.length, section: hit.section, id: 0 });
    });
    return found;
  }

  // The documents whose name the query is, however its words are joined.
  async function named(query) {
    const name = joint(query);
    const found = new Map();
    const postings = name.length > 1 && (await shardOf(name)).get(name);
    if (postings) collect(found, postings, 1);
    found.forEach((hit, document) => { if (hit.id < 2) found.delete(document); });
    return found;
  }

  // Documents that hold every term, best first, and the spellings that stand in for terms that nothing holds.
  async function find(query, terms) {
    const parts = humps(query);
    const sets = await Promise.all(terms.map(term => meant(term, parts.get(term))));
    (await named(query)).forEach((hit, document) => sets.forEach(set => set.set(document, hit)));
    if (sets.every(set => set.size)) return { hits: rank(sets), instead: [] };
    let instead = [];
    for (let at = 0; at < terms.length; at++) {
      if (sets[at].size || terms[at].length < 4) continue;
      const { found, spellings } = await near(terms[at]);
      sets[at] = found;
      instead = instead.concat(spellings);
    }
    return { hits: rank(sets), instead };
  }

  function rank(sets) {
    if (!sets.length) return [];
    const smallest = sets.slice().sort((a, b) => a.size - b.size)[0];
    const hits = [];
    smallest.forEach((_, document) => {
      const parts = sets.map(set => set.get(document));
      if (parts.some(part => !part)) return;
      const strongest = parts.find(part => part.id > 1) || parts.reduce((a, b) => b.section && b.score > (a.section ? a.score : 0) ? b : a);
      hits.push({
        document,
        score: parts.reduce((sum, part) => sum + part.score, 0) * (index.before[document] ? FIRST : 1),
        section: strongest.section,
        id: Math.max(...parts.map(part => part.id)),
        here: index.here[document] === 1,
        near: packOf(document) === index.pack
      });
    });
    return hits.sort((a, b) =>
      b.id - a.id || b.here - a.here || b.near - a.near || b.score - a.score || a.document - b.document);
  }

  function packOf(document) {
    let slug = "";
    index.packs.every(pack => {
      if (pack[1] <= document) slug = pack[0];
      return pack[1] <= document;
    });
    return slug;
  }

  // ---- what is shown ----

  let turn = 0;

  async function show(query, limit) {
    const mine = ++turn;
    const terms = words(query);
    if (!terms.length) return list.replaceChildren();
    const found = await open();
    const result = found && await find(query, terms);
    const entries = found && await cards(result.hits.slice(0, limit), terms);
    if (mine !== turn) return; // the reader has typed on
    list.replaceChildren();
    if (found) render(query, terms, result, entries, limit);
    else say("The search files could not be read. Look in the ", true);
  }

  // Tells whether the query is the title, word for word.
  function isTitle(card, terms) {
    return words(card[1]).join(" ") === terms.join(" ");
  }

  // Hits with what is shown of their documents; of equals those whose title was asked for come first.
  async function cards(hits, terms) {
    const entries = await Promise.all(hits.map(async hit => {
      const block = await load("d-" + Math.floor(hit.document / index.block));
      return { hit, card: block && block[hit.document % index.block] };
    }));
    const order = entry => [entry.hit.id, entry.hit.here, entry.hit.near, isTitle(entry.card, terms)].map(Number);
    const difference = (a, b) => order(b).map((value, at) => value - order(a)[at]).find(Boolean) || 0;
    return entries.filter(entry => entry.card).sort(difference);
  }

  function render(query, terms, result, entries, limit) {
    if (!entries.length) return say("Nothing matches “" + query.trim() + "”. Fewer or other words may help, or look in the ", true);
    if (result.instead.length) say("Nothing matches “" + query.trim() + "” as written. Shown instead: " + result.instead.join(", "), false);
    const seen = new Set();
    entries.forEach(entry => {
      const name = JSON.stringify([entry.card[5], entry.card[0] || entry.card[6][0][0]]);
      if (seen.has(name)) return; // an older text of a document that is already listed
      seen.add(name);
      list.append(item(entry.hit, entry.card, terms, seen.size === 1));
    });
    if (result.hits.length > limit) {
      const more = make("button", "search-more", "Show more");
      more.type = "button";
      more.addEventListener("click", () => show(query, limit + PAGE).then(focusLast));
      list.append(wrap(make("li", "search-note"), more));
    }
  }

  function item(hit, card, terms, opens) {
    const place = placeOf(hit, card[6]);
    const address = [card[5], index.versions[place.version], place.route].filter(Boolean).join("/");
    const url = new URL(address.split("/").map(encodeURIComponent).join("/"), root).href;
    const row = make("li", "search-hit");
    const heading = headingOf(hit, card[7], terms);
    const isNamed = hit.id && hit.section;
    const isThere = heading && matching(heading[0], terms) === terms.length && matching(card[1], terms) < terms.length;
    const link = make("a", "search-title", (card[0] ? card[0] + " " : "") + card[1]);
    link.href = isNamed || isThere ? url + "#" + encodeURIComponent(heading[1]) : url;
    row.append(link);
    if (opens) {
      row.classList.add("search-opens");
      row.append(make("span", "search-key", "Enter opens this"));
    }
    const facts = [card[2], card[3]].filter(Boolean);
    if (index.known && !hit.here) facts.push("in version " + index.versions[place.version]);
    if (card[5] && card[5] !== index.pack) facts.push("pack " + card[5]);
    if (facts.length) row.append(make("p", "search-facts", facts.join(" · ")));
    if (card[4]) row.append(make("p", "search-summary", card[4]));
    if (heading) {
      const section = make("a", "search-section", heading[0]);
      section.href = url + "#" + encodeURIComponent(heading[1]);
      row.append(wrap(make("p", "search-where"), section));
    }
    return row;
  }

  // The version to lead to: the current one, else the newest that has the page.
  function placeOf(hit, routes) {
    let best = { version: Infinity, route: "" };
    routes.forEach(entry => {
      entry[1].forEach(version => {
        if (hit.here ? version === index.current : version < best.version) best = { version: version, route: entry[0] };
      });
    });
    return best;
  }

  // The heading that a name stands under, the one that holds most of the words, else the one above the first match.
  function headingOf(hit, headings, terms) {
    if (hit.id && hit.section) return headings.slice(hit.section * 2 - 2, hit.section * 2);
    let best = null;
    let most = 0;
    for (let at = 0; at + 1 < headings.length; at += 2) {
      const count = matching(headings[at], terms);
      if (count > most) {
        most = count;
        best = [headings[at], headings[at + 1]];
      }
    }
    if (best || !hit.section) return best;
    const above = hit.section * 2 - 2;
    return above + 1 < headings.length ? [headings[above], headings[above + 1]] : null;
  }

  // Counts the terms that start a word, or a part of one, in a text.
  function matching(text, terms) {
    const own = words(text).concat(...humps(text).values());
    return terms.filter(term => own.some(word => word.startsWith(term))).length;
  }

  function say(text, contents) {
    const row = make("li", "search-note", text);
    const target = contents && (document.querySelector("a[rel=contents]") || document.querySelector("nav a[href]"));
    if (target) {
      const link = make("a", "", "Contents");
      link.href = target.href;
      row.append(link);
    }
    list.append(row);
  }

  function make(name, style, text) {
    const element = document.createElement(name);
    if (style) element.className = style;
    if (text) element.textContent = text;
    return element;
  }

  function wrap(outer, inner) {
    outer.append(inner);
    return outer;
  }

  // ---- keys and the address ----

  function links() {
    return Array.from(list.querySelectorAll("a.search-title, button.search-more"));
  }

  function focusLast() {
    const all = links();
    if (all.length) all[Math.max(0, all.length - PAGE - 1)].focus();
  }

  function move(event, step) {
    const all = links();
    let at = all.indexOf(document.activeElement) + step;
    event.preventDefault();
    if (at < 0) input.focus();
    else if (at < all.length) all[at].focus();
  }

  function close() {
    turn++;
    list.replaceChildren();
    input.value = "";
    remember("");
    input.focus();
  }

  // A query in the address can be shared; an anchor that is no query is left alone.
  function remember(query) {
    const isQuery = location.hash.startsWith("#q=");
    if (query) history.replaceState(null, "", "#q=" + encodeURIComponent(query));
    else if (isQuery) history.replaceState(null, "", location.pathname + location.search);
  }

  function recall() {
    if (!location.hash.startsWith("#q=")) return;
    try {
      input.value = decodeURIComponent(location.hash.slice(3));
    } catch (error) {
      return; // not an address that we wrote
    }
    show(input.value, PAGE);
    if (!input.value) input.focus(); // asked for by `/` on another page
  }

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.addEventListener("keydown", event => {
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const control = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if ((!slash && !control) || typing(event.target)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  [input, list].forEach(part => {
    part.addEventListener("keydown", event => {
      if (event.key === "ArrowDown") move(event, 1);
      else if (event.key === "ArrowUp") move(event, -1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && event.target === input && !event.isComposing) {
        event.preventDefault();
        if (links().length) links()[0].click();
      }
    });
  });

  input.addEventListener("focus", open, { once: true });
  input.addEventListener("input", () => {
    remember(input.value.trim());
    show(input.value, PAGE);
  });
  window.addEventListener("hashchange", recall);
  document.addEventListener("DOMContentLoaded", recall); // by then the version has said its name
})();
