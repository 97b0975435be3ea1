# `make` lists the targets. Every path is relative: the checkout may lie in a folder with a space in its name.
PORT ?= 5000
export PATH := $(CURDIR)/.venv/bin:$(PATH)
unexport VIRTUAL_ENV
# where it is set, each of the many processes would compile all of src anew
unexport PYTHONDONTWRITEBYTECODE
# said by hand: a card is not used then, nor warned about
ifeq ($(DEVICE),cpu)
export CUDA_VISIBLE_DEVICES := -1
endif

.DEFAULT_GOAL := help
.PHONY: help repro test coverage serve ui plots tensorboard bench bench-gate bench-client lint contracts deps lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

repro: .venv/.runtime ## set up, then run every stale stage of the graph, on a GPU where there is one (DEVICE=cpu: without)
	@python -m weldspot.runtime.dvc_recovery
	@dvc pull --quiet data.dvc < /dev/null || if [ -d data ]; \
		then echo "make: data/ stays as it is here; \`dvc pull data.dvc\` says why it can't be restored" >&2; \
		else echo "make: data/ can't be restored; \`dvc pull data.dvc\` says why" >&2; exit 1; fi
	@python -m weldspot.runtime.dvc_repro
	@echo
	@test -z "$$(git status --porcelain -- dvc.lock reports/metrics.json 2> /dev/null)" || echo "git     dvc.lock and reports/metrics.json hold this machine's results now (README: Two commands)"
	@echo "model   artifacts/export/model-int8.tflite"
	@echo "report  reports/export/model_card.md, reports/evaluate/"
	@echo "UI      make ui    (MLflow: every run, its parameters, scores and data)"
	@echo "next    weldspot promote    (README: From the phone and back)"

test: ## set up with the development tools, Node packages and Chromium, then run the tests
	@$(MAKE) --no-print-directory --jobs 2 .venv/.dev client-tools
	@python -m pytest -n 3 --dist loadfile --no-loadscope-reorder  # in the order of tests/conftest.py; three: the browser's tests wait half of their time
	@command -v npm > /dev/null || { echo "make: npm is not here, so the phone app was not tested; install Node 20" >&2; exit 1; }

coverage: .venv/.dev ## the branches that the fast tests reach; fails below the floor in pyproject.toml
	@python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow" --cov --cov-report=term

serve: .venv/.runtime ## build the phone app, then serve it with its model (SERVE="--host 0.0.0.0 --self-signed" for a phone)
	@if command -v npm > /dev/null; \
		then sh scripts/npm.sh client && npm --prefix client run --silent build; \
		else echo "make: npm is not here, so the app is served as it was last built, if ever" >&2; fi
	@exec weldspot serve $(SERVE)

ui: .venv/.runtime ## MLflow on http://127.0.0.1:5000 (PORT=… for another port)
	@exec python scripts/mlflow_ui.py $(PORT) logs/mlflow-ui.log

plots: .venv/.runtime ## the curves of the last run as a page: dvc_plots/index.html
	@dvc plots show

tensorboard: .venv/.runtime ## TensorBoard on the training logs
	@tensorboard --logdir logs --host 127.0.0.1

bench: .venv/.runtime ## throughput, memory and overhead, side by side
	@python benchmarks/images.py
	@python benchmarks/grouping.py
	@python benchmarks/graph.py
	@python benchmarks/status.py
	@python benchmarks/tracking.py
	@python benchmarks/feed.py
	@python benchmarks/train_memory.py
	@python benchmarks/engine.py
	@python benchmarks/growth.py

CLASSES ?= 3 7 20
bench-gate: .venv/.runtime ## the drift gate: false alarms, detection of every shift, a million rows; lists of CLASSES="3 7 20"
	@python benchmarks/gate_lists.py $(CLASSES)
	@python benchmarks/gate.py

bench-client: .venv/.runtime client-tools ## the phone app in Chromium: speed, size, parity with Python, other runtimes beside it
	@sh scripts/runtimes.sh
	@npm --prefix client run --silent build && npm --prefix client run --silent bench

lint: .venv/.dev client-tools ## ruff, mypy, the order of the rooms, the declared packages; the phone app's checks
	@ruff check
	@ruff format --check
	@mypy
	@lint-imports --no-cache
	@deptry src
	@if command -v npm > /dev/null; then npm --prefix client run --silent check; \
		else echo "make: npm is not here, so the phone app was not checked; install Node 20" >&2; exit 1; fi

contracts: .venv/.dev client-tools ## write the contracts' JSON Schemas, and the client's types from them
	@python -m weldspot.contracts.schemas src/weldspot/contracts/schemas
	@npm --prefix client run --silent contract

deps: .venv/.dev ## write into dvc.yaml which modules each stage imports
	@python scripts/stage_deps.py

lock: .venv/.uv ## resolve the requirements anew into the three lock files
	@sh scripts/lock.sh

# The set-up. A stamp is newer than what it was made from, so a second `make` does nothing here.
INSTALL = @sh scripts/install.sh

.PHONY: client-tools
client-tools:
	@if command -v npm > /dev/null; then sh scripts/npm.sh client client/emulator && sh scripts/chromium.sh && sh scripts/engines.sh; fi

.venv/.uv:
	@sh scripts/venv.sh
	@touch $@

# what the machine has is looked at each time; the file is newer only where the answer is another
.PHONY: look
.venv/.device: .venv/.uv look
	@sh scripts/device.sh "$(DEVICE)" > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

GPU_LOCK = $$(grep -qx gpu .venv/.device && echo requirements-gpu.lock)

.venv/.runtime: .venv/.uv .venv/.device requirements.lock requirements-gpu.lock pyproject.toml
	$(INSTALL) requirements.lock $(GPU_LOCK)
	@rm -f .venv/.dev
	@touch $@

.venv/.dev: .venv/.uv .venv/.device requirements-dev.lock requirements-gpu.lock pyproject.toml
	$(INSTALL) requirements-dev.lock $(GPU_LOCK)
	@touch .venv/.runtime $@
