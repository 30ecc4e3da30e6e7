# Everything a developer does, through one virtual environment. `make help` lists it.
PYTHON ?= python3
BIN := .venv/bin
GOLD ?= $(firstword $(wildcard ../shared/gold/dev) examples)
RECORD ?= record
PORT ?= 8484
FUZZ_CASES ?= 200000
CLAIMS ?= 1000000
# What the compiled modules are made from, and the list of them.
SOURCES := hatch_build.py $(wildcard src/sijill/*.py $(foreach part,arabic claims gazetteer lexicon mentions page resolve,src/sijill/$(part)/*.py))
COMPILED := src/sijill/_compiled/manifest.json
REPORTS ?= 1000000
COMPARE ?= 60000

.DEFAULT_GOAL := help
.PHONY: help setup compiled web browser wheel screenshots run test lint score bench bench-record bench-corpus bench-serve fit fuzz lock clean

help:  ## What there is to make.
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

setup: .venv/ready compiled web browser  ## The virtual environment .venv with everything in it, from the lock; the reader compiled; the pages' parts; a browser.

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

compiled: $(COMPILED)  ## The reader compiled, where there is a C compiler; SIJILL_COMPILED=0 does without.

$(COMPILED): .venv/ready $(SOURCES)
	$(BIN)/python hatch_build.py

web: .venv/ready  ## The pages' front-end parts, from npm by its lock, built into the package.
	$(BIN)/python scripts/build_web.py

browser:  ## Debian's Chromium for the tests in a browser: installed where it is missing and you are root.
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else echo "Chromium is missing: the tests in a browser will fail until it is installed (apt-get install chromium)" >&2; fi

wheel: web  ## A wheel in dist/, with the pages' parts in it.
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

screenshots: setup  ## Pictures of every page into docs/screenshots.
	$(BIN)/python scripts/screenshots.py

run: .venv/ready compiled web  ## Read the examples into a record and open live coverage on http://127.0.0.1:$(PORT)
	test -d $(RECORD) || $(BIN)/sijill init -r $(RECORD)
	$(BIN)/sijill add -r $(RECORD) $(wildcard examples/[0-9]*.txt examples/[0-9]*.html)
	$(BIN)/sijill serve -r $(RECORD) --port $(PORT)

test: setup  ## The tests.
	$(BIN)/pytest

lint: setup  ## Style, types, the language data, and the OpenAPI document.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sijill lint
	$(BIN)/python scripts/lint_api.py

score: setup  ## Claims against gold: GOLD=folder of gold files.
	$(BIN)/sijill read --json $(GOLD) > .venv/predictions.jsonl
	$(BIN)/sijill score $(GOLD) .venv/predictions.jsonl --place-names

bench: setup bench-record  ## Speed and memory of reading and of the record.
	$(BIN)/python bench/read.py

bench-record: setup  ## The record alone: adding, growth, joining and searching up to CLAIMS claims, disk on both stores. A quarter of an hour.
	$(BIN)/python -u bench/record.py all --claims $(CLAIMS)

bench-corpus: setup  ## Two Dask workers against one on COMPARE reports, then a run of REPORTS. A million take an hour.
	$(BIN)/python -u bench/corpus.py --reports $(REPORTS) --compare $(COMPARE) --folder .venv/bench-corpus

bench-serve: setup  ## The site over a record of CLAIMS claims, made where it is missing: pages, filters, map, 200 readers.
	test -d .venv/bench-record || $(BIN)/python bench/serve_record.py .venv/bench-record --claims $(CLAIMS)
	$(BIN)/python bench/serve.py .venv/bench-record

fit: setup  ## Learn the weights of the reader's decisions from training/reports and FIT=folders of gold.
	$(BIN)/python scripts/fit training/reports $(FIT) --draws 4 --out src/sijill/claims/weights.csv

fuzz: setup  ## Try to break the reader: FUZZ_CASES cases each over bytes, HTML and text.
	for kind in bytes html text; do $(BIN)/python fuzz/read.py $$kind --cases $(FUZZ_CASES) || exit 1; done

lock:  ## Write requirements.lock anew from pyproject.toml.
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --all-extras \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
		--output-file requirements.lock pyproject.toml
	# The project names itself among its extras; the lock is of others.
	sed -i '/^# WARNING: pip install/,/^    # via sijill (pyproject.toml)$$/d' requirements.lock

clean:  ## Take away what can be made anew.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist src/sijill/_compiled
