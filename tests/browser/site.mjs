// Builds sites with the program and finds their pages. Knows the layout of addresses: `<pack>/<version>/<path>.html`,
// where a version's folder is one that holds `version.js`.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

// The program under test.
export function program() {
  const named = process.env.READYMARK;
  const found = [named, join(ROOT, "target/release/readymark"), join(ROOT, "target/debug/readymark")]
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

// One page of each kind in each area: of a folder of a version its first page, of a version's top and of the root all.
// With ALL=1 every page.
export function sample(pages) {
  if (process.env.ALL) return pages;
  const seen = new Set();
  return pages.filter(page => {
    const folder = dirname(page.inside);
    const name = folder === "." ? `${page.version}/${page.inside}` : `${page.version}/${folder}/`;
    return !seen.has(name) && seen.add(name);
  });
}

// The versions of the pack that has most of them, in the order of their names.
export function versionsOf(pages) {
  const packs = new Map();
  for (const version of new Set(pages.map(page => page.version).filter(Boolean))) {
    packs.set(dirname(version), [...(packs.get(dirname(version)) ?? []), version]);
  }
  return [...packs.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}
