#!/bin/sh
# Installs what the tests need and runs all of them, as a build machine does.
set -eu
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

install() {
    if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
    $sudo apt-get update -q
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
}

step "tools"
missing=
command -v git >/dev/null || missing="$missing git"
command -v python3 >/dev/null || missing="$missing python3"
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing="$missing chromium"
# shellcheck disable=SC2086 # one word for each package
[ -z "$missing" ] || install $missing
for component in rustfmt clippy; do
    cargo "${component#rust}" --version >/dev/null 2>&1 || rustup component add "$component"
done
PATH="$PWD/target/tools/bin:$PATH"
cargo deny --version >/dev/null 2>&1 || cargo install --quiet --locked --root target/tools cargo-deny

step "format"
cargo fmt --check
step "lints"
cargo clippy --all-targets --quiet -- -D warnings
step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --quiet
step "licences and sources"
cargo deny --offline check --hide-inclusion-graph licenses bans sources || cargo deny check --hide-inclusion-graph licenses bans sources
step "tests"
cargo test --quiet
step "digests, a second time"
python3 tests/digest/digest.py
step "decision logs, told a second time"
python3 tests/history/retell.py
step "browser"
sh tests/browser/run.sh
