#!/bin/sh
# Writes requirements.txt anew: every library with its version and hashes, for all three targets.
# A developer runs it, with uv installed, after changing the dependencies in pyproject.toml.
# Without arguments the versions already locked stay; `installer/lock.sh --upgrade` takes newer ones.
set -eu
cd -- "$(dirname -- "$(readlink -f -- "$0")")/.."
exec uv pip compile pyproject.toml --extra dev --universal --generate-hashes \
    --python-version 3.11 --only-binary :all: \
    --no-emit-index-url --no-emit-find-links --no-header -o requirements.txt "$@"
