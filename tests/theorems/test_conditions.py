"""Each condition of the rules, by something that fails it alone: without it the rule would conclude
what is said beside the entry."""

import pytest
from rule_uses import (
    N1,
    N2,
    PP,
    A,
    E,
    K,
    P,
    S,
    X,
    a,
    b,
    c,
    f,
    g,
    g1,
    g2,
    j,
    k,
    law,
    m,
    n,
    network,
    nu,
    p,
    pd,
    pi,
    pr,
    q,
    s,
    t,
    u,
    v1,
    v2,
    w,
    x,
    x2,
    y,
    z,
)  # fmt: skip

from boundcheck.errors import BoundcheckError
from boundcheck.math import Abs
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
    ThereIs,
    depth,
    first,
    function,
    joint,
    natceil,
    second,
)  # fmt: skip
from boundcheck.theorems.kernel.sequent import derive
from boundcheck.theorems.language.binding import INTERNAL
from boundcheck.theorems.language.expr import number, symbol
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theorems.language.sorts import function as function_sort
from boundcheck.theorems.rules.all_rules import RULES

assert RULES

HALF = number(1) / 2
AT = natceil(1 / z)  # a natural number where z is not 0
G = symbol("G", function_sort((REAL,), law(X)))
NONE = G(1 / z)  # a law where z is not 0
one, two = number(1), number(2)
N3 = symbol("N3", network("relu"))
i0 = symbol(f"{INTERNAL}0", NAT)
of_pair = u(first(pr), second(pr))


def inside(body, low=one, high=n):
    return Forall(j, body, [low <= j, j <= high])


def on(body, of=pi):
    return Forall(x, body, [In(x, of)])


def normed(body, over, exponent=p):
    return Norm(body, exponent, over)


LOGIC = [
    ("detach", [And(z >= 0, w >= 0), z >= 0], {}, "no implication"),
    # and so B from A implies B
    ("part", [Implies(z >= 0, w >= 0)], {"side": 1}, "does not join"),
    # for one thing, so for all
    ("instantiate", [ThereIs(z, z * w >= 0)], {"value": c}, "says nothing for all"),
    ("introduce", [w >= 0], {"formula": Forall(z, z >= 0), "value": w}, "that something is there"),
    # w < 1/2, from: there is a number > w
    ("eliminate", [ThereIs(z, z > w), w < HALF], {"variable": HALF}, "is no variable"),
    ("eliminate", [Forall(z, z > w), z > w], {"variable": z}, "that something is there"),
    ("rewrite", [z <= w, z >= c], {"template": function(b, b >= c)}, "no equation"),
    ("symmetry", [z <= w], {}, "is no equation"),
    ("symmetry", [And(z >= 0, w >= 0)], {}, "is no equation"),
    ("cases", [z >= 0, w >= 0], {"left": z, "right": w}, "the same conclusion"),
    # whatever follows from z <= 1/w and from 1/w < z, where w is 0
    ("cases", [b >= 0, b >= 0], {"left": z, "right": 1 / w}, "exists is not shown"),
    ("cases", [b >= 0, b >= 0], {"left": 1 / w, "right": z}, "exists is not shown"),
    ("substitute", [f(x) >= 0], {"values": {}, "spaces": {"X": network("relu")}}, "cannot be"),
    ("axiom", [], {"name": "choice"}, "is no axiom"),
]
MEANS = [
    ("inhabited", [], {"law": z}, "is no law"),
    # from a bound by a mean no power is integrable, and p >= 1 is not said
    ("integrable", [on(Abs(f(x)) <= z)], {"mean": normed(f(x), (x, pi)), "bound": z}, "is no mean"),
    ("absolute", [Exists(normed(f(x), (x, pi)))], {"mean": normed(f(x), (x, pi))}, "not shown"),
    ("integrand", [Exists(Integral(g1(t), (t, z, w)))], {"mean": Integral(g1(t), (t, z, w))},
     "is no mean"),
    # a point at which f is its mean
    ("least", [E(f(x)).eq(z)], {}, "no bound"),
    ("least", [normed(f(x), (x, pi)) >= z], {}, "is no mean"),
    ("mean_of_sum", [inside(Exists(E(A(j, x))))], {"mean": E(Product(A(j, x), (j, 1, n)))},
     "is no sum"),
    ("mean_of_sum", [inside(Exists(E(A(j, x))))], {"mean": normed(S(A(j, x)), (x, pi))},
     "is no mean"),
    # 0 == 0 for an end, or a law, that does not exist
    ("mean_of_sum", [inside(Exists(E(A(j, x))), AT)], {"mean": E(S(A(j, x), AT))}, "exists is not"),
    ("mean_of_sum", [inside(Exists(E(A(j, x))), one, AT)], {"mean": E(S(A(j, x), 1, AT))},
     "exists is not"),
    ("mean_of_sum", [inside(Exists(Mean(A(j, x), (x, NONE))))],
     {"mean": Mean(S(A(j, x)), (x, NONE))}, "exists is not"),
    ("indicator_false", [z.eq(w)], {}, "is no inequality"),
    ("indicator_false", [In(x, pi)], {}, "is no inequality"),
]  # fmt: skip
everywhere = Exists(E(Mean(Abs(u(x, y)), (y, nu))))
columns = Forall(y, Exists(E(u(x, y))), [In(y, nu)])
MEANS += [
    ("exchange", [everywhere, columns], {"mean": mean}, "is no mean")
    for mean in (normed(Mean(u(x, y), (y, nu)), (x, pi)), E(normed(u(x, y), (y, nu))))
]

