# `make verify` and `make test` do all the set-up that they need.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
READY := $(VENV)/.installed

.PHONY: verify test soak bench lint typecheck format clean

verify: $(READY)
	$(BIN)/boundcheck verify

test: $(READY)
	$(BIN)/python -m pytest -n auto

# The property tests again, with many more examples.
soak: $(READY)
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n 2

# boundcheck beside other tools; ARGS="W1 W3 --quick" selects.
bench: $(READY)
	$(BIN)/python -m benchmarks $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

typecheck: $(READY)
	$(BIN)/mypy

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $(READY)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
