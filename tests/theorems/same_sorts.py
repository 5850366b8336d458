"""Uses of rules in which what is bound has the sort of what is free beside it, and of what is bound
in it: there the symbols that rules choose have to differ."""

from rule_uses import (
    N1,
    N2,
    S,
    Use,
    a,
    b,
    c,
    d,
    function,
    function_sort,
    g1,
    g2,
    in_range,
    j,
    joint,
    k,
    law,
    m,
    made,
    n,
    number,
    p,
    q,
    r,
    rho,
    samples,
    seq,
    symbol,
    t,
    w,
    z,
)  # fmt: skip

from boundcheck.math import Abs, Max
from boundcheck.theorems.author.words import (
    And,
    Exists,
    Forall,
    Implies,
    In,
    Integral,
    Largest,
    Mean,
    Norm,
    Sum,
    ThereIs,
    depth,
    first,
    independent,
    natceil,
    second,
    value,
    width,
)  # fmt: skip
from boundcheck.theorems.language.sorts import NAT, REAL

mu1, mu2 = symbol("mu1", law(REAL)), symbol("mu2", law(REAL))
chance = symbol("chance", law(NAT))
L = symbol("L", function_sort((REAL,), law(REAL)))
Ln = symbol("Ln", function_sort((NAT,), law(REAL)))
g3 = symbol("g3", function_sort((REAL, REAL), REAL))
B = symbol("B", function_sort((NAT, NAT), REAL))
r2, sn, i = symbol("r2", seq(REAL)), symbol("sn", seq(NAT)), symbol("i", NAT)
pl = joint(mu1, (t, L(t)))
pq = symbol("pq", pl.sort.parts[0])
both = g3(first(pq), second(pq)) * w
twice = Sum(Sum(B(i, j) * r(i), (j, 1, 2)), (i, 1, 2))
drawn = Mean(Sum(B(i, j) * r(j), (j, 1, 2)), (i, chance))
R = samples(mu1)
Rn = independent(j, Ln(j))
pick = symbol("pick", function_sort((seq(REAL), NAT, NAT), N1.sort))
e = symbol("e", NAT)
base, other = pick(r2, depth(N2), e), pick(r2, depth(N2), k)
k2, o, N = symbol("k2", NAT), symbol("o", NAT), symbol("N", N1.sort)
far = natceil(w + r2(0))

