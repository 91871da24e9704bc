# Needs python3 (3.11 or newer), make and access to a package index. Everything is installed into .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test bench drill lint static screenshots assets chromium postgresql clean

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet
# Many tests wait for a browser or a process: one more than there are cores, as far as memory goes.
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PYTEST_WORKERS ?= $(shell echo $$(( $(CORES) + 1 > 8 ? 8 : $(CORES) + 1 )))
# Tests and servers start hundreds of processes; each would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make run    start the workbench with demo streams at http://localhost:8083"
	@echo "make test   install what the tests need and run everything"
	@echo "make lint   format, style, types, layers, size budgets, notebooks"
	@echo "make assets compile the screens after an edit of a .vue, .mjs or theme.css file"
	@echo "make bench  print the measured times beside the baseline's"
	@echo "make drill  kill workers at random for half an hour, and count what is lost or paid twice"
	@echo "make clean  remove the environment and caches (never your data in var/)"

run: $(VENV)/installed
	@exec $(BIN)/director up --demo

# The last line is pytest's summary. A module's tests stay in one process, so that they share its server and browser.
test: static chromium postgresql
	@$(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) --dist loadscope --no-loadscope-reorder

lint: static
	@$(BIN)/python -m pytest -q tests/architecture

bench: $(VENV)/installed-dev chromium
	@$(BIN)/python -m benchmarks $(BENCH)

# For example DRILL="--databases sqlite --seed 7"; --help tells all.
drill: $(VENV)/installed-dev postgresql
	@$(BIN)/python -m tests.drills.queue_drill $(DRILL)

screenshots: $(VENV)/installed-dev chromium
	@$(BIN)/python -m docs.make_screenshots

# Needs node 20.11 or newer; only who edits a screen needs it, for the built modules are part of the sources.
assets:
	@npm --prefix frontend ci --no-audit --no-fund --loglevel=error
	@npm --prefix frontend run --silent build

static: $(VENV)/installed-dev
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

chromium: $(VENV)/installed-dev
	@if command -v chromium-headless-shell >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    export DEBIAN_FRONTEND=noninteractive; \
	    if apt-get update -q && apt-get install -q -y chromium-headless-shell; then exit 0; fi; \
	    if command -v chromium >/dev/null || apt-get install -q -y chromium; then exit 0; fi; \
	fi; \
	if command -v chromium chromium-browser google-chrome >/dev/null; then exit 0; fi; \
	echo "Fetching Chromium through Playwright."; \
	$(BIN)/playwright install chromium

# The tests start a server of their own; none is set up or started here.
postgresql:
	@if command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
	    echo "The tests need PostgreSQL. Install it (Debian, Ubuntu: sudo apt install postgresql), then try again." >&2; exit 1; \
	fi; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -q && apt-get install -q -y --no-install-recommends postgresql-common; \
	sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf; \
	apt-get install -q -y --no-install-recommends postgresql

$(BIN)/python:
	@python=; for name in $(PYTHONS); do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed; none of $(PYTHONS) is. Install one, then try again." >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip' 2>/dev/null; then \
	    package=$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	    if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
	        echo "$$python cannot make environments. Install its venv package (Debian, Ubuntu: sudo apt install $$package), then try again." >&2; exit 1; \
	    fi; \
	    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y "$$package"; \
	fi; \
	"$$python" -m venv --clear $(VENV)

$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "Installing the workbench into $(VENV)."
	@$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing the workbench and its development tools into $(VENV)."
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $(VENV)/installed $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results benchmarks/results
	find . -path ./var -prune -o -type d -name __pycache__ -exec rm -rf {} +
