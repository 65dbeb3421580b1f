#!/usr/bin/env python3
"""Tells decision logs a second time, slowly: every document at every landing, by git's own commands.

  retell.py                      every case beside this file; says where expected.json tells something else
  retell.py REPOSITORY PROGRAM   a repository without packs or with one; compares with `PROGRAM log --format json`

It shares no code with the program, only the words of the kinds in src/kinds. Nothing is kept from landing to landing but
which document is which.
"""
import fnmatch
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from functools import cache, lru_cache
from datetime import datetime, timezone
from pathlib import Path

from retell_approvals import Approvals

try:
    import yaml
except ImportError:  # The stories need none; of public histories more blocks then seem readable.
    yaml = None

HERE = Path(__file__).resolve().parent
GIT = ["git", "-c", "protocol.file.allow=always", "--no-replace-objects"]
ENV = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
NO_DOCUMENT, ABSENT, PLACEHOLDER, UNREADABLE, UNKNOWN = "no-document", "absent", "placeholder", "unreadable", "unknown"
PHRASES = {"no document": NO_DOCUMENT, "no status": ABSENT, "not filled in": PLACEHOLDER, "not known": UNKNOWN}


class Words:
    """The kinds by name, each with its words, and which file is of which kind."""

    def __init__(self, book):
        tables = {path.stem: tomllib.loads(path.read_text()) for path in (HERE / "../../src/kinds").resolve().glob("*.toml")}
        common = tables.pop("common")["status"]
        tables.pop("relations", None)
        self.kinds, self.means = {}, {}
        for table in tables.values():
            statuses = table.get("status", common)
            words = [word for status in statuses for word in [status["name"], *status.get("synonyms", [])]]
            self.kinds[table["name"]] = (words, table.get("folder", ""))
            self.means[table["name"]] = {word.lower(): status["means"] for status in statuses for word in [status["name"], *status.get("synonyms", [])]}
        self.names = {name: table["name"] for table in tables.values() for name in [table["name"], *table.get("synonyms", [])]}
        self.patterns = list(tomllib.loads(book).get("kinds", {}).items())
        self.beside = [name for table in tomllib.loads(book).get("locate", {}).values() for name in table.get("sidecars", [])]

    def kind(self, path, stated, packed):
        if stated and stated.lower() in self.names:
            return self.names[stated.lower()]
        for pattern, kind in self.patterns:
            folder = pattern.rstrip("/")
            if path == folder or path.startswith(folder + "/") or fnmatch.fnmatch("/" + path, pattern.replace("**", "*")):
                return kind
        parent = path.rsplit("/", 2)[-2] if "/" in path else ""
        named = [name for name, (_, folder) in self.kinds.items() if packed and folder and folder == parent]
        return named[0] if named else "page"

    def word(self, kind, text):
        """The longest word of the kind that the text begins with; else all of it."""
        text = re.sub(r"[*`~]", "", text).strip().strip("_").strip()
        if not text or "|" in text or re.fullmatch(r"\{.*\}|<.*>|\[.*\]", text) or text.lower().split()[0] in ("tbd", "todo"):
            return PLACEHOLDER if text else ABSENT
        text = re.sub(r"^[^\w<{\[?_]+", "", text)
        plain = re.sub(r"[-_]", " ", text.lower())
        known = [word for word in self.kinds[kind][0] if re.match(re.escape(re.sub(r"[-_]", " ", word)) + r"($|[\s(\[:,;.])", plain)]
        return max(known, key=len).lower() if known else text.lower()


class Fields(dict):
    """Path to blob of files of fields, and their paths by what stands before the ending."""

    def __init__(self, blobs):
        super().__init__(blobs)
        self.by_stem = {path.rsplit(".", 1)[0]: path for path in blobs}


