#!/usr/bin/env python3
"""Cuts the power while sites are published.  power_cut.py PROGRAM [--rounds N] [--format ext4|xfs]

Needs root and a Linux kernel that mounts files. A file system of its own is shut down without writing what it still
holds, as a power cut does, at a random moment during a build or in the seconds after it. After mounting it again each
unit of the site and each file of the root must be, byte for byte, that of the site before or of the site after, and
the next build must finish.
"""
import argparse
import fcntl
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import time

SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN, the same number for ext4 and xfs
WITHOUT_FLUSH = 2
HERE = pathlib.Path(__file__).resolve().parent
MANIFEST = "readymark-manifest.json"


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, **more)


def build(program, repository, site):
    return subprocess.Popen([program, "build", "--as-of", "2026-05-04", "-d", site, repository], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def units(site):
    """Splits the files of a site into its units and the root."""
    folders = sorted({str(pathlib.PurePath(name).parent) for name in site if name.endswith("/" + MANIFEST)})
    parts = {folder: {} for folder in ["", *folders]}
    for name, content in site.items():
        parts[next((folder for folder in folders if name.startswith(folder + "/")), "")][name] = content
    return parts


def faults(found, before, after):
    """Lists what is neither as before nor as after."""
    (found, before, after), wrong = map(units, (found, before, after)), []
    for folder in sorted(set(found) | set(before) | set(after)):
        one = found.get(folder)
        if folder == "":
            one = one or {}
            for name in sorted(set(one) | set(before[""]) & set(after[""])):
                if one.get(name) not in (before[""].get(name), after[""].get(name)):
                    wrong.append(f"{name}: {len(one[name])} bytes" if name in one else f"{name}: missing")
        elif one not in (before.get(folder), after.get(folder)):
            others = before.get(folder) or after.get(folder)
            differ = [name for name in others if (one or {}).get(name) not in (others[name], after.get(folder, {}).get(name))]
            wrong.append(f"{folder}: mixed, {len(differ)} of {len(others)} files, such as {differ[:3]}")
    return wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("--rounds", type=int, default=30)
    arguments.add_argument("--format", choices=["ext4", "xfs"], default="ext4")
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    program, dice = pathlib.Path(chosen.program).resolve(), random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        image, mount, repository = work / "image", work / "mount", work / "repository"
        run("sh", HERE.parents[1] / "example-pack/make.sh", repository)
        tips = [run("git", "-C", repository, "rev-parse", name, text=True).stdout.strip() for name in ("main~6", "main")]
        sites = []
        for number, tip in enumerate(tips):
            run("git", "-C", repository, "update-ref", "refs/heads/main", tip)
            assert build(program, repository, work / f"site-{number}").wait() in (0, 1)
            sites.append(files(work / f"site-{number}"))
        with image.open("wb") as file:
            file.truncate(512 << 20)
        run(f"mkfs.{chosen.format}", "-q", image)
        mount.mkdir()
        options = "loop,commit=1" if chosen.format == "ext4" else "loop"
        run("mount", "-o", options, image, mount)
        wrong, cut, now = [], 0, 0
        try:
            assert build(program, repository, mount / "site").wait() in (0, 1)
            now = 1
            for _ in range(chosen.rounds):
                run("sync", "-f", mount)
                other = 1 - now
                run("git", "-C", repository, "update-ref", "refs/heads/main", tips[other])
                started = time.monotonic()
                publishing = build(program, repository, mount / "site")
                wait = dice.choice([dice.uniform(0.05, 1.0), dice.uniform(0.5, 4.0)])
                time.sleep(wait)
                cut += publishing.poll() is None
                handle = os.open(mount, os.O_RDONLY)
                fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", WITHOUT_FLUSH))
                os.close(handle)
                publishing.wait()
                run("umount", mount)
                run("mount", "-o", options, image, mount)
                for fault in faults(files(mount / "site"), sites[now], sites[other]):
                    wrong.append(f"after {wait:.2f} s: {fault}")
                assert build(program, repository, mount / "site").wait() in (0, 1), "the next build did not finish"
                now = other
                if files(mount / "site") != sites[now]:
                    wrong.append(f"after {wait:.2f} s: the next build left something else")
        finally:
            subprocess.run(["umount", mount], check=False)
    print(f"{chosen.rounds} cuts, {cut} during a build: {len(wrong)} faults")
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
