"""Fills in the signatures of a story: every entry of its `signatures.json` that names a key and has no signature yet.

    python3 tests/history/sign.py CASE ...
    python3 tests/history/sign.py --key bob
    python3 tests/history/sign.py --tags example-pack/story

Needs git, ssh-keygen and the Python package `cryptography`. The keys are made from their names alone, so that they are
the same everywhere: they are secret to nobody and fit for stories only. `--key` prints the public one. `--tags` signs the
tags of the example pack anew, each with the key of the first name of its tagger: after any change of an earlier piece.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

GIT = ["git", "-c", "core.autocrlf=false"]
HEADER = {40: b"gpgsig", 64: b"gpgsig-sha256"}


def secret(name):
    seed = hashlib.sha256(f"a key of a story: {name}".encode()).digest()
    return ed25519.Ed25519PrivateKey.from_private_bytes(seed)


def public(name):
    key = secret(name).public_key()
    form = serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    return key.public_bytes(*form).decode()


def sign(name, payload):
    with tempfile.TemporaryDirectory() as folder:
        key, message = Path(folder) / "key", Path(folder) / "message"
        form = serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH
        key.write_bytes(secret(name).private_bytes(*form, serialization.NoEncryption()))
        key.chmod(0o600)
        message.write_bytes(payload)
        words = ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(key), str(message)]
        subprocess.run(words, check=True)
        return message.with_suffix(".sig").read_text()


def git(place, *words, data=None):
    return subprocess.run([*GIT, *words], cwd=place, input=data, check=True, capture_output=True).stdout


def rewrite(place, signature_of):
    """Writes all commits and tags of a story again, with signatures; the same rules stand in README.md."""
    new = {}

    def renamed(line):
        key, _, value = line.partition(b" ")
        return b" ".join([key, new.get(value.decode(), value.decode()).encode()])

    for old in git(place, "rev-list", "--all", "--topo-order", "--reverse").decode().split():
        head, message = git(place, "cat-file", "commit", old).split(b"\n\n", 1)
        lines = [renamed(line) if line.startswith(b"parent ") else line for line in head.split(b"\n")]
        raw = b"\n".join(lines) + b"\n\n" + message
        signature = signature_of(message.decode().split("\n")[0], raw)
        if signature:
            folded = signature.strip().encode().replace(b"\n", b"\n ")
            lines.append(HEADER[len(old)] + b" " + folded)
            raw = b"\n".join(lines) + b"\n\n" + message
        new[old] = git(place, "hash-object", "-t", "commit", "-w", "--stdin", data=raw).decode().strip()
    for line in git(place, "for-each-ref", "--format=%(refname) %(objecttype) %(objectname)").decode().splitlines():
        ref, kind, old = line.split()
        if kind == "tag":
            head, rest = git(place, "cat-file", "tag", old).split(b"\n", 1)
            raw = renamed(head) + b"\n" + rest
            raw += (signature_of(ref.removeprefix("refs/tags/"), raw) or "").encode()
            new[old] = git(place, "hash-object", "-t", "tag", "-w", "--stdin", data=raw).decode().strip()
        git(place, "update-ref", ref, new[old])


def fill(case):
    path = case / "signatures.json"
    signatures = json.loads(path.read_text())

    def wanted(name, payload):
        entry = signatures.get(name, {})
        if "signature" not in entry and "key" in entry:
            entry["signature"] = sign(entry["key"], payload)
        return entry.get("signature")

    with tempfile.TemporaryDirectory() as place:
        git(place, "init", "-q", "--bare", "-b", "main")
        git(place, "fast-import", "--quiet", "--date-format=raw", data=(case / "story").read_bytes())
        rewrite(place, wanted)
    path.write_text(json.dumps(signatures, indent=2, ensure_ascii=False) + "\n")


def sign_tags(pieces):
    unsigned = re.compile(r"-----BEGIN SSH SIGNATURE-----\n.*?-----END SSH SIGNATURE-----\n", re.S)
    all_pieces = sorted(pieces.glob("[0-9]*"))
    texts = {piece: unsigned.sub("", piece.read_text()) for piece in all_pieces}
    with tempfile.TemporaryDirectory() as place:
        git(place, "init", "-q", "--bare", "-b", "main")
        git(place, "fast-import", "--quiet", "--date-format=raw", data="".join(texts.values()).encode())
        for piece in pieces.glob("*.tag"):
            text = texts[piece]
            tag, tagger = re.search(r"^tag (.*)$", text, re.M)[1], re.search(r"^tagger (\w+)", text, re.M)[1]
            payload = git(place, "cat-file", "tag", f"refs/tags/{tag}")
            signature = sign(tagger.lower(), payload)
            piece.write_text(text.replace("END_OF_MESSAGE\n\n", signature + "END_OF_MESSAGE\n\n", 1))


def main():
    if sys.argv[1] == "--tags":
        sign_tags(Path(sys.argv[2]))
        return
    if sys.argv[1] == "--key":
        print(public(sys.argv[2]))
        return
    for case in sys.argv[1:]:
        fill(Path(case))


if __name__ == "__main__":
    main()
