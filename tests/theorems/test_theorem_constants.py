"""The constants of the theory, each moved by a little: some theorem fails. Those of which no
theorem speaks yet are listed, with the reason."""

from fractions import Fraction
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.exact.terms.term import Term, number, postorder, rebuild
from boundcheck.theory import formulas
from boundcheck.verification.collect import collect

BUDGET = 0.5
PROOFS = Path(__file__).parents[2] / "proofs"


def constants():
    """The formulas of `boundcheck.theory.formulas`, by their names."""
    for module in iter_modules(formulas.__path__):
        inside = import_module(f"{formulas.__name__}.{module.name}")
        for name, value in vars(inside).items():
            own = name.isupper() and not name.startswith("_") and isinstance(value, Term)
            if own and value.op != "symbol":
                yield f"{module.name}.{name}", value


NAMES = {}
for _name, _value in constants():
    NAMES.setdefault(_value, _name)
STATEMENTS = {
    c.id: s
    for c in collect([PROOFS]).claims
    for s in c.statements()
    if isinstance(s, TheoremStatement)
}


def shown(name):
    return STATEMENTS[name].derive(10)


def paths(term, path=()):
    """The places of numbers in a formula."""
    if term.op == "rational":
        yield path, term
    for k, a in enumerate(term.args):
        yield from paths(a, (*path, k))


def put(term, path, new):
    if not path:
        return new
    k, *rest = path
    args = tuple(put(a, rest, new) if i == k else a for i, a in enumerate(term.args))
    return rebuild(term, args)


def moved(term):
    """The formula with each number moved, either way: pairs of formulas."""
    for path, at in paths(term):
        step = at.payload / 100 if at.payload != 0 else Fraction(1, 100)
        step = number(step).payload
        yield [put(term, path, number(at.payload + s * step)) for s in (-1, 1)]


def first_readers():
    """Each formula, in the first theorem that reads it."""
    found = {}
    for statement in STATEMENTS.values():
        for formula in statement.derive(10).formulas:
            found.setdefault(formula, statement)
    return found


MOST = 3
"""Numbers of a formula that are moved here; the tests of each file move more of its own."""


def test_formulas_that_theorems_read_bind():
    """Where a theorem has a formula, not all of its numbers may be moved both ways."""
    loose = []
    for formula, statement in first_readers().items():
        found = statement.derive(10)
        both = list(moved(formula))[:MOST]
        if both and all(not found.with_formula(formula, new, BUDGET) for b in both for new in b):
            loose.append((statement.name, NAMES.get(formula)))
    assert loose == []


def test_formulas_are_made_of_terms():
    assert all(list(postorder(f)) for f in NAMES)


LATER = ("diffusion.", "end_to_end.", "shallow.")
"""Files whose claims are steps so far: the marginals, the diffusion model, the sum of all parts."""

WITHOUT = {
    "ratio.CORNERS": "a part of NEURONS",
    "ratio.SAMPLES": "a part of NEURONS",
}
"""Other formulas that no theorem reads, and why."""


def test_no_formula_is_forgotten():
    read = {f for s in STATEMENTS.values() for f in s.derive(10).formulas}
    names = {n for f, n in NAMES.items() if f not in read and not n.startswith(LATER)}
    assert names == set(WITHOUT)
