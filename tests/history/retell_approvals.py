"""Tells approvals a second time, slowly, by git's own commands. It shares no code with the program; `retell.py` calls it.

It reads the fields that the stories use: texts, lists on one line or below each other, tables on one line.
"""
import json
import posixpath
import re
import subprocess
import sys
import tempfile
import tomllib
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "digest"))
from digest import digest as hashed  # noqa: E402

BY = {"approved-by", "reviewed-by", "signed-by", "approver", "reviewer"}
SIGNED = {"status", "decision", "date", "signed", "signature", "approved", "reviewed"}
VOLATILE = {"status", "state", "approvals", "reviewed", "review-by", "date", "last-updated"}
APPROVES = {"approved", "accepted", "granted", "accept-risk", "waive", "not-applicable"}
REJECTS = {"rejected", "denied", "declined", "revoked"}
FORGES = ["noreply@github.com", "noreply@gitlab.com"]
D1 = re.compile(r"d1:sha256:[0-9a-f]{64}")


# Texts.

def scalar(text):
    text = re.sub(r"\s+#.*", "", text.strip()) if text.strip()[:1] not in "\"'" else re.sub(r"(?<=[\"'])\s+#.*", "", text.strip())
    return text.strip().strip("\"'")


def value(text):
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [scalar(one) for one in text[1:-1].split(",") if one.strip()]
    if text.startswith("{") and text.endswith("}"):
        return {key.strip(): scalar(one) for key, one in (pair.split(": ", 1) for pair in text[1:-1].split(", "))}
    return scalar(text)


def parts_of(text):
    """Fields and what follows them."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = re.match(r"---\n(.*?\n)?---\n", text, re.S)
    fields, last = {}, None
    for line in (match[1] or "").splitlines() if match else []:
        if pair := re.match(r"([\w-]+):(?: (.*))?$", line):
            last = pair[1].lower().replace("_", "-")
            fields[last] = value(pair[2]) if pair[2] else []
        elif (item := re.match(r"\s+- (.*)$", line)) and isinstance(fields.get(last), list):
            fields[last].append(value(item[1]))
    return fields, text[match.end():] if match else text


def unsigned(body):
    """The text without what people write into tables that name who signs."""
    lines, columns = body.split("\n"), None
    for at, line in enumerate(lines):
        if not line.startswith("|"):
            columns = None
        elif at + 1 < len(lines) and re.fullmatch(r"[|\-: ]*-[|\-: ]*", lines[at + 1]):
            names = [one.strip().lower().replace(" ", "-") for one in line.split("|")[1:-1]]
            columns = {number for number, name in enumerate(names) if name in SIGNED} if BY.intersection(names) else set()
        elif columns and not re.fullmatch(r"[|\-: ]*-[|\-: ]*", line):
            cells = line.split("|")[1:-1]
            lines[at] = "|" + "|".join("" if number in columns else cell for number, cell in enumerate(cells)) + "|"
    return "\n".join(lines)


def said_by(text):
    fields, body = parts_of(text)
    body = unsigned(body)
    kept = {key: value for key, value in fields.items() if key not in VOLATILE}
    return hashed(["document", json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False), body.rstrip("\n") + "\n"])


def likeness(text):
    fields, body = parts_of(text)
    return json.dumps({key: value for key, value in fields.items() if key not in VOLATILE}, sort_keys=True), re.sub(r"\s+", " ", body.replace("_", "*")).strip()


def section(text, anchor):
    lines, found = parts_of(text)[1].split("\n"), []
    for line in lines:
        heading = re.match(r"(#+) ", line)
        if heading and found and len(heading[1]) <= len(re.match(r"#+", found[0])[0]):
            break
        if found or heading and f"{{#{anchor}}}" in line:
            found.append(line)
    return hashed(["section", "\n".join(found).rstrip("\n") + "\n"]) if found else row(text, anchor)


def row(text, id):
    """A row with this id, of a table whose columns go by their own names."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in parts_of(text)[1].splitlines() if line.startswith("|")]
    mine = next((cells for cells in rows if id in cells[:1]), None)
    said = {name.lower(): " ".join(cell.split()) for name, cell in zip(rows[0], mine) if cell} if mine else {}
    kept = {name: cell for name, cell in said.items() if name not in {"id", "status", "state", "review"}}
    return hashed(["record", json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)]) if mine else None


