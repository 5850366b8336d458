"""Rules with data that nobody meant: they refuse, or what they conclude is true all the same."""

import random

import pytest
from model_values import Unclear
from rule_uses import (
    PP,
    USES,
    A,
    E,
    K,
    P,
    S,
    a,
    b,
    f,
    g,
    k,
    kappa,
    n,
    nu,
    p,
    pi,
    pr,
    r,
    s,
    u,
    v1,
    v2,
    w,
    x,
    y,
    z,
)
from sampling import random_model

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.author.rewriting import replaced_in
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    Implies,
    In,
    Largest,
    Mean,
    Norm,
    Product,
    Sum,
    ThereIs,
    function,
    natceil,
)
from boundcheck.theorems.kernel.sequent import derive
from boundcheck.theorems.language.binding import Lambda, substituted
from boundcheck.theorems.language.expr import Expr, number, symbol
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theorems.language.sorts import function as function_sort

j = symbol("j", k.sort)
TERMS = [
    z, w, 1 / w, number(0), number(1), number(-1), k, n, k + 1, natceil(1 / z), a(k), a(n + 1),
    f(x), 1 / f(x), u(x, y), E(f(x)), E(1 / f(x)), E(Mean(u(x, y), (y, nu))), E(f(x)) * E(g(x)),
    Mean(f(s(k)) * g(s(n)), (s, PP)), Mean(f(s(k)), (s, P)), Mean(u(x, y), (y, K(x))),
    S(a(j)), S(1 / a(j)), Sum(a(j), (j, k, n + 1)), Product(a(j), (j, n, k)),
    Largest(a(j), (j, k, n)), Largest(1 / a(j), (j, 1, n + 1)), Norm(f(x), 1, (x, pi)),
    E(S(A(j, x))), x, y, s, pr, v1, v2 / z, pi, nu, K(x), kappa(k), P, PP, r,
]  # fmt: skip
FORMULAS = [
    z >= 0, k >= 1, k < n, n < k, z <= w, z.eq(w), f(x) >= z, E(f(x)) <= z, E(1 / f(x)) >= z,
    Exists(1 / z), Exists(E(f(x))), Exists(E(1 / f(x))), Exists(S(1 / a(j))),
    Exists(natceil(1 / z)),
    In(x, pi), In(s, PP), In(s, P), Implies(z >= 0, w >= 0), And(z >= 0, w >= 0), v1.eq(v2),
    Forall(x, f(x) <= g(x), [In(x, pi)]), Forall(x, f(x) <= g(x)), Forall(j, a(j) >= 0),
    Forall(z, z * w >= 0), ThereIs(z, z > w), ThereIs(j, And(j >= k, a(j) > 0)),
    Forall(j, Exists(1 / a(j)), [number(1) <= j, j <= n]), number(1) <= n, number(1) <= n + 1,
]  # fmt: skip
FUNCTIONS = [
    function(j, a(j)), function(j, 1 / a(j)), function(z, z), function(x, f(x)),
    function(x, 1 / f(x)), function(z, f(x) >= z), function(z, E(f(x)) >= z),
    function((j, k), a(j)),
]  # fmt: skip


BEYOND = ("absurd", "archimedes")
"""From what is false anything follows; and a model has four natural numbers."""


def others(value):
    """What might be put in the place of a datum."""
    if isinstance(value, Lambda):
        return FUNCTIONS
    if isinstance(value, Expr):
        return FORMULAS + TERMS if value.sort.kind == "formula" else TERMS
    return []


def concluded(use, premises, data):
    try:
        return use.derived(premises=premises, data=data)
    except (BoundcheckError, AssertionError, AttributeError, IndexError):
        return None  # nothing is concluded


def check(theorem, seed):
    """It is true in every finite model that can be evaluated."""
    rng = random.Random(seed)
    for _ in range(40):
        try:
            model = random_model(theorem.free, rng)
            fulfilled = all(model.holds(h) for h in theorem.hyps)
            if fulfilled:
                assert model.holds(theorem.concl), (theorem, model.values)
        except (Unclear, NotImplementedError, KeyError, TypeError, IndexError):
            return False  # networks, sequences of numbers, other norms: beyond these models
        except AssertionError as error:
            if "rational number" in str(error):
                return False
            raise
    return True


@pytest.mark.parametrize("use", [v for v in USES if v.rule not in BEYOND], ids=lambda v: v.rule)
def test_other_data_conclude_nothing_false(use):
    tried = kept = 0
    for key, value in use.data.items():
        for other in others(value):
            found = concluded(use, use.premises, {**use.data, key: other})
            tried += 1
            if found is not None:
                kept += check(found, f"{use.rule} {key} {other}")
    for place, premise in enumerate(use.premises):
        for other in FORMULAS:
            changed = [*use.premises[:place], other, *use.premises[place + 1 :]]
            found = concluded(use, changed, use.data)
            tried += 1
            if found is not None and other != premise:
                kept += check(found, f"{use.rule} {place} {other}")
    assert kept <= tried


def test_the_models_see_what_is_false():
    """Otherwise this file could not fail."""
    false = derive("assume", formula=E(f(x)) <= z)
    assert check(false, "true")
    wrong = derive("discharge", derive("assume", formula=f(x) >= 0), formula=f(x) >= 0)
    assert check(wrong, "true")
    object.__setattr__(wrong, "concl", E(f(x) * f(x)) <= p * b)
    with pytest.raises(AssertionError):
        check(wrong, "false")


def everywhere(value, old, new):
    """A symbol replaced in data of any kind."""
    if isinstance(value, Expr):
        return substituted(value, {old: new})
    if isinstance(value, Lambda):
        return Lambda(value.sorts, replaced_in(value.body, old, new))
    if isinstance(value, dict):
        return {k: everywhere(v, old, new) for k, v in value.items()}
    return value


@pytest.mark.parametrize("use", [v for v in USES if v.rule not in BEYOND], ids=lambda v: v.rule)
def test_terms_that_may_not_exist_conclude_nothing_false(use):
    """Each symbol of a use replaced by a term that exists for most values only."""
    divisor = symbol("divisor", REAL)
    symbols = set().union(*(p.free for p in use.premises), use.concl.free)
    for old in sorted(symbols, key=str):
        if old.sort.kind in ("function", "network"):
            continue
        bad = symbol("bad", function_sort((REAL,), old.sort))(1 / divisor)
        premises = [everywhere(p, old, bad) for p in use.premises]
        data = {key: everywhere(v, old, bad) for key, v in use.data.items()}
        found = concluded(use, premises, data)
        if found is not None:
            check(found, f"{use.rule} {old}")


def test_it_sees_what_exists_for_most_values_only():
    """The models have a divisor that is 0."""
    divisor = symbol("divisor", REAL)
    wrong = derive("discharge", derive("assume", formula=z >= 0), formula=z >= 0)
    object.__setattr__(wrong, "concl", Exists(E(1 / divisor + f(x))))
    with pytest.raises(AssertionError):
        check(wrong, "false")
