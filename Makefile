# make demo, make test: the two commands of the README. Needs Python 3.11 or later and GNU make, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
PEERS := .venv-peers
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help show-analyses demo test check schema lock same-plan bench-analyses bench-backup kill9 bench-optimizer bench-codes bench-candidates bench-incremental bench-stability bench-matching show-carbon show-pairs audit-api bench-hostile permission-matrix bench-leaks bench-cluster bench-runs bench-periods bench-kills bench-contention fuzz-executor bench-graphql clean screenshots bench-console

help:  ## Say what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-16s %s\n", $$1, $$2}'

$(VENV)/runtime.ok: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed; found %s. Set PYTHON=/path/to/python3.11." % sys.version.split()[0])'
	@echo "Setting up $(VENV) (once, about a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.ok: $(VENV)/runtime.ok requirements-dev.lock
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

demo: $(VENV)/runtime.ok  ## Load the territory, run one optimisation, serve http://127.0.0.1:8000/graphql
	@$(BIN)/symbiosis demo

test: $(VENV)/dev.ok  ## The whole suite, on the embedded store and on a real Neo4j where there is one
	@$(BIN)/python -m tools.test

check: $(VENV)/dev.ok  ## Lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

schema: $(VENV)/runtime.ok  ## Print the GraphQL schema into graphql/schema.graphql
	@$(BIN)/symbiosis schema --write

same-plan: $(VENV)/dev.ok  ## The same plan from the embedded store and from Neo4j (Java 17 and Maven)
	@$(BIN)/python -m bench.two_stores

bench-analyses: $(VENV)/dev.ok  ## Time and memory of every analysis at 1,000, 10,000 and 100,000 listings
	@$(BIN)/python -m bench.analyses

show-analyses: $(VENV)/dev.ok  ## One analysis of each kind on the demo, marginal values tried, the attacker, Kalundborg
	@$(BIN)/python -m bench.demo_analyses

bench-backup: $(VENV)/dev.ok  ## Back up, wipe and restore 100,000 nodes on each store
	@$(BIN)/python -m bench.backup

kill9: $(VENV)/dev.ok  ## kill -9 of app and embedded store during writes, 20 rounds
	@$(BIN)/python -m bench.kill9 --rounds 20

$(PEERS)/ok: requirements-peers.lock $(VENV)/runtime.ok
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

bench-optimizer: $(VENV)/dev.ok $(PEERS)/ok  ## The optimiser against its goals and other solvers (ONLY=links,...)
	@$(BIN)/python -m bench.optimizer $(if $(ONLY),--only $(ONLY))

bench-codes: $(VENV)/dev.ok  ## How often the suggested code is right, on 308 hand-written queries
	@$(BIN)/python -m bench.codes

bench-candidates: $(VENV)/dev.ok $(PEERS)/ok  ## Candidates of 10k and 100k listings beside DuckDB, Polars and cKDTree
	@$(BIN)/python -m bench.candidates

show-pairs: $(VENV)/dev.ok  ## Why five pairs may meet or not: fine, law, quality, distance, date
	@$(BIN)/python -m bench.pairs

bench-incremental: $(VENV)/dev.ok  ## A run that carries over beside a whole one, after 1, 10 and 1,000 changes
	@$(BIN)/python -m bench.incremental

bench-stability: $(VENV)/dev.ok  ## 1 % of listings change: negotiated synergies kept, value given up
	@$(BIN)/python -m bench.stability

bench-matching: $(VENV)/dev.ok  ## How often the suggested receiver is right, on cases not learnt from
	@$(BIN)/python -m bench.matching

show-carbon: $(VENV)/dev.ok  ## Two sums of carbon arithmetic, with the factors they are made of
	@$(BIN)/python -m bench.carbon

audit-api: $(VENV)/dev.ok  ## The API against the audits of graphql-http (node and npm) and graphql-cop's checks
	@$(BIN)/python -m tools.audit

bench-contention: $(VENV)/dev.ok  ## Lost updates and repeated effects among clients that write at once, on both stores
	@$(BIN)/python -m bench.contention

bench-runs: $(VENV)/dev.ok  ## Time and memory of a run at 1,000, 10,000 and 100,000 listings
	@$(BIN)/python -m bench.sizing

bench-periods: $(VENV)/dev.ok  ## 50 periods of 2 s, three schedulers, holders stopped past their leases, on both stores
	@$(BIN)/python -m bench.periods

bench-kills: $(VENV)/dev.ok  ## A run killed at 40 points while others read its pages, on both stores
	@$(BIN)/python -m bench.kills

bench-cluster: $(VENV)/dev.ok  ## One instance on 1, 2 and 4 Dask workers of this machine, one killed mid-run
	@$(BIN)/python -m bench.cluster

permission-matrix: $(VENV)/dev.ok  ## Roles, actions, visibilities and consents, tried through HTTP: cells, and wrong ones
	@$(BIN)/python -m pytest -q -s tests/api/test_permission_matrix.py

bench-leaks: $(VENV)/dev.ok  ## 5,000 random sequences of consents, visibilities and mandates: leaks found
	@LEAK_SEQUENCES=5000 $(BIN)/python -m pytest -q -s --timeout=0 tests/api/test_leaks.py

bench-hostile: $(VENV)/dev.ok  ## How long hostile documents take, and what they leave in memory
	@$(BIN)/python -m bench.hostile

bench-graphql: $(VENV)/dev.ok  ## CPU time of a page beside stock Strawberry, mercurius (node and npm) and a plain route
	@$(BIN)/python -m bench.graphql

screenshots: $(VENV)/dev.ok  ## Pictures of every view of the console into docs/pictures/console (needs chromium)
	@$(BIN)/python -m tools.screenshots

bench-console: $(VENV)/dev.ok  ## The console with 5,000 synergies: first row, bytes, frames of the map, axe (needs chromium)
	@$(BIN)/python -m bench.console

fuzz-executor: $(VENV)/dev.ok  ## 24,000 random executions with compiled selections beside graphql-core's
	@$(BIN)/python -m tools.fuzz_executor

lock: $(VENV)/dev.ok  ## Make the lock files anew from pyproject.toml
	@$(BIN)/python -m tools.lock

clean:  ## Remove the virtual environments
	rm -rf $(VENV) $(PEERS)