def shown(text):
    """The files that a text shows or includes, as written."""
    return re.findall(r"!\[[^\]]*\]\(([^)\s]+)|\{\{#include ([^}\s:]+)", text or "")


# Messages.

def said(message):
    """What each paragraph decides, and whether it is the last one."""
    plain = re.sub(r"```.*?```", "", message, flags=re.S)
    plain = re.sub(r"\n[ \t]+(?=\S)", " ", "\n".join(line for line in plain.splitlines() if not line.startswith(">")))
    paragraphs = [part.splitlines() for part in re.split(r"\n\s*\n", plain.strip()) if part.strip()]
    for at, lines in enumerate(paragraphs):
        trailer = re.compile(r"[A-Za-z0-9-]+:|\(cherry picked from commit ")
        pairs = [(match[1].lower(), match[2].strip()) for match in (re.match(r"([A-Za-z0-9-]+):(.*)$", line) for line in lines) if match]
        get = lambda key: [text for name, text in pairs if name == key]
        at_end = at > 0 and at == len(paragraphs) - 1 and all(trailer.match(line) for line in lines)
        digests = dict(text.split(None, 1) for text in get("decision-digest"))
        decided = []
        for text in get("decision"):
            document, _, word = text.partition(" ")
            word = word.strip().lower().replace(" ", "-")
            unreadable = document in digests and not D1.fullmatch(digests[document])
            if word in APPROVES | REJECTS and not unreadable:
                decided.append((document, word, digests.get(document)))
        people = [(key, re.search(r"<([^>]*@[^>]*)>", text)) for key in ("approved-by", "rejected-by") for text in get(key)]
        yield {"decided": decided, "by": [(match[1], key == "rejected-by") for key, match in people if match],
               "scopes": [one for text in get("decision-scope") for one in text.split()] or [None],
               "expires": (get("decision-expires") or [None])[0], "revokes": [one for text in get("revokes") for one in text.split()],
               "embedded": not at_end}


