"""The house: arrows point down, examples in docstrings run, the notebook runs."""

import ast
import doctest
import importlib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import boundcheck

ROOT = Path(__file__).parent.parent
FLOORS = [
    "errors",
    "exact",
    "math",
    "enclosure",
    "claims",
    "theory",
    "constructions",
    "torchnet",
    "experiments",
    "testing",
    "report",
    "cli",
]


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("boundcheck."):
            yield node.module.split(".")[1]


@pytest.mark.parametrize("path", sorted((ROOT / "boundcheck").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_arrows_point_down(path):
    parts = path.relative_to(ROOT / "boundcheck").with_suffix("").parts
    if parts == ("__init__",):
        return
    for imported in _imports(path):
        assert FLOORS.index(imported) <= FLOORS.index(parts[0]), f"{path.name} imports {imported}"


def test_public_names_exist():
    for name in boundcheck.__all__:
        assert getattr(boundcheck, name) is not None
    with pytest.raises(AttributeError, match="has no 'nonsense'"):
        boundcheck.nonsense  # noqa: B018


@pytest.mark.parametrize(
    "module", ["boundcheck.claims.prover", "boundcheck.exact.printer", "boundcheck.exact.work", "boundcheck.math"]
)
def test_examples_in_docstrings(module):
    failures, tried = doctest.testmod(importlib.import_module(module))
    assert tried > 0
    assert failures == 0


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.name)
def test_notebooks_run(path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
