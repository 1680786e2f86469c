#!/bin/sh
# Formats, types, lint, package and every test. The last line is: N passed, N failed, N skipped.
set -eu
for_tests=yes # read by setup.sh
. "$(dirname "$0")/setup.sh"
exec node --import tsx scripts/dev/test.ts --all
