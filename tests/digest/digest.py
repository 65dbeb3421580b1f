#!/usr/bin/env python3
"""Hashes the parts of every vector a second time, with nothing but Python's own library.

  digest.py          every vector of vectors.json; says where the digest is another one
  digest.py PART...  the digest of these parts
"""
import hashlib
import json
import sys
from pathlib import Path


def digest(parts):
    raw = [part.encode() for part in ["d1", *parts]]
    return "d1:sha256:" + hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in raw)).hexdigest()


def blob(content):
    """The id that Git gives a file."""
    raw = content.encode()
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw).hexdigest()


def is_with_files(vector):
    """Tells whether the parts of a text with files are its own digest and ids of these files."""
    if "files" not in vector:
        return True
    ids = {blob(content) for content in vector["files"].values()}
    name, text, *shown = vector["parts"]
    return name == "files" and text == digest(vector["text_parts"]) and shown and ids.issuperset(shown)


def main():
    if sys.argv[1:]:
        print(digest(sys.argv[1:]))
        return 0
    vectors = json.loads((Path(__file__).parent / "vectors.json").read_text())
    wrong = [one["why"] for one in vectors if digest(one["parts"]) != one["digest"] or not is_with_files(one)]
    for why in wrong:
        print(f"another digest: {why}")
    print(f"{len(vectors) - len(wrong)} of {len(vectors)} digests are the same")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
