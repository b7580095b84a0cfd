#!/usr/bin/env bash
# Turns the action's inputs into arguments of `unspill ci`, which does all the rest. Nothing of an input is evaluated.
set -euo pipefail

cd -- "${INPUT_WORKING_DIRECTORY:-.}"
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
  *)
    echo '::error title=unspill::verify must be false, true or deep'
    exit 2
    ;;
esac
[ "${INPUT_SUMMARY:-true}" = true ] || args+=(--no-summary)
[ "${INPUT_COMMENT:-false}" != true ] || args+=(--comment)

# Words at blanks, and nothing more: no file names, no variables.
set -f
# shellcheck disable=SC2206
args+=(${INPUT_ARGS:-})

"${UNSPILL:?}" "${args[@]}"
