#!/bin/sh
# Makes the example repository under target/ and shows its site, all versions, in the browser's reach.
#   sh example-pack/demo.sh [readymark serve options]
set -eu
cd "$(dirname "$0")/.."
repository=target/example/$(cut -c1-12 example-pack/TIP)
[ -d "$repository/.git" ] || sh example-pack/make.sh "$repository"
exec cargo run --quiet --release -- serve "$repository" "$@"
