# Từng Ngõ: `make help` lists what there is. Every command sets up what it needs.

PYTHON := $(shell command -v python3.11 || command -v python3)
LOCAL := exec $(PYTHON) -m deploy.local
DAYS ?= 3
SCALE ?= 0.03
RATE ?= 0
SEED ?= 1
# Compiled modules are kept whatever the shell says: without them half of `make check` compiles.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help up test test-beside check lint types imports unit demo demo-sms phone bench admin tungngo secrets new-key docs lock setup clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

up: ## Start everything on this machine; Ctrl-C ends it
	@$(LOCAL) up

test: ## All tests, on real servers of their own (ARGS='-k ward' for some)
	@$(LOCAL) test $(ARGS)

test-beside: ## Real servers' tests five times beside two busy loops (ARGS='--runs 1 --loops 4')
	@$(LOCAL) test-beside $(ARGS)

check: setup ## Lint, types, imports and unit tests with a tenth of the examples, in under a minute
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync lint types imports unit

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types:
	.venv/bin/mypy

imports:
	.venv/bin/lint-imports

unit: export TUNGNGO_TEST_PROFILE ?= check
unit:
	.venv/bin/pytest -q -m unit --numprocesses=2 --dist=worksteal

demo: ## Play the sample campaign against `make up` (DAYS, SCALE, RATE, SEED)
	@$(LOCAL) demo --days $(DAYS) --scale $(SCALE) --rate $(RATE) --seed $(SEED)

demo-sms: ## Start all, and play a day of it over SMPP to citizens who answer (SCALE, SEED)
	@TUNGNGO_LOCAL=$${TUNGNGO_LOCAL:-.local}/sms $(LOCAL) demo-sms --scale $(SCALE) --seed $(SEED) $(ARGS)

phone: ## Enrol one more phone of the sample campaign; prints what it posts with
	@$(LOCAL) phone $(ARGS)

bench: ## Measure this machine (ARGS='--against COMMIT' for two versions by turns)
	@$(LOCAL) bench $(ARGS)

admin: ## Make the first administrator of `make up`
	@$(LOCAL) tungngo registration admin create $(ARGS)

tungngo: ## Any command beside `make up` (ARGS='dead-letters list')
	@$(LOCAL) tungngo $(ARGS)

secrets: ## Random secrets for docker-compose, in deploy/secrets
	@$(LOCAL) secrets

new-key: ## A new key, the old one kept (KEY=registration_master_key FOLDER=deploy/secrets)
	@$(LOCAL) new-key $(KEY) $(FOLDER)

docs: setup ## Write what integrators read anew from the code
	.venv/bin/python -m services.cli documents write

lock: ## Pin all libraries again, by hash, without a registry's address
	@$(LOCAL) lock

setup: ## Only the virtual environment
	@$(LOCAL) setup

clean: ## Remove what was installed and started here, data too
	@$(LOCAL) clean
