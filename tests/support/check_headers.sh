#!/usr/bin/env bash
# Compiles each header of one room alone (and twice, for the include guard), as the compile database says.
# usage: check_headers.sh BUILD_DIR SOURCE_DIR TARGET
set -euo pipefail
build=$1 source=$2 target=$3
exec python3 "$source/tests/support/check_headers.py" "$build" "$target"
