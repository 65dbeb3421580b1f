// A repository that means harm: about a hundred ways to run a script or to fake the site's own parts. Each sets
// `window.__pwned` when it works. Written for this project; families F15 to F26 of its list of hostile inputs.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

// The script of probe `n`; it needs no quotes.
const run = n => `window.__pwned=${n}`;

// Link targets that are no addresses to go to.
const TARGETS = n => [
  `javascript:${run(n)}`, `JaVaScRiPt:${run(n)}`, `  javascript:${run(n)}`, `&#106;avascript:${run(n)}`,
  `&#x6A;&#x61;vascript:${run(n)}`, `javascript&colon;${run(n)}`, `javascript&#58;${run(n)}`, `java&Tab;script:${run(n)}`,
  `java&NewLine;script:${run(n)}`, `java&#9;script:${run(n)}`, `java&#10;script:${run(n)}`, `&#1;javascript:${run(n)}`,
  `&#x1f;javascript:${run(n)}`, `javascript:%2F%2F%0A${run(n)}`, `\\javascript:${run(n)}`, `javascript\\:${run(n)}`,
  `view-source:javascript:${run(n)}`, `livescript:${run(n)}`, `mocha:${run(n)}`, `vbscript:${run(n)}`,
  `data:text/html,%3Cscript%3E${run(n)}%3C/script%3E`, `data:text/html;base64,PHNjcmlwdD53aW5kb3cuX19wd25lZD0xPC9zY3JpcHQ+`,
  `data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 onload=%22${run(n)}%22/%3E`.replaceAll(" ", "%20"),
  `blob:null/1`, `file:///etc/passwd`, `feed:javascript:${run(n)}`, `jar:javascript:${run(n)}`, `filesystem:null`,
];

// Raw HTML, each on a line of its own.
const HTML = n => [
  `<script>${run(n)}</script>`, `<ScRiPt>${run(n)}</sCrIpT>`, `<script src="data:text/javascript,${run(n)}"></script>`,
  `<img src=x onerror=${run(n)}>`, `<img src=x OnErRoR="${run(n)}">`, `<img/src=x/onerror=${run(n)}>`,
  `<img src="x" \nonerror="${run(n)}">`, `<svg onload=${run(n)}>`, `<svg><script>${run(n)}</script></svg>`,
  `<svg><animate onbegin=${run(n)} attributeName=x dur=1s>`, `<svg><set onbegin=${run(n)} attributeName=x>`,
  `<svg><a xlink:href="javascript:${run(n)}"><text y=20>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><script>${run(n)}</script></svg>#x"/></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.${run(n)}</script>"></iframe></foreignObject></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run(n)}&gt;">`,
  `<math><annotation-xml encoding="text/html"><img src=x onerror=${run(n)}></annotation-xml></math>`,
  `<math href="javascript:${run(n)}">x</math>`, `<noscript><p title="</noscript><img src=x onerror=${run(n)}>">`,
  `<iframe src="javascript:parent.${run(n)}"></iframe>`, `<iframe srcdoc="<script>parent.${run(n)}</script>"></iframe>`,
  `<object data="javascript:${run(n)}"></object>`, `<embed src="javascript:${run(n)}">`,
  `<form action="javascript:${run(n)}"><button autofocus>x</button></form>`,
  `<button formaction="javascript:${run(n)}">x</button>`, `<input autofocus onfocus=${run(n)}>`,
  `<select autofocus onfocus=${run(n)}></select>`, `<textarea autofocus onfocus=${run(n)}></textarea>`,
  `<details open ontoggle=${run(n)}><summary>x</summary></details>`, `<video><source onerror=${run(n)}></video>`,
  `<audio src=x onerror=${run(n)}></audio>`, `<video poster="javascript:${run(n)}" onloadstart=${run(n)} src=x></video>`,
  `<body onload=${run(n)}>`, `<body onpageshow=${run(n)}>`, `<marquee onstart=${run(n)}>x</marquee>`,
  `<base href="javascript:/a/-${run(n)}//">`, `<meta http-equiv="refresh" content="0;url=javascript:${run(n)}">`,
  `<meta http-equiv="Content-Security-Policy" content="script-src *">`, `<link rel=stylesheet href="data:text/css,*{color:red}">`,
  `<style>@keyframes x{}*{animation-name:x}</style><b onanimationstart=${run(n)}>x</b>`,
  `<b style="background:url(javascript:${run(n)})">x</b>`, `<p onmouseover=${run(n)}>x</p>`, `<kbd onfocus=${run(n)} tabindex=0>x</kbd>`,
  `<a href="javascript:${run(n)}">x</a>`, `<a href="java\tscript:${run(n)}">x</a>`, `<a href=javascript:${run(n)}>x</a>`,
  `<area href="javascript:${run(n)}">`, `<template><script>${run(n)}</script></template>`,
  `<div><script>${run(n)}</script></div>`, `<br onclick=${run(n)}>`, `<sub/onclick=${run(n)}//>x</sub>`,
  `<!--><img src=x onerror=${run(n)}>-->`, `<!-- --!><img src=x onerror=${run(n)}> -->`, `<![CDATA[><img src=x onerror=${run(n)}>]]>`,
  `<?xml version="1.0"?><img src=x onerror=${run(n)}>`, `<!DOCTYPE x [<!ENTITY y "z">]><img src=x onerror=${run(n)}>`,
  `<<script>${run(n)}//<</script>`, `<img src=x onerror=${run(n)}//`, `<title><img src=x onerror=${run(n)}></title>`,
  `<xmp><img src=x onerror=${run(n)}></xmp>`, `<plaintext><img src=x onerror=${run(n)}>`, `<isindex onfocus=${run(n)} autofocus>`,
];