class Approvals:
    """The approvals of one telling."""

    def __init__(self, telling, day):
        self.telling, self.repository, self.day = telling, telling.repository, day
        self.all, self.enough, self.revoked = [], {}, []
        book = tomllib.loads(self.repository.read(f"{telling.tip}:book.toml") or "")
        self.forges = {forge.lower() for forge in FORGES + book.get("history", {}).get("forges", [])}

    def run(self):
        for index in range(len(self.telling.landings)):
            for draft in self.drafts(index):
                self.add(index, draft)
        return self

    # Reading.

    def text(self, blob):
        return self.repository.read(blob) if blob else None

    def person(self, commit, role):
        match = re.search(rf"^{role} (.*) <(.*)> (\d+)", self.repository.read(commit), re.M)
        return match[1], match[2], int(match[3])

    def message(self, commit):
        return self.repository.read(commit).split("\n\n", 1)[1]

    def commits(self, index):
        own = self.telling.brought(index)
        return [one for one in self.repository.git("rev-list", "--topo-order", "--reverse", self.telling.landings[index]).split() if one in own]

    def place(self, index, line):
        """Path and blob of a document after a landing."""
        held = self.telling.places[index].get(line, [])
        return (held[0], self.repository.files(self.telling.landings[index])[0][held[0]]) if held else (None, None)

    def find(self, commit, path, id):
        """Path and blob of a document in another commit."""
        files = self.repository.files(commit)[0]
        if path in files and self.telling.id(files[path]) in (id, None):
            return path, files[path]
        return next(((other, blob) for other, blob in files.items() if id and self.telling.id(blob) == id), (None, None))

    def named(self, index, name):
        lines = [line for line in self.telling.places[index] if self.telling.id(self.place(index, line)[1]) == name]
        return lines

    def shown(self, text, commit, path):
        """The ids of the files that a text shows at a commit."""
        targets = [posixpath.normpath(posixpath.join(posixpath.dirname(path), one or other)) for one, other in shown(text)]
        ids = [self.repository.git("ls-tree", "--object-only", commit, target).strip() for target in targets]
        return list(dict.fromkeys(filter(None, ids)))

    def whole(self, text, commit, path, scope=None):
        """What a text says, or a part of it, with the files that it shows."""
        said = section(text, scope) if scope else said_by(text)
        files = [] if scope else self.shown(text, commit, path)
        return hashed(["files", said, *files]) if said and files else said

    # What is said.

    def drafts(self, index):
        landing = self.telling.landings[index]
        touched = [line for line in self.telling.places[index] if index == 0 or self.place(index, line) != self.place(index - 1, line)]
        for commit in self.commits(index):
            for one in said(self.message(commit)):
                for name in one["revokes"]:
                    lines = self.named(index, name)
                    for line in lines or [line for line in self.telling.places[index] if row(self.text(self.place(index, line)[1]), name)]:
                        self.revoked.append((line, None if lines else name, index, len(self.all)))
                        if lines:
                            self.enough.pop(line, None)
                for document, word, digest in one["decided"]:
                    lines = self.named(index, document)
                    rows = [] if lines else [line for line in self.telling.places[index] if row(self.text(self.place(index, line)[1]), document)]
                    lines = lines or rows
                    if len(lines) > 1:
                        changed = self.repository.git("show", "-m", "--first-parent", "--format=", "--name-only", commit).split()
                        lines = [line for line in lines if self.place(index, line)[0] in changed]
                    for line in lines[:1] if len(lines) == 1 else []:
                        for address, against in one["by"]:
                            for scope in [document] if rows else one["scopes"]:
                                yield {"line": line, "commit": commit, "address": address, "word": word, "against": against or word in REJECTS,
                                       "scope": scope, "digest": digest, "expires": one["expires"],
                                       "reflected": line in touched or self.declares(index, line, word, against or word in REJECTS),
                                       "source": "embedded" if one["embedded"] else "trailer"}
        for line in touched:
            path, blob = self.place(index, line)
            before = self.listed(self.place(index - 1, line)[1]) if index else []
            if index == 0 and landing in self.repository.shallow:
                continue
            for entry in self.listed(blob):
                if entry not in before and not ("digest" in entry and not D1.fullmatch(entry["digest"])):
                    yield {"line": line, "commit": self.introduced(index, path, blob, entry) or landing, "address": entry["by"],
                           "word": entry.get("decision", "approved"), "against": entry.get("decision") in REJECTS, "scope": entry.get("scope"),
                           "digest": entry.get("digest"), "expires": entry.get("expires"), "reflected": True, "source": "front-matter"}

    def declares(self, index, line, word, against):
        """Whether the status says what was decided."""
        path, blob = self.place(index, line)
        landing = self.telling.landings[index]
        status = self.telling.status(landing, path, blob)
        means = self.telling.words.means[self.telling.kind(landing, path, blob)].get(status)
        return status.replace(" ", "-") == word or means == ("closed" if against else "approved" if word in APPROVES else None)

    def listed(self, blob):
        text = self.text(blob)
        entries = parts_of(text)[0].get("approvals", []) if text else []
        return [entry for entry in entries if isinstance(entry, dict)]

    def introduced(self, index, path, blob, entry):
        has = lambda commit: entry in self.listed(self.find(commit, path, self.telling.id(blob))[1])
        return next((commit for commit in self.commits(index) if has(commit) and not any(map(has, self.repository.parents(commit)))), None)

    # What it amounts to.

    def add(self, index, draft):
        line, landing, commit = draft["line"], self.telling.landings[index], draft["commit"]
        path, blob = self.place(index, line)
        id = self.telling.id(blob)
        pack = self.telling.pack(landing, path)[0]
        picked = re.search(r"^\(cherry picked from commit (\w+)", self.message(commit), re.M)
        if picked and self.repository.read(picked[1]):
            changed = self.repository.git("show", "--format=", "--name-only", picked[1]).split()
            same = [self.telling.pack(picked[1], one)[0] for one in changed if self.telling.id(self.repository.files(picked[1])[0].get(one) or "") == id]
            if same and pack not in same:
                return
        is_edge = index == 0 and landing in self.repository.shallow
        rules = Rules({}, {}, [], False) if is_edge else self.rules(index, pack)
        who = rules.who(draft["address"])
        wanted, own_rules = ([], False) if is_edge else self.wanted(index, line, rules, id)
        day = datetime.fromtimestamp(max(self.person(one, "committer")[2] for one in self.telling.landings[: index + 1]), timezone.utc).date()
        fulfils = [party for party in wanted if who[0] == "person" and rules.speaks(who[1], party, day)]
        contributors = self.contributors(index, line, rules, draft["scope"])
        places = [(self.telling.landings[at], *self.place(at, line)) for at in range(len(self.telling.landings))]
        texts = [(self.text(blob), at, where) for at, where, blob in dict.fromkeys(places) if blob]
        here, blob_here = self.find(commit, path, id)
        bound = (self.text(blob_here), commit, here) if blob_here else None
        of = lambda text: self.whole(*text, draft["scope"])
        like = lambda text: (likeness(text[0]), self.shown(*text))
        approval = {
            "line": line, "index": index, "id": id or path, "pack": pack, "who": who, "by": who[1] if who[0] == "person" else draft["address"],
            "landing": landing, "commit": commit, "scope": draft["scope"], "word": draft["word"], "against": draft["against"], "expires": draft["expires"],
            "source": draft["source"], "reflected": draft["reflected"], "bootstrap": rules.bootstrap or own_rules, "wanted": wanted, "fulfils": fulfils,
            "digest": draft["digest"] or (of(bound) if bound else None),
            "like": next((like(text) for text in [bound, *texts] if text and of(text) == draft["digest"]), None) if draft["digest"] else bound and like(bound),
            "assurance": self.assurance(commit, draft, who, rules), "binding": self.binding(landing, commit, draft),
            "contributors": contributors, "duty": duty(who, bool(fulfils) if wanted else None, contributors),
            "lost": bool(picked) and not self.repository.read(picked[1]),
        }
        if approval["duty"] in ("ok", "co-author") and "" in (self.person(commit, "author")[1], self.person(commit, "committer")[1]):
            approval["duty"] = "undetermined"
        alike = lambda known, *keys: all(known[key] == approval[key] for key in keys)
        known = next((one for one in reversed(self.all) if alike(one, "line", "index", "by", "scope")), None)
        if known and alike(known, "against", "digest") and not self.is_revoked(known, index):
            expires = approval["expires"] or known["expires"]
            if approval["assurance"] < known["assurance"]:  # attributed comes before reported
                known.update(approval)
            known["expires"] = expires
            return
        self.all.append(approval)
        if approval["against"]:
            self.enough.pop(line, None)
        if self.evidence(line, index, None) == "approved":
            self.enough[line] = index

    def assurance(self, commit, draft, who, rules):
        author, committer = self.person(commit, "author")[1], self.person(commit, "committer")[1]
        theirs = lambda address: rules.who(address) == who if who[0] == "person" else address == draft["address"]
        own = theirs(author) and (theirs(committer) or committer.lower() in self.forges)
        return "attributed" if own and draft["source"] != "embedded" else "reported"

    def binding(self, landing, commit, draft):
        if draft["digest"]:
            return "explicit"
        squashed = draft["source"] == "embedded" or re.search(r"\(#\d+\)$", self.message(commit).splitlines()[0])
        return "implicit-squash" if commit == landing and len(self.repository.parents(commit)) < 2 and squashed else "implicit"

    def rules(self, index, pack):
        before = self.telling.landings[index - 1] if index else None
        has = before and "people.toml" in self.repository.git("ls-tree", "--name-only", before).split()
        commit = before if has else self.telling.landings[index]
        read = lambda path: tomllib.loads(self.repository.read(f"{commit}:{path}") or "")
        matrices = [self.text(blob) for path, blob in (self.repository.files(before)[0] if before else {}).items()
                    if self.telling.pack(before, path)[0] == pack and "kind: raci" in (self.text(blob) or "")]
        return Rules(read("people.toml"), read(f"{pack}/pack.toml" if pack else "pack.toml"), matrices, not has)

    def wanted(self, index, line, rules, id):
        before = self.place(index - 1, line)[1] if index else None
        own = parts_of(self.text(before or self.place(index, line)[1]))[0].get("approvers", [])
        own = [own] if isinstance(own, str) else own
        return own or rules.accountable(id), before is None and bool(own)

    def contributors(self, index, line, rules, scope):
        since = self.enough.get(line, -1)
        since = since if since < index else -1
        found = {}
        for at in range(since + 1, index + 1):
            path, blob = self.place(at, line)
            if not blob:
                continue
            same = at and self.place(at - 1, line) == (path, blob)
            for commit in self.commits(at):
                if commit in self.repository.shallow:
                    if not same:
                        found.setdefault(("unknown", ""), False)
                elif not same and self.wrote(commit, path, self.telling.id(blob), scope) or self.drew(commit, path, blob):
                    name, address, _ = self.person(commit, "author")
                    who = rules.who(address)
                    found[who if who[0] == "person" else (who[0], name)] = False
                    for name, address in re.findall(r"^co-authored-by: *(.*?) *<(.*)>", self.message(commit), re.M | re.I):
                        who = rules.who(address)
                        found.setdefault(who if who[0] == "person" else (who[0], name), True)
        return found

    def drew(self, commit, path, blob):
        files = lambda commit: set(self.shown(self.text(blob), commit, path))
        return bool(files(commit).difference(*map(files, self.repository.parents(commit))))

    def wrote(self, commit, path, id, scope):
        said_by = (lambda text: section(text, scope)) if scope else globals()["said_by"]
        here = self.text(self.find(commit, path, id)[1])
        if here is None:
            return False
        parents = [self.text(self.find(parent, path, id)[1]) for parent in self.repository.parents(commit)]
        values = [text and said_by(text) for text in parents]
        if said_by(here) in values and len(parents) < 2 or not parents and False:
            return False
        if len(parents) < 2:
            return True
        bases = self.repository.bases(*self.repository.parents(commit)[:2])
        base = self.text(self.find(bases[0], path, id)[1]) if bases else None
        differing = {value for value in values if value != (base and said_by(base))}
        computed = (base and said_by(base)) if not differing else differing.pop() if len(differing) == 1 else None
        if computed is not None:
            return computed != said_by(here)
        return said_by(here) in values or not self.joined(parents[0], base or "", parents[1], here)

    def joined(self, one, base, other, merged):
        with tempfile.TemporaryDirectory() as home:
            for name, text in (("one", one), ("base", base), ("other", other)):
                (Path(home) / name).write_text(text)
            told = subprocess.run(["git", "merge-file", "-p", "one", "base", "other"], cwd=home, capture_output=True, text=True)
        return told.returncode == 0 and said_by(told.stdout) == said_by(merged)

    # What became of it.

    def is_revoked(self, approval, until):
        place = self.all.index(approval)
        about = lambda line, part: line == approval["line"] and part in (None, approval["scope"])
        return any(about(line, part) and said > place and index <= until for line, part, index, said in self.revoked)

    def state(self, approval, until, day):
        later = [one for one in self.all[self.all.index(approval) + 1:] if one["line"] == approval["line"] and one["index"] <= until]
        same = lambda one: one["who"][0] == "person" and one["who"] == approval["who"] or one["by"] == approval["by"]
        if approval["lost"]:
            return "unknown", None
        if self.is_revoked(approval, until):
            return "revoked", None
        if any(one["against"] and one["scope"] in (None, approval["scope"]) and (same(one) or one["fulfils"]) for one in later):
            return "revoked", None
        if any(same(one) and one["scope"] == approval["scope"] and one["against"] == approval["against"] and one["assurance"] <= approval["assurance"] for one in later):
            return "superseded", None
        if day and approval["expires"] and approval["expires"] < day:
            return "expired", None
        is_same, alike = self.compared(approval)
        held = [index for index in range(until + 1) if index >= approval["index"]]
        if is_same(held[-1]):
            return "valid" if all(map(is_same, held)) else "restored", None
        if alike(held[-1]):
            return "reformatted", None
        differing = next(index for index in held if not any(is_same(at) or alike(at) for at in held if at >= index))
        if differing > approval["index"]:
            return "stale", differing
        changed = [at for at in range(approval["index"] + 1) if at == 0 or self.place(at, approval["line"]) != self.place(at - 1, approval["line"])]
        return "landed-different", changed[-1]

    def compared(self, approval):
        def texts(index):
            path, blob = self.place(index, approval["line"])
            return (self.text(blob), self.telling.landings[index], path)

        like = lambda text: (likeness(text[0]), self.shown(*text))
        is_same = lambda index: texts(index)[0] is not None and self.whole(*texts(index), approval["scope"]) == approval["digest"]
        alike = lambda index: not approval["scope"] and approval["like"] and texts(index)[0] is not None and like(texts(index)) == approval["like"]
        return is_same, alike

    def evidence(self, line, until, day):
        own = [(one, self.state(one, until, day)[0]) for one in self.all if one["line"] == line and one["index"] <= until and not one["scope"] and not one["against"]]
        if not own:
            return "undetermined" if self.repository.shallow else "none"
        wanted, holds = own[-1][0]["wanted"], ("valid", "restored", "reformatted")
        signed = self.must_be_signed(line, until)
        counts = lambda one: one["assurance"] == "attributed" and not signed and one["duty"] in ("ok", "co-author")
        everybody = lambda *states: wanted and all(any(counts(one) and state in states and party in one["fulfils"] for one, state in own) for party in wanted)
        if everybody(*holds):
            return "approved"
        if self.repository.shallow:
            return "undetermined"
        if everybody(*holds, "expired"):
            return "expired"
        if everybody(*holds, "stale", "landed-different"):
            return "stale"
        if any(one["lost"] for one, _ in own):
            return "undetermined"
        return "undetermined" if any(one["duty"] == "undetermined" and state not in ("revoked", "superseded") for one, state in own) else "insufficient"

    def must_be_signed(self, line, until):
        """Whether to go and which risks to accept is decided with a signature."""
        fields = parts_of(self.text(self.place(until, line)[1]) or "")[0]
        return fields.get("kind") == "decision" and fields.get("type") in ("go-no-go", "risk-acceptance")

    def told(self, subject):
        """As expected.json tells them."""
        last, all = len(self.telling.landings) - 1, []
        for one in sorted(self.all, key=lambda one: (one["index"], one["line"])):
            state, since = self.state(one, last, self.day)
            told = {"document": one["id"], "by": one["by"], "landing": subject(one["landing"]), "assurance": one["assurance"], "binding": one["binding"],
                    "state": state, "duty": one["duty"], "wanted": one["wanted"],
                    "contributors": [(name if kind == "person" else f"? {name}") + (" (co-author)" if co else "") for (kind, name), co in one["contributors"].items()]}
            extra = {"pack": one["pack"], "commit": subject(one["commit"]) if one["commit"] != one["landing"] else "", "scope": one["scope"],
                     "expires": one["expires"], "decision": one["word"] if one["word"] != "approved" else "",
                     "source": one["source"] if one["source"] != "trailer" else "", "bootstrap": one["bootstrap"],
                     "since": subject(self.telling.landings[since]) if since is not None else ""}
            told.update({key: value for key, value in extra.items() if value})
            if not one["reflected"]:
                told["reflected"] = False
            all.append(told)
        lines = {one["line"]: one["id"] for one in self.all}
        return all, {id: self.evidence(line, last, self.day) for line, id in lines.items()}


