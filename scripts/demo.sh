#!/bin/sh
# Builds out/golden.wim from a generated base image, then shows how an unsafe image is refused. Exit 0: both came out as they should.
set -eu
. "$(dirname "$0")/setup.sh"
exec node --import tsx scripts/dev/demo.ts