SAME_SORTS = [
    Use(
        "average",
        [Forall(t, g1(t) + z <= g2(t) * w, [In(t, mu1)]), Exists(Mean(g1(t), (t, mu1))),
         Exists(Mean(g2(t), (t, mu1)))],
        {"goal": Mean(g1(t), (t, mu1)) + z <= Mean(g2(t), (t, mu1)) * w, "law": mu1},
        Mean(g1(t), (t, mu1)) + z <= Mean(g2(t), (t, mu1)) * w,
    ),
    Use(
        "integrable",
        [Forall(t, Abs(g3(t, w)) <= Abs(g1(t)) + z, [In(t, L(b))]),
         Exists(Mean(Abs(g1(t)), (t, L(b))))],
        {"mean": Mean(g3(t, w), (t, L(b))), "bound": Mean(Abs(g1(t)), (t, L(b))) + z},
        Exists(Mean(g3(t, w), (t, L(b)))),
    ),
    Use("absolute", [Exists(Mean(g3(t, w), (t, L(b))))], {"mean": Mean(g3(t, w), (t, L(b)))},
        Exists(Mean(Abs(g3(t, w)), (t, L(b))))),
    Use("integrand", [Exists(Mean(g3(t, w), (t, L(b))))], {"mean": Mean(g3(t, w), (t, L(b)))},
        Forall(t, Exists(g3(t, w)), [In(t, L(b))])),
    Use("inhabited", [], {"law": L(w)}, ThereIs(t, In(t, L(w)))),
    Use("least", [Mean(g3(t, w), (t, L(b))) <= z], {},
        ThereIs(t, And(In(t, L(b)), g3(t, w) <= z))),
    Use(
        "exchange",
        [Exists(Mean(Mean(Abs(g3(t, z) * w), (z, mu2)), (t, L(b)))),
         Forall(z, Exists(Mean(g3(t, z) * w, (t, L(b)))), [In(z, mu2)])],
        {"mean": Mean(Mean(g3(t, z) * w, (z, mu2)), (t, L(b)))},
        Mean(Mean(g3(t, z) * w, (z, mu2)), (t, L(b))).eq(
            Mean(Mean(g3(t, z) * w, (t, L(b))), (z, mu2))
        ),
    ),
    Use(
        "mean_of_sum",
        [Forall(j, Exists(Mean(B(j, i) * a(k), (i, chance))), in_range)],
        {"mean": Mean(S(B(j, i) * a(k)), (i, chance))},
        Mean(S(B(j, i) * a(k)), (i, chance)).eq(S(Mean(B(j, i) * a(k), (i, chance)))),
    ),
    Use(
        "coordinate",
        [number(2) < k, Exists(Mean(twice * r(k) * w * r2(m), (r, R))),
         Forall(r, Exists(Mean(twice * t * w * r2(m), (t, mu1))), [In(r, R)])],
        {"mean": Mean(twice * r(k) * w * r2(m), (r, R)), "place": k},
        Mean(twice * r(k) * w * r2(m), (r, R)).eq(
            Mean(Mean(twice * t * w * r2(m), (t, mu1)), (r, R))
        ),
        modelled=False,
    ),
    Use(
        "coordinate",
        [number(1) < far, Exists(Mean(r(1), (r, Rn))),
         Forall(r, Exists(Mean(r(1), (t, Ln(far)))), [In(r, Rn)])],
        {"mean": Mean(r(1), (r, Rn)), "place": far},
        Mean(r(1), (r, Rn)).eq(Mean(Mean(r(1), (t, Ln(far))), (r, Rn))),
        modelled=False,
    ),
    Use(
        "coordinate",
        [number(2) < k, Exists(Mean(Sum(B(sn(j), sn(k)), (j, 1, 2)), (sn, samples(chance)))),
         Forall(sn, Exists(Mean(Sum(B(sn(j), i), (j, 1, 2)), (i, chance))),
                [In(sn, samples(chance))])],
        {"mean": Mean(Sum(B(sn(j), sn(k)), (j, 1, 2)), (sn, samples(chance))), "place": k},
        Mean(Sum(B(sn(j), sn(k)), (j, 1, 2)), (sn, samples(chance))).eq(
            Mean(Mean(Sum(B(sn(j), i), (j, 1, 2)), (i, chance)), (sn, samples(chance)))
        ),
        modelled=False,
    ),
    Use(
        "coordinate",
        [number(2) < k, Exists(Mean(drawn * r(k), (r, R))),
         Forall(r, Exists(Mean(drawn * t, (t, mu1))), [In(r, R)])],
        {"mean": Mean(drawn * r(k), (r, R)), "place": k},
        Mean(drawn * r(k), (r, R)).eq(Mean(Mean(drawn * t, (t, mu1)), (r, R))),
        modelled=False,
    ),
    Use(
        "coordinate_exists",
        [number(2) < k, Exists(Mean(Mean(Abs(twice * t * w), (t, mu1)), (r, R)))],
        {"mean": Mean(twice * r(k) * w, (r, R)), "place": k},
        Exists(Mean(twice * r(k) * w, (r, R))),
        modelled=False,
    ),
    Use(
        "disintegrate",
        [Exists(Mean(both, (pq, pl))),
         Forall(t, Exists(Mean(g3(t, z) * w, (z, L(t)))), [In(t, mu1)])],
        {"mean": Mean(both, (pq, pl))},
        Mean(both, (pq, pl)).eq(Mean(Mean(g3(t, z) * w, (z, L(t))), (t, mu1))),
    ),
    Use(
        "joint_exists",
        [Exists(Mean(Mean(Abs(g3(t, z) * w), (z, L(t))), (t, mu1)))],
        {"mean": Mean(both, (pq, pl))},
        Exists(Mean(both, (pq, pl))),
    ),
    Use(
        "minkowski",
        [Forall(t, Abs(g3(t, w)) <= b * Abs(g1(t)) + z, [In(t, mu1)]), p >= 1, b >= 0, z >= 0,
         Exists(Norm(g1(t), p, (t, mu1)))],
        {"goal": Norm(g3(t, w), p, (t, mu1)) <= b * Norm(g1(t), p, (t, mu1)) + z},
        Norm(g3(t, w), p, (t, mu1)) <= b * Norm(g1(t), p, (t, mu1)) + z,
        modelled=False,
    ),
    Use(
        "norm_power",
        [Exists(Norm(g3(t, w), p, (t, L(b))))],
        {"norm": Norm(g3(t, w), p, (t, L(b)))},
        And(Norm(g3(t, w), p, (t, L(b))) >= 0,
            made("rpow", None, (Norm(g3(t, w), p, (t, L(b))), p)).eq(
                Mean(made("rpow", None, (Abs(g3(t, w)), p)), (t, L(b))))),
        modelled=False,
    ),
    Use(
        "norms_grow",
        [q <= p, q >= 1, Exists(Norm(g3(t, w), p, (t, L(b))))],
        {"norm": Norm(g3(t, w), p, (t, L(b)))},
        Norm(g3(t, w), q, (t, L(b))) <= Norm(g3(t, w), p, (t, L(b))),
        modelled=False,
    ),
    Use(
        "primitive",
        [z <= w, Forall(t, And(Exists(b * t + c), (b * number(1)).eq(q * t)), [z <= t, t <= w])],
        {"function": function(t, b * t + c), "integrand": function(t, q * t), "low": z, "high": w},
        Integral(q * t, (t, z, w)).eq(b * w + c - (b * z + c)),
        modelled=False,
    ),
    Use(
        "integrate",
        [Forall(t, (z + w) * (z * w) * g3(t, b) <= (z - w) * g2(t), [z <= t, t <= w]),
         Exists(Integral(g3(t, b), (t, z, w))), Exists(Integral(g2(t), (t, z, w)))],
        {"goal": (z + w) * (z * w) * Integral(g3(t, b), (t, z, w))
                 <= (z - w) * Integral(g2(t), (t, z, w)), "low": z, "high": w},
        (z + w) * (z * w) * Integral(g3(t, b), (t, z, w)) <= (z - w) * Integral(g2(t), (t, z, w)),
        modelled=False,
    ),
    Use(
        "add_up",
        [Forall(j, (k + n) * (k * n) * B(j, i) <= (k - n) * d(j), [k <= j, j <= n])],
        {"goal": (k + n) * (k * n) * S(B(j, i), k, n) <= (k - n) * S(d(j), k, n), "low": k,
         "high": n},
        (k + n) * (k * n) * S(B(j, i), k, n) <= (k - n) * S(d(j), k, n),
    ),
    Use(
        "induction",
        [B(number(1), m) >= 0, Forall(k, Implies(k >= 1, B(k, m) >= 0, B(k + 1, m) >= 0))],
        {"formula": Forall(k, B(k, m) >= 0, [k >= 1])},
        Forall(k, B(k, m) >= 0, [k >= 1]),
    ),
    Use(
        "between",
        [B(k, i) <= a(n), a(n) <= B(m, i), k < m, Forall(j, Exists(B(j, i)), [k <= j, j <= m])],
        {"function": function(j, B(j, i)), "low": k, "high": m, "value": a(n)},
        ThereIs(j, And(k <= j, j + 1 <= m, B(j, i) <= a(n), a(n) <= B(j + 1, i))),
    ),
    Use("archimedes", [], {"term": a(k)}, ThereIs(n, n >= a(k)), modelled=False),
    Use("range_exists", [Forall(j, Exists(1 / B(j, i)), in_range)], {"term": S(1 / B(j, i))},
        Exists(S(1 / B(j, i)))),
    Use("term_exists", [Exists(S(1 / B(j, i)))], {"term": S(1 / B(j, i))},
        Forall(j, Exists(1 / B(j, i)), in_range)),
    Use("attained", [Exists(Largest(B(j, i), (j, k, n)))], {"term": Largest(B(j, i), (j, k, n))},
        ThereIs(j, And(k <= j, j <= n, B(j, i).eq(Largest(B(j, i), (j, k, n)))))),
    Use("triangle", [Exists(S(1 / B(j, i)))], {"term": S(1 / B(j, i))},
        Abs(S(1 / B(j, i))) <= S(Abs(1 / B(j, i)))),
    Use(
        "one_of_many",
        [number(1) <= k, k <= n, Forall(j, B(j, i) >= 0, in_range)],
        {"term": S(B(j, i)), "index": k},
        B(k, i) <= S(B(j, i)),
    ),
    Use(
        "integral_exists",
        [z <= w, Forall(t, Abs(g3(t, b)) <= c, [z <= t, t <= w])],
        {"integral": Integral(g3(t, b), (t, z, w)), "bound": c},
        Exists(Integral(g3(t, b), (t, z, w))),
        modelled=False,
    ),
    Use(
        "hidden_layer",
        [],
        {"base": base, "inputs": m, "neurons": n, "first": k,
         "weights": function((j, k2), B(k2, i) * r2(j)), "biases": function(j, B(j, i) * depth(N2)),
         "outer": function((k2, j), B(j, i) * r2(k2)), "offsets": function(k2, B(k2, i) * r2(k2))},
        ThereIs(N, And(
            depth(N).eq(depth(base) + 1),
            width(N).eq(Max(width(base), n)),
            Forall((o, r), value(N, o, r).eq(
                B(o, i) * r2(o) + S(B(j, i) * r2(o) * rho(
                    B(j, i) * depth(N2) + Sum(B(k2, i) * r2(j) * value(base, k2, r), (k2, k, m))
                ))
            )),
        )),
        modelled=False,
    ),
    Use(
        "readout",
        [],
        {"base": base, "inputs": m, "first": k, "outer": function((k2, j), B(j, i) * r2(k2)),
         "offsets": function(k2, B(k2, i) * depth(N2))},
        ThereIs(N, And(
            depth(N).eq(depth(base)),
            width(N).eq(width(base)),
            Forall((o, r), value(N, o, r).eq(
                B(o, i) * depth(N2) + Sum(B(j, i) * r2(o) * value(base, j, r), (j, k, m))
            )),
        )),
        modelled=False,
    ),
    Use(
        "pad",
        [depth(base) >= 1],
        {"base": base},
        ThereIs(N, And(
            depth(N).eq(depth(base) + 1),
            width(N).eq(width(base)),
            Forall((o, r), value(N, o, r).eq(value(base, o, r))),
        )),
        modelled=False,
    ),
    Use(
        "beside",
        [depth(base).eq(depth(other))],
        {"first": base, "second": other},
        ThereIs(N, And(
            depth(N).eq(depth(base)),
            width(N) <= width(base) + width(other),
            Forall((o, r), value(N, 2 * o, r).eq(value(base, o, r))),
            Forall((o, r), value(N, 2 * o + 1, r).eq(value(other, o, r))),
        )),
        modelled=False,
    ),
]  # fmt: skip
