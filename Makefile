# Two commands: `make demo` shows the whole way once, `make test` runs every check.
# Both set themselves up in .venv; uv is used when it is there, and never needed.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
  INSTALL = VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --constraint constraints.txt
else
  INSTALL = $(BIN)/python -m pip install --quiet --constraint constraints.txt
endif

.PHONY: demo test lint clean
.DEFAULT_GOAL := help
help:
	@echo "make demo   articles -> dataset -> scores -> report, in two minutes (plus set-up)"
	@echo "make test   formatting, types and every test, with a real Label Studio and a real browser"
	@echo "make clean  remove .venv and build"

demo: $(VENV)/.installed
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh demo.sh

test: $(VENV)/.installed-for-tests lint
	@$(BIN)/python -m pytest

lint: $(VENV)/.installed-for-tests
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && $(BIN)/mypy

clean:
	rm -rf $(VENV) build

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv and pip is needed (on Debian: apt install python3-venv)"; exit 1; }
	@echo "setting up $(VENV) with $(PYTHON) (once) ..."
	@$(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt
	@echo "installing inquit (once) ..."
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-for-tests: $(VENV)/.installed
	@echo "installing Label Studio and the test tools (once, about a minute) ..."
	@$(INSTALL) --group dev --editable '.[annotate,server,llm]'
	@touch $@
