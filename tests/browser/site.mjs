// Builds sites with the program and finds their pages. Knows the layout of addresses: `<pack>/<version>/<path>.html`,
// where a version's folder is one that holds `version.js`.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

// The program under test.
export function program() {
  const named = process.env.READYMARK;
  const found = [named, join(ROOT, "target/debug/readymark"), join(ROOT, "target/release/readymark")]
    .find(path => path && existsSync(path));
  if (!found || (named && found !== named)) throw new Error(`there is no program at ${named ?? "target/*/readymark"}; run cargo build, or set READYMARK`);
  return resolve(found);
}

// Builds a repository's site. Findings about packs (exit code 1) leave a whole site; anything else is a failure.
export function build(repository, site) {
  const run = spawnSync(program(), ["build", repository, "-d", site], { encoding: "utf8" });
  if (run.status !== 0 && run.status !== 1) throw new Error(`build of ${repository} ended with ${run.status ?? run.signal}:\n${run.stderr}`);
  const pages = pagesOf(site);
  if (!pages.length) throw new Error(`build of ${repository} wrote no page to ${site}`);
  return pages;
}

// Makes the example pack unless PACK names a repository.
export function examplePack(folder) {
  if (process.env.PACK) return resolve(process.env.PACK);
  execFileSync("sh", [join(ROOT, "example-pack/make.sh"), folder], { stdio: ["ignore", "ignore", "inherit"] });
  return folder;
}

// All pages of a site: path, version folder (empty in the root area) and path inside it.
export function pagesOf(site) {
  const pages = [];
  const walk = (folder, version) => {
    const entries = readdirSync(join(site, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    const here = entries.some(entry => entry.name === "version.js") ? folder : version;
    for (const entry of entries) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) walk(path, here);
      else if (entry.name.endsWith(".html")) pages.push({ path, version: here, inside: here ? path.slice(here.length + 1) : path });
    }
  };
  walk("", "");
  return pages;
}

// One page of each kind in the larger of two versions of a pack and in the root area, and from the other version its
// overview and what the larger one lacks; every page when ALL is set.
export function sample(pages, site) {
  if (process.env.ALL) return pages;
  const [larger, other] = largestVersions(pages);
  const seen = new Set();
  const isFirst = page => {
    const name = page.version === other && page.inside === "index.html" ? page.path : kindOf(page, site);
    return !seen.has(name) && seen.add(name);
  };
  return [larger, "", other].flatMap(version => pages.filter(page => page.version === version && isFirst(page)));
}

// What a page shows: a document of a kind (its breadcrumb says which), a list of a kind, or what its name says.
function kindOf(page, site) {
  if (page.inside.startsWith("history/")) return "how a document changed";
  const [crumbs] = readFileSync(join(site, page.path), "utf8").match(/<nav class="crumbs"[^]*?<\/nav>/) ?? [];
  if (crumbs) return `document ${crumbs.match(/kinds\/([^"]+)\.html/)?.[1]}`;
  if (page.inside.startsWith("kinds/")) return "list of a kind";
  return page.version ? page.inside : page.inside.replace(/^[^/]+\//, "*/");
}

// The two versions with most pages of the pack with most versions; `latest` is another name of one of them.
export function largestVersions(pages) {
  const packs = new Map();
  for (const { version } of pages) {
    if (!version || version.endsWith("/latest")) continue;
    const counts = packs.get(dirname(version)) ?? new Map();
    packs.set(dirname(version), counts.set(version, (counts.get(version) ?? 0) + 1));
  }
  const [largest] = [...packs.values()].sort((a, b) => b.size - a.size);
  return [...largest].sort((a, b) => b[1] - a[1]).slice(0, 2).map(([version]) => version);
}

// The links and the anchors of a page, as they are written: every attribute stands between double quotes.
export function addressesOf(file) {
  const html = readFileSync(file, "utf8");
  const values = name => [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map(([, value]) => unescape(value));
  return { links: [...values("href"), ...values("src")], ids: new Set(values("id")) };
}

const unescape = text => text.replace(/&(amp|lt|gt|quot|#39|#x27|#x2F);/g, (_, name) =>
  ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", "#x2F": "/" })[name]);