// Markdown whose parts break out of the attribute they land in.
const BREAKS = n => [
  `[x](a.md "\\" onmouseover=${run(n)} x=\\"")`, `[x](a.md '" onfocus=${run(n)} autofocus "')`, `![" onerror=${run(n)} x="](a.png)`,
  `![x](a.png "\\" onerror=${run(n)} \\"")`, `![x](x" onerror=${run(n)} ")`, `![x](<x" onerror="${run(n)}>)`,
  `[x](<a.md" onclick="${run(n)}>)`, `<https://example.org/"onmouseover=${run(n)}//>`, `[[" onmouseover=${run(n)} x="]]`,
  `[[a|<img src=x onerror=${run(n)}>]]`, `\`\`\`" onmouseover=${run(n)} x="\nx\n\`\`\``, `\`\`\`<img src=x onerror=${run(n)}>\nx\n\`\`\``,
  `~~~js"><script>${run(n)}</script>\n<script>${run(n)}</script>\n~~~`, `\`<img src=x onerror=${run(n)}>\``,
  `## x {#" onmouseover=${run(n)} x="}`, `## x {.badge onclick=${run(n)}}`, `| <img src=x onerror=${run(n)}> |\n|---|\n| <script>${run(n)}</script> |`,
  `[^1]\n\n[^1]: <img src=x onerror=${run(n)}>`, `- [ ] <img src=x onerror=${run(n)}>`, `[a]: javascript:${run(n)}\n\n[a] [x][a]`,
  `<javascript:${run(n)}>`, `$$<img src=x onerror=${run(n)}>$$`, `\`\`\`mermaid\ngraph TD; A["<img src=x onerror=${run(n)}>"]; click A "javascript:${run(n)}"\n\`\`\``,
];

// Titles, names and messages.
const WORDS = n => [
  `</title><script>${run(n)}</script>`, `"><img src=x onerror=${run(n)}>`, `</script><script>${run(n)}</script>`,
  `'-${run(n)}-'`, `\u2028${run(n)}//`, `<!--<script>${run(n)}`, `]]><img src=x onerror=${run(n)}>`,
  `{{ constructor.constructor("${run(n)}")() }}`, `{% raw %}<img src=x onerror=${run(n)}>`, `\${${run(n)}}`,
];