class Repository:
    """Commits, trees and files, each asked of git."""

    def __init__(self, place):
        self.place = str(place)
        self.batch = subprocess.Popen([*GIT, "cat-file", "--batch"], cwd=place, env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        shallow = Path(self.git("rev-parse", "--git-common-dir").strip()) / "shallow"
        shallow = shallow if shallow.is_absolute() else Path(place) / shallow
        self.shallow = set(shallow.read_text().split()) if shallow.exists() else set()
        self.parents = cache(self.parents)
        self.files = lru_cache(800)(self.files)
        self.facts = cache(self.facts)
        self.bases = cache(self.bases)

    def git(self, *arguments):
        return subprocess.run([*GIT, *arguments], cwd=self.place, env=ENV, check=True, capture_output=True, text=True, errors="replace").stdout

    def read(self, name):
        self.batch.stdin.write(name.encode() + b"\n")
        self.batch.stdin.flush()
        head = self.batch.stdout.readline().split()
        if head[-1] == b"missing":
            return None
        data = self.batch.stdout.read(int(head[2]) + 1)
        return data[:-1].decode("utf-8", "replace")

    def parents(self, commit):
        lines = self.read(commit).split("\n\n")[0].splitlines()
        return () if commit in self.shallow else tuple(line[7:] for line in lines if line.startswith("parent "))

    def files(self, commit):
        """Path to blob, of Markdown; the folders of packs, submodules, and path to blob of fields."""
        files, packs, modules, fields = {}, set(), set(), {}
        for line in self.git("ls-tree", "-r", "-z", commit).split("\0")[:-1]:
            (mode, _, blob), path = line.split("\t")[0].split(), line.split("\t", 1)[1]
            if mode.startswith("100") and path.rsplit("/", 1)[-1] == "pack.toml":
                packs.add(path[: -len("pack.toml")].rstrip("/"))
            elif mode.startswith("100") and re.search(r"\.(md|markdown)(\.erb)?$", path, re.I):
                files[path] = blob
            elif mode.startswith("100") and re.search(r"\.(ya?ml|toml)$", path, re.I):
                fields[path] = blob
            elif mode == "160000":
                modules.add(path)
        return files, packs, modules, Fields(fields)

    def bases(self, one, other):
        return tuple(subprocess.run([*GIT, "merge-base", "--all", one, other], cwd=self.place, env=ENV, capture_output=True, text=True).stdout.split())

    def facts(self, blob):
        """Fields at the top and labels in the text; nothing when the file is not here, False when it cannot be read."""
        text = self.read(blob)
        return None if text is None else facts_of(text)


def facts_of(text):
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    fields, body = {}, text
    if match := re.match(r"---[ \t]*\n(.*?\n)?---[ \t]*(\n|$)", text, re.S):
        body = text[match.end():]
        if not is_yaml(match[1] or ""):
            return False
        for line in (match[1] or "").splitlines():
            if pair := re.match(r"([\w.-]+)[ \t]*:(?:[ \t]+(.*))?$", line):
                key, value = pair[1].lower().replace("_", "-"), (pair[2] or "").strip()
                if key in fields or value.startswith("@") or value.count('"') % 2:
                    return False
                value = re.sub(r"\s+#.*", "", value)
                fields[key] = "" if value == "[]" else "|" if value.startswith("{") else value.strip("\"'")
    return fields, body


def is_yaml(block):
    """Whether PyYAML can read it, which also refuses the tab that YAML 1.2 allows behind a colon."""
    if yaml is None:
        return True
    try:
        yaml.compose(re.sub(r"(?<=:)\t+", " ", block), yaml.SafeLoader)
        return True
    except yaml.YAMLError:
        return False


def located(body):
    """A status under a heading, in a table of two columns, in a line or in a bullet, in this order."""
    plain = re.sub(r"<!--.*?-->", "", re.sub(r"```.*?```", "", body, flags=re.S), flags=re.S)
    patterns = [
        r"^#{1,3}[ \t]+(?:\d+\.?\s+)?status(?::[ \t]+|[ \t]*\n\s*(?:[*-]\s+)?)([^\s#].*)$",
        r"^\|[ \t]*\**status:?\**[ \t]*\|([^|\n]*)\|[ \t]*$",
        r"^[ \t>]{0,3}\**status(?:\*\*)?:(?:\*\*)?[ \t]*(\S.*)$",
        r"^[*-][ \t]+\**status(?:\*\*)?:(?:\*\*)?[ \t]*(\S.*)$",
    ]
    top = re.split(r"^##[ \t]", plain, maxsplit=1, flags=re.M)[0]
    for at, pattern in enumerate(patterns):
        if match := re.search(pattern, plain if at == 0 else top, re.I | re.M):
            value = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", match[1]).strip()
            if value:
                return value
    return None


class Telling:
    """One log."""

    def __init__(self, repository, tip, words, published=None):
        self.repository, self.words, self.tip = repository, words, tip
        self.first = {}
        if published:
            self.follow(published)
        self.landings = [tip]
        while self.line_parents(self.landings[-1]):
            self.landings.append(self.line_parents(self.landings[-1])[0])
        self.landings.reverse()
        self.documents, self.known, self.by_path, self.entries, self.of_file, self.places = [], {}, {}, [], {}, []

    def follow(self, published):
        is_above = lambda one, other: subprocess.run([*GIT, "merge-base", "--is-ancestor", one, other], cwd=self.repository.place, env=ENV).returncode == 0
        at = self.tip
        while at != published and is_above(published, at):
            parents = list(self.repository.parents(at))
            holding = [parent for parent in parents if is_above(published, parent)]
            parents.sort(key=lambda parent: parent != holding[0])
            self.first[at] = tuple(parents)
            at = parents[0]

    def line_parents(self, commit):
        return self.first.get(commit, self.repository.parents(commit))

    def pack(self, commit, path):
        packs, folder = self.repository.files(commit)[1], path.rpartition("/")[0]
        while folder and folder not in packs:
            folder = folder.rpartition("/")[0]
        return folder, folder in packs

    def status(self, commit, path, blob, kind=None):
        facts = self.repository.facts(blob)
        if facts is None:
            return UNKNOWN
        if facts is False:
            return UNREADABLE
        fields, body = facts
        kind = kind or self.kind(commit, path, blob)
        stated = next((fields[key] for key in ("status", "state") if fields.get(key) not in (None, "", "~", "null")), None)
        if stated is not None:
            return self.words.word(kind, stated)
        text = located(body)
        word = self.words.word(kind, text) if text else ABSENT
        prose = text and len(word.split()) > 8
        return self.stated_beside(commit, path, kind) if prose or word == ABSENT else word

    def kind(self, commit, path, blob):
        facts = self.repository.facts(blob)
        stated = facts[0].get("kind") or facts[0].get("type") if facts else None
        return self.words.kind(path, stated, self.pack(commit, path)[1])

    def id(self, blob):
        facts = self.repository.facts(blob)
        return next((facts[0][key] for key in ("id", "change-id", "doc-id", "adr") if facts[0].get(key)), None) if facts else None

    def was(self, blob):
        facts = self.repository.facts(blob)
        return re.findall(r"[\w.-]+", facts[0].get("was", "")) if facts else []

    def beside(self, commit, path):
        """The file of fields of a page."""
        fields, (folder, _, name) = self.repository.files(commit)[3], path.rpartition("/")
        start = folder + "/" if folder else ""
        own = fields.by_stem.get(path.rsplit(".", 1)[0])
        front = name.rsplit(".", 1)[0].lower() in ("readme", "_index")
        own = [own] if own else [start + name for name in self.words.beside if front and start + name in fields]
        return (own[0], fields[own[0]]) if own else None

    def stated_beside(self, commit, path, kind):
        side = self.beside(commit, path)
        text = self.repository.read(side[1]) if side else ""
        if text is None:
            return UNKNOWN
        text = re.sub(r"\n---\s*$", "\n", text)
        if side and not side[0].endswith(".toml") and not is_yaml(text):
            return UNREADABLE
        values = re.findall(r"^(?:status|state)[ \t]*[:=][ \t]*[\"']?([^\"'#\n]*)", text, re.I | re.M)
        return self.words.word(kind, values[0]) if values else ABSENT

    # Which document is which.

    def run(self):
        before = {}
        for index, landing in enumerate(self.landings):
            files = self.repository.files(landing)[0]
            now = self.assign(landing, files, before)
            lines = set(now.values()) | {line for line, document in enumerate(self.documents) if document["held"]}
            last = {line: path for path, line in sorted(before.items(), reverse=True)}
            here = {line: path for path, line in sorted(now.items(), reverse=True)}
            places = {}
            for path, line in sorted(now.items()):
                places.setdefault(line, []).append(path)
            for line in sorted(lines, key=lambda line: (here.get(line) or last.get(line) or "", line)):
                held = places.get(line, [])
                self.settle(index, line, held, last.get(line))
                self.documents[line]["held"] = bool(held)
            self.of_file = {path: (files[path], line, self.beside(landing, path)) for path, line in now.items()}
            self.places.append(places)
            before = now
        return self.entries

    def assign(self, landing, files, before):
        now, changed = {}, []
        for path, blob in files.items():
            old = self.of_file.get(path)
            same_pack = old and self.documents[old[1]]["packs"].get(path) == self.pack(landing, path)[0]
            if old and old[0] == blob and old[2] == self.beside(landing, path) and same_pack:
                now[path] = old[1]
            else:
                changed.append(path)
        held = set(now.values())
        gone = {path: line for path, line in before.items() if path not in now}
        named = [path for path in changed if self.id(files[path])]
        key = lambda path: (self.pack(landing, path)[0], self.id(files[path]))
        for path in sorted(named, key=lambda path: (key(path) not in self.known, path)):
            line = self.known.get(key(path))
            if line is None:
                line = self.elsewhere(path, files[path], gone, held)
            if line is None:
                lines = [self.known.get((key(path)[0], old)) for old in self.was(files[path])]
                line = next((line for line in lines if line is not None and line not in held), None)
            if line is None and path in gone and not self.documents[gone[path]]["id"]:
                line = gone[path]
                self.by_path.pop(path, None)
            line = self.open() if line is None else line
            for old in [old for old, own in self.known.items() if own == line]:
                del self.known[old]
            self.known[key(path)] = line
            self.documents[line]["id"] = self.id(files[path])
            now[path] = line
            held.add(line)
        for path in [path for path in changed if path not in named]:
            line = gone.get(path) if gone.get(path) not in held else None
            if line is None:
                same = [old for old, own in gone.items() if old not in files and self.of_file[old][0] == files[path]
                        and not self.id(self.of_file[old][0]) and own not in held]
                same.sort(key=lambda old: old.rpartition("/")[2] != path.rpartition("/")[2])
                if same:
                    line = gone[same[0]]
                    self.by_path.pop(same[0], None)
            if line is None and self.by_path.get(path) not in held:
                line = self.by_path.get(path)
            line = self.open() if line is None else line
            self.by_path[path] = line
            now[path] = line
            held.add(line)
        for path, line in now.items():
            document, pack = self.documents[line], self.pack(landing, path)[0]
            document["repacked"] = document["packs"].get(path, pack) != pack
            document["packs"][path] = pack
        return now

    def elsewhere(self, path, blob, gone, held):
        """The document with this id that this landing took away in another pack; a file that could not be read has the id of its document."""
        stated = lambda old, line: self.id(self.of_file[old][0]) if self.repository.facts(self.of_file[old][0]) else self.documents[line]["id"]
        found = [old for old, line in gone.items() if stated(old, line) == self.id(blob) and line not in held]
        likeness = lambda old: (self.of_file[old][0] == blob, like(old, path))
        return gone[max(found, key=likeness)] if found else None

    def open(self):
        self.documents.append({"id": None, "last": NO_DOCUMENT, "gap": [], "unknown": False, "held": False, "packs": {}})
        return len(self.documents) - 1

    def settle(self, index, line, held, last):
        landing, document = self.landings[index], self.documents[line]
        files = self.repository.files(landing)[0]
        blob = files.get(held[0]) if held else None
        if held and self.of_file.get(held[0]) == (blob, line, self.beside(landing, held[0])) and len(held) == 1 and not document["gap"]:
            return
        hidden = last and not held and any(last == module or last.startswith(module + "/") for module in self.repository.files(landing)[2])
        status = self.status(landing, held[0], blob) if held else UNKNOWN if hidden else NO_DOCUMENT
        if len(held) > 1 or status in (UNREADABLE, UNKNOWN):
            touched = held and any(self.of_file.get(path) != (files[path], line, self.beside(landing, path)) for path in held) or document["held"] != bool(held)
            lost = any(path not in held for path, (_, own, _) in self.of_file.items() if own == line)
            if touched or lost or document.get("repacked"):
                document["unknown"] |= status == UNKNOWN
                document["gap"].append(landing)
            return
        boundary = landing in self.repository.shallow
        unknown, document["unknown"] = document["unknown"] or boundary, False
        if document["last"] == status:
            return
        start, document["last"] = document["last"], status
        gap, document["gap"] = document["gap"], []
        if {start, status} <= {NO_DOCUMENT, ABSENT}:
            return
        path = held[0] if held else last
        at = landing if held else self.landings[index - 1]
        blob = blob or self.of_file[path][0]
        id = self.id(blob) or (None if self.repository.facts(blob) else document["id"])
        start = UNKNOWN if unknown else start
        origins = []
        if start != UNKNOWN or status == NO_DOCUMENT:
            origins = self.origins(index, path, id, self.was(blob), status, self.kind(at, path, blob))
        self.entries.append({"path": path, "line": line, "pack": self.pack(landing, path)[0], "document": id or path, "from": start, "to": status,
                             "landing": landing, "gap": gap, "origins": sorted(origins)})

    def is_shown(self, entry, folder):
        """Whether an entry is about a file in a folder, or about one that lies there now."""
        paths = self.places[-1].get(entry["line"], []) + [entry["path"]]
        return any(not folder or path.startswith(folder + "/") for path in paths)

    # Who made it.

    def brought(self, index):
        """The commits that came with a landing."""
        landing, parents = self.landings[index], self.line_parents(self.landings[index])
        return set(self.repository.git("rev-list", landing, *[f"^{parent}" for parent in parents[:1]]).split())

    def origins(self, index, path, id, was, value, kind):
        top, own = self.landings[index], self.brought(index)
        found, seen, waiting, moved, unknown = set(), set(), [(top, path)], None, False
        while waiting:
            at, path = waiting.pop()
            if (at, path) in seen:
                continue
            seen.add((at, path))
            parents = self.line_parents(at)
            places = [self.locate(at, parent, path, id, was) for parent in parents]
            values = [self.status(parent, *place, kind) if place else NO_DOCUMENT for parent, place in zip(parents, places)]
            follow = lambda at: waiting.extend((parent, place[0] if place else path) for parent, place, has in zip(parents, places, values)
                                               if has == value and parent in own)
            if at in self.repository.shallow:
                unknown = True
            elif not parents:
                found.add((at, "root"))
            elif UNKNOWN in values:
                unknown = True
            elif len(parents) == 1:
                if values[0] != value or at == top:
                    found.add((at, "commit"))
                    continue
                if places[0] and places[0][0] != path:
                    moved = at
                follow(at)
            else:
                base = self.base(at, parents, path, id, was, kind)
                if base == UNKNOWN:
                    unknown = True
                    continue
                differing = {one for one in values if one != base}
                result = base if not differing else differing.pop() if len(differing) == 1 else None
                if result == value:
                    follow(at)
                else:
                    found.add((at, "resolution" if result is None else "discard" if value in values else "evil"))
        if unknown:
            return []
        return found or {(moved, "commit") if moved else (top, "identity")}

    def inside(self):
        """Steps of commits that landings brought in and that no entry tells."""
        told = {(commit, entry["document"], entry["to"]) for entry in self.entries for commit, _ in entry["origins"]}
        for index, landing in enumerate(self.landings):
            own, files = self.brought(index) - {landing}, self.repository.files(landing)[0]
            names = {self.id(files[paths[0]]) or paths[0] for paths in self.places[index].values()}
            for commit in self.repository.git("rev-list", "--topo-order", "--reverse", landing).split():
                for name in sorted(names) if commit in own else []:
                    step = self.step(commit, name)
                    if step and (commit, name, step[1]) not in told and not self.had_landed(landing, name, step[1]):
                        yield {"document": name, "from": step[0], "to": step[1], "commit": commit, "how": step[2], "landing": landing}

    def read(self, commit, name):
        place = next(((path, blob) for path, blob in self.repository.files(commit)[0].items() if (self.id(blob) or path) == name), None)
        return self.status(commit, *place) if place else NO_DOCUMENT

    def had_landed(self, landing, name, value):
        """Whether both sides of a merge came to a value that they had not when they parted."""
        one, other = self.line_parents(landing)[:2]
        return self.read(landing, name) == self.read(one, name) == value != self.read(self.repository.bases(one, other)[0], name)

    def step(self, commit, name):
        """What a commit itself did to the status of a document."""
        parents = self.repository.parents(commit)
        values, value = [self.read(parent, name) for parent in parents], self.read(commit, name)
        before = values[0] if values else NO_DOCUMENT
        if value in values[1:] or before == value or {before, value} <= {NO_DOCUMENT, ABSENT} or {before, value} & {UNKNOWN, UNREADABLE}:
            return None
        if len(parents) < 2:
            return before, value, "commit" if parents else "root"
        base = self.read(self.repository.bases(*parents[:2])[0], name)
        differing = {one for one in values if one != base}
        return None if (base if not differing else differing.pop() if len(differing) == 1 else None) == value else (
            before, value, "resolution" if len({one for one in values if one != base}) > 1 else "evil")

    def base(self, child, parents, path, id, was, kind, depth=0):
        bases = [parents[0]]
        for other in parents[1:]:
            one, bases = bases[0], self.repository.bases(bases[0], other)
            if not {one, other} & set(bases) and self.is_cut(one, other, bases):
                return UNKNOWN
            if not bases:
                return NO_DOCUMENT
        places = [self.locate(child, base, path, id, was) for base in bases]
        values = [self.status(base, *place, kind) if place else NO_DOCUMENT for base, place in zip(bases, places)]
        if len(set(values)) == 1:
            return values[0]
        below = self.base(child, bases, path, id, was, kind, depth + 1) if depth < 8 else None
        differing = {value for value in values if value != below}
        return differing.pop() if len(differing) == 1 else None

    def is_cut(self, one, other, bases):
        """Whether two commits may have a better base beyond the edge of a clone."""
        own = self.repository.git("rev-list", one, other, *[f"^{base}" for base in bases]).split() if self.repository.shallow else []
        return bool(self.repository.shallow.intersection(own))

    def locate(self, child, parent, path, id, was):
        """Where a commit has the document that a child has at a path."""
        files, own = self.repository.files(parent)[0], self.repository.files(child)[0]
        names = {id, *was} - {None}
        if path in files:
            there = self.id(files[path])
            if there is None or id is None or there in names:
                return path, files[path]
        if id is not None:
            moved = [old for old, blob in files.items() if own.get(old) != blob and self.id(blob) in names and self.id(own.get(old) or "") not in names]
        else:
            moved = [old for old, blob in files.items() if old not in own and path in own and own[path] == blob]
        if not moved:
            return None
        best = max(moved, key=lambda old: (files[old] == own.get(path), like(old, path)))
        return best, files[best]


def like(one, other):
    one, other = one.split("/"), other.split("/")
    count = lambda pairs: next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return count(zip(one, other)) + count(zip(one[::-1], other[::-1]))


def checked_case(case, home):
    """Compares a case with what it expects."""
    expected = json.loads((case / "expected.json").read_text())
    setup, place = expected.get("setup", {}), Path(home) / case.name
    subprocess.run([*GIT, "init", "-q", "--bare", "-b", "main", str(place)], check=True, env=ENV)
    subprocess.run([*GIT, "fast-import", "--quiet", "--date-format=raw"], cwd=place, env=ENV, input=(case / "story").read_bytes(), check=True)
    options = [f"--depth={setup['depth']}"] if "depth" in setup else [f"--filter={setup['filter']}"] if "filter" in setup else []
    if options:
        subprocess.run([*GIT, "config", "uploadpack.allowFilter", "true"], cwd=place, env=ENV, check=True)
        clone = place.with_suffix(".clone")
        lazy = {**ENV, "GIT_NO_LAZY_FETCH": "0"}
        subprocess.run([*GIT, "clone", "-q", *options, f"file://{place}", str(clone)], env=lazy, check=True)
        place = clone
    repository = Repository(place)
    tip = repository.git("rev-parse", "main").strip()
    published = repository.git("rev-parse", setup["published"]["ref"]).strip() if "published" in setup else None
    telling = Telling(repository, tip, Words(""), published)
    told = telling.run()
    subject = cache(lambda commit: repository.git("log", "-1", "--format=%s", commit).strip())
    for entry in told:
        del entry["path"], entry["line"]
    ours = [{**entry, "landing": subject(entry["landing"]), "gap": [subject(one) for one in entry["gap"]],
             "origins": [(subject(commit), how) for commit, how in entry["origins"]]} for entry in told]
    wanted = [{"pack": entry.get("pack", ""), "document": entry["document"], "from": entry["from"], "to": entry["to"],
               "landing": entry["landing"]["commit"], "gap": entry.get("gap", []),
               "origins": [(one["commit"], one["how"]) for one in entry["origins"]]} for entry in expected["entries"]]
    order = lambda entry: json.dumps(entry, sort_keys=True)
    for entries in (ours, wanted):
        for entry in entries:
            entry["origins"].sort()
        entries.sort(key=order)
    if "inside" in expected:
        ours += [{**step, "commit": subject(step["commit"]), "landing": subject(step["landing"])} for step in telling.inside()]
        wanted += expected["inside"]
    if not (case / "signatures.json").exists():
        day = datetime.fromtimestamp(setup["as_of"], timezone.utc).date().isoformat() if "as_of" in setup else None
        approvals, evidence = Approvals(telling, day).run().told(subject)
        ours += approvals + [evidence]
        plain = lambda one: {key: value for key, value in one.items() if key != "changed_by"}
        wanted += [plain(one) for one in expected.get("approvals", [])] + [expected.get("evidence", {})]
    return ours, wanted


def cases():
    wrong, count = 0, 0
    with tempfile.TemporaryDirectory() as home:
        for case in sorted(path for path in HERE.iterdir() if path.is_dir()):
            ours, wanted = checked_case(case, home)
            count += 1
            if ours != wanted:
                wrong += 1
                print(f"{case.name}:")
                for name, these, those in (("only here", ours, wanted), ("only expected", wanted, ours)):
                    for entry in these:
                        if entry not in those:
                            print(f"  {name}: {json.dumps(entry)}")
    print(f"{count - wrong} of {count} cases are told alike")
    return wrong


def against(place, program):
    """Compares a repository with what the program tells of it."""
    told = json.loads(subprocess.run([program, "log", place, "--format", "json"], check=True, capture_output=True).stdout)
    repository = Repository(place)
    tip = told["history"]["tip"]
    book = subprocess.run([*GIT, "show", f"{tip}:book.toml"], cwd=place, env=ENV, capture_output=True, text=True).stdout
    telling = Telling(repository, tip, Words(book))
    ours = [entry for entry in telling.run() if telling.is_shown(entry, tomllib.loads(book).get("book", {}).get("src", ""))]
    theirs = [{"document": entry["document"], "from": PHRASES.get(entry["from"], entry["from"]), "to": PHRASES.get(entry["to"], entry["to"]),
               "landing": entry["landing"]["commit"],
               "origins": sorted((one["commit"], one["how"]) for one in entry["origins"])} for entry in told["entries"]]
    for entry in ours:
        for key in ("gap", "pack", "path", "line"):
            entry.pop(key)
    key = lambda entry: json.dumps(entry, sort_keys=True)
    one, other = {key(entry) for entry in ours}, {key(entry) for entry in theirs}
    for name, entries in (("only here", one - other), ("only there", other - one)):
        for entry in sorted(entries):
            print(f"{name}: {entry}")
    print(f"{len(ours)} entries here, {len(theirs)} there, {len(one & other)} alike")
    return len(one ^ other)


if __name__ == "__main__":
    sys.exit(1 if (against(*sys.argv[1:]) if len(sys.argv) == 3 else cases()) else 0)
