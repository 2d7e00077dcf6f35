# make demo · make test · make ci · make bench: everything else is explained by `make help`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
# Four for two processors: many tests wait for what they have killed to come back.
PYTEST := $(BIN)/pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder --durations 15 --junitxml build/tests.xml

.PHONY: help setup parts demo test lint chart docs format screenshots reference ci soak bench lock
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.ready ## the environment: .venv with the locked packages

$(VENV)/.ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Evistore needs Python 3.11 or newer: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: setup ## a database, a generated history and the server; ARGS=--exit ends after a summary
	@$(BIN)/evistore demo $(ARGS)

parts: setup ## what tests run on and pip does not bring: PostgreSQL 15, TimescaleDB, Kafka, Chromium
	.ci/parts

test: setup ## all tests; those whose parts cannot be installed here are skipped and say why
	@.ci/parts || echo "Some parts are missing: the tests that need them are skipped."
	$(PYTEST) $(ARGS)

lint: setup ## style, types, layers, SQL
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 src

chart: parts ## what the chart's examples become, into build/chart
	PYTHONPATH=tests $(BIN)/python -m fixtures.charts

docs: setup ## the documentation as a site, into build/docs; a link that leads nowhere is an error
	PYTHONPATH=docs/site $(BIN)/sphinx-build --quiet --fresh-env --fail-on-warning --keep-going -b html -c docs/site -d build/doctrees docs build/docs

format: setup ## rewrite the Python files in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: parts ## pictures of what a running `make demo` shows, into docs/pictures
	PYTHONPATH=tests $(BIN)/python -m fixtures.screenshots $(ARGS)

reference: setup ## write docs/reference and docs/pictures anew: settings, commands, REST, schema, architecture
	PYTHONPATH=tests $(BIN)/python -m fixtures.reference
	PYTHONPATH=tests:docs/site $(BIN)/python -m fixtures.pictures
	PYTHONPATH=tests $(BIN)/python -m fixtures.schema

ci: export CI := true
ci: setup parts lint ## what must pass before anything lands: everything, and nothing skipped
	$(PYTEST)

soak: setup ## mixed load with faults, then a ledger of what was acknowledged; ARGS="--minutes 10 --seed 7"
	PYTHONPATH=tests $(BIN)/python -m soak $(ARGS)

bench: setup ## how fast it is here; ARGS as for evistore bench
	$(BIN)/evistore bench $(ARGS)

lock: ## the newest versions that fit, with hashes, into requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --all-extras --group dev --group docs --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --python-platform linux --python-version 3.11 --generate-hashes --no-header --all-extras --constraint requirements.lock --output-file deploy/requirements.lock pyproject.toml
