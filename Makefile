# Set-up and the everyday commands. Everything is installed into .venv from the hashed lock.
SHELL := /bin/bash
PYTHON ?= python3
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
READY := .venv/.ready
GIAOBAN := .venv/bin/giaoban

.PHONY: briefing briefings test test-crash test-browser fuzz bench check ready system lock demo

briefing: ready  ## the briefing of the demonstration: quarter IV/2023 of Hà Nội's programme
	$(GIAOBAN) briefing hanoi_08_ctr_tu 2023-Q4

briefings: ready  ## the latest quarter of every programme; one that fails does not stop the others
	@failed=0; for folder in raw/*/; do \
	  quarter=$$(ls "$$folder/submissions" 2>/dev/null | sort | tail -n 1); \
	  if [ -n "$$quarter" ]; then $(GIAOBAN) briefing "$$(basename "$$folder")" "$$quarter" || failed=1; fi; \
	done; exit $$failed

test: ready  ## the whole suite, the same as .ci/run
	.venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-crash: ready  ## kills a run fifty times; nothing may be lost
	GIAOBAN_KILLS=50 .venv/bin/python -m pytest tests/operations/test_crash.py

test-browser: ready  ## clicks through `giaoban ui` in chromium; installs chromium and playwright where they are missing
	@[ -x /usr/bin/chromium ] || { $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  $(SUDO) apt-get install -y -qq --no-install-recommends chromium; }
	.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r tests/browser/requirements.lock
	.venv/bin/python -m pytest tests/browser

fuzz: ready  ## reads spoiled workbooks for a while; what fails is kept as a test
	.venv/bin/python -m tests.intake.fuzz

bench: ready  ## how long each case takes beside the bare libraries; about ten minutes
	.venv/bin/python -m tests.bench

check: ready  ## lint, format, types, SQL lint
	.venv/bin/ruff check pipeline tests
	.venv/bin/ruff format --check pipeline tests
	.venv/bin/mypy
	.venv/bin/sqlfluff lint --disable-progress-bar sql

demo: ready  ## writes the demonstration submissions again; the bytes stay the same
	.venv/bin/python -m tests.demo

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --custom-compile-command 'make lock'

lock:  ## recomputes requirements.lock and tests/browser/requirements.lock from pyproject.toml (needs uv)
	$(COMPILE) pyproject.toml --extra dev --output-file requirements.lock
	$(COMPILE) --group pyproject.toml:browser --constraint requirements.lock --output-file tests/browser/requirements.lock

ready: system $(READY)

# The system libraries WeasyPrint loads and the Times-metric face with Vietnamese; asked for only when missing.
system:
	@missing=""; \
	[ -f /usr/share/fonts/truetype/croscore/Tinos-Regular.ttf ] || missing="$$missing fonts-croscore"; \
	for library in libpango-1.0.so.0:libpango-1.0-0 libpangoft2-1.0.so.0:libpangoft2-1.0-0 \
	    libharfbuzz-subset.so.0:libharfbuzz-subset0; do \
	  /sbin/ldconfig -p | grep -q "$${library%%:*}" || missing="$$missing $${library##*:}"; done; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then echo "Installing system packages:$$missing"; \
	  $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; fi

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)
