"""Where arrays go in and out, their shapes are annotated, and checked while tests run."""

import ast
from importlib import import_module
from pathlib import Path

import jaxtyping
import numpy as np
import pytest
from flint import fmpq
from shape_checks import CALLS, WATCHED, from_the_first_call

import boundcheck
from boundcheck.enclosure.arrays import floats as fl
from boundcheck.enclosure.arrays.models import Models
from boundcheck.enclosure.arrays.tape import Tape
from boundcheck.enclosure.cubature.averages import Model
from boundcheck.enclosure.cubature.ridges import Tree
from boundcheck.enclosure.networks.curves import Lines
from boundcheck.enclosure.networks.relaxation import Above
from boundcheck.exact.terms.parser import parse_term
from boundcheck.norms import supremum
from boundcheck.norms.operands import Function
from boundcheck.search.algebra.barrier import interior
from boundcheck.search.algebra.sos import _echelon
from boundcheck.search.boxes.boxes import _halfway

ROOT = Path(boundcheck.__file__).parent
SHAPED = {"Float64", "Bool", "Int"}


def zeros(*shape, dtype=np.float64):
    return np.zeros(shape, dtype)


def both(*shape, dtype=np.float64):
    return zeros(*shape, dtype=dtype), zeros(*shape, dtype=dtype)


WRONG = {
    "other numbers": lambda: fl.add(both(3), both(3, dtype=np.float32)),
    "ends": lambda: fl.matmul(fl.matrix([[fmpq(1)]]), (zeros(1, 3), zeros(1, 1))),
    "corners": lambda: Tape(parse_term("x*y"), "xy").values(zeros(2, 3), zeros(2, 1)),
    "models": lambda: Models(zeros(3), zeros(2, 3), zeros(3, 3), zeros(1)),
    "lines": lambda: Lines(*(zeros(3) for _ in range(6)), zeros(1)),
    "planes": lambda: Above(zeros(2, 3), zeros(1), *both(2, 3)),
    "averages": lambda: Model.affine(zeros(1), zeros(2, 3)),
    "trees": lambda: Tree(zeros(1, 2, 3), zeros(1, 1), zeros(3, dtype=int), zeros(0, dtype=int)),
    "matrices": lambda: interior([zeros(0, 0, 1)], [[zeros(0, 0, 1)]]),
    "spaces": lambda: _echelon(np.eye(2, dtype=np.float32)),
    "boxes": lambda: _halfway(zeros(2, 3), zeros(2, 1)),
    "points": lambda: supremum._inside(Function("x", "x in [0,1]"))(zeros(3, 1, 1), np.ravel),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_shapes_are_refused(kind):
    from_the_first_call()
    with pytest.raises(jaxtyping.TypeCheckError):
        WRONG[kind]()


def _watched():
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(("boundcheck", *path.relative_to(ROOT).with_suffix("").parts))
        if f"{name}.".startswith(tuple(f"{w}." for w in WATCHED)):
            yield name, ast.parse(path.read_text())


FILES = dict(_watched())


def _functions(name, body):
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield f"{name}.{node.name}"
        elif isinstance(node, ast.ClassDef):
            yield from _functions(f"{name}.{node.name}", node.body)


@pytest.mark.parametrize("name", [n for n in FILES if not n.endswith("__init__")])
def test_every_function_is_watched(name):
    import_module(name)
    assert set(_functions(name, FILES[name].body)) <= CALLS.keys()


@pytest.mark.parametrize("name", [n for n in FILES if not n.endswith(".shaped")])
def test_every_array_has_a_shape(name):
    shaped = {
        id(part)
        for node in ast.walk(FILES[name])
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in SHAPED
        for part in ast.walk(node)
    }
    bare = [
        node.lineno
        for node in ast.walk(FILES[name])
        if isinstance(node, ast.Attribute) and node.attr == "ndarray" and id(node) not in shaped
    ]
    assert bare == []
