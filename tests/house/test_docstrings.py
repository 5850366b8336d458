"""Every public thing says what it is and shows it: its docstring has an example, and each
example of the package runs."""

import doctest
import inspect
import pkgutil
import re
from functools import cached_property
from importlib import import_module
from pathlib import Path

import pytest

import boundcheck
import boundcheck.testing

PUBLIC = (  # noqa: SIM905
    "math exact.networks.gates"
    " constructions.certified constructions.marginal constructions.marginal_pairs"
    " constructions.ratio_network constructions.stratified constructions.variation"
    " theory.theorems.constants"
    " torchnet.division torchnet.roundoff"
    " checking.certificate"
    " verification.axioms verification.changes verification.collect verification.snapshot"
    " verification.verify"
    " perturb.mutate perturb.sharpen"
).split()
"""The modules whose functions and classes are public beside the names in `__all__`."""

MEMBERS = (property, cached_property, classmethod, staticmethod)


def _with_examples():
    """The modules whose source has an example; nothing but packages is imported for it."""
    for found in pkgutil.walk_packages(boundcheck.__path__, "boundcheck."):
        source = found.module_finder.find_spec(found.name, None).origin
        if ">>> " in Path(source).read_text(encoding="utf-8"):
            yield found.name


def _own(module):
    """The functions and classes that a module defines, decorated ones too."""
    for name, value in vars(module).items():
        known = inspect.isclass(value) or (
            callable(value) and inspect.isfunction(inspect.unwrap(value))
        )
        if known and value.__module__ == module.__name__:
            yield name, value


def _members(kind):
    for name, value in vars(kind).items():
        if inspect.isfunction(value) or isinstance(value, MEMBERS):
            yield name, value


def _docstrings(module):
    yield module.__name__, module.__doc__
    for name, value in _own(module):
        yield f"{module.__name__}.{name}", value.__doc__
        for member, inner in _members(value) if inspect.isclass(value) else ():
            yield f"{module.__name__}.{name}.{member}", inner.__doc__


@pytest.mark.parametrize("name", list(_with_examples()))
def test_examples_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = import_module(name)
    parser, runner, told = doctest.DocTestParser(), doctest.DocTestRunner(), []
    for where, text in _docstrings(module):
        example = parser.get_doctest(text or "", dict(vars(module)), where, module.__file__, None)
        runner.run(example, out=told.append)
    assert runner.tries > 0
    assert runner.failures == 0, "".join(told)


def _public():
    for home in (boundcheck, boundcheck.testing):
        for name in home.__all__:
            yield f"{home.__name__}.{name}", getattr(home, name)
    for name in PUBLIC:
        module = import_module(f"boundcheck.{name}")
        yield from ((f"{module.__name__}.{n}", v) for n, v in _own(module))


def _lacking(name, value):
    """The public things, this one and its members, that have no docstring with an example. What is
    short may share the example of its class, or of a class above it: it is used there."""
    said = inspect.getdoc(value) or ""
    if ">>> " not in said:
        yield name
    if not inspect.isclass(value):
        return
    shared = "\n".join(k.__doc__ or "" for k in value.__mro__[:-1])
    for member, _ in _members(value):
        if member.startswith("_"):
            continue
        said = inspect.getdoc(getattr(value, member)) or ""
        used = re.search(rf"^\s*(>>>|\.\.\.) .*\.{member}\b", shared, re.MULTILINE)
        if not said or not (">>> " in said or used):
            yield f"{name}.{member}"


def test_public_things_have_an_example():
    things = {
        name: value
        for name, value in _public()
        if not name.rpartition(".")[2].startswith("_") and callable(value)
    }
    assert len(things) > 100
    assert {lack for name, value in things.items() for lack in _lacking(name, value)} == set()
