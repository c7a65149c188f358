#!/usr/bin/env bash
# The artifact of the last green run of the main branch, into the folder BASELINE. There need not be
# one: then nothing is compared.
set -uo pipefail
id="$(gh run list --workflow "$WORKFLOW" --branch "$BRANCH" --status success --limit 1 \
  --json databaseId --jq '.[0].databaseId')"
if [[ -z "$id" ]] || ! gh run download "$id" --name "$ARTIFACT" --dir "$BASELINE"; then
  echo "No green run of $BRANCH has an artifact $ARTIFACT: nothing to compare with"
fi
