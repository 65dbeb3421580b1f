#!/bin/sh
# Builds the program, installs what drives the browser, and runs every browser test.
set -eu
cd "$(dirname "$0")"
cargo build --quiet --manifest-path ../../Cargo.toml
READYMARK="$(cd ../.. && pwd)/target/debug/readymark"
export READYMARK
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || { echo "There is no browser at ${CHROMIUM:-/usr/bin/chromium}; set CHROMIUM" >&2; exit 1; }
npm ci --silent --no-audit --no-fund
npm test
