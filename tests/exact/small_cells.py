"""Cells with three coordinates, polynomials on them, and where their points are."""

from flint import fmpq
from hypothesis import strategies as st
from strategies import rationals

from boundcheck.exact.cells.cell import FREE, POSITIVE, Cell, space

NAMES = ("a", "b", "c")


def cell_with(*signs):
    """A cell with three coordinates of the given signs."""
    start = space(NAMES)
    return Cell(start.context, signs, (), start.point)


def value(p, at):
    return p(*at, *[fmpq(0)] * (len(p.context().gens()) - len(at)))


@st.composite
def polynomials(draw, context, variables=3):
    p = context.constant(0)
    for _ in range(draw(st.integers(1, 5))):
        monomial = context.constant(draw(rationals(6)))
        for i in range(variables):
            monomial *= context.gens()[i] ** draw(st.integers(0, 2))
        p += monomial
    return p


def contains(cell, at):
    """Whether a point of R^3 has coordinates in the cell, by solving for them
    one generator at a time."""
    from sympy import Rational, Symbol, solve

    names = [str(g) for g in cell.generators[: len(cell.signs)]]
    symbols = [Symbol(n) for n in names]
    equations = []
    for name, v in zip(NAMES, at, strict=True):
        r = cell.point[name]
        num, den = (eval_poly(q, symbols) for q in (r.num, r.den))
        equations.append(num - Rational(int(v.p), int(v.q)) * den)
    pairs = [
        g for g in cell.groups if len(g) == 2 and g.total_degree() == 1 and len(cell.signs) > 3
    ]
    for extra in range(
        3, len(cell.signs)
    ):  # two-sided ranges are homogeneous: fix the scale of each pair
        mate = next(i for g in pairs for i in range(len(cell.signs)) if _joins(g, i, extra))
        equations.append(symbols[mate] + symbols[extra] - 1)
    found = solve(equations, symbols, dict=True)
    for solution in found:
        values = [solution.get(s, 0) for s in symbols]
        if any(v.free_symbols for v in values if hasattr(v, "free_symbols")):
            values = [
                v.subs(dict.fromkeys(v.free_symbols, 0)) if hasattr(v, "subs") else v
                for v in values
            ]
        ok = all(
            s == FREE or (v > 0 if s == POSITIVE else v >= 0)
            for v, s in zip(values, cell.signs, strict=True)
        )
        if ok:
            return True
    return False


def _joins(group, i, extra):
    degrees = group.degrees()
    return i != extra and degrees[i] == 1 and degrees[extra] == 1


def eval_poly(p, symbols):
    from sympy import Integer, Rational

    total = Integer(0)
    for e, v in p.terms():
        part = Rational(int(v.p), int(v.q))
        for i, k in enumerate(e):
            if k:
                part *= symbols[i] ** k
        total += part
    return total
