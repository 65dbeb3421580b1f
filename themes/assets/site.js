// Makes a page that is whole by itself nicer: side navigation, version menu, colours. Builds elements only; no HTML.
(() => {
  "use strict";

  const root = document.documentElement;
  const facts = root.dataset;
  const version = window.readymarkVersion || {};
  const versions = (window.readymarkVersions || {})[facts.pack];

  function make(name, text, style) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (style) element.className = style;
    return element;
  }

  // ---- side navigation ----

  const side = document.querySelector(".side");
  const wide = window.matchMedia("(min-width: 64rem)");
  wide.addEventListener("change", () => {
    const box = document.querySelector(".side > details");
    if (box) box.open = wide.matches;
  });

  // What a reader opened or closed stays so when the list is built again.
  function listDocuments() {
    const nav = window.readymarkNav || [];
    if (!side || !nav.length) return;
    const chosen = new Map(Array.from(side.querySelectorAll("details"), box => [box.firstChild.textContent, box.open]));
    const box = make("details");
    const list = make("nav");
    list.setAttribute("aria-label", "All documents");
    box.append(make("summary", "All documents"), list);
    box.open = chosen.get("All documents") ?? wide.matches;
    nav.forEach(group => list.append(groupOf(group, nav.length === 1, chosen.get(group.title))));
    side.replaceChildren(box);
  }

  function groupOf(group, isOnly, chosen) {
    const box = make("details");
    const items = make("ul");
    let current = false;
    group.items.forEach(entry => {
      const item = make("li", "", entry[3] ? "depth-" + Math.min(entry[3], 3) : "");
      const link = make("a", entry[0]);
      if (entry[1]) link.href = facts.up + entry[1];
      if (entry[1] && link.pathname === location.pathname) {
        link.setAttribute("aria-current", "page");
        current = true;
      }
      if (entry[2]) link.append(" ", make("span", entry[2], "tone"));
      item.append(link);
      items.append(item);
    });
    const own = group.href && new URL(facts.up + group.href, location.href).pathname === location.pathname;
    box.append(make("summary", group.title), items);
    box.open = chosen ?? (current || own || isOnly);
    return box;
  }

  listDocuments();
  document.addEventListener("readymark:updated", listDocuments);

  // ---- who is on call now ----

  const now = new Date();
  const WEEK = 7 * 24 * 60;

  // The day, the minute of the week and the words for now, in a time zone or here; null when there is no such zone.
  function clock(zone) {
    const day = { year: "numeric", month: "2-digit", day: "2-digit" };
    const time = { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    try {
      const parts = new Intl.DateTimeFormat("en-GB", { ...day, ...time, timeZone: zone || undefined }).formatToParts(now);
      const part = Object.fromEntries(parts.map(one => [one.type, one.value]));
      const at = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].indexOf(part.weekday);
      return {
        today: part.year + "-" + part.month + "-" + part.day,
        minute: at * 1440 + Number(part.hour) * 60 + Number(part.minute),
        words: part.weekday + " " + part.hour + ":" + part.minute
      };
    } catch (error) {
      return null;
    }
  }

  // Whether somebody answers now, and who does when support is closed.
  function tellHours(hours) {
    const time = clock(hours.dataset.zone);
    if (!time) return;
    const spans = hours.dataset.spans.split(" ").map(span => span.split("-").map(Number));
    const holds = minute => spans.some(span => span[0] <= minute && minute < span[1]);
    const open = holds(time.minute) || holds(time.minute + WEEK);
    hours.append(make("strong", " It is " + time.words + " there: " + (open ? "open now." : "closed now."), open ? "" : "closed"));
    const after = hours.parentElement.querySelector(".after-hours");
    if (!open && after) hours.after(after);
  }

  // Marks the shift of today, leaves out those that are over, and puts those to come behind a word.
  function tellShifts(list) {
    const box = list.closest("[data-zone]");
    const today = (clock(box && box.dataset.zone) || clock("")).today;
    const shifts = Array.from(list.children);
    const current = shifts.filter(shift => shift.dataset.from <= today && today <= shift.dataset.to);
    if (!current.length) {
      list.before(make("p", "Nobody is on the rota for today", "vacant"));
      return;
    }
    current.forEach(shift => { shift.classList.add("now"); shift.prepend(make("strong", "Today: ")); });
    shifts.filter(shift => shift.dataset.to < today).forEach(shift => { shift.hidden = true; });
    const coming = shifts.filter(shift => shift.dataset.from > today);
    if (!coming.length) return;
    const later = make("details", "", "later");
    const rest = make("ul", "", "shifts");
    told.add(rest);
    rest.append(...coming);
    later.append(make("summary", "After that"), rest);
    list.after(later);
  }

  const told = new WeakSet();

  function tellDuty() {
    const tell = (selector, each) => document.querySelectorAll(selector).forEach(part => {
      if (told.has(part)) return;
      told.add(part);
      each(part);
    });
    tell(".hours[data-spans]", tellHours);
    tell("ul.shifts", tellShifts);
  }

  tellDuty();
  document.addEventListener("readymark:updated", tellDuty);
  window.addEventListener("beforeprint", () => document.querySelectorAll(".later, .month").forEach(folded => { folded.open = true; }));

  // The header's links may be wider than the screen: show the current one.
  const here = document.querySelector(".pages [aria-current]");
  if (here) {
    const row = here.closest("ul");
    row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }

  // ---- which version this is ----

  const line = document.querySelector(".version-facts");
  if (line && version.as_of) {
    const parts = [];
    if (version.name) parts.push("Version " + version.name + " (" + version.state + ")");
    if (version.commit) parts.push("commit " + version.commit + " of " + version.date);
    parts.push("judged as of " + version.as_of);
    line.textContent = parts.join(" · ");
  }

  const ahead = document.querySelector(".ahead");
  const shown = versions && versions.versions.find(entry => entry.slug === version.version);
  if (ahead && shown) {
    const newer = versions.versions.filter(entry => entry.ahead && entry.slug !== shown.slug);
    const parts = [shown.name + " is " + shown.state];
    newer.forEach(entry => parts.push(entry.name + " holds " + entry.ahead));
    ahead.textContent = newer.length ? parts.join("; ") : "";
  }

  // ---- version menu: keeps the document, wherever it lies in the other version ----

  const slugs = versions ? versions.versions.map(entry => entry.slug).reverse() : [];
  const base = slug => facts.top + (facts.pack ? facts.pack + "/" : "") + encodeURIComponent(slug) + "/";

  // Where a document lies in each version, with its text, oldest first; nothing where it is not.
  function spread(runs) {
    let place;
    const starts = new Map(runs.map(run => [run[0], run]));
    return slugs.map(slug => {
      const run = starts.get(slug);
      if (run) place = run[1] ? { route: run[1], text: run[2] } : undefined;
      return place;
    });
  }

  // The way of this document through the versions: of several that had its name the one that lies here.
  function ownWay() {
    const ways = ((window.readymarkLineage || {})[facts.document] || []).map(spread);
    const here = slugs.indexOf(version.version);
    return ways.find(way => way[here] && way[here].route === ownRoute()) || ways.find(way => way[here]) || ways[0];
  }

  function ownRoute() {
    const folder = new URL(facts.up || "./", location.href).pathname;
    return location.pathname.slice(folder.length);
  }

  // What a reader finds in another version, in words and as an address.
  function found(way, at) {
    const here = way[slugs.indexOf(version.version)];
    const there = way[at];
    if (there) {
      const moved = here && there.route !== here.route;
      const changed = here && there.text !== here.text;
      const words = moved && changed ? "renamed and changed" : moved ? "renamed" : changed ? "changed" : "the same";
      return { words, href: base(slugs[at]) + there.route + location.hash };
    }
    const last = way.slice(0, at).reverse().find(Boolean);
    if (last) return { words: "removed", href: base(slugs[at]) + last.route };
    return { words: "not there yet", href: base(slugs[at]) + "index.html" };
  }

  const place = document.querySelector(".switch");
  if (place && versions && version.version && versions.versions.length > 1) {
    const front = place.querySelector("a").href;
    const way = facts.document ? ownWay() : null;
    const label = make("label", "Version");
    const menu = make("select");
    const leads = new Map();
    label.htmlFor = menu.id = "version-menu";
    versions.versions.forEach(entry => {
      const own = entry.slug === version.version;
      const there = way && !own ? found(way, slugs.indexOf(entry.slug)) : null;
      const option = make("option", entry.name + " (" + entry.state + ")" + (there ? ": " + there.words : ""));
      option.value = entry.slug;
      option.selected = own;
      leads.set(entry.slug, there ? there.href : facts.document ? front : base(entry.slug) + (facts.route || "index.html"));
      menu.append(option);
    });
    const all = make("option", "All versions …");
    all.value = "";
    menu.append(all);
    menu.addEventListener("change", () => { location.href = leads.get(menu.value) || front; });
    place.replaceChildren(label, menu);
  }

  // ---- what changed since another version ----

  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("readymark-site", { createScriptURL: url => url })
    : null;
  const SINCE = "readymark-since:" + facts.pack;

  // Storage may be refused; the choice holds for this page then.
  function remembered() {
    try {
      return sessionStorage.getItem(SINCE) || "";
    } catch (error) {
      return "";
    }
  }

  function remember(slug) {
    try {
      sessionStorage.setItem(SINCE, slug);
    } catch (error) {
      return;
    }
  }

  function withDocuments(done) {
    if ((window.readymarkDocuments || {})[facts.pack]) return done();
    const script = make("script");
    const url = new URL(facts.top + (facts.pack ? facts.pack + "/" : "") + "documents.js", location.href).href;
    script.src = policy ? policy.createScriptURL(url) : url;
    script.onload = done;
    document.head.append(script);
  }

  // Marks in the list of documents those that are new or say something else since a version.
  function mark(slug) {
    document.querySelectorAll(".side .since").forEach(old => old.remove());
    const [then, now] = [slugs.indexOf(slug), slugs.indexOf(version.version)];
    if (!slug || then < 0 || now < 0) return;
    const words = new Map();
    window.readymarkDocuments[facts.pack].map(spread).forEach(way => {
      if (!way[now] || (way[then] && way[then].text === way[now].text)) return;
      const path = new URL(facts.up + way[now].route, location.href).pathname;
      words.set(path, way[then] ? "changed" : "new");
    });
    document.querySelectorAll(".side li a[href]").forEach(link => {
      const word = words.get(link.pathname);
      if (word) link.append(make("span", " " + word, "since"));
    });
  }

  function offerMarks() {
    const box = document.querySelector(".side > details");
    const others = versions ? versions.versions.filter(entry => entry.slug !== version.version) : [];
    if (!box || !version.version || !others.length) return;
    const label = make("label", "Mark what changed since");
    const menu = make("select");
    label.htmlFor = menu.id = "since-menu";
    menu.append(make("option", "no version"));
    menu.firstChild.value = "";
    others.forEach(entry => {
      const option = make("option", entry.name);
      option.value = entry.slug;
      option.selected = entry.slug === remembered();
      menu.append(option);
    });
    const show = () => withDocuments(() => mark(menu.value));
    menu.addEventListener("change", () => { remember(menu.value); show(); });
    const line = make("p", "", "marks");
    line.append(label, " ", menu);
    box.firstChild.after(line);
    if (menu.value) show();
  }

  offerMarks();
  document.addEventListener("readymark:updated", offerMarks);

  // ---- what changed, from the version that is shown ----

  const since = shown && shown.since;
  if (line && since && since.length) {
    line.append(make("br"), "What changed ");
    since.forEach((one, at) => {
      const link = make("a", one[0]);
      link.href = facts.top + (facts.pack ? facts.pack + "/" : "") + one[1];
      line.append(at ? ", " : "", link);
    });
  }

  // ---- commands ----

  // The lines that a person types: after a prompt when there is one, all otherwise.
  function commands(text) {
    const lines = text.trimEnd().split("\n");
    if (!lines.some(line => line.startsWith("$ "))) return lines.join("\n");
    const typed = [];
    let goesOn = false;
    lines.forEach(line => {
      if (line.startsWith("$ ")) typed.push(line.slice(2));
      else if (goesOn) typed.push(line.replace(/^> /, ""));
      else return;
      goesOn = line.endsWith("\\");
    });
    return typed.join("\n");
  }

  function offerCopies() {
    const main = document.querySelector("main");
    const blocks = document.querySelectorAll(".prose pre > code");
    if (!main || !blocks.length || document.querySelector(".copy")) return;
    const said = make("p", "", "spoken");
    said.setAttribute("role", "status");
    main.append(said);
    blocks.forEach(code => {
      const button = make("button", "Copy", "copy");
      button.type = "button";
      button.addEventListener("click", () => copy(code, button, said));
      code.parentElement.before(button);
    });
  }

  function copy(code, button, said) {
    const text = commands(code.textContent);
    const gap = text.match(/<[A-Za-z][\w -]*>|\$\{\w+\}/);
    const done = words => {
      said.textContent = words;
      button.textContent = words;
      setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 4000);
    };
    const select = () => {
      getSelection().selectAllChildren(code);
      done("Selected: copy it with the keyboard");
    };
    if (!navigator.clipboard) select();
    else navigator.clipboard.writeText(text).then(() => done(gap ? "Copied, fill in " + gap[0] : "Copied"), select);
  }

  offerCopies();
  document.addEventListener("readymark:updated", offerCopies);

  // ---- badges that waiting alone has changed ----

  const today = new Date().toISOString().slice(0, 10);
  document.querySelectorAll("img[data-badge]").forEach(picture => {
    const day = (version.badges || {})[picture.dataset.badge];
    if (!day || day > today) return;
    picture.classList.add("passed");
    picture.parentElement.after(" ", make("span", "may be otherwise since " + day, "quiet"));
  });

  // ---- verdicts of today, once that is another day ----

  document.querySelectorAll("[data-until]").forEach(verdict => {
    if (verdict.dataset.until > today) return;
    verdict.classList.add("passed");
    verdict.after(make("p", "may be otherwise since " + verdict.dataset.until, "quiet"));
  });

  // ---- what comes next in the calendar ----

  const coming = Array.from(document.querySelectorAll("tr[data-day]")).find(row => row.dataset.day >= today);
  if (coming) {
    coming.classList.add("next");
    coming.cells[0].append(" ", make("strong", "next"));
  }

  // ---- search, from anywhere ----

  const search = document.querySelector("a[rel=search]");
  if (search && !document.getElementById("search-input")) {
    document.addEventListener("keydown", event => {
      const typing = event.target.closest("input, select, textarea, [contenteditable]");
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
      const control = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
      if ((!slash && !control) || typing) return;
      event.preventDefault();
      location.href = search.href + "#q=";
    });
  }

  // ---- colours ----

  const tools = document.querySelector(".theme");
  if (tools) {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const button = make("button");
    button.type = "button";
    const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
    const show = () => { button.textContent = isDark() ? "Light" : "Dark";
      button.title = isDark() ? "Show light colours" : "Show dark colours"; };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("readymark-theme", root.dataset.theme);
      } catch (error) {
        // Storage may be refused; the choice holds for this page.
      }
      show();
    });
    dark.addEventListener("change", show);
    show();
    tools.append(button);
  }
})();
