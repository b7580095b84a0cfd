#!/usr/bin/env bash
# Turns the action's inputs into arguments of `unspill ci`, which does all the rest. Nothing of an input is evaluated.
# Whatever ends before there are results ends as an error that is annotated, with the outputs of one.
set -euo pipefail

fail() {
  trap - EXIT
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  text=${text//$'\n'/%0A}
  printf '::error title=unspill%%3A nothing was scanned::%s\n' "$text"
  printf '%s\n' findings= sarif= exit-code=2 >>"${GITHUB_OUTPUT:?}"
  exit 2
}

trap 'fail "the step ended before the scan; the log says why"' EXIT

folder=${INPUT_WORKING_DIRECTORY:-.}
cd -- "$folder" 2>/dev/null || fail "working-directory: there is no folder $folder"
args=(ci --sarif "${RUNNER_TEMP:?}/unspill.sarif")

option() {
  [ -z "$2" ] || args+=("$1=$2")
}

option --config "${INPUT_CONFIG:-}"
option --baseline "${INPUT_BASELINE:-}"
option --format "${INPUT_FORMAT:-}"
option --fail-on "${INPUT_FAIL_ON:-}"
case ${INPUT_VERIFY:-false} in
  false) ;;
  true) args+=(--verify) ;;
  deep) args+=(--verify=deep) ;;
  *) fail 'verify must be false, true or deep' ;;
esac
[ "${INPUT_SUMMARY:-true}" = true ] || args+=(--no-summary)
[ "${INPUT_COMMENT:-false}" != true ] || args+=(--comment)

# Words at blanks, and nothing more: no file names, no variables.
set -f
# shellcheck disable=SC2206
args+=(${INPUT_ARGS:-})

code=0
"${UNSPILL:?}" "${args[@]}" || code=$?
# It hands its outputs over by itself, unless it was killed or did not even start.
[ "$code" = 0 ] || grep -q '^exit-code' "${GITHUB_OUTPUT:?}" ||
  fail "unspill ended with exit code $code before there were results; the log says why"
trap - EXIT
exit "$code"