INDEPENDENCE = [
    # the mean of Ind(f(s(k)) >= 0) for a k that does not exist, where Ind is 0
    ("coordinate",
     [Exists(Mean(Ind(f(s(AT)) >= 0), (s, PP))), Forall(s, Exists(E(Ind(f(x) >= 0))), [In(s, PP)])],
     {"mean": Mean(Ind(f(s(AT)) >= 0), (s, PP)), "place": AT}, "exists is not shown"),
    ("coordinate_exists", [Exists(Mean(E(Abs(f(x))), (s, PP)))],
     {"mean": Mean(f(s(AT)), (s, PP)), "place": AT}, "exists is not shown"),
    ("sample", [In(s, P)], {"place": AT}, "exists is not shown"),
    ("coordinate",
     [Exists(normed(f(s(1)), (s, PP))), Forall(s, Exists(E(f(x))), [In(s, PP)])],
     {"mean": normed(f(s(1)), (s, PP)), "place": one}, "is no mean"),
    ("coordinate_exists", [Exists(Mean(E(Abs(f(x))), (s, PP)))],
     {"mean": normed(f(s(1)), (s, PP)), "place": one}, "is no mean"),
    ("coordinate", [Exists(Mean(of_pair, (pr, pd)))], {"mean": Mean(of_pair, (pr, pd)), "place": k},
     "no law of independent"),
    ("sample", [PP.eq(P)], {"place": k}, "where a sample lies"),
    ("sample", [In(x, pi)], {"place": k}, "no law of independent"),
    ("halves", [pd.eq(pd)], {}, "where a pair lies"),
    ("halves", [In(x, pi)], {}, "no law of pairs"),
    # a point of a law of pairs that does not exist, as its kernel does at one x alone
    ("whole", [In(x, pi), In(x2, G(1 / f(x)))], {"joint": joint(pi, (x, G(1 / f(x))))},
     "exists is not shown"),
    ("whole", [In(k, symbol("chance", law(NAT))), In(x, pi)], {"joint": PP}, "exists is not shown"),
    ("whole", [In(x, symbol("mu", law(X))), In(y, K(x))], {"joint": pd}, "not the parts"),
    ("whole", [In(x, pi), In(y, K(x2))], {"joint": pd}, "not the parts"),
    ("whole", [pi.eq(pi), In(y, K(x))], {"joint": pd}, "no members"),
    ("whole", [In(x, pi), nu.eq(K(x))], {"joint": pd}, "no members"),
    ("disintegrate",
     [Exists(normed(of_pair, (pr, pd))), on(Exists(Mean(u(x, y), (y, K(x)))))],
     {"mean": normed(of_pair, (pr, pd))}, "is no mean"),
    ("joint_exists", [Exists(E(Mean(Abs(u(x, y)), (y, K(x)))))],
     {"mean": normed(of_pair, (pr, pd))}, "is no mean"),
    ("joint_exists", [], {"mean": Mean(f(s(1)), (s, PP))}, "no law of pairs"),
]  # fmt: skip

