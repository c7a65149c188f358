#!/usr/bin/env bash
# freezethaw of this checkout, with the memory settings of its npm scripts.
MALLOC_ARENA_MAX=1 exec node --max-semi-space-size=8 --heap-growing-percent=20 --expose-gc \
  "$(dirname "${BASH_SOURCE[0]}")/../harness/main.ts" "$@"
