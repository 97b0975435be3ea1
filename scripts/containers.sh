#!/bin/sh
# Builds the containers of compose.yaml, starts MLflow on PostgreSQL, looks whether each does its work and takes them away
# again. A project of its own beside the one that is in use here; only the port is the same. Needs Docker with compose.
set -eu
settings=$(mktemp)
trap 'compose --profile job down --volumes --timeout 5 >/dev/null 2>&1 || true; rm -f "$settings"' EXIT
trap 'exit 1' INT TERM
printf 'POSTGRES_PASSWORD=%s\nUID=%s\n' "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" "$(id -u)" >"$settings"
compose() {
    docker compose --project-name weldspot-check --env-file "$settings" "$@"
}

compose --profile job build
compose run --rm --no-deps retrain --help >/dev/null
compose run --rm --no-deps mlflow mlflow --version
compose up --detach --wait || { compose logs >&2; exit 1; }
compose run --rm --no-TTY --entrypoint python retrain - <<'EOF'
import mlflow

with mlflow.start_run() as run:
    mlflow.log_metric("answer", 42)
    mlflow.log_text("kept", "note.txt")
found = mlflow.get_run(run.info.run_id)
assert found.data.metrics == {"answer": 42}, found
assert mlflow.artifacts.load_text(f"{found.info.artifact_uri}/note.txt") == "kept"
print(f"containers: run {run.info.run_id} and its file are in MLflow at {mlflow.get_tracking_uri()}")
EOF
compose run --rm retrain status
echo "containers: built, started and in order"
