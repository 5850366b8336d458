"""The names of the formulas: where each stands."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from boundcheck.exact.terms.term import Term
from boundcheck.theory import formulas


@cache
def _names() -> dict[Term, str]:
    found: dict[Term, str] = {}
    for module in walk_packages(formulas.__path__, f"{formulas.__name__}."):
        inside, stem = import_module(module.name), module.name.rpartition(".")[2]
        for name, value in vars(inside).items():
            if name.isupper() and isinstance(value, Term) and value.op != "symbol":
                found.setdefault(value, f"{stem}.{name}")
    return found


def name_of(formula: Term) -> str:
    """`file.NAME` of a formula of the theory; empty where it has none.

    >>> from boundcheck.theory.formulas.oracle import DIAL
    >>> name_of(DIAL)
    'oracle.DIAL'
    >>> name_of(DIAL + 1)
    ''
    """
    return _names().get(formula, "")
