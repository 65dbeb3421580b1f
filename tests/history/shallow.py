#!/usr/bin/env python3
"""Holds what shallow clones of a repository tell against what the whole one tells.

  shallow.py PROGRAM REPOSITORY BOOK [DEPTH ...]

A commit with BOOK as `book.toml` is put on top of a copy of the repository. A clone may leave things out and say that it
does not know them; whatever else it tells must be told of the whole repository too.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ENV = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
ENV |= {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Ana"), ("EMAIL", "ana@example.org"))}
OPEN = (None, "", [], False, "not known", "unknown", "undetermined", "unreadable", "boundary", "unverifiable")
# What is compared by itself, or counts among what is told only.
OWN = {"seq", "from", "origins", "landing", "gap", "restores", "takes_back", "lands_again", "together", "concurrent", "notes", "in_force_until", "changed_later"}


def git(place, *words):
    return subprocess.run(["git", *words], cwd=place, env=ENV, check=True, capture_output=True, text=True).stdout.strip()


def copied(repository, book, place):
    """A copy with one more commit."""
    git(".", "clone", "-q", "--bare", repository, str(place))
    branch = git(place, "symbolic-ref", "HEAD")
    blob = git(place, "hash-object", "-w", str(Path(book).resolve()))
    tree = git(place, "ls-tree", branch).splitlines()
    tree = [line for line in tree if not line.endswith("\tbook.toml")] + [f"100644 blob {blob}\tbook.toml"]
    tree = subprocess.run(["git", "mktree"], cwd=place, env=ENV, input="\n".join(tree) + "\n", check=True, capture_output=True, text=True).stdout.strip()
    git(place, "update-ref", branch, git(place, "commit-tree", tree, "-p", branch, "-m", "Add a book"))


def told(program, place):
    return json.loads(subprocess.run([program, "log", "--format", "json", "--as-of", "2026-05-04"], cwd=place, check=True, capture_output=True).stdout)


def place_of(entry):
    return entry["document"], entry["landing"]["commit"]


class Whole:
    """What the whole repository tells, by document and landing."""

    def __init__(self, log, landings):
        self.log, self.order = log, {commit: at for at, commit in enumerate(landings)}
        self.at, self.of = {}, {}
        for entry in log["entries"]:
            self.at.setdefault(place_of(entry), []).append(entry)
            self.of.setdefault(entry["document"], []).append(entry)
        self.ids = {entry["seq"]: place_of(entry) for entry in log["entries"]}
        self.declared = {one["path"]: one["declared"] for one in log["documents"]}

    def last(self, entry):
        """What the document had come to at the landing of an entry, by its entries, or by what it declares now."""
        when = self.order[entry["landing"]["commit"]]
        before = [one for one in self.of.get(entry["document"], []) if self.order[one["landing"]["commit"]] <= when]
        if before and before[-1]["to"] != "no document":
            return before[-1]["to"]
        after = [one["from"] for one in self.of.get(entry["document"], []) if self.order[one["landing"]["commit"]] > when]
        return after[0] if after else self.declared.get(entry["document"])


def differing(known, told, skip=()):
    return [f"{key} is {value!r}, not {known.get(key)!r}" for key, value in told.items()
            if key not in skip and value not in OPEN and value != known.get(key)]


def untrue(whole, log, entry):
    """What an entry of a clone says that the whole repository does not."""
    truths = [one for one in whole.at.get(place_of(entry), []) if one["to"] == entry["to"]]
    if not truths:
        silent = entry["from"] == "not known" and not entry["origins"] and not entry["landing"]["pr"]
        return [] if silent and whole.last(entry) == entry["to"] else ["nothing like it"]
    truth = truths[0]
    wrong = differing(truth, entry, OWN) + differing(truth["landing"], entry["landing"], {"pr"})
    pull, true_pull = entry["landing"]["pr"], truth["landing"]["pr"]
    if pull and (not true_pull or pull["number"] != true_pull["number"] or not set(pull["via"]) <= set(true_pull["via"])):
        wrong.append(f"pull request {pull}, not {true_pull}")
    if entry["from"] not in ("not known", truth["from"]):
        wrong.append(f"from is {entry['from']}, not {truth['from']}")
    for key in ("origins", "concurrent"):
        wrong += [f"{key}: {one['commit']} {one['how']}" for one in entry[key]
                  if not any(known["commit"] == one["commit"] and not differing(known, one) for known in truth[key])]
    if 0 < len(entry["origins"]) < len(truth["origins"]):
        wrong.append(f"{len(entry['origins'])} origins of {len(truth['origins'])}")
    ids = {one["seq"]: place_of(one) for one in log["entries"]}
    for key in ("restores", "lands_again"):
        if entry[key] is not None and ids[entry[key]] != whole.ids.get(truth[key]):
            wrong.append(f"{key} another one")
    back, true_back = entry["takes_back"], truth["takes_back"]
    if back and (not true_back or ids[back["seq"]] != whole.ids[true_back["seq"]] or back["how"] not in ("claimed", true_back["how"])):
        wrong.append(f"takes back {back}, not {true_back}")
    followed = any(one["seq"] > entry["seq"] and one["document"] == entry["document"] and one["from"] == "not known" for one in log["entries"])
    if entry["in_force_until"] != truth["in_force_until"] and not (entry["in_force_until"] is None and followed):
        wrong.append(f"in force until {entry['in_force_until']}, not {truth['in_force_until']}")
    if entry["together"] > truth["together"] or entry["passing"] and not truth["passing"]:
        wrong.append("together or passing")
    return wrong


def main(program, repository, book, *depths):
    count = 0
    with tempfile.TemporaryDirectory() as home:
        place = Path(home) / "whole"
        copied(repository, book, place)
        log = told(program, place)
        whole = Whole(log, git(place, "rev-list", "--first-parent", "--reverse", "HEAD").splitlines())
        documents = {one["path"]: one for one in log["documents"]}
        print(f"whole: {len(whole.order)} landings, {len(log['entries'])} entries, {len(documents)} documents")
        for depth in depths or ("1", "20", "500"):
            clone = Path(home) / f"depth-{depth}"
            git(home, "clone", "-q", "--bare", "--depth", depth, f"file://{place}", str(clone))
            part = told(program, clone)
            known = sum(entry["from"] != "not known" for entry in part["entries"])
            print(f"depth {depth}: complete {part['history']['complete']}, {len(part['entries'])} entries, {known} of them with what was before")
            wrong = [(place_of(entry), text) for entry in part["entries"] for text in untrue(whole, part, entry)]
            wrong += [(one["path"], text) for one in part["documents"] for text in differing(documents.get(one["path"], {}), one)]
            for what, text in wrong:
                print(f"  {what}: {text}")
            if part["history"]["complete"] and (part["entries"] != log["entries"]):
                print("  it does not say that it is incomplete")
                count += 1
            count += len(wrong)
    return count


if __name__ == "__main__":
    sys.exit(1 if main(*sys.argv[1:]) else 0)
