// Tells on the page of what is not found where the page was in other versions, or what it is called now.
(() => {
  "use strict";

  const place = document.querySelector(".lost");
  const root = new URL(document.documentElement.dataset.top || "./", location.href).pathname;
  if (!place || !location.pathname.startsWith(root)) return;
  const path = decodeURI(location.pathname.slice(root.length));
  const packs = window.readymarkVersions || {};
  const inside = slug => slug ? path === slug || path.startsWith(slug + "/") : true;
  const slug = Object.keys(packs).filter(inside).sort((one, other) => other.length - one.length)[0];
  if (slug === undefined) return;
  const rest = slug ? path.slice(slug.length + 1) : path;
  const cut = rest.indexOf("/");
  const [asked, route] = cut < 0 ? [rest, ""] : [rest.slice(0, cut), rest.slice(cut + 1)];
  const versions = packs[slug].versions;
  const order = versions.map(entry => entry.slug).reverse();
  const folder = root + (slug ? encodeURIComponent(slug) + "/" : "");

  // Where a document lies in each version, oldest first.
  function spread(runs) {
    const starts = new Map(runs.map(run => [run[0], run[1]]));
    let route;
    return order.map(version => {
      if (starts.has(version)) route = starts.get(version);
      return route;
    });
  }

  const ways = ((window.readymarkDocuments || {})[slug] || []).map(spread);
  const name = route.slice(route.lastIndexOf("/") + 1);
  const had = ways.filter(way => route && way.some(there => there && decodeURI(there) === route));
  const alike = way => way.some(there => there && decodeURI(there).split("/").pop() === name);
  const known = had.length ? had : ways.filter(way => name && name !== "index.html" && alike(way));
  const links = new Map();
  const latest = packs[slug].latest;
  known.slice(0, 10).forEach(way => {
    const wanted = order.indexOf(asked === "latest" ? latest : asked);
    const places = way.map((there, at) => [there, at]).filter(one => one[0]).reverse();
    places.sort((one, other) => (other[1] === wanted) - (one[1] === wanted));
    places.slice(0, 6).forEach(one => links.set(order[one[1]] + "/" + one[0], one));
  });
  if (!links.size) {
    if (latest) links.set(latest + "/index.html", ["index.html", order.indexOf(latest)]);
    else return;
  }
  const words = document.createElement("p");
  words.textContent = had.length ? "A page was at this address. It is here:"
    : known.length ? "A page with this name is here:" : "You may look for it in the published version:";
  const list = document.createElement("ul");
  links.forEach((one, target) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const entry = versions.find(known => known.slug === order[one[1]]);
    link.href = folder + target;
    link.textContent = decodeURI(one[0]);
    item.append(link, " in " + entry.name + " (" + entry.state + ")");
    list.append(item);
  });
  place.append(words, list);
})();