F, W = normed(f(x), (x, pi)), normed(g(x), (x, pi))
NORMS = [
    *[("minkowski", [on(Abs(f(x)) <= Abs(g(x))), p >= 1, Exists(F), Exists(W)], {"goal": goal},
       "is not Norm") for goal in (F < W, F.eq(W), F >= W)],
    ("minkowski", [on(Abs(f(x)) <= Abs(g(x))), p >= 1], {"goal": E(f(x)) <= z}, "is no norm"),
    # for p = 1 and functions that are seldom large
    ("minkowski", [on(Abs(f(x)) <= Abs(g(x)) * Abs(g(x))), p >= 1, W >= 0], {"goal": F <= W * W},
     "not affine"),
    ("minkowski", [on(Abs(f(x)) <= -1 * Abs(g(x))), p >= 1, Exists(W)], {"goal": F <= -1 * W},
     "is not shown"),
    ("minkowski", [on(Abs(f(x)) <= z, NONE), p >= 1, z >= 0],
     {"goal": normed(f(x), (x, NONE)) <= z}, "exists is not shown"),
    # the other exponent, the other law
    *[("minkowski", [on(Abs(f(x)) <= Abs(g(x))), two >= 1, Exists(norm)],
       {"goal": normed(f(x), (x, pi), two) <= norm}, "is not")
      for norm in (normed(g(x), (x, pi), one), normed(g(x), (x, symbol("mu", law(X))), two))],
    ("norm_power", [Exists(E(f(x)))], {"norm": E(f(x))}, "is no norm"),
    ("norm_exists", [Exists(E(f(x)))], {"norm": E(f(x))}, "is no norm"),
    ("norms_grow", [q <= p, q >= 1, Exists(E(f(x)))], {"norm": E(f(x))}, "is no norm"),
    ("norms_grow", [q >= p, q >= 1, Exists(F)], {"norm": F}, "not q <= p"),
    ("norms_grow", [And(q <= p, q <= p), q >= 1, Exists(F)], {"norm": F}, "not q <= p"),
    ("norms_grow", [q <= b, q >= 1, Exists(F)], {"norm": F}, "the exponent of"),
    ("norms_grow", [q <= p, q >= HALF, Exists(F)], {"norm": F}, "is not"),
]  # fmt: skip

g1_by = [Mean(g1(t), (t, symbol(name, law(REAL)))) for name in ("mu1", "mu2")]
pointwise = Forall(t, g1(t) <= g1(t), [In(t, symbol("mu1", law(REAL)))])
bounded = Forall(t, Abs(g2(t)) <= g1(t), [In(t, symbol("mu1", law(REAL)))])
NORMS += [
    ("average", [pointwise, *map(Exists, g1_by)],
     {"goal": g1_by[0] <= g1_by[1], "law": symbol("mu1", law(REAL))}, "is not"),
    ("integrable", [bounded, *map(Exists, g1_by)],
     {"mean": Mean(g2(t), (t, symbol("mu1", law(REAL)))), "bound": g1_by[1]}, "is not"),
    ("average", [on(f(x) <= g(x)), Exists(F), Exists(E(g(x)))], {"goal": E(g(x)) >= F, "law": pi},
     "is not"),
    ("average", [on(f(x) < g(x)), Exists(E(f(x))), Exists(E(g(x)))],
     {"goal": E(f(x)) < E(g(x)), "law": pi}, "is not <=, >= or =="),
]  # fmt: skip

