#!/bin/sh
# Installs Coop from an archive whose SHA-256 you bring along, from a place other than the archive's.
set -eu

usage() {
  cat <<'END'
Usage: sh install.sh --sha256 HEX [--to DIR] ARCHIVE

  ARCHIVE       coop-VERSION-TARGET.tar.gz: a file, or an https address
  --sha256 HEX  what the archive must have; without it nothing is installed
  --to DIR      where coop and coopd go [default /usr/local/bin for root, else ~/.local/bin]
END
}

fail() {
  printf 'Error: %s\n' "$1" >&2
  if [ $# -gt 1 ]; then printf '  next: %s\n' "$2" >&2; fi
  exit 1
}

sum_of() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    fail "there is neither sha256sum nor shasum, so nothing can be checked" "Install coreutils."
  fi
}

this_target() {
  case "$(uname -s)" in
  Linux) os=linux ;;
  Darwin) os=macos ;;
  *) fail "Coop is not built for $(uname -s)" ;;
  esac
  case "$(uname -m)" in
  x86_64 | amd64) echo "$os-x64" ;;
  aarch64 | arm64) echo "$os-arm64" ;;
  *) fail "Coop is not built for $(uname -m)" ;;
  esac
}

archive='' wanted='' to=''
while [ $# -gt 0 ]; do
  case "$1" in
  --sha256 | --to)
    if [ $# -lt 2 ]; then fail "$1 needs a value"; fi
    if [ "$1" = --sha256 ]; then wanted=$2; else to=$2; fi
    shift 2
    ;;
  -h | --help)
    usage
    exit 0
    ;;
  -*) fail "unknown option $1" "sh install.sh --help" ;;
  *)
    if [ -n "$archive" ]; then fail "one archive is enough: $1"; fi
    archive=$1
    shift
    ;;
  esac
done

if [ -z "$archive" ]; then
  usage >&2
  exit 2
fi
if [ -z "$wanted" ]; then
  fail "no --sha256: what is installed must be known by more than where it came from" "It is in the release's SHA256SUMS."
fi
case "$wanted" in
*[!0-9a-f]*) fail "--sha256 is no SHA-256: 64 digits of 0-9 and a-f" ;;
esac
if [ "${#wanted}" -ne 64 ]; then fail "--sha256 is no SHA-256: it has ${#wanted} digits, not 64"; fi

target=$(this_target)
case "${archive##*/}" in
coop-*-"$target".tar.gz) ;;
*) fail "${archive##*/} is not for this machine" "This one is $target." ;;
esac

if [ -z "$to" ]; then
  if [ "$(id -u)" -eq 0 ]; then to=/usr/local/bin; else to=$HOME/.local/bin; fi
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
case "$archive" in
https://*)
  curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --output "$work/archive" "$archive" ||
    fail "it could not be fetched: $archive"
  ;;
*://*) fail "only https is taken: $archive" ;;
*) cp "$archive" "$work/archive" || fail "it cannot be read: $archive" ;;
esac

found=$(sum_of "$work/archive")
if [ "$found" != "$wanted" ]; then
  fail "the archive is not the one that you mean: its SHA-256 is $found" "Nothing was installed. Compare with the release's SHA256SUMS."
fi

tar -xzf "$work/archive" -C "$work" || fail "the archive cannot be unpacked"
program=$(find "$work" -mindepth 2 -maxdepth 2 -type f -name coop)
if [ -z "$program" ]; then fail "there is no coop in the archive"; fi
version=$("$program" --version) || fail "coop does not start on this machine"

mkdir -p "$to" || fail "$to cannot be made"
# Beside its place first, so that a program that runs is replaced whole or not at all.
cp "$program" "$to/.coop.new" || fail "$to cannot be written"
chmod 755 "$to/.coop.new"
mv -f "$to/.coop.new" "$to/coop"
ln -sf coop "$to/coopd"
printf '%s is in %s\n' "$version" "$to"
if [ "${target%%-*}" = linux ] && ! command -v bwrap >/dev/null; then
  echo "bubblewrap is missing; hens that run anything need it (on Debian: apt-get install bubblewrap)"
fi
case ":$PATH:" in
*":$to:"*) ;;
*) printf '%s is not in PATH\n' "$to" ;;
esac
