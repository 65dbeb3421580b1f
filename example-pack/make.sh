#!/bin/sh
# Makes the Git repository of the example pack from the pieces in story/.
#
#   sh example-pack/make.sh DIR
#
# Needs git 2.28 or newer and nothing else. The same pieces give the same commit ids on every machine: your own
# git settings, hooks, templates, time zone and language play no part, and none of them is changed.
set -eu

fail() {
    printf '%s\n' "make.sh: $1" >&2
    exit 2
}

case "${1-}" in
'' | -*) fail 'usage: sh example-pack/make.sh DIR (a new or empty folder)' ;;
esac
[ "$#" -eq 1 ] || fail 'usage: sh example-pack/make.sh DIR (a new or empty folder)'
command -v git >/dev/null 2>&1 || fail 'git is not installed'

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ -e "$1" ]; then
    [ -d "$1" ] || fail "$1 is not a folder"
    [ -z "$(ls -A -- "$1")" ] || fail "$1 is not empty; name a new or empty folder"
fi
mkdir -p -- "$1"
dir=$(CDPATH='' cd -- "$1" && pwd)

# Nothing of the caller's reaches git.
# shellcheck disable=SC2046 # one name per word
unset $(git rev-parse --local-env-vars)
unset GIT_TEMPLATE_DIR GIT_DEFAULT_HASH GIT_DEFAULT_REF_FORMAT GIT_EXEC_PATH GIT_CEILING_DIRECTORIES \
    GIT_LITERAL_PATHSPECS GIT_GLOB_PATHSPECS GIT_NOGLOB_PATHSPECS GIT_ICASE_PATHSPECS GIT_TRACE \
    GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE || :
LC_ALL=C TZ=UTC0
HOME="$dir/.git" XDG_CONFIG_HOME="$dir/.git"
GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1
export LC_ALL TZ HOME XDG_CONFIG_HOME
export GIT_CONFIG_NOSYSTEM GIT_CONFIG_SYSTEM GIT_CONFIG_GLOBAL GIT_ATTR_NOSYSTEM

# Older git does not know every option, and says so in its help.
help=$(git init -h 2>&1 || :)
set -- --quiet --template= -b main
case $help in *--object-format*) set -- "$@" --object-format=sha1 ;; esac
case $help in *--ref-format*) set -- "$@" --ref-format=files ;; esac
git init "$@" "$dir"

cd "$dir"
cat "$here"/story/[0-9]* | git fast-import --quiet --date-format=raw >/dev/null

# The side branches were deleted after their merges, as everywhere.
git for-each-ref --format='%(refname)' refs/heads | while read -r ref; do
    [ "$ref" = refs/heads/main ] || git update-ref -d "$ref"
done
git checkout --quiet --force main

tip=$(git rev-parse main)
read -r expected <"$here/TIP" || expected=
[ "$tip" = "$expected" ] || fail "the tip is $tip, but example-pack/TIP says ${expected:-nothing}"
printf '%s\n' "$tip"
