#!/usr/bin/env bash
# The report of the last green pipeline of the main branch, into the folder BASELINE. There need not
# be one: then nothing is compared.
set -uo pipefail
mkdir -p "$BASELINE"
url="$CI_API_V4_URL/projects/$CI_PROJECT_ID/jobs/artifacts/$CI_DEFAULT_BRANCH/raw/merged/run.ndjson"
if ! curl --silent --show-error --fail --location --header "JOB-TOKEN: $CI_JOB_TOKEN" \
  --output "$BASELINE/run.ndjson" "$url?job=freezethaw-merge"; then
  rm -f "$BASELINE/run.ndjson"
  echo "No green pipeline of $CI_DEFAULT_BRANCH has a report: nothing to compare with"
fi
