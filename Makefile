# `make run` starts the control room, `make test` proves it. Each installs what it needs first.

.DEFAULT_GOAL := help
.PHONY: help setup run worker token check fix test bench soak screenshot browser clean

VENV := .venv
BIN := $(VENV)/bin
# The newest Python from 3.11 on that is on PATH; `make PYTHON=/path/to/python3.12 …` overrules.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
RUNTIME := $(VENV)/.installed
TESTING := $(VENV)/.installed-for-tests
ROLE ?= duty

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(RUNTIME) ## install what the control room needs into .venv

run: $(RUNTIME) ## start the control room on http://127.0.0.1:8050 (settings: docs/OPERATIONS.md)
	@exec $(BIN)/python app.py

worker: $(RUNTIME) ## one more worker for REDIS_URL; workers share the partitions
	@exec $(BIN)/python -m data_sources.worker

token: $(RUNTIME) ## print a bearer token for the API: make token ROLE=duty
	@exec $(BIN)/python -m data_sources.users token --role $(ROLE)

check: $(TESTING) ## style and types only, seconds
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/mypy

fix: $(TESTING) ## let ruff put right what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: check browser ## style, types and all tests, the browser's included
	$(BIN)/python -u -m pytest $(ARGS)

bench: $(TESTING) browser ## measure what the README claims, on this machine
	$(BIN)/python -m benchmarks

soak: $(TESTING) ## the long crash test: hundreds of kill -9 under load
	$(BIN)/python -m benchmarks.soak

screenshot: $(TESTING) browser ## docs/screenshot.png of a running simulation
	$(BIN)/python -m tests.screenshot

clean: ## remove the installed packages and caches; data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# -- what the above need -----------------------------------------------------------------------

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version)" >&2
	@$(PYTHON) -m venv --clear $(VENV) 2>/dev/null \
		|| $(PYTHON) -m venv --clear --without-pip $(VENV)

# Debian's python3 comes without ensurepip: then the pip outside installs into the venv.
define install
	@echo "Installing $(1) (once; takes about a minute)" >&2
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; \
		then $(BIN)/python -m pip install -q --disable-pip-version-check -r $(1); \
		else $(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check -r $(1); \
	fi
	@touch $@
endef

$(RUNTIME): requirements.txt | $(BIN)/python
	$(call install,requirements.txt)

$(TESTING): requirements-dev.txt $(RUNTIME)
	$(call install,requirements-dev.txt)

browser: $(TESTING)
	@sh tests/install_browser.sh $(BIN)
