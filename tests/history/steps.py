#!/usr/bin/env python3
"""Counts steps of statuses file by file and compares them with those that the program tells.

  steps.py REPOSITORY RECOUNT [SIDECAR]   RECOUNT is target/release/examples/recount; SIDECAR a name such as kep.yaml

A step is a file whose `status:` is a word before a landing and another word after it. Only the first lines of Markdown
files and files called SIDECAR are read, no renames are followed, and nothing is known of ids, kinds and templates. Each
step that only one side tells is listed by landing, so that the difference can be explained.
"""
import re
import subprocess
import sys
from collections import Counter
from functools import cache


class Repository:
    """Landings and files, asked of git."""

    def __init__(self, place):
        self.place = place
        self.batch = subprocess.Popen(["git", "-C", place, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.status = cache(self.status)

    def changes(self):
        """Each landing with each of its changed files: path, blob before, blob after; nothing where there is no file."""
        command = ["git", "-C", self.place, "log", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "--reverse", "-z", "--format=%x01%H", "HEAD"]
        for landing in subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace").split("\x01")[1:]:
            commit, _, rest = landing.replace("\n", "\0").partition("\0")
            words = [word for word in rest.split("\0") if word]
            for head, path in zip(words[::2], words[1::2]):
                yield commit, path, *(None if not blob.strip("0") else blob for blob in head.split()[2:4])

    def status(self, blob, is_markdown):
        self.batch.stdin.write(blob.encode() + b"\n")
        self.batch.stdin.flush()
        size = int(self.batch.stdout.readline().split()[2])
        text = self.batch.stdout.read(size + 1)[:-1].decode("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n")
        if is_markdown:
            block = re.match(r"---[ \t]*\n(.*?)\n---", text, re.S)
            text = block[1] if block else ""
        found = re.search(r"^status[ \t]*:[ \t]*([^\n#]*)", text, re.M | re.I)
        return found[1].strip().strip("\"'").lower() if found else ""


def counted(place, sidecar):
    """Steps by landing and folder, and how many files came with a status."""
    repository, steps, first = Repository(place), Counter(), Counter()
    for commit, path, before, after in repository.changes():
        is_markdown = path.endswith(".md")
        if not is_markdown and path.rsplit("/", 1)[-1] != sidecar:
            continue
        one, other = (repository.status(blob, is_markdown) if blob else "" for blob in (before, after))
        kind = "pages" if is_markdown else sidecar
        if one and other and one != other:
            steps[commit, path.rpartition("/")[0], one, other] += 1
        elif other and not before:
            first[f"{kind} that came with a status"] += 1
        elif one and not after:
            first[f"{kind} that went with a status"] += 1
    return steps, first


def told(place, program):
    """Steps of the program by landing and folder, and how many documents came with a status."""
    steps, first = Counter(), Counter()
    for line in subprocess.run([program, place], capture_output=True, check=True, text=True).stdout.splitlines():
        commit, path, _, before, after, _ = line.split("\t")
        states = {"no-document", "absent", "placeholder", "unreadable", "unknown"}
        if before not in states and after not in states:
            steps[commit, path.rpartition("/")[0], before, after] += 1
        else:
            first[f"{before if before in states else 'a word'} -> {after if after in states else 'a word'}"] += 1
    return steps, first


def main(place, program, sidecar=None):
    (here, first_here), (there, first_there) = counted(place, sidecar), told(place, program)
    for name, steps in (("only by file", here - there), ("only told", there - here)):
        for (commit, folder, before, after), count in sorted(steps.items()):
            print(f"{name}: {commit[:10]} {folder}: {before} -> {after}" + (f" ({count})" if count > 1 else ""))
    print(f"{here.total()} steps by file, {there.total()} told, {(here & there).total()} alike")
    print("by file:", dict(first_here))
    print("told:", dict(first_there))


if __name__ == "__main__":
    main(*sys.argv[1:])
