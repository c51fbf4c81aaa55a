# Every target makes its own .venv; all it needs is Python 3.11 or later, make and a package index.
.DEFAULT_GOAL := help
.PHONY: help demo test peers lint bench bench-custody faults fuzz differential specs-prove mutation graph dist docs docs-check

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

help: ## Say what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: .venv/.stamp-demo ## Watch a customer share one attribute for one hour
	@$(BIN)/sayso demo

# Coverage counts what needs no vectors beside the project. What reads them comes next, and then the laws, whose thousands of
# examples it would slow down and learn nothing from.
test: .venv/.stamp-dev ## Run every test, with the floors of branch coverage
	rm -f $(PASSED)
	SAYSO_SHARED=absent $(SUITE) --cov --cov-report= --once=$(PASSED)
	$(BIN)/python -m coverage json --quiet -o build/coverage.json
	$(BIN)/python -m tools.coverage_floor build/coverage.json
	$(SUITE) --once=$(PASSED)
	$(BIN)/python -m pytest -m laws --numprocesses 2

PASSED := build/passed.txt
SUITE := $(BIN)/python -m pytest -m 'not laws' --numprocesses 2 --dist loadfile

# Without these the tests that need them are skipped, unless SAYSO_NO_SKIP=interop, and the benchmark leaves their column empty.
peers: tests/interop/node/node_modules/.stamp tests/interop/webvh/.stamp ## Install the peers for tests and bench; needs node 20 and npm

lint: .venv/.stamp-dev docs-check ## Style, types, floors and pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m specs.check

bench: .venv/.stamp-dev ## Measure, in ratios to raw PyNaCl
	$(BIN)/python -m benchmarks

bench-custody: .venv/.stamp-dev ## Measure custody with COUNT shares in it, 1,000,000 unless told
	$(BIN)/python -m benchmarks.custody $(COUNT)

fuzz: .venv/.stamp-dev ## Try the laws on SAYSO_EXAMPLES examples, 200,000 unless told
	SAYSO_EXAMPLES=$(or $(SAYSO_EXAMPLES),200000) $(BIN)/python -m pytest -m laws

faults: .venv/.stamp-dev ## Kill whoever keeps a status book or custody at every step and at MOMENTS moments, 500 unless told, and see that nothing is lost
	$(BIN)/python -m tools.faults $(MOMENTS)
	$(BIN)/python -m tools.custody_faults $(MOMENTS)

differential: .venv/.stamp-dev ## Convert COUNT documents of JSON-LD, 200,000 unless told, in both ways, and refuse any difference
	$(BIN)/python -m tools.differential $(COUNT) $(SEED)

specs-prove: .venv/.stamp-dev ## Show for 20 rows of the conformance matrix that the named test fails without the named check
	$(BIN)/python -m specs.prove $(if $(SEED),--seed $(SEED))

mutation: .venv/.stamp-dev ## Change the code in one place at a time, in one ROOM or in six, and see that a test fails
	$(BIN)/python -m tools.mutation $(ROOM)

graph: .venv/.stamp-dev ## Show the floors and who imports whom
	$(BIN)/python -m tools.floors

dist: .venv/.stamp-dev ## Build wheel and sdist, and try the wheel outside the tree
	$(BIN)/python -m tools.check_dist

docs: .venv/.stamp-dev ## Build the pages into site/
	$(BIN)/mkdocs build --strict

# Not with --quiet, which hides warnings from --strict too.
docs-check: .venv/.stamp-dev ## Build the pages, and refuse any warning
	$(BIN)/mkdocs build --strict --site-dir build/docs-check

# A newcomer who wants the demo waits for the command line's two libraries, not for the gates.
.venv/.stamp-demo: pyproject.toml | $(BIN)/pip
	$(PIP) --editable '.[cli]'
	@touch $@

.venv/.stamp-dev: pyproject.toml | $(BIN)/pip
	$(PIP) --editable '.[all,dev]'
	@touch .venv/.stamp-demo $@

tests/interop/node/node_modules/.stamp: tests/interop/node/package.json
	npm install --prefix tests/interop/node --no-package-lock --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# It brings much along, and so has an environment of its own.
tests/interop/webvh/.stamp:
	$(PYTHON) -m venv tests/interop/webvh/.venv
	tests/interop/webvh/.venv/bin/python -m pip install --quiet --disable-pip-version-check did-webvh==1.0.1
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"sayso needs Python 3.11 or later, and this is {sys.version}; try make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
