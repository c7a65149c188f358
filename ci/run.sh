#!/usr/bin/env bash
# Runs a part of the plan, or merges the parts, and says what is new against the baseline. All that
# it is told comes in the environment: ARGUMENTS (without quotes), OUT, SHARD, MERGE, RETRIES,
# SIZE_MAX, BASELINE (a folder with the run.ndjson of the last green run), REPORTERS.
set -uo pipefail
freezethaw() { bash "$(dirname "${BASH_SOURCE[0]}")/freezethaw.sh" "$@"; }

out="${OUT:-reports}"
reporters="terminal,junit,markdown,html,statement,statement-json,badge${REPORTERS:+,$REPORTERS}"
common=(--out "$out" --reporter "$reporters")
if [[ -n "${SIZE_MAX:-}" ]]; then common+=(--max-artifact-size "$SIZE_MAX"); fi

if [[ -n "${MERGE:-}" ]]; then
  mapfile -d '' -t parts < <(find "$MERGE" -name run.ndjson -print0 | sort -z)
  freezethaw merge "${parts[@]}" "${common[@]}"
else
  read -r -d '' -a arguments <<<"${ARGUMENTS:-}"
  if [[ -n "${SHARD:-}" ]]; then common+=(--shard "$SHARD"); fi
  # Behind -- is the command of an adapter, which must be last.
  freezethaw run --retries "${RETRIES:-0}" "${common[@]}" "${arguments[@]}"
fi
code=$?

baseline="${BASELINE:-}/run.ndjson"
change="$out/change.md"
if [[ -f "$baseline" && -f "$out/run.ndjson" ]]; then
  freezethaw report --from "$out/run.ndjson" --baseline "$baseline" --reporter change --out "$out"
fi
if [[ -n "${GITHUB_STEP_SUMMARY:-}" ]]; then
  for part in "$change" "$out/github-summary.md"; do
    if [[ -f "$part" ]]; then cat "$part" >>"$GITHUB_STEP_SUMMARY"; fi
  done
fi
if [[ -n "${GITHUB_OUTPUT:-}" ]]; then
  echo "exit-code=$code" >>"$GITHUB_OUTPUT"
  if [[ -f "$change" ]]; then echo "change=$change" >>"$GITHUB_OUTPUT"; fi
fi
exit "$code"
