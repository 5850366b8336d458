"""Theorems with their derivations, for tests of files: one for each use of a rule, and others."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from rule_uses import USES, E, Y, f, function, function_sort, g, k, n, pi, x, y, z

from boundcheck.claims.verdict import Proved
from boundcheck.search.ladder import compare
from boundcheck.theorems.author.declaration import theorem_of
from boundcheck.theorems.author.words import Exists, Forall, In, ThereIs
from boundcheck.theorems.kernel.sequent import Theorem, derive
from boundcheck.theorems.language.expr import made, number, symbol
from boundcheck.theorems.records.replay import stored
from boundcheck.theorems.rules.arithmetic_rule import question
from boundcheck.verification.collect import collect

PROOFS = Path(__file__).parents[2] / "proofs"


def by_arithmetic(goal, *premises, opaque=()):
    verdict = compare(question(premises, goal, opaque).statement)
    assert isinstance(verdict, Proved), goal
    return derive("arithmetic", *premises, goal=goal, proof=verdict.proof, opaque=opaque)


def squares() -> Theorem:
    """x*x + 1 >= 1 for all x, with a hypothesis that stays."""
    a = derive("assume", formula=z >= 2)
    more = by_arithmetic(z * z + 1 >= 5, a)
    kept = derive("conjoin", more, derive("assume", formula=k >= 1))
    return derive("discharge", kept, formula=z >= 2)


def two_cases() -> Theorem:
    """Abs(z) >= z, by cases."""
    goal = made("call", "Abs", (z,)) >= z
    low = by_arithmetic(goal, derive("assume", formula=z <= 0))
    high = by_arithmetic(goal, derive("assume", formula=number(0) < z))
    return derive("cases", low, high, left=z, right=number(0))


def something() -> Theorem:
    """Some n is at least z, so z <= n + 1 for some n."""
    there = derive("archimedes", term=z)
    one = by_arithmetic(n + 1 >= z, derive("assume", formula=n >= z))
    goal = ThereIs(k, k + 1 >= z)
    shown = derive("introduce", one, formula=goal, value=n)
    return derive("eliminate", there, shown, variable=n)


def other_space() -> Theorem:
    """Pointwise f <= g, for functions on another space."""
    pointwise = derive("assume", formula=Forall(x, f(x) <= g(x), [In(x, pi)]))
    moved = derive("substitute", pointwise, values={}, spaces={"X": Y})
    one = symbol("f", function_sort((Y,), f(x).sort))
    h = symbol("h", function_sort((Y, Y), f(x).sort))
    return derive("substitute", moved, values={one: function(y, h(y, y) + 1)}, spaces=None)


def opaque_means() -> Theorem:
    """Arithmetic of means, with a product that is not looked into."""
    a = derive("assume", formula=Exists(E(f(x)) * E(g(x))))
    b = derive("assume", formula=E(f(x)) * E(g(x)) >= 2)
    return by_arithmetic(E(f(x)) * E(g(x)) + 1 >= 3, a, b, opaque=(E(f(x)) * E(g(x)),))


def shared() -> Theorem:
    """A derivation that has 2**40 steps, were each of them written where it is used."""
    th = derive("assume", formula=z >= 0)
    for _ in range(40):
        th = derive("part", derive("conjoin", th, th), side=1)
    return derive("discharge", th, formula=z >= 0)


def long(steps: int = 10_000) -> Theorem:
    """Many steps, each on the one before."""
    th = derive("assume", formula=z.eq(n))
    for _ in range(steps):
        th = derive("symmetry", th)
    return th


def ex_falso() -> Theorem:
    false = derive("assume", formula=number(0) >= 1)
    return derive("discharge", derive("absurd", false, formula=z > z + 1), formula=number(0) >= 1)


def descent() -> Theorem:
    (claim,) = collect([PROOFS / "foundations/descent.py"]).claims
    return theorem_of(claim, 10)


@cache
def theorems() -> dict[str, Theorem]:
    """By names."""
    found = {f"{u.rule}-{k}": u.derived() for k, u in enumerate(USES)}
    for make in (squares, two_cases, something, other_space, opaque_means, shared, ex_falso):
        found[make.__name__] = make()
    found["descent"] = descent()
    return found


@cache
def documents() -> dict[str, str]:
    """As JSON."""
    return {name: json.dumps(stored(th)) for name, th in theorems().items()}
