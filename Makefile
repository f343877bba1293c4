# Fyren's commands. `make` lists them. The environment lives in .venv, all state in $FYREN_DATA_DIR (default ./var).

PYTHON ?=
PYTEST_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --require-hashes --no-compile
E2E := tests/e2e
CLIENT := $(E2E)/node_modules

# A stamp is newer than what it was made from, so that a second start installs nothing.
ENVIRONMENT := $(VENV)/.environment
PACKAGES := $(VENV)/.packages
PROJECT := $(VENV)/.project
DEVELOPMENT := $(VENV)/.development
LIBRARY := $(VENV)/.library
ATTACKS := $(VENV)/attacks/.stamp
AGENTS := $(VENV)/agents/.stamp

# How the gate's questions went when they were last stored, and the data folder in which the tests ask them.
BASELINE := tests/evals/baseline.json
TESTED := .pytest_cache/d/library

.DEFAULT_GOAL := help
.PHONY: help install run chat test test-fast check sbom audit format bench bench-load bench-retrieval bench-scale bench-search baseline vectors fit \
	picture browser client lock clean distclean
.DELETE_ON_ERROR:

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(LIBRARY) ## create .venv with the fyren command and build the index of the built-in library

run: install ## install, then serve the bot (Ctrl-C stops it)
	@exec $(BIN)/fyren serve

chat: install ## install, then talk to Fyren in the terminal
	@exec $(BIN)/fyren chat

# A file's tests stay together: they share what is costly to set up. In which order files go, tests/conftest.py says.
test: $(DEVELOPMENT) $(ATTACKS) client ## install what the tests need and run them all
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

test-fast: $(DEVELOPMENT) ## the tests that take seconds
	@$(BIN)/python -m pytest -m "not slow and not e2e" $(PYTEST_ARGS)

check: $(DEVELOPMENT) ## style, types, import directions, message catalogues
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit --quiet --recursive --severity-level high bot ingest knowledge prompts
	@$(BIN)/python -m bot.conversation.texts_check

sbom: $(DEVELOPMENT) ## list what Fyren is shipped with, and the licences, in build/
	@mkdir -p build
	@$(BIN)/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml --short-PURLs --output-reproducible --output-file build/sbom.json
	@$(BIN)/python -m tests.deploy.licences >build/licences.csv
	@echo "build/sbom.json, build/licences.csv"

audit: $(DEVELOPMENT) ## look for known weaknesses in packages (needs the internet) and for secrets in files
	@$(BIN)/python -m tests.deploy.audit

format: $(DEVELOPMENT) ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(DEVELOPMENT) $(AGENTS) install ## measure speed and memory against the bars
	@$(BIN)/python -m tests.bench

bench-load: $(DEVELOPMENT) install ## measure waits and losses under load, and write deploy/benchmark.md (SHORT=1: a quarter of the time)
	@$(BIN)/python -m tests.bench.load run $(if $(SHORT),--short); held=$$?; $(BIN)/python -m tests.bench.load report && exit $$held

bench-retrieval: $(DEVELOPMENT) ## measure search beside its own legs and a default recipe, against the bars
	@$(BIN)/python -m tests.bench.retrieval

bench-scale: $(DEVELOPMENT) install ## measure how the index grows to 100,000 passages, against the bars
	@$(BIN)/python -m tests.bench.scale

bench-search: $(DEVELOPMENT) install ## measure the servers that may search beside the files
	@$(BIN)/python -m tests.bench.search_servers

# As in the tests: without the machine's own settings, and with the library's index built where it is missing or old.
baseline: $(DEVELOPMENT) ## store how the gate's questions go, for later runs to be compared with
	@env -i PATH="$$PATH" LANG=C.UTF-8 FYREN_DATA_DIR=$(TESTED) $(BIN)/fyren eval tests/evals/gate.jsonl --worst 0 \
		$(if $(wildcard $(BASELINE)),--baseline $(BASELINE)) --write-baseline $(BASELINE)

vectors: $(DEVELOPMENT) ## write the vectors of the built-in library anew, which come with the program
	@env -i PATH="$$PATH" LANG=C.UTF-8 FYREN_DATA_DIR=$(TESTED) $(BIN)/fyren documents list >/dev/null
	@$(BIN)/python -m tests.evals.library_vectors $(TESTED)

