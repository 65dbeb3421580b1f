#!/usr/bin/env python3
"""Makes a Git repository of readiness packs with a history, for measuring.  corpus.py OUT [--packs N] [--commits M]

Each pack has twelve artifacts of about 5 kB: front matter, links by path, tables, lists, code, task lists. The history
edits one to three files a commit, moves statuses on, renames, merges side branches and sets tags. The same arguments
give the same commit ids.
"""
import argparse
import os
import random
import subprocess
import time

ARTIFACTS = [
    ("intent", "INT-001", "intent", "Intent"), ("criteria", "CRT-001", "criteria", "Exit criteria"),
    ("raci", "RAC-001", "raci", "Who decides"), ("support", "SUP-001", "support", "Support model"),
    ("architecture", "ARC-001", "architecture", "Architecture"), ("security", "SEC-001", "security", "Security notes"),
    ("risks", "REG-001", "register", "Risks"), ("changes/chg-001", "CHG-001", "change", "First rollout"),
    ("runbooks/rb-001", "RB-001", "runbook", "Roll back"), ("tests/tst-001", "TST-001", "test", "Load test"),
    ("decisions/dec-001", "DEC-001", "decision", "Choose the queue"), ("metrics", "MET-001", "metrics", "Metrics"),
]
STATUSES = ["draft", "review", "approved", "accepted"]
PEOPLE = [("Ines Okafor", "ines"), ("Tomas Brandt", "tomas"), ("Yuki Arai", "yuki"), ("Lena Petrov", "lena"), ("Sam Doyle", "sam")]
SUBJECTS = "the gateway|the queue|a worker|the on-call engineer|the ledger|every region|the release|a batch|the owner|our cache".split("|")
VERBS = "drains|reports to|waits for|is checked by|hands over to|must not outlive|restarts|is approved by|falls back to|measures".split("|")
OBJECTS = "the primary store|a signed change|its error budget|the rehearsal|last week's baseline|two replicas|the alert|a known limit|the handoff|the support desk".split("|")
ENDS = "before the window opens|within ten minutes|when latency passes 300 ms|unless the pilot is paused|after each exercise|on the first working day|during hypercare|while traffic is low".split("|")
COMMANDS = "kubectl rollout undo deployment/gateway|curl -fsS https://status.example.org/health|systemctl restart ledger|psql -c 'select count(*) from jobs'|grep -c ERROR /var/log/gateway.log".split("|")


