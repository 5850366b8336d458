"""The ratio theorem: a ratio f1/f2 from approximations g1, g2, and the depth-7 network that computes it.

Setting: f2 > 0 and |f1| <= b f2 on Ω, c > 0; G is max(g2, c) or a clip of g2 to [c, C], so G >= c;
r̂ is g1/G clipped to [-b, b]; e = |f1 - g1| + b|f2 - G|. The inequalities are pointwise: they hold at
every point of Ω, and integrals of them are bounds of norms.
"""

from sympy import Abs, Max, Min, Rational, oo

from boundcheck import Box, Shape, cited, claim, fails, gates, identity, inequality, shape, symbols, uses

SOURCE = "derived here, for the ratio theorem that arXiv:2601.21242 claims"

f1, f2, g1, g2, G = symbols("f1 f2 g1 g2 G")
b, c, C, M, n, d = symbols("b c C M n d")

RATIO = [b >= 0, f2 > 0, Abs(f1) <= b * f2]
R_HAT = Max(-b, Min(b, g1 / G))
E = Abs(f1 - g1) + b * Abs(f2 - G)
EVERYWHERE = Box(f1=(-oo, oo), g1=(-oo, oo), g2=(-oo, oo))


def clip(low, high, t):
    """The exact clip of t to [low, high]."""
    return Max(low, Min(high, t))


@claim(source=SOURCE)
def error_times_denominator():
    """f2 |f1/f2 - r̂| <= e."""
    yield inequality(f2 * Abs(f1 / f2 - R_HAT), "<=", E, on=EVERYWHERE, given=[*RATIO, G > 0])


@claim(source=SOURCE)
def error_times_approximate_denominator():
    """G |f1/f2 - r̂| <= e."""
    yield inequality(G * Abs(f1 / f2 - R_HAT), "<=", E, on=EVERYWHERE, given=[*RATIO, G > 0])


@claim(source=SOURCE)
def uniformly_positive():
    """Where f2 >= c: |f1/f2 - g1/G| <= e/c, without an output clip, and G = max(g2, c) costs nothing."""
    given = [b >= 0, c > 0, f2 >= c, Abs(f1) <= b * f2]
    yield inequality(Abs(f1 / f2 - g1 / G), "<=", E / c, on=EVERYWHERE, given=[*given, c <= G])
    yield inequality(Abs(f2 - Max(g2, c)), "<=", Abs(f2 - g2), on=EVERYWHERE, given=given)


@claim(source=SOURCE)
def weighted(D, e):
    """f2 |f1/f2 - r̂|² <= min(e²/c, 2be): against the density κ f2 even the positive case costs 1/c, not 1/c².

    D stands for |f1/f2 - r̂|; the two pointwise lemmas say what is known of it.
    """
    yield uses("ratio.error_times_denominator")
    yield uses("ratio.error_times_approximate_denominator")
    yield inequality(Abs(f1 / f2 - R_HAT), "<=", 2 * b, on=EVERYWHERE, given=[*RATIO, G > 0])
    known = [c > 0, f2 > 0, c <= G, b >= 0, D >= 0, 2 * b >= D, f2 * D <= e, e >= G * D]
    yield inequality(f2 * D**2, "<=", e**2 / c, given=known)
    yield inequality(f2 * D**2, "<=", 2 * b * e, given=known)


@claim(source=SOURCE)
def positivity_free():
    """With G = max(g2, c), e <= |f1-g1| + b|f2-g2| + bc 1{f2 < c}: no lower bound of f2 is needed.

    With `weighted`, f2 |f1/f2 - r̂|² <= 2b(|f1-g1| + b|f2-g2| + bc 1{f2 < c}).
    """
    yield uses("ratio.weighted")
    error, plain = E.subs(G, Max(g2, c)), Abs(f1 - g1) + b * Abs(f2 - g2)
    yield inequality(error, "<=", plain, on=EVERYWHERE, given=[b >= 0, c > 0, f2 >= c])
    yield inequality(error, "<=", plain + b * c, on=EVERYWHERE, given=[b >= 0, c > 0, f2 > 0, f2 < c])


@claim(source=SOURCE)
def clipping_never_hurts(r, v):
    """A clip to a range that contains the target brings every value nearer to it."""
    yield inequality(Abs(f2 - clip(c, C, g2)), "<=", Abs(f2 - g2), on=EVERYWHERE, given=[c <= f2, f2 <= C])
    yield inequality(
        Abs(f1 - clip(-b * C, b * C, g1)), "<=", Abs(f1 - g1), on=EVERYWHERE, given=[b * C >= 0, Abs(f1) <= b * C]
    )
    yield inequality(Abs(r - clip(-b, b, v)), "<=", Abs(r - v), on=Box(v=(-oo, oo)), given=[b >= 0, Abs(r) <= b])


@claim(source=SOURCE)
def smooth_clip_costs_little(t, v):
    """The clip gate clip_M costs at most 1/M more than the exact clip."""
    smooth = gates.clip(c, C, M)(v)
    yield inequality(Abs(t - smooth), "<=", Abs(t - v) + 1 / M, on=Box(t=(c, C), v=(-oo, oo)), given=[c < C, M > 0])