whole = Integral(g1(t), (t, k, n + 1))  # from a natural number to another one
at_most = Forall(j, a(j) <= a(j + 1), [j >= AT, j <= n])
RANGES = [
    # 0 < 0
    ("add_up", [inside(a(j) < a(j) + 1)], {"goal": S(a(j)) < S(a(j) + 1), "low": one, "high": n},
     "is not <=, >= or =="),
    ("add_up", [inside(a(j) <= a(j))], {"goal": S(a(j)) <= S(a(j), 1, m), "low": one, "high": n},
     "is no sum over the range"),
    *[("add_up", [Forall(j, a(j) <= a(j), [low <= j, j <= high])],
       {"goal": S(a(j), low, high) <= S(a(j), low, high), "low": low, "high": high},
       "exists is not shown") for low, high in ((AT, n), (one, AT))],
    ("add_up", [inside(a(j) * a(j) <= a(j))], {"goal": S(a(j)) * S(a(j)) <= S(a(j)), "low": one,
     "high": n}, "not affine"),
    *[("range_exists", [inside(Exists(a(j)), low, high)], {"term": S(a(j), low, high)},
       "exists is not shown") for low, high in ((AT, n), (one, AT))],
    ("range_exists", [inside(Exists(g1(j)), k, n + 1)], {"term": whole}, "is not of the kind"),
    ("term_exists", [Exists(whole)], {"term": whole}, "is not of the kind"),
    ("unroll", [k <= n + 1, Exists(whole)], {"term": whole}, "is not of the kind"),
    ("unroll", [k <= n, Exists(whole)], {"term": whole}, "is not of the kind"),
    # Max(n) is no value: the range n + 1..n is empty
    ("unroll", [k <= n + 1, Exists(Largest(a(j), (j, k, n + 1)))],
     {"term": Largest(a(j), (j, k, n + 1))}, "is not"),
    *[("unroll", [k <= last], {"term": S(a(j), k, last)}, "is not b . 1")
      for last in (n, number(0), n + m, 2 * n)],
    ("single", [Exists(Integral(g1(t), (t, k, k)))], {"term": Integral(g1(t), (t, k, k))},
     "is not of the kind"),
    ("single", [], {"term": S(1 / a(j), k, k)}, "may not exist"),
    ("empty", [n + 1 < k], {"term": whole}, "is not of the kind"),
    ("count", [z <= w + 1], {"low": z, "high": w, "value": b}, "of sort Nat"),
    ("among", [one <= k, k <= n], {"term": S(a(j)), "index": k}, "is not of the kind"),
    ("among", [k <= m, m <= n + 1, Exists(whole)], {"term": whole, "index": m},
     "is not of the kind"),
    *[("among", [low, high, Exists(Largest(a(j), (j, 1, n)))],
       {"term": Largest(a(j), (j, 1, n)), "index": k}, "the range")
      for low, high in ((one <= m, k <= n), (one <= k, k <= m), (one < k, k < n))],
    ("among", [one <= z, z <= n, Exists(Largest(a(j), (j, 1, n)))],
     {"term": Largest(a(j), (j, 1, n)), "index": z}, "sort Nat, not Real"),
    ("attained", [], {"term": S(a(j))}, "is not of the kind"),
    ("one_of_many", [one <= k, k <= n, inside(a(j) >= 0)],
     {"term": Product(a(j), (j, 1, n)), "index": k}, "is not of the kind"),
    ("one_of_many", [one <= z, z <= n, inside(a(j) >= 0)], {"term": S(a(j)), "index": z},
     "sort Nat, not Real"),
    ("triangle", [], {"term": Product(a(j), (j, 1, n))}, "is not of the kind"),
]  # fmt: skip

REALS = [
    # what is true of whole numbers would be true of all
    ("induction", [g1(number(0)) >= 0, Forall(k, g1(k + 1) >= 0, [k >= 0, g1(k) >= 0])],
     {"formula": Forall(t, g1(t) >= 0, [t >= 0])}, "for all natural numbers"),
    ("induction", [a(one) >= 0, Forall(k, a(k + 1) >= 0, [k >= 1, a(k) >= 0])],
     {"formula": ThereIs(k, Implies(k >= 1, a(k) >= 0))}, "for all natural numbers"),
    ("induction", [a(one) >= 0, Forall(k, a(k + 1) >= 0, [k >= 1, a(k) >= 0])],
     {"formula": Forall(k, And(k >= 1, a(k) >= 0))}, "no start"),
    ("induction", [a(one) >= 0, Forall(k, a(k + 1) >= 0, [k >= 1, a(k) >= 0])],
     {"formula": Forall(k, a(k) >= 0, [In(k, symbol("chance", law(NAT)))])}, "no start"),
    *[("induction", [a(one) >= 0, Forall(k, a(k + 1) >= 0, [k >= 1, a(k) >= 0])],
       {"formula": Forall(k, a(k) >= 0, [start])}, "the start is written")
      for start in (k <= one, k.eq(one), k + 1 >= one)],
    # from P(1/2) and P(1) implies P(2), ...
    ("induction", [g1(HALF) >= 0, Forall(k, g1(k + 1) >= 0, [k >= HALF, g1(k) >= 0])],
     {"formula": Forall(k, g1(k) >= 0, [k >= HALF])}, "to start from"),
    # P(i) for one i, and so for all: i is the symbol that the rule takes
    ("induction", [a(2 * i0) >= 0, Forall(k, a(k + 1) >= 0, [k >= 2 * k, a(k) >= 0])],
     {"formula": Forall(k, a(k) >= 0, [k >= 2 * k])}, "to start from"),
    ("induction", [a(AT) >= 0, Forall(k, a(k + 1) >= 0, [k >= AT, a(k) >= 0])],
     {"formula": Forall(k, a(k) >= 0, [k >= AT])}, "exists is not shown"),
    ("next_number", [k <= n], {}, "is not k < l"),
    ("next_number", [And(z >= 0, w >= 0)], {}, "is not k < l"),
    *[("next_number", [relation], {}, "natural numbers") for relation in (k < w, z < n, n > z)],
    ("zero_or_next", [z >= 1], {"value": z}, "no natural number"),
    ("between", [g1(HALF) <= z, z <= g1(n), n > HALF,
                 Forall(k, Exists(g1(k)), [k >= HALF, k <= n])],
     {"function": function(t, g1(t)), "low": HALF, "high": n, "value": z}, "function of a natural"),
    *[("between", [g1(low) <= z, z <= g1(high), low < high,
                   Forall(k, Exists(g1(k)), [low <= k, k <= high])],
       {"function": function(k, g1(k)), "low": low, "high": high, "value": z}, "are natural")
      for low, high in ((HALF, n), (k, k + HALF))],
    ("archimedes", [Exists(x)], {"term": x}, "only numbers"),
    ("primitive", [k <= n, FALSE], {"function": function(k, g1(k)), "integrand": function(k, g1(k)),
                                   "low": k, "high": n}, "functions of a real"),
    ("integrate", [Forall(t, g1(t) / b <= g1(t) / b, [z <= t, t <= w]),
                   Exists(Integral(g1(t), (t, z, w)))],
     {"goal": Integral(g1(t), (t, z, w)) / b <= Integral(g1(t), (t, z, w)) / b, "low": z,
      "high": w}, "exists is not shown"),
    ("integrate", [Forall(t, g1(t) < g2(t), [z <= t, t <= w]),
                   Exists(Integral(g1(t), (t, z, w))), Exists(Integral(g2(t), (t, z, w)))],
     {"goal": Integral(g1(t), (t, z, w)) < Integral(g2(t), (t, z, w)), "low": z, "high": w},
     "is not <=, >= or =="),
    ("integrate", [Forall(t, g1(t) <= g1(t), [z <= t, t <= w]),
                   Exists(Integral(g1(t), (t, z, w))), Exists(Integral(g1(t), (t, z, b)))],
     {"goal": Integral(g1(t), (t, z, w)) <= Integral(g1(t), (t, z, b)), "low": z, "high": w},
     "is no integral over the interval"),
    ("integral_exists", [one <= n, inside(Abs(a(j)) <= b)], {"integral": S(a(j)), "bound": b},
     "is no integral"),
]  # fmt: skip

