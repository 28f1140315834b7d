# Every target makes what it needs; with nothing changed that costs nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := $(VENV)/.demo-installed
DEV := $(VENV)/.dev-installed
PEERS := .bench/.installed
# More than there are processors: tests wait for something more than half of their time. The order is that of
# tests/conftest.py.
JOBS ?= $(shell expr $$(nproc 2>/dev/null || echo 1) + 3)
TESTS := --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder
# The tests start hundreds of processes, and each would compile all of notify again.
unexport PYTHONDONTWRITEBYTECODE
INSTALL = $(if $(shell command -v uv),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

.PHONY: help demo test fuzz crash check format wheel docs preview screenshots bench clean

help:
	@echo "make demo     render the example shop, send it to files and through a real SMTP server on loopback"
	@echo "make test     run the tests"
	@echo "make fuzz     run the tests with other made-up inputs each time"
	@echo "make crash    kill workers and enqueuers with -9 hundreds of times, and count what was lost"
	@echo "make check    format, lint, types, import contract, the examples, tests with coverage"
	@echo "make format   format the code and mend what the linter can"
	@echo "make wheel    build the wheel, install it in a clean environment, run against it the tests that it could fail"
	@echo "make docs     run every code block of the manual"
	@echo "make preview  look at the example shop in a browser"
	@echo "make screenshots  take the pictures of the manual"
	@echo "make bench    measure (see bench/README.md)"

$(BIN)/python:
	@if command -v uv >/dev/null; then uv venv --quiet --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi

$(DEMO): pyproject.toml | $(BIN)/python
	@$(INSTALL) -e '.[demo,preview]'
	@touch $@

# The development group is read here, because pip before 25.1 has no --group.
$(DEV): pyproject.toml | $(DEMO)
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' > $(VENV)/dev.txt
	@$(INSTALL) -r $(VENV)/dev.txt
	@touch $@

demo: $(DEMO)
	@$(BIN)/notify --config examples/shop/notify.yaml demo

test: $(DEV)
	@$(BIN)/python -m pytest $(TESTS)

fuzz: $(DEV)
	@$(BIN)/python -m pytest $(TESTS) --hypothesis-profile=fuzz

# Some rounds are among the tests anyway; here are enough to believe in. Each test has a dozen processes, which are not
# to wait for a processor for longer than their leases last.
crash: $(DEV)
	@NOTIFY_CRASH_ROUNDS=240 $(BIN)/python -m pytest --numprocesses $(shell expr $$(nproc 2>/dev/null || echo 1) + 1) --dist worksteal tests/crash

# WITHOUT=tests/crash leaves out what is run by itself.
check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	set -e; for each in $(wildcard examples/*/notify.yaml); do \
		$(BIN)/notify --config $$each check --fail-on info; \
		$(BIN)/notify --config $$each schema --check; \
		$(BIN)/notify --config $$each codegen --output $$(dirname $$each)/mails.py --check; \
		$(BIN)/python -m pytest --quiet --notify-samples --notify-golden $$each; \
	done
	@rm -f .coverage .coverage.*
	$(MAKE) test PYTEST_ADDOPTS="--cov --cov-report= $(WITHOUT:%=--ignore=%)"
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include='notify/message/*,notify/mime/*,notify/addresses/*'

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Where a wheel could differ from a checkout: entry points, files that are no code, commands, plugins. How many send in
# bulk, and are stopped in between, is the same in both; and the other tests of the packaging make a wheel of their own.
IN_WHEEL := tests/cli tests/preview/web tests/checks/test_checking.py tests/testing/test_pytest_plugin.py \
	$(addprefix tests/plugins/test_,file.py sendgrid.py sendgrid_api.py smtp_session.py) \
	$(addprefix tests/test_,documentation.py examples.py notifier.py plugins.py swapping.py templates.py \
	packaging.py::test_the_tests_run_against_the_wheel)

wheel: $(DEV)
	@rm -rf dist build/wheel
	$(BIN)/python -m build --outdir dist
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python -m pip install --quiet --disable-pip-version-check "$$(ls dist/*.whl)[demo,preview]" -r $(VENV)/dev.txt
	NOTIFY_WHEEL=1 build/wheel/bin/pytest $(TESTS) -p no:cacheprovider --ignore-glob='*/test_send_bulk_*' $(IN_WHEEL)

docs: $(DEV)
	@$(BIN)/python -m pytest tests/test_documentation.py

preview: $(DEMO)
	@$(BIN)/notify --config examples/shop/notify.yaml preview --smtp 1025

screenshots: $(DEV)
	@$(BIN)/python tools/screenshots.py

# The peers live apart from the project. SUITES="render smtp" measures less, BENCH_QUICK=1 shorter.
$(PEERS): bench/install.py bench/requirements.txt bench/node/package.json pyproject.toml | $(DEV)
	@$(BIN)/python bench/install.py
	@touch $@

bench: $(DEV) $(PEERS)
	@$(BIN)/python bench/run.py $(SUITES)

clean:
	rm -rf $(VENV) .bench dist build .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
