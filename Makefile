# Every target makes what it needs; with nothing changed that costs nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := $(VENV)/.demo-installed
DEV := $(VENV)/.dev-installed
INSTALL = $(if $(shell command -v uv),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

.PHONY: help demo test check format wheel docs preview bench clean

help:
	@echo "make demo     render the example shop, send it to files and through a real SMTP server on loopback"
	@echo "make test     run the tests"
	@echo "make check    format, lint, types, import contract, tests with coverage"
	@echo "make format   format the code and mend what the linter can"
	@echo "make wheel    build the wheel, install it in a clean environment, run the tests of a release against it"
	@echo "make docs     run every code block of the manual"
	@echo "make preview  render the example shop into mail files to look at"
	@echo "make bench    measure (see bench/README.md)"

$(BIN)/python:
	@if command -v uv >/dev/null; then uv venv --quiet --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi

$(DEMO): pyproject.toml | $(BIN)/python
	@$(INSTALL) -e '.[demo]'
	@touch $@

# The development group is read here, because pip before 25.1 has no --group.
$(DEV): pyproject.toml | $(DEMO)
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' > $(VENV)/dev.txt
	@$(INSTALL) -r $(VENV)/dev.txt
	@touch $@

demo: $(DEMO)
	@$(BIN)/notify --config examples/shop/notify.yaml demo

test: $(DEV)
	@$(BIN)/python -m pytest

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@rm -f .coverage .coverage.*
	$(MAKE) test PYTEST_ADDOPTS="--cov --cov-report="
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include='notify/message/*,notify/mime/*,notify/addresses/*'

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: $(DEV)
	@rm -rf dist build/wheel
	$(BIN)/python -m build --outdir dist
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python -m pip install --quiet --disable-pip-version-check "$$(ls dist/*.whl)[demo]" -r $(VENV)/dev.txt
	NOTIFY_WHEEL=1 build/wheel/bin/pytest -p no:cacheprovider

docs: $(DEV)
	@$(BIN)/python -m pytest tests/test_documentation.py

preview: $(DEMO)
	@$(BIN)/notify --config examples/shop/notify.yaml demo --no-smtp

bench: $(DEV)
	@$(BIN)/python bench/run.py

clean:
	rm -rf $(VENV) dist build .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
