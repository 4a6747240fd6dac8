# The only list of commands. Everything runs in .venv, installed from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test check format bench lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

setup: $(READY) ## a virtual environment with the locked versions

# --no-deps: the lock is complete, and pip's own resolver cannot follow extras in hash mode.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "zhaoren needs Python 3.11, 3.12 or 3.13; this is " + sys.version.split()[0] + ". Say: make PYTHON=python3.12 …")'
	@echo "installing the locked environment, two to four minutes …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY) ## a synthetic county, three months, the whole run, and where to look
	$(BIN)/zhaoren demo

test: $(READY) ## every test
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY) ## format, lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check --no-cache .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## write the format and the fixes that are safe
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## time, memory and accuracy; not part of the tests
	$(BIN)/python -m tests.benchmarks

lock: ## resolve requirements.lock again (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-strip-extras --no-header --no-annotate -o requirements.lock

clean: ## forget the environment and everything the demo made
	rm -rf .venv data/home data/demo