zeros = function((j, k), 0)
LAYER = {"base": N1, "inputs": m, "neurons": n, "weights": zeros, "biases": function(j, 0),
         "outer": zeros, "offsets": function(j, 0), "first": one}  # fmt: skip
NETWORKS = [
    ("gram", [], {"first": v2 / z, "second": v1}, "exists is not shown"),
    ("gram", [], {"first": v1, "second": v2 / z}, "exists is not shown"),
    ("linear", [], {"goal": z <= w}, "is no equation"),
    ("linear", [], {"goal": z.eq(z)}, "is not between vectors"),
    *[("hidden_layer", [], {**LAYER, name: AT}, "exists is not shown")
      for name in ("inputs", "neurons", "first")],
    *[("hidden_layer", [], {**LAYER, name: z}, "no natural number")
      for name in ("inputs", "first")],
    ("hidden_layer", [], {**LAYER, "neurons": z}, "no natural number"),
    *[("hidden_layer", [], {**LAYER, name: function(t, 0)}, "numbered by 1 natural")
      for name in ("biases", "offsets")],
    *[("hidden_layer", [], {**LAYER, name: function((j, k), 1 / a(j))}, "exist is not shown")
      for name in ("weights", "outer")],
    *[("hidden_layer", [], {**LAYER, name: function(j, v1)}, "numbers|vectors")
      for name in ("biases", "offsets")],
    ("hidden_layer", [], {**LAYER, "base": z}, "no network|no activation"),
    *[("readout", [], {**{key: LAYER[key] for key in ("base", "inputs", "outer", "offsets")},
                       name: AT}, "exists is not shown") for name in ("inputs", "first")],
    # a SignReLU network with the values of a ReLU network
    ("beside", [depth(N1).eq(depth(N3))], {"first": N1, "second": N3}, "different activations"),
    ("beside", [depth(N1) <= depth(N2)], {"first": N1, "second": N2}, "other depths"),
]  # fmt: skip

ALL = [*LOGIC, *MEANS, *INDEPENDENCE, *NORMS, *RANGES, *REALS, *NETWORKS]


@pytest.mark.parametrize(
    ("rule", "premises", "data", "match"), ALL, ids=[f"{e[0]}-{k}" for k, e in enumerate(ALL)]
)
def test_it_is_refused_for_this(rule, premises, data, match):
    assumed = [derive("assume", formula=formula) for formula in premises]
    with pytest.raises(BoundcheckError, match=match):
        derive(rule, *assumed, **data)
