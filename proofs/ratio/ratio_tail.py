"""How much the tail of the networks of the ratio theorem changes with its two inputs.

The tail clips y to [c, C] and z to [-bC, bC], divides z by y, and clips the quotient to [-b, b];
all clips are clip_M, for any M.
"""

from boundcheck import theorem
from boundcheck.math import Abs
from boundcheck.theorems.author.words import signrelu
from boundcheck.theory.formulas import covering

SOURCE = "derived here"


def clip(c, C, M, y):
    """clip_M; see `clipping.py`."""
    return c + signrelu(M * (y - c)) / M - signrelu(M * (y - C)) / M


def tail(b, c, C, M, y, z):
    """z/y between clips."""
    return clip(-b, b, M, clip(-(b * C), b * C, M, z) / clip(c, C, M, y))


@theorem(source=SOURCE)
def change_of_a_quotient(t):
    """|y/x - w/z| <= (1 + |y/x|)D/c for x, z >= c and |x - z|, |y - w| <= D."""
    c, D, x, y, z, w = t.real("c D x y z w")
    t.given(c > 0, x >= c, z >= c, Abs(x - z) <= D, Abs(y - w) <= D)
    t.example(c=1, x=1, z=1, y=0, w=0, D=0)
    return t.show(Abs(y / x - w / z) <= (1 + Abs(y / x)) * (D / c))


@theorem(source=SOURCE)
def change_of_the_output_clip(t):
    """Quotients r <= p that differ by at most (1 + |p|)e and (1 + |r|)e are clipped to numbers that
    differ by at most (1 + b)e.

    If |p| <= b or |r| <= b, since the clip is 1-Lipschitz; if p, r > b, since it is constant there;
    if p, r < -b, since it flattens there faster than the quotients can grow; and if r < -b and
    b < p, since it changes by at most 2b.
    """
    b, M, e, p, r, q = t.real("b M e p r q")
    *_, first, second = t.given(
        b > 0, M > 0, e >= 0, r <= p, p - r <= (1 + Abs(p)) * e, p - r <= (1 + Abs(r)) * e
    )
    t.example(b=1, M=1, e=0, p=0, r=0)
    upper, lower = clip(-b, b, M, p), clip(-b, b, M, r)
    goal = upper - lower <= (1 + b) * e
    hard = t.use("clipping.clip_is_almost_hard", {"c": -b, "C": b})
    with t.let(q, given=[q >= b, 2 * q <= (1 + q) * e]) as far_away:
        t.show(2 * b <= (1 + b) * e, by=far_away.facts)

    with t.suppose(p <= b) as low:
        with t.suppose(-b <= p) as inside:
            t.show(goal)
        with t.suppose(p < -b) as below:
            t.show(goal)
        t.cases(-b, p, inside, below)
    with t.suppose(b < p) as high:
        with t.suppose(r <= b) as apart:
            with t.suppose(-b <= r) as inside:
                t.show(goal)
            with t.suppose(r < -b) as far:
                with t.suppose(p <= -r) as nearer:
                    t.show(2 * p <= (1 + p) * e, by=[first, t.show(p > 0, by=high.facts)])
                    t.show(p >= b)
                    far_away(p)
                with t.suppose(-r < p) as further:
                    out = t.show(r < 0, by=far.facts)
                    t.show(2 * (-r) <= (1 + (-r)) * e, by=[second, out])
                    t.show(-r >= b)
                    far_away(-r)
                wide = t.cases(p, -r, nearer, further)
                ends = [*list(hard(p))[2:], *list(hard(r))[2:]]
                t.show(goal, by=[wide, *ends], opaque=[upper, lower])
            t.cases(-b, r, inside, far)
        with t.suppose(b < r) as above:
            t.show(goal)
        t.cases(r, b, apart, above)
    return t.cases(p, b, low, high)


@theorem(source=SOURCE)
def change_of_a_clipped_quotient(t):
    """y/x, clipped to [-b, b], changes by at most (1 + b)D/c where x >= c, if x and y change by at
    most D."""
    b, M, c, D, x, y, z, w = t.real("b M c D x y z w")
    bounds = t.given(b > 0, M > 0, c > 0, D >= 0)
    ends = t.given(x >= c, z >= c, Abs(x - z) <= D, Abs(y - w) <= D)
    t.example(b=1, M=1, c=1, D=0, x=1, y=0, z=1, w=0)
    e = t.exists(D / c).formula.args[0]
    t.show(e >= 0, by=bounds)
    p, r = y / x, w / z
    t.exists(p, by=ends[0])
    t.exists(r, by=ends[1])
    first = t.use("ratio_tail.change_of_a_quotient")
    t.show(Abs(z - x) <= D, by=ends)
    t.show(Abs(w - y) <= D, by=ends)
    second = t.use("ratio_tail.change_of_a_quotient", {"x": z, "z": x, "y": w, "w": y})
    goal = Abs(clip(-b, b, M, p) - clip(-b, b, M, r)) <= (1 + b) * e
    grow, _ = t.use("clipping.clip_is_lipschitz", {"c": -b, "C": b})

    def in_order(p, r, one, other):
        """What the larger one of two quotients, p, gives."""
        upper, lower = clip(-b, b, M, p), clip(-b, b, M, r)
        t.show(p - r <= (1 + Abs(p)) * e, by=one, opaque=[p, r])
        t.show(p - r <= (1 + Abs(r)) * e, by=other, opaque=[p, r])
        change = t.use("ratio_tail.change_of_the_output_clip", {"p": p, "r": r, "e": e})
        grows, _ = grow(r, p)
        t.show(goal, by=[change, grows], opaque=[upper, lower])

    with t.suppose(r <= p) as falls:
        in_order(p, r, first, second)
    with t.suppose(p < r) as rises:
        t.show(p <= r, opaque=[p, r], by=rises.facts)
        in_order(r, p, second, first)
    return t.cases(r, p, falls, rises)


@theorem(source=SOURCE)
def change_of_the_tail(t):
    """The tail has the Lipschitz constant (1 + b)/c with respect to max(|dg1|, |dg2|)."""
    b, c, C, M, D, y, z, v, w = t.real("b c C M D y z v w")
    bounds = t.given(b > 0, c > 0, c < C, M > 0, D >= 0)
    near, near_too = t.given(Abs(y - v) <= D, Abs(z - w) <= D)
    t.example(b=1, c=1, C=2, M=1, D=0, y=0, z=0, v=0, w=0)
    most = b * C
    t.show(-most < most, by=t.show(most > 0, by=bounds))
    hard = t.use("clipping.clip_is_almost_hard")
    _, slope = t.use("clipping.clip_is_lipschitz")
    _, wide_slope = t.use("clipping.clip_is_lipschitz", {"c": -most, "C": most})
    below = {"x": clip(c, C, M, y), "z": clip(c, C, M, v)}
    above = {"y": clip(-most, most, M, z), "w": clip(-most, most, M, w)}
    for name, argument in (("x", y), ("z", v)):
        t.show(below[name] >= c, by=list(hard(argument))[2:3], opaque=[below[name]])
    t.chain(slope(y, v), near)
    t.chain(wide_slope(z, w), near_too)
    whole = t.use("ratio_tail.change_of_a_clipped_quotient", {**below, **above})
    constant = t.read(covering.LIPSCHITZ)
    return t.chain(whole, t.show(((1 + b) * (D / c)).eq(constant * D)))