def duty(who, accountable, contributors):
    own = contributors.get(who)
    if who[0] != "person":
        return {"unknown": "undetermined", "bot": "insufficient", "shared": "shared-identity"}[who[0]]
    if own is False:
        return "self-approved"
    if accountable is False:
        return "not-accountable"
    if own is True:
        return "co-author"
    return "undetermined" if accountable is None or any(kind in ("unknown", "shared") for kind, _ in contributors) else "ok"


class Rules:
    """Who is who, and who answers for what."""

    def __init__(self, people, pack, matrices, bootstrap):
        self.people, self.roles, self.matrices, self.bootstrap = people.get("person", []), pack.get("roles", {}), matrices, bootstrap

    def who(self, address):
        fold = lambda one: one.rpartition("@")[0] + "@" + one.rpartition("@")[2].lower()
        known = [one for one in self.people if one["id"] == address or fold(address) in map(fold, one.get("git_emails", []) + [one.get("mail", "")])]
        if len(known) != 1:
            return ("unknown", address) if not known else ("shared", address)
        kind = known[0].get("kind", "human")
        return ("person", known[0]["id"]) if kind == "human" else (kind, address)

    def speaks(self, person, party, day):
        ids = [one["id"] for one in self.people if party.lower() in (one["id"].lower(), one.get("name", "").lower())]
        ids += [one["id"] for one in self.people if one.get("team") == party]
        held = self.roles.get(party, [])
        for one in [{"person": held}] if isinstance(held, str) else held:
            if one.get("from", day) <= day <= one.get("until", day):
                ids.append(one["person"])
        return person in ids

    def accountable(self, id):
        for text in self.matrices:
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
            for row in rows[2:]:
                if f"[[{id}]]" in row[0]:
                    return [name for name, cell in zip(rows[0], row) if cell == "A"]
        return []
