#!/bin/sh
# Makes the environment that the image runs: the locked packages, each checked against its digest, and the program's wheel. Compiled here, since
# nothing can be written where it runs. Needs uv.
#
#   install.sh PYTHON FOLDER WHEEL [PACKAGE-TO-LEAVE-OUT ...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=$1 folder=$2 wheel=$3
shift 3

wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
# A package is a line that begins at the margin and the lines below it that do not.
awk -v left_out="$*" '
    BEGIN { split(left_out, names); for (one in names) without[names[one]] = 1 }
    /^[a-z0-9]/ { name = $0; sub(/[^a-z0-9._-].*|==.*/, "", name) }
    !(name in without)
' "$here/../requirements.lock" >"$wanted"

uv venv --quiet --no-project --python "$python" "$folder"
uv pip install --quiet --python "$folder/bin/python" --compile-bytecode --no-deps --require-hashes --requirement "$wanted"
uv pip install --quiet --python "$folder/bin/python" --compile-bytecode --no-deps "$wheel"
uv pip check --quiet --python "$folder/bin/python"
"$folder/bin/evistore" --version
