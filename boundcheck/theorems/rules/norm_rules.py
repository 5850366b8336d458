"""Rules for norms: `Norm(u, p, (x, law))` is (E|u|^p)^(1/p).

It exists if and only if p exists and p >= 1, u exists at every point of the set of the law, and
E|u|^p is finite.
"""

from __future__ import annotations

from fractions import Fraction

from boundcheck.theorems.kernel.affine_terms import Combination, Which, combination, replaced
from boundcheck.theorems.kernel.existence import exists, fresh, known_from
from boundcheck.theorems.kernel.sequent import Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.binding import closing, opened
from boundcheck.theorems.language.expr import Expr, made
from boundcheck.theorems.language.formulas import conjunction, defined, for_all, member
from boundcheck.theorems.language.sorts import NAT


def norms_like(norm: Expr) -> Which:
    """Whether an expression is a norm with the same law and exponent."""
    return lambda e: e.head == "norm" and e.args[:2] == norm.args[:2]


def _is_norm(norm: Expr) -> Expr:
    demand(norm.head == "norm", lambda: f"{norm!r} is no norm")
    return fresh(norm.args[0].sort.parts[0], (norm,))


def minkowski_conditions(goal: Expr) -> tuple[Expr, list[Expr]]:
    """For a goal Norm(w) <= R: what has to hold at all points, and what of the numbers in it."""
    demand(goal.head == "relation" and goal.data == "<=", lambda: f"{goal!r} is not Norm(w) <= ...")
    norm, bound = goal.args
    x = fresh(_is_norm(norm).sort, (goal,))
    which = norms_like(norm)
    found: Combination = combination(bound, which)
    above = replaced(bound, which, lambda m: abs(opened(m, x)))
    pointwise = for_all(x, abs(opened(norm, x)) <= above, [member(x, norm.args[0])])
    signs = [f >= 0 for f, _ in found.pairs if not _plainly_positive(f)]
    if found.constants:
        rest = found.constants[0]
        for c in found.constants[1:]:
            rest = rest + c
        signs.append(rest >= 0)
    return pointwise, [norm.args[1] >= 1, *dict.fromkeys(signs)]


def _plainly_positive(f: Expr) -> bool:
    return f.head == "number" and isinstance(f.data, Fraction) and f.data >= 0


@rule
def minkowski(pointwise: Theorem, *known: Theorem, goal: Expr) -> Sequent:
    """Norm(w) <= sum of c_i Norm(u_i) + c, from Abs(w) <= sum of c_i Abs(u_i) + c at every point,
    p >= 1, c_i >= 0, c >= 0.

    The norms on the right exist, and so does the law. So w exists at every point, Abs(w)^p is
    integrable, and Minkowski's inequality and the monotony of the norm give the bound; the norm of
    the number c is c.
    """
    wanted, conditions = minkowski_conditions(goal)
    terms, facts = known_from(known), {t.concl for t in known}
    demand(pointwise.concl == wanted, lambda: f"{pointwise.concl!r} is not {wanted!r}")
    for condition in conditions:
        demand(condition in facts, lambda: f"{condition!r} is not shown")
    norm, bound = goal.args
    demand(exists(norm.args[0], terms), lambda: f"that {norm.args[0]!r} exists is not shown")
    for _, n in combination(bound, norms_like(norm)).pairs:
        demand(n in terms, lambda: f"that {n!r} exists is not shown")
    return Sequent(all_hyps((pointwise, *known)), goal)


def _power(base: Expr, p: Expr) -> Expr:
    """Repeated multiplication for a literal exponent, a power with a real exponent else."""
    return made("npow" if p.head == "number" and p.sort == NAT else "rpow", None, (base, p))


def power_mean(norm: Expr) -> Expr:
    """The mean of Abs(u)^p."""
    x = _is_norm(norm)
    return closing("mean", x, _power(abs(opened(norm, x)), norm.args[1]), norm.args[0])


@rule
def norm_power(*known: Theorem, norm: Expr) -> Sequent:
    """Norm(u, p) >= 0 and Norm(u, p)^p == Mean(Abs(u)^p).

    The norm exists, hence p >= 1 and the mean: Abs(u) >= 0 has a power with exponent p.
    """
    mean = power_mean(norm)
    demand(norm in known_from(known), lambda: f"that {norm!r} exists is not shown")
    return Sequent(all_hyps(known), conjunction(norm >= 0, _power(norm, norm.args[1]).eq(mean)))


@rule
def norm_exists(*known: Theorem, norm: Expr) -> Sequent:
    """exists(Norm(u, p)), where Mean(Abs(u)^p) exists and p >= 1.

    Its meaning: u exists wherever Abs(u)^p does.
    """
    demand(
        power_mean(norm) in known_from(known),
        lambda: f"that {power_mean(norm)!r} exists is not shown",
    )
    demand(
        (norm.args[1] >= 1) in [t.concl for t in known],
        lambda: f"{norm.args[1]!r} >= 1 is not shown",
    )
    return Sequent(all_hyps(known), defined(norm))


@rule
def norms_grow(order: Theorem, least: Theorem, *known: Theorem, norm: Expr) -> Sequent:
    """Norm(u, q) <= Norm(u, p), from q <= p and q >= 1, where Norm(u, p) exists.

    Jensen's inequality for t^(p/q), under a probability; so the norm on the left exists.
    """
    _is_norm(norm)
    demand(norm in known_from(known), lambda: f"that {norm!r} exists is not shown")
    demand(order.concl.head == "relation" and order.concl.data == "<=", "not q <= p")
    q, p = order.concl.args
    demand(p == norm.args[1], lambda: f"the exponent of {norm!r} is not {p!r}")
    demand(least.concl == (q >= 1), lambda: f"{least.concl!r} is not {q >= 1!r}")
    x = fresh(norm.args[0].sort.parts[0], (norm, q))
    other = closing("norm", x, opened(norm, x), norm.args[0], q, hint=norm.hint)
    return Sequent(all_hyps((order, least, *known)), other <= norm)
