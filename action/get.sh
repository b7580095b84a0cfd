#!/usr/bin/env bash
# Gets the program that the action runs, and hands its path over as the output `unspill`: the release for the runner's
# system, if checksums.txt knows it and it is just that; else built from the action's own source.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
temp=${RUNNER_TEMP:?}
version=${INPUT_VERSION:-}

fail() {
  printf '::error title=unspill::%s\n' "$1"
  exit 2
}

done_with() {
  printf 'unspill=%s\n' "$1" >>"${GITHUB_OUTPUT:?}"
  exit 0
}

from_source() {
  command -v cargo >/dev/null ||
    fail "there is no release for this runner in checksums.txt, and no cargo to build one: take a newer version of the action, or add a step that installs Rust"
  # In the action's own folder: in that of the checkout a pull request could choose the toolchain, or set up cargo.
  (cd "$here/.." && cargo install --quiet --locked --path . --root "$temp/unspill-source") ||
    fail "it cannot be built from source; the log says why"
  done_with "$temp/unspill-source/bin/unspill"
}

target() {
  case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
  esac
}

# From standard input: where the name of a file has a backslash, as on Windows, a sum is written in another way.
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi <"$1" | cut -d ' ' -f 1
}

case $version in
  source) from_source ;;
  system)
    found=$(command -v unspill) || fail 'there is no unspill on the PATH of this runner'
    done_with "$found"
    ;;
  '') wanted=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/../Cargo.toml" | head -n 1) ;;
  *) wanted=${version#v} ;;
esac

[[ $wanted =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail 'the version is not of the form 1.2.3'
name=unspill-$wanted-$(target)
case ${RUNNER_OS:-} in
  Windows) archive=$name.zip member=$name/unspill.exe ;;
  *) archive=$name.tar.gz member=$name/unspill ;;
esac
sum=$(awk -v name="$archive" '$2 == name { print $1 }' "$here/checksums.txt")
# An action of the workflow's own repository (`uses: ./`) has no releases that it knows of.
why=
[ -n "$sum" ] || why="checksums.txt of the action does not know $archive"
[ -n "${UNSPILL_RELEASES:-}${ACTION_REPOSITORY:-}" ] || why='it is not known where the releases of the action are'
if [ -n "$why" ]; then
  [ -z "$version" ] || fail "$why: take a newer version of the action, or version: source"
  from_source
fi

releases=${UNSPILL_RELEASES:-${GITHUB_SERVER_URL:?}/${ACTION_REPOSITORY:-}/releases/download}
folder=$(mktemp -d "$temp/unspill-XXXXXX")
curl --fail --location --silent --show-error --retry 3 --proto '=https,file' \
  --output "$folder/$archive" "$releases/v$wanted/$archive" || fail "$archive cannot be downloaded"
[ "$(sha256 "$folder/$archive")" = "$sum" ] || fail "$archive is not what checksums.txt says it is"
# The program alone, whatever else there is.
case $archive in
  *.zip) unzip -q "$folder/$archive" "$member" -d "$folder" ;;
  *) tar -xzf "$folder/$archive" -C "$folder" "$member" ;;
esac || fail "there is no program in $archive"
chmod +x "$folder/$member"
done_with "$folder/$member"