class Corpus:
    """The state of the repository while its history is written."""

    def __init__(self, packs, seed):
        self.random = random.Random(seed)
        self.packs = packs
        self.pages = {}
        self.clock = 1_735_689_600  # 1 January 2025 UTC

    def pick(self, things):
        return things[int(self.random.random() * len(things))]

    def sentence(self):
        words = f"{self.pick(SUBJECTS)} {self.pick(VERBS)} {self.pick(OBJECTS)} {self.pick(ENDS)}."
        return words[0].upper() + words[1:]

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(3 + int(self.random.random() * 4)))

    def link(self, pack, path):
        other = self.pick(ARTIFACTS)
        up = "../" * path.count("/")
        if self.random.random() < 0.1:
            return f"[{other[3]} of another pack]({up}../p{1 + int(self.random.random() * self.packs):04d}/{other[0]}.md)"
        return f"[{other[3]}]({up}{other[0]}.md)"

    def section(self, pack, path, number):
        lines = [f"## {self.pick(SUBJECTS).capitalize()} and {self.pick(OBJECTS)} ({number})", "", self.paragraph(), ""]
        kind = number % 4
        if kind == 0:
            lines += ["| What | Who | State |", "|---|---|---|"]
            lines += [f"| {self.pick(OBJECTS)} | {self.pick(PEOPLE)[1]} | {self.pick(STATUSES)} |" for _ in range(6)]
        elif kind == 1:
            lines += ["```sh"] + [f"# step {at}\n{self.pick(COMMANDS)} | tee -a \"$LOG\"" for at in range(1, 5)] + ["```"]
        elif kind == 2:
            lines += [f"- [{self.pick('x ')}] {self.sentence()}" for _ in range(5)]
        else:
            lines += ["```yaml", "gateway:", f"  replicas: {2 + number}", "  region: eu-west  # the pilot's", "  enabled: true", "```"]
        return lines + ["", f"See {self.link(pack, path)} and {self.link(pack, path)}. " + self.paragraph(), ""]

    def page(self, pack, artifact):
        path, ident, kind, title = artifact
        body = [f"# {title} of service {pack}", "", self.paragraph(), ""]
        for number in range(2 + int(self.random.random() * 4)):
            body += self.section(pack, path, number)
        fields = {"id": ident, "kind": kind, "title": f"{title} of service {pack}", "status": "draft", "owner": self.pick(PEOPLE)[1],
                  "summary": self.sentence(), "review_by": f"2026-0{1 + int(self.random.random() * 9)}-15"}
        return {"path": f"packs/p{pack:04d}/{path}.md", "fields": fields, "body": body}

    def text(self, page):
        head = "".join(f"{key}: {value}\n" if key != "title" else f'title: "{value}"\n' for key, value in page["fields"].items())
        return f"---\n{head}---\n\n" + "\n".join(page["body"])

    def edit(self, key):
        """Changes one page; gives the paths to drop and a phrase for the message."""
        page, chance = self.pages[key], self.random.random()
        fields = page["fields"]
        if chance < 0.25 and fields["status"] != STATUSES[-1]:
            before = fields["status"]
            fields["status"] = STATUSES[STATUSES.index(before) + 1]
            return [], f"{fields['id']}: {before} to {fields['status']}"
        if chance < 0.253 and "/" in key[1]:
            old = page["path"]
            page["path"] = old[:-3].split("--")[0] + f"--{self.pick(VERBS).replace(' ', '-')}.md"
            return ([old] if old != page["path"] else []), f"{fields['id']}: give it a clearer name"
        prose = [at for at, line in enumerate(page["body"]) if line and line[0].isupper()]
        page["body"][self.pick(prose)] = self.paragraph()
        return [], f"{fields['id']}: say when {self.pick(SUBJECTS)} {self.pick(VERBS)} {self.pick(OBJECTS)}"


class Stream:
    """Writes commits for `git fast-import`."""

    def __init__(self, out, corpus):
        self.out, self.corpus, self.mark = out, corpus, 0

    def data(self, text):
        raw = text.encode()
        self.out.write(b"data %d\n%s\n" % (len(raw), raw))

    def commit(self, ref, message, parents, pages, dropped=(), extra=()):
        self.mark += 1
        name, address = self.corpus.pick(PEOPLE)
        self.corpus.clock += 600 + int(self.corpus.random.random() * 3000)
        who = f"{name} <{address}@example.org> {self.corpus.clock} +0000"
        self.out.write(f"commit {ref}\nmark :{self.mark}\nauthor {who}\ncommitter {who}\n".encode())
        self.data(message)
        for at, parent in enumerate(parents):
            self.out.write(f"{'merge' if at else 'from'} :{parent}\n".encode())
        for path in dropped:
            self.out.write(f"D {path}\n".encode())
        for path, text in [*extra, *((page["path"], self.corpus.text(page)) for page in pages)]:
            self.out.write(f"M 100644 inline {path}\n".encode())
            self.data(text)
        return self.mark