// Headings that browsers turn into names on `window` and `document`.
const NAMES = ["document", "body", "location", "cookie", "forms", "getElementById", "querySelector", "__proto__",
  "constructor", "readymarkSearch", "readymarkVersion", "search-input", "search-results", "main", "Approved ✔"];

// All probes as files: path and text. `count` is the number of probes.
export function hostileFiles() {
  const files = {
    "packs/hostile/pack.toml": 'id = "hostile"\ntitle = "</title><img src=x onerror=window.__pwned=1>"\n',
    "book.toml": '[book]\ntitle = "<img src=x onerror=window.__pwned=2>"\n\n[versions]\ntags = ["v*"]\n',
  };
  let count = 2;
  const page = (name, title, body) => {
    files[`packs/hostile/${name}.md`] = `---\nid: X-${String(Object.keys(files).length).padStart(3, "0")}\ntitle: ${JSON.stringify(title)}\n---\n\n# ${title.replace(/\s+/g, " ")}\n\n${body}\n`;
  };
  const family = (name, make, wrap = text => text) => {
    make(0).forEach((_, at) => {
      count += 1;
      page(`${name}-${String(at).padStart(2, "0")}`, `${name} ${at}`, wrap(make(count)[at], at));
    });
  };
  family("target", TARGETS, target => `[x](${target})\n\n![x](${target})\n\n[x](<${target}>)\n\n<${target}>\n\n[r]\n\n[r]: <${target}>`);
  family("html", HTML, html => `${html}\n\nInline ${html.replaceAll("\n", " ")} too.\n\n- ${html.replaceAll("\n", " ")}\n\n| a |\n|---|\n| ${html.replaceAll("\n", " ").replaceAll("|", "")} |`);
  family("break", BREAKS);
  WORDS(0).forEach((_, at) => {
    count += 1;
    const word = WORDS(count)[at];
    page(`word-${at}`, word, `## ${word}\n\n${word}\n\n[${word}](word-${(at + 1) % 10}.md "${word.replaceAll('"', "&quot;")}")`);
  });
  page("names", "Names", NAMES.map(name => `## ${name}\n\nText about ${name}.`).join("\n\n"));
  page("hidden", "Hidden marks", "Pay \u202Etxt.exe\u202C now, zero\u200Bwidth.\n\n```sh\necho safe # \u202E; rm -rf /\n```");
  return { files, count };
}

// Makes the repository with a hostile author, message, branch and tag; gives the number of probes.
export function makeHostileRepository(folder) {
  const { files, count } = hostileFiles();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const name = "<img src=x onerror=window.__pwned=3>";
  const git = (...args) => execFileSync("git", ["-C", folder, "-c", "commit.gpgsign=false", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, GIT_AUTHOR_NAME: `"${name}`, GIT_AUTHOR_EMAIL: "x@example.org", GIT_COMMITTER_NAME: `'${name}`,
      GIT_COMMITTER_EMAIL: "x@example.org", GIT_AUTHOR_DATE: "2026-01-05T10:00:00Z", GIT_COMMITTER_DATE: "2026-01-05T10:00:00Z" },
  });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", `</script>${name}\n\nApproved-by: ${name} <x@example.org>\nRefs: X-001\n`);
  git("tag", `v1"><img-src=x-onerror=window.__pwned=4>`);
  writeFileSync(join(folder, "packs/hostile/word-0.md"), `---\nid: X-900\ntitle: ${JSON.stringify(`Second ${name}`)}\n---\n\n# Second\n`);
  git("add", "-A");
  git("commit", "-q", "-m", "Change a title");
  git("tag", "v2");
  return count;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(`${makeHostileRepository(process.argv[2])} probes in ${process.argv[2]}`);
}
