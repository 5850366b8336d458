"""True hypotheses that have nothing to do with a statement, or follow from its own."""

import random
from collections.abc import Callable

from boundcheck.claims.comparison import Comparison

_LETTERS = "pqrwgkmz"


def irrelevant(statement: Comparison, rng: random.Random, count: int) -> tuple[list[str], str]:
    """So many hypotheses, all true at some point over each point of the statement's set, and the
    ranges of the new variables in them."""
    own = list(statement.on.names)
    new = [f"{n}_{k}" for k in range(3) for n in _LETTERS]
    assert not set(new) & set(statement.names)
    made = [_drawn(statement, own, new, rng) for _ in range(count)]
    used = [n for n in new if any(n in text for text in made)]
    return made, ", ".join(f"{n} in (-oo,oo)" for n in used)


def _drawn(s: Comparison, own: list[str], new: list[str], rng: random.Random) -> str:
    u, v, g, k = rng.sample(new[:8], 4)
    x, y = (rng.choice(own), rng.choice(own)) if own else (u, v)
    kinds: list[Callable[[], str]] = [
        lambda: f"{u} >= {rng.choice(['0', '-1', '1/2'])}",
        lambda: f"{u} <= {rng.choice(['4', '9', '20'])}",
        lambda: f"{k} >= 0",
        lambda: f"{u} + {v} <= 100",
        # variables that equations define
        lambda: f"{rng.choice(new[8:16])} == {rng.choice(['2*{} + 1', '{}*3', '{}**2']).format(u)}",
        lambda: f"{rng.choice(new[16:])} == {x} + {v}",
        # true for all numbers
        lambda: f"{u}**2 + {v}**2 >= 2*{u}*{v}",
        lambda: f"{x}**2 >= 0",
        lambda: f"{x}**2 + {y}**2 >= 2*{x}*{y}",
        lambda: f"{x}**2 + {u}**2 >= 2*{x}*{u}",
        lambda: f"{x}**2 + 1 >= 2*{x}",
        # true where u and v are equal
        lambda: f"{v} >= {u} + {g}*({v} - {u})",
        # true by the box, or by a hypothesis
        lambda: _by_the_box(s, x, rng) or f"{u}*{u} >= 0",
        lambda: _by_a_hypothesis(s, rng) or f"{u} + {v} <= 100",
    ]
    return rng.choice(kinds)()


def _by_the_box(s: Comparison, x: str, rng: random.Random) -> str | None:
    r = next((r for r in s.on.ranges if r.name == x), None)
    if r is None:
        return None
    low, high = r.lower.value, r.upper.value
    found = [] if low is None else [f"{x} >= {low} - 1", f"{x} >= {low}", f"2*{x} + 1 >= 2*({low})"]
    found += [] if high is None else [f"{x} <= {high} + 1", f"{x} <= {high}"]
    return rng.choice(found) if found else None


def _by_a_hypothesis(s: Comparison, rng: random.Random) -> str | None:
    if not s.given:
        return None
    h = rng.choice(s.given)
    op = {"<": "<=", ">": ">="}.get(h.op, h.op)
    left, right = h.left, h.right
    same = [
        f"2*({left}) {op} 2*({right})",
        f"{left} {h.op} {right}",
        f"({left}) - ({right}) {op} 0",
    ]
    return rng.choice(same)
