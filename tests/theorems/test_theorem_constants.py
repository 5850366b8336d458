"""The constants of the theory, each moved by a little: some theorem fails. Those of which no
theorem speaks yet are listed, with the reason."""

from fractions import Fraction
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.exact.terms.term import Term, number, postorder, rebuild
from boundcheck.theory import formulas
from boundcheck.verification.collect import collect

BUDGET = 0.5
PROOFS = Path(__file__).parents[2] / "proofs"


def constants():
    """The formulas of `boundcheck.theory.formulas`, by their names."""
    for module in walk_packages(formulas.__path__, f"{formulas.__name__}."):
        inside, last = import_module(module.name), module.name.rpartition(".")[2]
        for name, value in vars(inside).items():
            own = name.isupper() and not name.startswith("_")
            if own and isinstance(value, Term) and value.op != "symbol":
                yield f"{last}.{name}", value
    for version, rate in formulas.rates.RATES.items():
        for name, value in vars(rate).items():
            if isinstance(value, Term):
                yield f"rates.RATES[{version}].{name}", value


ALIASES = {}
for _name, _value in constants():
    ALIASES.setdefault(_value, []).append(_name)
NAMES = {_value: _names[0] for _value, _names in ALIASES.items()}
STATEMENTS = {
    c.id: s
    for c in collect([PROOFS]).claims
    for s in c.statements()
    if isinstance(s, TheoremStatement)
}
TEXTS = {path.stem: path.read_text() for path in PROOFS.rglob("*.py")}


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


def moved(term, path, at):
    """The formula with one of its numbers a little smaller, and a little larger."""
    step = number(at.payload / 100 if at.payload != 0 else Fraction(1, 100)).payload
    return [put(term, path, number(at.payload + s * step)) for s in (-1, 1)]


def readers(formula):
    """The theorems that read a formula, those first whose proofs are short; they stand in files
    that name it."""
    files = set()
    for alias in ALIASES[formula]:
        module, _, last = alias.partition(".")
        words = module, last.partition("[")[0]
        files |= {stem for stem, text in TEXTS.items() if all(w in text for w in words)}
    found = [s.derive(10) for i, s in STATEMENTS.items() if i.partition(".")[0] in files]
    return sorted((f for f in found if formula in f.formulas), key=lambda f: f.steps)


def loose(formula, theorems):
    """The numbers of a formula that may be moved either way, whatever theorem is asked."""
    for path, at in paths(formula):
        ways = moved(formula, path, at)
        if not any(t.with_formula(formula, new, BUDGET) for t in theorems for new in ways):
            yield f"{at} at {path}"


FOLLOWS = {
    "shallow.C_PLAIN": "it follows from C_SHARP, which is smaller and whose numbers bind",
    "shallow.L2_PLAIN": "it follows from L2_SHARP, which is smaller and whose numbers bind",
    "oracle.ESTIMATION": "it follows from ESTIMATION_SHARP, which is smaller; its numbers bind",
}


def test_formulas_are_made_of_terms():
    assert all(list(postorder(f)) for f in NAMES)


LATER = ("architecture.", "diffusion.", "end_to_end.", "information.", "shallow.")
"""Files whose claims are steps in part: marginals for p > 2, the chain, the sum of all parts."""

WITHOUT = {
    "ratio.CORNERS": "a part of NEURONS",
    "ratio.SAMPLES": "a part of NEURONS",
    "positivity.DENSITY": "what kappa is for d = 1; theorems have kappa itself",
    "splines.SQUARED": "the smaller one of RELATIVE and POINTWISE",
    "conditional.KAPPA_Y": "a part of UNIFORM",
    "conditional.SIZE_X": "a part of TOTAL_VARIATION",
    "conditional.SIZE_Y": "a part of TOTAL_VARIATION",
    **{
        f"conditional.{name}": "what shallow.py has for two boxes; steps so far, as there"
        for name in (
            *("TRACE_1", "TRACE_2", "MOMENT_1", "MOMENT_2", "KERNEL_1", "KERNEL_2", "L2_1", "L2_2"),
            *("ERROR_1", "ERROR_2", "NEURONS_1", "NEURONS_2", "OUTSIDE", "POSITIVITY"),
        )
    },
    "kernels.SPHERE": "a part of VARIATION",
    "kernels.PROFILE": "a part of VARIATION",
    **{
        f"kernels.{name}": "an integral in closed form; test_kernels.py has it by quadrature"
        for name in (
            *("NORMAL_G", "NORMAL_SLOPE", "MATERN_SCALE", "MATERN_G", "MATERN_SLOPE"),
            *("EXPONENTIAL_G", "MATERN_INVERSE_LENGTH", "RATIONAL_INVERSE_LENGTH"),
            "ANISOTROPIC_INVERSE_LENGTH",
        )
    },
    "random_neurons.NEURON": "a part of MAUREY",
    "random_neurons.MEAN_BLOCKS": "BLOCKS in the mean over draws",
    "random_neurons.BEST_STEP": "a choice; SPREAD_AT_BEST binds it",
    "random_neurons.BLOCKS_LAMBDA": "the sum of coefficients, by an argument in words",
    "ridge_variation.LARGEST_COORDINATE": "a part of KAPPA_AT_MOST",
    "ridge_variation.KAPPA_AT_MOST": "the identity with κ_d is an argument in words",
    "ridge_variation.SPHERE": "the ridge representation is steps so far",
}
"""Other formulas that no theorem reads, and why."""


@pytest.mark.parametrize("name", sorted(set(NAMES.values()) - set(FOLLOWS)))
def test_every_number_of_a_formula_binds(name):
    """Moved by a hundredth, one way or the other, each breaks the proof of a theorem."""
    (formula,) = (f for f, n in NAMES.items() if n == name)
    found = readers(formula)
    if not any(alias.startswith(LATER) for alias in ALIASES[formula]):
        assert bool(found) == (name not in WITHOUT)
    assert list(loose(formula, found)) == [] or not found


def test_the_lists_are_of_formulas():
    assert {*WITHOUT, *FOLLOWS} <= set(NAMES.values())
