#!/bin/sh
# Readies a fresh clone on a machine that is thrown away afterwards: what it learns must outlive it, so the stores have to
# be elsewhere. Needs .venv on the PATH; reads DVC_REMOTE_URL, MLFLOW_TRACKING_URI and, for Google, GOOGLE_KEY (JSON).
set -eu
fail() {
    echo "ci: $1 (docs/ci.md)" >&2
    exit 1
}
[ -n "${DVC_REMOTE_URL:-}" ] || fail "DVC_REMOTE_URL is not set; data and models would vanish with this machine"
[ -n "${MLFLOW_TRACKING_URI:-}" ] || fail "MLFLOW_TRACKING_URI is not set; staging and production would be unknown here"
after=$(weldspot config | awk '$1 == "loop.collect.after" { print $2 }')
[ "$after" = keep ] || fail "loop.collect.after is '$after'; only 'keep' is safe where the disk does not last"

case "$DVC_REMOTE_URL" in
s3://*) plugin='dvc-s3>=3.2,<4' ;;
gs://*) plugin='dvc-gs>=3,<4' ;;
azure://*) plugin='dvc-azure>=3.1,<4' ;;
*) plugin= ;; # DVC reaches folders and HTTP by itself
esac
[ -z "$plugin" ] || python -m pip install --quiet --disable-pip-version-check "$plugin"
# a store that is new has nothing yet: the little that came with the clone is taken from there, and pushed at the end
dvc fetch --quiet data.dvc 2>/dev/null || true
# into .dvc/config.local, which git ignores: the address may hold a password
dvc remote add --quiet --local --default --force store "$DVC_REMOTE_URL"

if [ -n "${GOOGLE_KEY:-}" ]; then
    key="$PWD/.weldspot/google.json" # ignored by git and DVC
    mkdir -p .weldspot
    (umask 077 && printf '%s' "$GOOGLE_KEY" >"$key")
    echo "GOOGLE_APPLICATION_CREDENTIALS=$key" >>"${GITHUB_ENV:-.env}"
fi
