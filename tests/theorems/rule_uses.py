"""For each rule of the kernel: uses of it, with formulas that are assumed as its premises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from boundcheck.math import Abs, Max, exp
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    Implies,
    In,
    Ind,
    Integral,
    Largest,
    Mean,
    Norm,
    Product,
    Smallest,
    Sum,
    ThereIs,
    depth,
    dot,
    first,
    function,
    independent,
    joint,
    natceil,
    pair,
    samples,
    second,
    value,
    width,
)
from boundcheck.theorems.kernel.sequent import derive
from boundcheck.theorems.language.expr import made, number, symbol
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import NAT, REAL, law, network, seq, space, vec
from boundcheck.theorems.language.sorts import function as function_sort
from boundcheck.theorems.rules.all_rules import RULES

assert RULES  # importing the rules declares them

X, Y, H = space("X"), space("Y"), vec("H")
x, x2, y = symbol("x", X), symbol("x2", X), symbol("y", Y)
z, w, b, c, p, q = (symbol(name, REAL) for name in "z w b c p q".split())  # noqa: SIM905
k, n, m, j = (symbol(name, NAT) for name in "k n m j".split())  # noqa: SIM905
pi, nu = symbol("pi0", law(X)), symbol("nu", law(Y))
K = symbol("K", function_sort((X,), law(Y)))
kappa = symbol("kappa", function_sort((NAT,), law(X)))
f, g, h = (symbol(name, function_sort((X,), REAL)) for name in "f g h".split())  # noqa: SIM905
u = symbol("u", function_sort((X, Y), REAL))
a, d = (symbol(name, function_sort((NAT,), REAL)) for name in "a d".split())  # noqa: SIM905
A = symbol("A", function_sort((NAT, X), REAL))
s = symbol("s", seq(X))
r = symbol("r", seq(REAL))
t = symbol("t", REAL)
g1, g2 = (symbol(name, function_sort((REAL,), REAL)) for name in ("g1", "g2"))
v1, v2 = symbol("v1", H), symbol("v2", H)
N1, N2 = symbol("N1", network("signrelu")), symbol("N2", network("signrelu"))


k2 = symbol("k2", NAT)


def rho(e):
    return made("call", "signrelu", (e,))


def E(t):
    return Mean(t, (x, pi))


def S(t, low=1, high=n):
    return Sum(t, (j, low, high))


@dataclass
class Use:
    """`premises` are assumed, the rule is applied to them, and `concl` follows.

    Attributes:
        needed: which premises may not be left out; all of them where it is None.
        wrong: other data under which the rule must refuse.
        modelled: whether finite models can evaluate it.
    """

    rule: str
    premises: list[Any]
    data: dict[str, Any]
    concl: Any
    needed: list[int] | None = None
    wrong: list[dict[str, Any]] = field(default_factory=list)
    modelled: bool = True

    def derived(self, premises=None, data=None):
        given = self.premises if premises is None else premises
        assumed = [derive("assume", formula=p) for p in given]
        return derive(self.rule, *assumed, **(self.data if data is None else data))


pd = joint(pi, (x, K(x)))
pr = symbol("pr", pd.sort.parts[0])
P = independent(j, kappa(j))
PP = samples(pi)
in_range = [number(1) <= j, j <= n]

USES = [
    Use("assume", [], {"formula": z >= 0}, z >= 0),
    Use("discharge", [z >= 0], {"formula": z >= 0}, Implies(z >= 0, z >= 0)),
    Use("detach", [Implies(z >= 0, w >= 0), z >= 0], {}, w >= 0),
    Use("conjoin", [z >= 0, w >= 0], {}, And(z >= 0, w >= 0), []),
    Use("part", [And(z >= 0, w >= 0)], {"side": 1}, w >= 0, wrong=[{"side": 2}, {"side": True}]),
    Use("generalise", [z >= 0], {"variable": w}, Forall(w, z >= 0), [], [{"variable": z}]),
    Use(
        "instantiate",
        [Forall(z, z * z >= 0)],
        {"value": w + 1},
        (w + 1) * (w + 1) >= 0,
        wrong=[{"value": 1 / w}, {"value": x}],
    ),
    Use(
        "instantiate",
        [Forall(z, (z * z).eq(z * z)), Exists(1 / w)],
        {"value": 1 / w},
        (1 / w * (1 / w)).eq(1 / w * (1 / w)),
    ),
    Use(
        "introduce",
        [w * w >= 0],
        {"formula": ThereIs(z, z * w >= 0), "value": w},
        ThereIs(z, z * w >= 0),
        wrong=[{"value": z}, {"formula": ThereIs(z, z * z > 0)}],
    ),
    Use("existence", [z > 0], {"term": z + w}, Exists(z + w), []),
    Use("existence", [1 / z > 0], {"term": 1 / z + w}, Exists(1 / z + w), wrong=[{"term": 1 / w}]),
    Use("symmetry", [z.eq(w)], {}, w.eq(z)),
    Use(
        "rewrite",
        [z.eq(w), E(f(x) * z) >= z],
        {"template": function(b, E(f(x) * b) >= b)},
        E(f(x) * w) >= w,
        wrong=[{"template": function(b, E(f(x) * z) >= w)}],
    ),
    Use(
        "rewrite",
        [z.eq(w), E(f(x) * z) >= z],
        {"template": function(b, E(f(x) * b) >= z)},
        E(f(x) * w) >= z,
    ),
    Use("absurd", [FALSE], {"formula": z > w}, z > w),
    Use(
        "substitute",
        [f(x) >= z, Forall(x, Exists(1 / g(x)))],
        {"values": {f: function(x, 1 / g(x)), z: w + 1}},
        1 / g(x) >= w + 1,
        wrong=[{"values": {f: function(x, 1 / h(x))}}, {"values": {z: 1 / w}}],
    ),
    Use(
        "substitute",
        [f(x) >= z],
        {"values": {}, "spaces": {"X": Y}},
        symbol("f", function_sort((Y,), REAL))(symbol("x", Y)) >= z,
        modelled=False,
        wrong=[{"values": {}, "spaces": {"X": law(Y)}}],
    ),
    # means
    Use(
        "average",
        [Forall(x, 2 * f(x) + z <= g(x), [In(x, pi)]), Exists(E(f(x))), Exists(E(g(x)))],
        {"goal": 2 * E(f(x)) + z <= E(g(x)), "law": pi},
        2 * E(f(x)) + z <= E(g(x)),
        wrong=[
            {"goal": 2 * E(f(x)) + z < E(g(x))},
            {"goal": 2 * E(f(x)) <= E(g(x))},
            {"goal": E(f(x)) * E(f(x)) <= E(g(x))},
        ],
    ),
    Use(
        "average",
        [Forall(y, (1 / u(x, y)).eq(z), [In(y, K(x))]), Exists(Mean(1 / u(x, y), (y, K(x))))],
        {"goal": Mean(1 / u(x, y), (y, K(x))).eq(z), "law": K(x)},
        Mean(1 / u(x, y), (y, K(x))).eq(z),
    ),
    Use(
        "integrable",
        [Forall(x, Abs(f(x) / g(x)) <= 2 * Abs(h(x)) + z, [In(x, pi)]), Exists(E(Abs(h(x))))],
        {"mean": E(f(x) / g(x)), "bound": 2 * E(Abs(h(x))) + z},
        Exists(E(f(x) / g(x))),
        wrong=[{"bound": 2 * E(Abs(h(x)))}, {"mean": E(f(x))}],
    ),
    Use("absolute", [Exists(E(1 / f(x)))], {"mean": E(1 / f(x))}, Exists(E(Abs(1 / f(x))))),
    Use(
        "integrand",
        [Exists(E(1 / f(x)))],
        {"mean": E(1 / f(x))},
        Forall(x, Exists(1 / f(x)), [In(x, pi)]),
    ),
    Use("inhabited", [], {"law": K(x)}, ThereIs(y, In(y, K(x)))),
    Use("least", [E(f(x)) <= z], {}, ThereIs(x, And(In(x, pi), f(x) <= z))),
    Use("least", [E(1 / f(x)) > z], {}, ThereIs(x, And(In(x, pi), 1 / f(x) > z))),
    Use(
        "exchange",
        [Exists(E(Mean(Abs(u(x, y)), (y, nu)))), Forall(y, Exists(E(u(x, y))), [In(y, nu)])],
        {"mean": E(Mean(u(x, y), (y, nu)))},
        E(Mean(u(x, y), (y, nu))).eq(Mean(E(u(x, y)), (y, nu))),
        wrong=[{"mean": E(Mean(u(x, y), (y, K(x))))}],
    ),
    Use(
        "exchange",
        [
            Exists(E(Mean(Abs(1 / u(x, y)), (y, nu)))),
            Forall(y, Exists(E(1 / u(x, y))), [In(y, nu)]),
        ],
        {"mean": E(Mean(1 / u(x, y), (y, nu)))},
        E(Mean(1 / u(x, y), (y, nu))).eq(Mean(E(1 / u(x, y)), (y, nu))),
    ),
    Use(
        "mean_of_sum",
        [Forall(j, Exists(E(1 / A(j, x))), in_range)],
        {"mean": E(S(1 / A(j, x)))},
        E(S(1 / A(j, x))).eq(S(E(1 / A(j, x)))),
        wrong=[{"mean": E(S(A(j, x), 0))}],
    ),
    Use(
        "indicator_range", [], {"formula": f(x) >= z}, And(Ind(f(x) >= z) >= 0, Ind(f(x) >= z) <= 1)
    ),
    Use("indicator_true", [1 / f(x) >= z], {}, Ind(1 / f(x) >= z).eq(1)),
    Use("indicator_false", [1 / f(x) > z], {}, Ind(1 / f(x) <= z).eq(0)),
    # independence
    Use(
        "coordinate",
        [
            Exists(Mean(f(s(1)) * g(s(2)), (s, P))),
            Forall(s, Exists(Mean(f(s(1)) * g(x), (x, kappa(number(2))))), [In(s, P)]),
        ],
        {"mean": Mean(f(s(1)) * g(s(2)), (s, P)), "place": number(2)},
        Mean(f(s(1)) * g(s(2)), (s, P)).eq(
            Mean(Mean(f(s(1)) * g(x), (x, kappa(number(2)))), (s, P))
        ),
        wrong=[{"place": number(1)}, {"place": k}],
    ),
    Use(
        "coordinate",
        [
            Exists(Mean(S(f(s(j)), 1, 2) * g(s(3)), (s, PP))),
            Forall(s, Exists(E(S(f(s(j)), 1, 2) * g(x))), [In(s, PP)]),
        ],
        {"mean": Mean(S(f(s(j)), 1, 2) * g(s(3)), (s, PP)), "place": number(3)},
        Mean(S(f(s(j)), 1, 2) * g(s(3)), (s, PP)).eq(Mean(E(S(f(s(j)), 1, 2) * g(x)), (s, PP))),
        wrong=[{"place": number(2)}],
    ),
    Use(
        "coordinate_exists",
        [Exists(Mean(Mean(Abs(f(s(1)) / g(x)), (x, kappa(number(2)))), (s, P)))],
        {"mean": Mean(f(s(1)) / g(s(2)), (s, P)), "place": number(2)},
        Exists(Mean(f(s(1)) / g(s(2)), (s, P))),
        wrong=[{"place": number(1)}],
    ),
    Use("sample", [In(s, P)], {"place": k}, In(s(k), kappa(k))),
    Use("halves", [In(pr, pd)], {}, And(In(first(pr), pi), In(second(pr), K(first(pr))))),
    Use("whole", [In(x, pi), In(y, K(x))], {"joint": pd}, In(pair(x, y), pd)),
    Use(
        "disintegrate",
        [
            Exists(Mean(1 / u(first(pr), second(pr)), (pr, pd))),
            Forall(x, Exists(Mean(1 / u(x, y), (y, K(x)))), [In(x, pi)]),
        ],
        {"mean": Mean(1 / u(first(pr), second(pr)), (pr, pd))},
        Mean(1 / u(first(pr), second(pr)), (pr, pd)).eq(E(Mean(1 / u(x, y), (y, K(x))))),
    ),
    Use(
        "joint_exists",
        [Exists(E(Mean(Abs(1 / u(x, y)), (y, K(x)))))],
        {"mean": Mean(1 / u(first(pr), second(pr)), (pr, pd))},
        Exists(Mean(1 / u(first(pr), second(pr)), (pr, pd))),
    ),
    # norms
    Use(
        "minkowski",
        [
            Forall(x, Abs(f(x) / g(x)) <= b * Abs(h(x)) + z, [In(x, pi)]),
            p >= 1,
            b >= 0,
            z >= 0,
            Exists(Norm(h(x), p, (x, pi))),
        ],
        {"goal": Norm(f(x) / g(x), p, (x, pi)) <= b * Norm(h(x), p, (x, pi)) + z},
        Norm(f(x) / g(x), p, (x, pi)) <= b * Norm(h(x), p, (x, pi)) + z,
        modelled=False,
    ),
    Use(
        "minkowski",
        [
            Forall(x, Abs(f(x) / g(x)) <= b * Abs(h(x)) + z, [In(x, pi)]),
            number(1) >= 1,
            b >= 0,
            z >= 0,
            Exists(Norm(h(x), 1, (x, pi))),
        ],
        {"goal": Norm(f(x) / g(x), 1, (x, pi)) <= b * Norm(h(x), 1, (x, pi)) + z},
        Norm(f(x) / g(x), 1, (x, pi)) <= b * Norm(h(x), 1, (x, pi)) + z,
        wrong=[
            {"goal": Norm(f(x) / g(x), 1, (x, pi)) <= z - b * Norm(h(x), 1, (x, pi))},
            {"goal": Norm(f(x) / g(x), 1, (x, pi)) <= b * Norm(h(x), 2, (x, pi)) + z},
        ],
    ),
    Use(
        "norm_power",
        [Exists(Norm(1 / f(x), 1, (x, pi)))],
        {"norm": Norm(1 / f(x), 1, (x, pi))},
        And(
            Norm(1 / f(x), 1, (x, pi)) >= 0,
            (Norm(1 / f(x), 1, (x, pi)) ** 1).eq(E(Abs(1 / f(x)) ** 1)),
        ),
    ),
    Use(
        "norm_exists",
        [Exists(E(Abs(1 / f(x)) ** 1)), number(1) >= 1],
        {"norm": Norm(1 / f(x), 1, (x, pi))},
        Exists(Norm(1 / f(x), 1, (x, pi))),
    ),
    Use(
        "norms_grow",
        [q <= p, q >= 1, Exists(Norm(f(x), p, (x, pi)))],
        {"norm": Norm(f(x), p, (x, pi))},
        Norm(f(x), q, (x, pi)) <= Norm(f(x), p, (x, pi)),
        modelled=False,
    ),
    # ranges
    Use(
        "add_up",
        [Forall(j, 2 * a(j) <= z * d(j), in_range)],
        {"goal": 2 * S(a(j)) <= z * S(d(j)), "low": number(1), "high": n},
        2 * S(a(j)) <= z * S(d(j)),
        wrong=[{"goal": 2 * S(a(j)) < z * S(d(j))}, {"goal": 2 * S(a(j)) <= z}, {"low": number(0)}],
    ),
    Use(
        "add_up",
        [Forall(j, a(j) / z <= d(j), in_range), Exists(1 / z)],
        {"goal": S(a(j)) / z <= S(d(j)), "low": number(1), "high": n},
        S(a(j)) / z <= S(d(j)),
    ),
    Use(
        "range_exists",
        [Forall(j, Exists(1 / a(j)), in_range)],
        {"term": S(1 / a(j))},
        Exists(S(1 / a(j))),
    ),
    Use(
        "range_exists",
        [Forall(j, Exists(1 / a(j)), in_range), number(1) <= n],
        {"term": Largest(1 / a(j), (j, 1, n))},
        Exists(Largest(1 / a(j), (j, 1, n))),
    ),
    Use(
        "term_exists",
        [Exists(S(1 / a(j)))],
        {"term": S(1 / a(j))},
        Forall(j, Exists(1 / a(j)), in_range),
    ),
    Use(
        "unroll",
        [number(1) <= n + 1, Exists(S(1 / a(j), 1, n + 1))],
        {"term": S(1 / a(j), 1, n + 1)},
        S(1 / a(j), 1, n + 1).eq(S(1 / a(j)) + 1 / a(n + 1)),
    ),
    Use(
        "unroll",
        [k <= n + 1],
        {"term": Product(a(j), (j, k, n + 1))},
        Product(a(j), (j, k, n + 1)).eq(Product(a(j), (j, k, n)) * a(n + 1)),
    ),
    Use(
        "unroll",
        [k <= n, Exists(Largest(a(j), (j, k, n + 1)))],
        {"term": Largest(a(j), (j, k, n + 1))},
        Largest(a(j), (j, k, n + 1)).eq(Max(Largest(a(j), (j, k, n)), a(n + 1))),
    ),
    Use(
        "unroll",
        [number(1) <= number(3)],
        {"term": S(a(j), 1, 3)},
        S(a(j), 1, 3).eq(S(a(j), 1, 2) + a(number(3))),
        wrong=[{"term": S(a(j), 1, 0)}, {"term": S(a(j), 1, n)}],
    ),
    Use(
        "unroll",
        [k <= n + 2],
        {"term": S(a(j), k, n + 2)},
        S(a(j), k, n + 2).eq(S(a(j), k, n + 1) + a(n + 2)),
    ),
    Use(
        "single",
        [Exists(1 / a(k))],
        {"term": S(1 / a(j), k, k)},
        S(1 / a(j), k, k).eq(1 / a(k)),
        wrong=[{"term": S(1 / a(j), k, n)}],
    ),
    Use(
        "empty",
        [n < k],
        {"term": S(1 / a(j), k, n)},
        S(1 / a(j), k, n).eq(0),
        wrong=[{"term": S(a(j), n, k)}, {"term": Largest(a(j), (j, k, n))}],
    ),
    Use(
        "empty", [n < k], {"term": Product(1 / a(j), (j, k, n))}, Product(1 / a(j), (j, k, n)).eq(1)
    ),
    Use(
        "count",
        [k <= n + 1, Exists(1 / z)],
        {"low": k, "high": n, "value": 1 / z},
        S(1 / z, k, n).eq((n + 1 - k) * (1 / z)),
    ),
    Use(
        "among",
        [number(1) <= k, k <= n, Exists(Largest(a(j), (j, 1, n)))],
        {"term": Largest(a(j), (j, 1, n)), "index": k},
        a(k) <= Largest(a(j), (j, 1, n)),
    ),
    Use(
        "among",
        [number(1) <= k, k <= n, Exists(Smallest(a(j), (j, 1, n)))],
        {"term": Smallest(a(j), (j, 1, n)), "index": k},
        a(k) >= Smallest(a(j), (j, 1, n)),
    ),
    Use(
        "attained",
        [Exists(Largest(1 / a(j), (j, k, n)))],
        {"term": Largest(1 / a(j), (j, k, n))},
        ThereIs(j, And(k <= j, j <= n, (1 / a(j)).eq(Largest(1 / a(j), (j, k, n))))),
    ),
    Use(
        "one_of_many",
        [number(1) <= k, k <= n, Forall(j, 1 / a(j) >= 0, in_range)],
        {"term": S(1 / a(j)), "index": k},
        1 / a(k) <= S(1 / a(j)),
    ),
    Use(
        "triangle",
        [Exists(S(1 / a(j)))],
        {"term": S(1 / a(j))},
        Abs(S(1 / a(j))) <= S(Abs(1 / a(j))),
    ),
    # natural numbers
    Use("next_number", [k < n], {}, k + 1 <= n),
    Use("zero_or_next", [k >= 1], {"value": k}, ThereIs(n, k.eq(n + 1))),
    Use(
        "nat_ceiling",
        [Exists(1 / z), 1 / z > -1],
        {"term": 1 / z},
        And(1 / z <= natceil(1 / z), natceil(1 / z) < 1 / z + 1),
        [],
    ),
    Use(
        "nat_ceiling",
        [],
        {"term": z},
        And(z <= natceil(z), natceil(z) <= Max(0, z + 1)),
        wrong=[{"term": 1 / z}],
    ),
    Use(
        "ceiling",
        [1 / z >= 0],
        {"term": 1 / z},
        natceil(1 / z).eq(made("call", "ceiling", (1 / z,))),
        wrong=[{"term": z}],
    ),
    Use(
        "ceiling",
        [z > -1],
        {"term": z},
        natceil(z).eq(made("call", "ceiling", (z,))),
        wrong=[{"term": 1 / z}, {"term": z - 1}],
    ),
    Use("archimedes", [Exists(1 / z)], {"term": 1 / z}, ThereIs(n, n >= 1 / z), modelled=False),
    Use(
        "between",
        [a(k) <= z, z <= a(m), k < m, Forall(j, Exists(a(j)), [k <= j, j <= m])],
        {"function": function(j, a(j)), "low": k, "high": m, "value": z},
        ThereIs(j, And(k <= j, j + 1 <= m, a(j) <= z, z <= a(j + 1))),
    ),
    Use(
        "between",
        [1 / a(k) <= z, z <= 1 / a(m), k < m, Forall(j, Exists(1 / a(j)), [k <= j, j <= m])],
        {"function": function(j, 1 / a(j)), "low": k, "high": m, "value": z},
        ThereIs(j, And(k <= j, j + 1 <= m, 1 / a(j) <= z, z <= 1 / a(j + 1))),
    ),
    Use(
        "induction",
        [a(number(1)) >= 0, Forall(k, Implies(k >= 1, a(k) >= 0, a(k + 1) >= 0))],
        {"formula": Forall(k, a(k) >= 0, [k >= 1])},
        Forall(k, a(k) >= 0, [k >= 1]),
        wrong=[{"formula": Forall(k, a(k) >= 0, [k >= 0])}, {"formula": Forall(k, a(k) >= 0)}],
    ),
    # integrals
    Use(
        "primitive",
        [
            z <= w,
            Forall(
                t,
                And(Exists(c * exp(b * t) / b), (c * (exp(b * t) * b) / b).eq(c * exp(b * t))),
                [z <= t, t <= w],
            ),
        ],
        {
            "function": function(t, c * exp(b * t) / b),
            "integrand": function(t, c * exp(b * t)),
            "low": z,
            "high": w,
        },
        Integral(c * exp(b * t), (t, z, w)).eq(c * exp(b * w) / b - c * exp(b * z) / b),
        modelled=False,
        wrong=[
            {"low": w},
            {"integrand": function(t, exp(b * t))},
            {"function": function(t, Abs(t))},
            {"function": function(t, g1(t))},
        ],
    ),
    Use(
        "integrate",
        [
            Forall(t, 2 * g1(t) <= b * g2(t), [z <= t, t <= w]),
            Exists(Integral(g1(t), (t, z, w))),
            Exists(Integral(g2(t), (t, z, w))),
        ],
        {
            "goal": 2 * Integral(g1(t), (t, z, w)) <= b * Integral(g2(t), (t, z, w)),
            "low": z,
            "high": w,
        },
        2 * Integral(g1(t), (t, z, w)) <= b * Integral(g2(t), (t, z, w)),
        modelled=False,
        wrong=[
            {"goal": 2 * Integral(g1(t), (t, z, w)) <= b},
            {"goal": 2 * Integral(g1(t), (t, z, w)) < b * Integral(g2(t), (t, z, w))},
            {"high": z},
        ],
    ),
    Use(
        "integral_exists",
        [z <= w, Forall(t, Abs(g1(t) / g2(t)) <= b, [z <= t, t <= w])],
        {"integral": Integral(g1(t) / g2(t), (t, z, w)), "bound": b},
        Exists(Integral(g1(t) / g2(t), (t, z, w))),
        modelled=False,
        wrong=[{"bound": c}],
    ),
    # vectors
    Use("square", [], {"vector": v1 + v2}, dot(v1 + v2, v1 + v2) >= 0, wrong=[{"vector": v1 / z}]),
    Use(
        "gram",
        [],
        {"first": v1, "second": v2},
        dot(v1, v2) ** 2 <= dot(v1, v1) * dot(v2, v2),
        wrong=[{"second": v2 / z}],
    ),
    Use(
        "linear",
        [(z + -1 * w).eq(2 * b)],
        {"goal": (z * v1 - w * v1 + v2).eq(2 * (b * v1) + v2)},
        (z * v1 - w * v1 + v2).eq(2 * (b * v1) + v2),
        modelled=True,
        wrong=[{"goal": (z * v1).eq(w * v1)}, {"goal": (v1 - v2).eq(v1)}],
    ),
    # networks
    Use(
        "pad",
        [depth(N1) >= 1],
        {"base": N1},
        ThereIs(
            N2,
            And(
                depth(N2).eq(depth(N1) + 1),
                width(N2).eq(width(N1)),
                Forall((k, r), value(N2, k, r).eq(value(N1, k, r))),
            ),
        ),
        modelled=False,
        wrong=[{"base": N2}],
    ),
    Use(
        "beside",
        [depth(N1).eq(depth(N2))],
        {"first": N1, "second": N2},
        ThereIs(
            N := symbol("N", network("signrelu")),
            And(
                depth(N).eq(depth(N1)),
                width(N) <= width(N1) + width(N2),
                Forall((k, r), value(N, 2 * k, r).eq(value(N1, k, r))),
                Forall((k, r), value(N, 2 * k + 1, r).eq(value(N2, k, r))),
            ),
        ),
        modelled=False,
        wrong=[{"second": N1}, {"second": symbol("N3", network("relu"))}],
    ),
    Use(
        "input_network",
        [],
        {"activation": "relu"},
        ThereIs(
            N := symbol("N", network("relu")),
            And(depth(N).eq(0), width(N).eq(0), Forall((k, r), value(N, k, r).eq(r(k)))),
        ),
        modelled=False,
        wrong=[{"activation": "tanh"}],
    ),
    Use(
        "hidden_layer",
        [Exists(1 / z)],
        {
            "base": N1,
            "inputs": m,
            "neurons": n,
            "weights": function((j, k), a(j) * d(k)),
            "biases": function(j, 1 / z),
            "outer": function((k, j), A(j, x)),
            "offsets": function(k, b),
        },
        ThereIs(
            N2,
            And(
                depth(N2).eq(depth(N1) + 1),
                width(N2).eq(Max(width(N1), n)),
                Forall(
                    (k, r),
                    value(N2, k, r).eq(
                        b
                        + S(A(j, x) * rho(1 / z + Sum(a(j) * d(k2) * value(N1, k2, r), (k2, 1, m))))
                    ),
                ),
            ),
        ),
        modelled=False,
        wrong=[{"biases": function(j, 1 / w)}, {"biases": function((j, k), b)}, {"inputs": z}],
    ),
    Use(
        "readout",
        [],
        {"base": N1, "inputs": m, "outer": function((k, j), a(j)), "offsets": function(k, b)},
        ThereIs(
            N2,
            And(
                depth(N2).eq(depth(N1)),
                width(N2).eq(width(N1)),
                Forall((k, r), value(N2, k, r).eq(b + Sum(a(j) * value(N1, j, r), (j, 1, m)))),
            ),
        ),
        modelled=False,
        wrong=[{"offsets": function(k, 1 / w)}],
    ),
]
"""Uses; `cases`, `eliminate`, `arithmetic` and `axiom` have tests of their own."""