fit: $(DEVELOPMENT) ## fit the decision when to refuse, and what a sentence is worth, to the development questions
	@$(BIN)/python -m tests.evals.fit

picture: $(DEVELOPMENT) client install ## redraw the app's icons, and README's and the handbook's pictures from real pages
	@$(BIN)/python -m tests.e2e.icons
	@$(BIN)/python -m tests.e2e.picture deploy/pictures
	@$(BIN)/python -m tests.e2e.dashboard_picture deploy/pictures

browser: ## install the browser, Node.js and LibreOffice that tests need (Debian, as root or with sudo)
	@sh deploy/debian.sh browser

client: ## install the Teams client that the end-to-end tests talk to, where npm is there
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(CLIENT)/.stamp; \
	else echo "npm is missing, so the end-to-end tests will be skipped; 'make browser' installs it"; fi

lock: ## write the lock files anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed to write the locks: python3 -m pip install uv"; exit 1; }
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	@$(LOCK) tests/bench/agents.in --constraint requirements.lock --output-file tests/bench/agents.lock
	@cd $(E2E) && npm install --package-lock-only --no-audit --no-fund && $(UNFUNDED)
	@! grep -nE '(https?|file|git):' requirements.lock requirements-dev.lock $(E2E)/package-lock.json \
		tests/attacks/requirements.lock tests/bench/agents.lock

# Whom a package asks for money is an address, and none of a lock's business.
UNFUNDED := node -e 'const fs = require("fs"), file = "package-lock.json", lock = JSON.parse(fs.readFileSync(file)); \
	for (const each of Object.values(lock.packages)) delete each.funding; \
	fs.writeFileSync(file, JSON.stringify(lock, null, 2) + "\n")'

LOCK := uv pip compile --upgrade --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-emit-index-url --no-annotate --quiet \
	--custom-compile-command "make lock"
COMPILE := $(LOCK) pyproject.toml --extra install

clean: ## remove caches and test results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov build dist
	find bot ingest knowledge prompts tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment too; state in var stays
	rm -rf $(VENV) $(CLIENT)

$(ENVIRONMENT):
	@PYTHON="$(PYTHON)" sh deploy/debian.sh environment $(VENV)
	@touch $@

$(PACKAGES): requirements.lock | $(ENVIRONMENT)
	@echo "Installing packages (about a minute)"
	@$(INSTALL) --requirement requirements.lock
	@touch $@

# Compiled here on all processors, so that the first start is as quick as the next; olefile2 is for Python 2.
$(PROJECT): pyproject.toml $(PACKAGES)
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 -x '/olefile2\.py$$' $(VENV)/lib bot ingest knowledge prompts
	@touch $@

# Every command that asks builds the index where it is missing or old; here that is seen to before the first question.
$(LIBRARY): $(PROJECT) $(shell find knowledge/library -type f)
	@$(BIN)/fyren documents list >/dev/null
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(PROJECT)
	@echo "Installing what the tests need"
	@$(INSTALL) --requirement requirements-dev.lock
	@touch $@

# Data that tests read, in a folder that Python does not look into.
$(ATTACKS): tests/attacks/requirements.lock | $(ENVIRONMENT)
	@echo "Fetching the attacks that tests try"
	@rm -rf $(@D)
	@$(INSTALL) --no-deps --only-binary :all: --target $(@D) --requirement $<
	@touch $@

# The Agents SDK, whose echo bot Fyren is measured beside, apart from what Fyren is run with.
$(AGENTS): tests/bench/agents.lock | $(ENVIRONMENT)
	@echo "Installing the bot that Fyren is measured beside"
	@rm -rf $(@D)
	@$(BIN)/python -m venv --without-pip $(@D)
	@$(PIP) --python $(@D)/bin/python install --quiet --require-hashes --only-binary :all: --requirement $<
	@touch $@

$(CLIENT)/.stamp: $(E2E)/package.json $(E2E)/package-lock.json $(E2E)/.npmrc
	@cd $(E2E) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