def first_commits(stream, corpus, count):
    """Adds all packs, a few a commit."""
    tip, done = None, 0
    for step in range(count):
        upto, extra, fresh = corpus.packs * (step + 1) // count, [], []
        if step == 0:
            people = "".join(f'[[person]]\nid = "{short}"\nname = "{name}"\nmail = "{short}@example.org"\n\n' for name, short in PEOPLE)
            extra = [("people.toml", people), ("book.toml", '[book]\ntitle = "Readiness"\n')]
        for pack in range(done + 1, upto + 1):
            extra.append((f"packs/p{pack:04d}/pack.toml", f'id = "p{pack:04d}"\ntitle = "Service {pack}"\n'))
            for artifact in ARTIFACTS:
                corpus.pages[pack, artifact[0]] = page = corpus.page(pack, artifact)
                fresh.append(page)
        done = upto
        tip = stream.commit("refs/heads/main", f"Add packs up to {upto}\n", [tip] if tip else [], fresh, extra=extra)
    return tip


def edits(stream, corpus, keys, ref, parents):
    """Writes one commit of one to three edits."""
    chosen = dict.fromkeys(corpus.pick(keys) for _ in range(1 + int(corpus.random.random() * 3)))
    dropped, phrases = [], []
    for key in chosen:
        gone, phrase = corpus.edit(key)
        dropped += gone
        phrases.append(phrase)
    trailer = f"\nApproved-by: {corpus.pick(PEOPLE)[0]} <{corpus.pick(PEOPLE)[1]}@example.org>\n" if corpus.random.random() < 0.3 else ""
    message = f"{phrases[0]}\n\n{corpus.sentence()}\n{trailer}"
    return stream.commit(ref, message, parents, [corpus.pages[key] for key in chosen], dropped), chosen, dropped


def history(stream, corpus, commits, tags):
    """Writes the commits after the first ones, with merges; gives tags as name and mark."""
    tip = first_commits(stream, corpus, max(1, min(corpus.packs, commits // 5)))
    keys, start, named = list(corpus.pages), stream.mark, []
    while stream.mark < commits:
        if corpus.random.random() < 0.06 and commits - stream.mark >= 3:
            side, chosen, dropped = edits(stream, corpus, keys, "refs/heads/side", [tip])
            pages = [corpus.pages[key] for key in chosen]
            tip = stream.commit("refs/heads/main", f"Merge branch 'topic-{side}'\n", [tip, side], pages, dropped)
        else:
            tip = edits(stream, corpus, keys, "refs/heads/main", [tip])[0]
        if tags and (stream.mark - start) * tags >= (commits - start) * (len(named) + 1):
            named.append((f"v1.{len(named) + 1}", tip))
    return named


def make(out, packs, commits, tags, seed="readymark"):
    """Makes the repository with a checkout of its head."""
    subprocess.run(["git", "init", "-q", "-b", "main", out], check=True)
    importer = subprocess.Popen(["git", "-C", out, "fast-import", "--quiet", "--date-format=raw"], stdin=subprocess.PIPE)
    with os.fdopen(os.dup(importer.stdin.fileno()), "wb", 1 << 20) as pipe:
        importer.stdin.close()
        corpus = Corpus(packs, seed)
        stream = Stream(pipe, corpus)
        for name, mark in history(stream, corpus, commits, tags):
            pipe.write(f"tag {name}\nfrom :{mark}\ntagger Release <release@example.org> {corpus.clock} +0000\n".encode())
            stream.data(f"Release {name}\n")
        pipe.write(b"reset refs/heads/side\nfrom 0000000000000000000000000000000000000000\n\n")
    if importer.wait():
        raise SystemExit("git fast-import failed")
    for command in (["config", "gc.auto", "0"], ["repack", "-adq", "--window=5"], ["commit-graph", "write", "--reachable"], ["reset", "-q", "--hard"]):
        subprocess.run(["git", "-C", out, *command], check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--packs", type=int, default=100)
    parser.add_argument("--commits", type=int, default=2000)
    parser.add_argument("--tags", type=int, default=10)
    arguments = parser.parse_args()
    began = time.monotonic()
    make(arguments.out, arguments.packs, arguments.commits, arguments.tags)
    print(f"{arguments.out}: {arguments.packs * len(ARTIFACTS)} pages, {arguments.commits} commits, {time.monotonic() - began:.1f} s")
