# Every target sets up what it needs, so any of them may be the first command in a fresh clone.
# Needs Python 3.11 or later and make.  Another Python: make site PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Four is where more workers stop helping: each starts a browser of its own.
TEST_WORKERS := --numprocesses auto --maxprocesses 4 --dist worksteal
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

.DEFAULT_GOAL := help
# Two targets must not set up the virtual environment at once.
.NOTPARALLEL:
.PHONY: help setup site serve editor test bench lighthouse screenshots pictures check check-static lint format types docs docs-check programs lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/runtime.stamp ## Set up what building the site needs

site: $(VENV)/runtime.stamp ## Build the real site into site/
	$(RUN) build.py

serve: $(VENV)/runtime.stamp ## Show the site in the browser, and each change as it is saved
	$(RUN) build.py serve --open $(SERVE)

editor: ## Open the browser editor of entries, on this machine alone
	@$(PYTHON) tools/editor.py

test: $(VENV)/dev.stamp programs ## Run every test, browser tests included
	$(RUN) -m pytest $(TEST_WORKERS)

bench: $(VENV)/runtime.stamp ## Measure builds beside Hugo, and write docs/performance.md
	$(RUN) -m benchmarks.run --runs 3,3,1 $(BENCH)

lighthouse: $(VENV)/dev.stamp programs ## Run Lighthouse on pages of the site, and fail below the figures promised
	$(RUN) -m tools.lighthouse

screenshots: $(VENV)/dev.stamp programs ## Take pictures of every kind of page into screenshots/
	$(RUN) -m tools.screenshots $(SCREENSHOTS)

pictures: $(VENV)/dev.stamp programs ## Take the pictures of README.md again
	$(RUN) -m tools.screenshots --pictures

check: check-static test ## Run everything a change must pass before it is merged

check-static: lint types docs-check ## Run the part of check that is not tests

lint: $(VENV)/dev.stamp ## Check format and lint
	$(RUN) -m ruff format --check
	$(RUN) -m ruff check

format: $(VENV)/dev.stamp ## Put the code into its format and mend what lint can mend
	$(RUN) -m ruff check --fix-only
	$(RUN) -m ruff format

types: $(VENV)/dev.stamp ## Check types
	$(RUN) -m mypy

docs: $(VENV)/dev.stamp ## Write the generated parts of the documentation again
	$(RUN) tools/generate_docs.py

docs-check: $(VENV)/dev.stamp ## Check that the generated documentation is up to date
	$(RUN) tools/generate_docs.py --check

programs: $(VENV)/dev.stamp ## Install the real programs that tests use
	@$(RUN) tools/programs.py
	@$(RUN) tools/editor.py --install

lock: $(VENV)/dev.stamp ## Lock the libraries again; with UPGRADE=--upgrade, at their newest versions
	$(LOCK) $(UPGRADE) requirements/runtime.in --output-file requirements/runtime.txt
	$(LOCK) $(UPGRADE) requirements/dev.in --output-file requirements/dev.txt
	$(LOCK) $(UPGRADE) benchmarks/requirements.in --output-file benchmarks/requirements.txt

clean: ## Remove everything that was built or installed here
	rm -rf site .site.* .preview screenshots .cache .tools $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find build.py benchmarks digest tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# The virtual environment is made anew, so that a library dropped from the lock is gone from it too.
# What tests need includes what the site needs, so the second stamp covers the first.
# Our modules are compiled as pip compiles those of libraries: a Python that is told to write no bytecode would compile
# them at each start.
$(VENV)/%.stamp: requirements/%.txt
	@echo "Setting up $(VENV) from $<" >&2
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; try: make PYTHON=python3.11")'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --requirement $<
	@$(RUN) -m compileall -q digest
	@touch $(VENV)/runtime.stamp $@