@claim(source=SOURCE)
def division_after_clips(s):
    """The clip layer feeds the division gate: g2 to [c, C] and g1 to [-bC, bC], since the gate needs |y| <= B = bC."""
    top, bottom = gates.clip(-b * C, b * C, M)(g1), gates.clip(c, C, M)(g2)
    quotient = gates.division(c, C, b * C, s)(bottom, top)
    given = [b > 0, c > 0, c < C, s > b * C + C, M > 0]
    yield identity(quotient, top / bottom, on=Box(g1=(-oo, oo), g2=(-oo, oo)), given=given)


@claim(
    label="P",
    source="arXiv:2601.21242 claims depth 7 and width O(n+9); the network and its exact sizes are derived here",
)
def architecture(B, s):
    """For every n and d: 3 hidden layers without clip, 4 with it, 5 with the textbook gate, one more with the
    output clip; padded, the depth is exactly 7 and the width max(n, 4) <= n + 9. Depth 7 is not needed."""
    shallow = Shape.of(d, [n], 2)
    clips = gates.clip(c, C, M).beside(gates.clip(-B, B, M)).shape
    compact, textbook = gates.division(c, C, B, s).shape, gates.division_textbook(c, C, B, s).shape
    output_clip = gates.clip(-b, b, M).shape
    sizes = [n >= 1, d >= 1]

    with_clip = shallow.then(clips).then(compact)
    yield shape(shallow.then(compact), depth=3, widths=(n, 4, 2), inputs=d, outputs=1, given=sizes)
    yield shape(with_clip, depth=4, affine_maps=5, widths=(n, 4, 4, 2), given=sizes)
    yield shape(shallow.then(clips).then(textbook), depth=5, widths=(n, 4, 2, 4, 2), given=sizes)
    yield shape(with_clip.then(output_clip), depth=5, widths=(n, 4, 4, 2, 2), given=sizes)
    yield shape(shallow.then(clips).then(textbook).then(output_clip), depth=6, widths=(n, 4, 2, 4, 2, 2), given=sizes)
    for network in (with_clip, with_clip.then(output_clip), shallow.then(clips).then(textbook)):
        yield shape(network.padded(7), depth=7, width=Max(n, 4), max_width=n + 9, given=sizes)


RATE = n ** (-Rational(1, 2) - 3 / (2 * d))


@claim(label="P", source="arXiv:2601.21242, abstract; reading A of its symbol M, with constants derived here")
def rate_with_m_the_lower_bound(E1, E2, A):
    """Reading A: M is the uniform lower bound of f2. Then the L^p error is at most (1+b) A M^-1 n^(-1/2-3/(2d)).

    E1, E2 are the L^p norms of f1 - g1 and f2 - G.
    """
    yield uses("ratio.uniformly_positive")
    yield cited("the L^p norm is monotone and satisfies the triangle inequality", "any textbook on integration")
    yield cited(
        "shallow networks with n neurons approximate f1 and f2 in L^p to within A n^(-1/2-3/(2d))",
        "claimed by arXiv:2601.21242 (P1, P2); not proved here yet",
    )
    known = [M > 0, b >= 0, A > 0, n >= 1, d >= 1, E1 <= A * RATE, E2 <= A * RATE, E1 >= 0, E2 >= 0]
    yield inequality((E1 + b * E2) / M, "<=", (1 + b) * A * RATE / M, given=known)


@claim(label="P", source="arXiv:2601.21242, abstract; reading B of its symbol M, refuted here")
def no_rate_with_m_the_weight_scale(distance, K):
    """Reading B: M is the weight scale of the activation. The product bound K M^-1 n^(-1/2-3/(2d)) then fails:
    for a fixed n it tends to 0 as M grows, but the distance to all networks with n neurons does not."""
    yield cited(
        "the L^p distance from a Gaussian marginal that is not rational to the networks with n neurons is positive",
        "on a line these networks are piecewise rational with boundedly many pieces and bounded degree, "
        "a set closed in L^p that contains no such function; an argument in words, not checked by machine",
    )
    sizes = [distance > 0, K > 0, n >= 1, d >= 1]
    product = inequality(distance, "<=", K * RATE / M, given=[*sizes, M > 0])
    yield fails(product, at={M: 2 * K * RATE / distance}, given=sizes)


@claim(source="derived here: what replaces reading B")
def rate_with_m_in_a_sum(a, t, S, L, x, w):
    """Reading B, mended: the sum C1 n^(-1/2-3/(2d)) + C2/M does hold, because replacing ReLU by ρ_M in a neuron with
    coefficient a costs at most |a|/M, and the costs add up over the neurons."""
    from boundcheck import ReLU, SignReLU

    yield uses("activation.scaled_deficit")
    one = Abs(a * ReLU()(t) - a * SignReLU()(M * t) / M)
    yield inequality(one, "<=", Abs(a) / M, on=Box(a=(-oo, oo), t=(-oo, oo)), given=[M > 0])
    yield inequality(S + x, "<=", (L + w) / M, given=[M > 0, S <= L / M, x <= w / M])
