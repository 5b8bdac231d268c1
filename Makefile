# The only door: `make help` lists what it opens. Nothing needs to be installed before, or activated; each target sets
# up what it uses, once.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PROVIDERS ?= embedded
# The build writes bytecode for one Python and fetches wheels for one processor; both must be those of the deployment.
RUNTIME ?= python3.13
ARCHITECTURE ?= arm64

PYTHON := .venv/bin/python
SAM := SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=$${AWS_DEFAULT_REGION:-us-east-1} .venv-sam/bin/sam

PRODUCT := .venv/.installed
EMULATOR := .venv-emulator/.installed
SAM_CLI := .venv-sam/.installed
ENGINES := .venv/.engines
INSTALLER := scripts/make-venv scripts/find-python scripts/apt-install

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.PHONY: setup
setup: ## make the environments and see to the embedded engines (every target does, for what it uses)
	@$(MAKE) -s -j 2 $(PRODUCT) $(EMULATOR) $(SAM_CLI)
	@$(MAKE) -s $(ENGINES)

$(PRODUCT): requirements/dev.txt pyproject.toml scripts/link_checkout.py $(INSTALLER)
	@scripts/make-venv .venv $<
$(EMULATOR): requirements/emulator.txt $(INSTALLER)
	@scripts/make-venv .venv-emulator $<
$(SAM_CLI): requirements/sam.txt $(INSTALLER)
	@scripts/make-venv .venv-sam $<
$(ENGINES): scripts/install-engines | $(PRODUCT)
	@scripts/install-engines
	@touch $@

.PHONY: check
check: $(PRODUCT) $(SAM_CLI) ## lint, format, types, rules of the structure, template
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pytest -q tests/structure
	$(SAM) validate --lint

.PHONY: format
format: $(PRODUCT) ## rewrite sources in the project's format
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.PHONY: test
test: $(PRODUCT) $(EMULATOR) $(SAM_CLI) $(ENGINES) ## run all tests (TESTS="tests/unit -k cache" for some)
	.venv/bin/pytest $(if $(TESTS),$(TESTS),-n 2 --dist loadgroup)

.PHONY: demo
demo: $(PRODUCT) $(EMULATOR) $(ENGINES) ## start, run the sample jobs, show what came out, stop
	$(PYTHON) -m local run -- .venv/bin/intake demo

.PHONY: up
up: $(PRODUCT) $(EMULATOR) $(ENGINES) ## start and keep running (PROVIDERS=embedded, real or hybrid)
	$(PYTHON) -m local up --providers $(PROVIDERS)

.PHONY: down
down: $(PRODUCT) ## end what `make up` started
	$(PYTHON) -m local down

.PHONY: bench
bench: $(PRODUCT) $(EMULATOR) $(ENGINES) ## measure what the targets of the design are about
	$(PYTHON) -m benchmarks

.PHONY: load
load: $(PRODUCT) $(EMULATOR) $(ENGINES) ## load the running stack while providers fail and die, and report (minutes)
	$(PYTHON) -m tests.load $(LOADS)

.PHONY: eval
eval: $(PRODUCT) $(ENGINES) ## measure detection, quality, masking, translation and speech beside their targets
	$(PYTHON) -m evaluation $(EVALUATIONS)

.PHONY: build
build: $(PRODUCT) $(SAM_CLI) ## make the packages that `sam deploy` uploads (RUNTIME=python3.13 ARCHITECTURE=arm64)
	RUNTIME=$(RUNTIME) ARCHITECTURE=$(ARCHITECTURE) $(SAM) build --parameter-overrides \
	    PythonRuntime=$(RUNTIME) Architecture=$(ARCHITECTURE)

.PHONY: validate
validate: $(SAM_CLI) ## have AWS's own tools judge the template
	$(SAM) validate --lint

.PHONY: lock
lock: ## compile the dependencies of pyproject.toml to files with hashes (LOCK=--upgrade for newer versions)
	scripts/lock $(LOCK)

.PHONY: clean
clean: ## remove what was made, but not the environments (rm -rf .venv* for those)
	rm -rf .aws-sam .ruff_cache .pytest_cache .hypothesis .intake/mypy_cache .intake/pytest_cache
	find . -name .venv\* -prune -o -name __pycache__ -type d -exec rm -rf {} +
