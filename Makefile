# Each command sets up what it needs: a virtual environment in VENV, the locked packages, the project itself.
# On a bare machine: Python 3.11, 3.12 or 3.13 with its venv module, and make.

PYTHON ?= python3
VENV   ?= .venv
JOBS   ?= 2

AUTHORITY ?= Leeds
CHILDREN  ?= 20000
YEARS     ?= 10
SEEDS     ?= 5
# A fresh folder each time, because a comparison never overwrites an earlier one.
ifndef OUT
OUT := results/compare-$(shell date +%Y%m%d-%H%M%S)
endif

BIN   := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help compare test lint types fast slow bench fire notebooks lock clean

help: ## show these commands
	@grep -hE '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

compare: $(READY) ## compare fragmented with orchestrated in a smaller Leeds (AUTHORITY, CHILDREN, YEARS, SEEDS, OUT)
	$(BIN)/ecology compare --authority "$(AUTHORITY)" --children $(CHILDREN) --regimes fragmented,orchestrated \
		--pressures both --years $(YEARS) --seeds $(SEEDS) --out "$(OUT)"
	@echo "Open the page: $$(cd "$(OUT)" && pwd)/index.html"

test: lint types fast ## check style and types, run every test but the slow ones

lint: $(READY) ## check style with ruff
	$(BIN)/ruff check .

types: $(READY) ## check types with mypy
	$(BIN)/mypy

fast: $(READY) ## run the fast tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

slow: $(READY) ## run the tests that take minutes (among them the wheel in an empty environment)
	$(BIN)/python -m pytest -m slow

bench: $(READY) ## measure speed and memory; reports, never gates
	$(BIN)/python -m pytest benchmarks --benchmark-enable
	$(BIN)/python -m benchmarks.parts_of_the_week
	$(BIN)/python -m benchmarks.first_result

fire: $(READY) ## kill, flip, fill and fuzz, and count what is lost (about half an hour)
	$(BIN)/python -m benchmarks.under_fire

notebooks: $(READY) ## execute the notebooks and write them beside their sources
	$(BIN)/python notebooks/render.py

lock: ## remake requirements.lock (needs uv; UPGRADE=--upgrade takes newer versions)
	uv pip compile pyproject.toml --extra dev --extra notebooks --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE) \
		--quiet --output-file requirements.lock

clean: ## remove the virtual environment and what tools leave behind; results stay
	rm -rf "$(VENV)" .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks dist build

# Done again when the lock or the project's description changes. Hashes are checked; nothing outside the lock is fetched.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed and $(PYTHON) is another: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@echo "Setting up $(VENV): a minute or two"
	@$(PYTHON) -m venv "$(VENV)"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@
