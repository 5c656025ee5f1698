# `make demo` and `make test` are all the set-up a fresh machine needs (Python >= 3.11 and make).
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# each of the programs that tests start would compile everything again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test suite check docs bench spark site browser clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

demo: $(STAMP)           ## a synthetic Hangzhou, coded and published under demo/
	$(BIN)/fuwuma demo demo

test: $(STAMP)           ## everything CI runs; mypy keeps one core only, so the tests run beside it
	$(MAKE) --no-print-directory --jobs=2 check suite

suite: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

check: $(STAMP)          ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMP)           ## regenerate every generated page and compiled catalogue
	$(BIN)/python -m tests.generate

bench: $(STAMP)          ## timings against named peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,bench]'
	$(BIN)/python -m pytest tests/bench -q -m bench -s

spark: $(STAMP)          ## the check on Spark with two worker processes (installs the extra, some 600 MB)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[spark]'
	$(BIN)/python -m pytest -q -m spark tests/registry/bulk_spark/cluster

site: $(STAMP)           ## serve the demo release (make demo first)
	$(BIN)/fuwuma site serve demo/release

browser: $(STAMP)        ## the site in a real Chromium
	$(BIN)/python -m pytest -q -m browser

clean:
	rm -rf .venv build dist demo
