"""What networks of any given sizes contain, however few their parameters: affine functions.

Networks are those of `covering`: L hidden layers of W neurons, parameters in [-Θ, Θ], an activation
ρ with ρ(u) = u for u >= 0, such as SignReLU at any scale. A class of networks whose comparator is
an affine function has no larger approximation error than that function.
"""

from boundcheck import claim, identity, theorem
from boundcheck.math import Abs, Max, sqrt
from boundcheck.theorems.author.words import And, Forall, Ind, Sum, function, sequence
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import architecture, covering
from boundcheck.theory.formulas.shallow import d

SOURCE = "derived here"


@theorem(source=SOURCE)
def affine_functions(t):
    """Networks of any depth L >= 1 are c + Σ a_j x_j on the box |x_j| <= R, where the first layer
    has the bias R and the weights 1, the others the weights 1, and the output the weights a_j.

    Neurons are never negative: the first layer has x_i + R >= 0, which the others pass on.
    """
    h, rho = t.function("h", seq(REAL), NAT, NAT), t.function("rho", REAL)
    x, a = t.sequence("x a", REAL)
    (c, R, u), (k, i, j, d, W) = t.real("c R u"), t.nat("k i j d W")
    t.example(h=function([x, k, i], expr(0) ** k * x(i)), rho=function(u, u), R=0, W=0, d=0)
    same = Ind(i <= j) * Ind(j <= i)

    def passed(k):
        return Sum(same * h(x, k, j), (j, 1, W))

    passes, _ = t.given(Forall(u, rho(u).eq(u), given=[u >= 0]), d <= W)
    inputs, first, later = t.given(
        Forall([x, i], h(x, 0, i).eq(x(i))),
        Forall([x, i], h(x, 1, i).eq(rho(R + passed(0)))),
        Forall([x, k, i], h(x, k + 1, i).eq(rho(passed(k))), given=[k >= 1]),
    )
    inside = [i >= 1, i <= W]
    box = Forall(i, Abs(x(i)) <= R, given=inside)
    one_term = "networks.one_term_of_a_sum"

    def only(k, i):
        values = {"j": i, "u": function(j, h(x, k, j))}
        return t.use(one_term, values)(W)

    with t.let(x, given=[box]) as every:
        (in_box,) = every.facts
        goal = Forall(i, h(x, k + 1, i).eq(x(i) + R), given=inside)
        with t.let(i, given=inside) as neuron:
            on = t.derive("indicator_true", neuron.facts[1])
            value = t.rewrite(on, t.rewrite(only(expr(0), i), first(x, i)))
            argument = R + 1 * h(x, 0, i)
            known = [in_box(i), inputs(x, i)]
            t.show(argument >= 0, by=known)
            t.show(h(x, 1, i).eq(x(i) + R), by=[value, passes(argument), inputs(x, i)])
        with (
            t.induct(goal, k, base=neuron.fact) as layers,
            t.let(i, given=inside) as neuron,
        ):
            on = t.derive("indicator_true", neuron.facts[1])
            value = t.rewrite(on, t.rewrite(only(k + 1, i), later(x, k + 1, i)))
            argument = 1 * h(x, k + 1, i)
            before = layers.hypothesis(i)
            t.show(argument >= 0, by=[in_box(i), before])
            t.show(h(x, k + 2, i).eq(x(i) + R), by=[value, passes(argument), before])
        with t.let(k):
            total = Sum(a(j) * h(x, k + 1, j), (j, 1, d))
            parts = Sum(a(j) * x(j), (j, 1, d)), Sum(a(j), (j, 1, d))
            found = t.add_up(total.eq(parts[0] + R * parts[1]), by=layers(k))
            t.show((c - R * parts[1] + total).eq(c + parts[0]), by=found)
    return every.fact


@theorem(source=SOURCE)
def gain_of_an_affine_predictor(t):
    """√ᾱλ/(ᾱλ + 1-ᾱ) is at most gain for λ <= spread, and at most max(1, √λ), so at most
    max(1, √d B) for λ <= d B²."""
    ab, lam, spread, d, B, s, r, q = t.real("alpha_bar lam spread d B s r q")
    given = list(t.given(ab > 0, ab < 1, lam > 0, lam <= spread, lam <= d * B**2, d >= 1, B > 0))
    t.example(alpha_bar="1/2", lam=1, spread=1, d=1, B=1)
    sizes = [s > 0, s < 1, r > 0, q > 0]
    with t.let(s, r, q, given=sizes) as roots:
        eigenvalue = s * r**2 / (s**2 * r**2 + q**2)
        on_circle = s * r**2 / (s**2 * r**2 + (1 - s**2))  # q² = 1 - s²
        goals = [eigenvalue <= 1 / s, eigenvalue <= r / (2 * q), on_circle <= Max(1, r)]
        facts = list(roots.facts)
        for goal, by in zip(goals, [[0, 2, 3], [0, 2, 3], [0, 1, 2]], strict=True):
            t.show(goal, by=[facts[k] for k in by])
        t.show(And(*goals))
    s, r, q = sqrt(ab), sqrt(lam), sqrt(1 - ab)
    powers = [t.show((x**2).eq(y)) for x, y in ((s, ab), (r, lam), (q, 1 - ab))]
    positive = [t.show(And(s > 0, s < 1)), t.show(r > 0), t.show(q > 0)]
    bounds = roots(s, r, q, by=positive)
    for power in powers:
        bounds = t.rewrite(power, bounds)
    first, second, third = bounds
    eigenvalue, root = first.formula.args[0], sqrt(spread)
    larger = t.show(r <= root, by=given[3])
    shared = t.show(r / (2 * q) <= root / (2 * q), by=[larger, positive[2]], opaque=[r, q, root])
    gain = t.read(architecture.GAIN)
    hidden = [eigenvalue, 1 / s, r / (2 * q), root / (2 * q)]
    least = t.show(eigenvalue <= gain, by=[first, t.chain(second, shared)], opaque=hidden)
    product = d * B**2
    wide = t.show(sqrt(product).eq(sqrt(d) * B))
    widest = t.show(r <= sqrt(product), by=given[4], opaque=[product])
    hidden = [eigenvalue, r, sqrt(d) * B, sqrt(product)]
    known = [third, wide, widest]
    last = t.show(eigenvalue <= Max(1, sqrt(d) * B), by=known, opaque=hidden)
    return t.together(least, last)


@theorem(source=SOURCE)
def entry_of_a_row(t):
    """|u(i)| <= g, where the sum of the squares is at most g²."""
    u, g, (i, d) = t.function("u", NAT), t.real("g"), t.nat("i d")
    total = Sum(u(i) ** 2, (i, 1, d))
    _, small = t.given(g >= 0, total <= g**2)
    t.example(u=function(i, 0), g=1, d=1)
    with t.let(i, given=[i >= 1, i <= d]) as entry:
        squares = [u(i) ** 2, g**2]
        roots = [sqrt(square) for square in squares]
        part = t.show(squares[0] <= squares[1], by=[t.one_of_many(total, i), small])
        positive = [t.show(square >= 0) for square in squares]
        below = t.show(roots[0] <= roots[1], by=[part, *positive], opaque=squares)
        ends = [t.show(roots[0].eq(Abs(u(i)))), t.show(roots[1].eq(g))]
        t.show(Abs(u(i)) <= g, by=[below, *ends], opaque=roots)
    return entry.fact


@theorem(source=SOURCE)
def size_of_an_affine_predictor(t):
    """AFFINE_PARAMETERS bounds the parameters of the best affine predictor in the form of
    `affine_functions`.

    It is m + G(x - √ᾱ m), m = E x_0, G with the eigenvalues √ᾱλ/(ᾱλ + 1-ᾱ), λ those of the
    covariance: g is the largest one (see `gain_of_an_affine_predictor`), so that no row of G has
    more than g² as the sum of its squares. Row j is an output with the bias m_j - √ᾱ(Gm)_j - R S, S
    the sum of the row.
    """
    ab, R, B, g = t.real("alpha_bar R B g")
    G, m = t.function("G", NAT, NAT), t.sequence("m", REAL)
    i, j, d = t.nat("i j d")
    spread = t.real("spread")
    gain = t.quoted(architecture.GAIN)
    t.given(ab > 0, ab < 1, R > 0, B > 0)
    at_least, small, smaller, positive = t.given(
        d >= 1, g <= gain, g <= Max(1, sqrt(d) * B), g >= 0
    )
    inside = [i >= 1, i <= d]
    square = Sum(G(j, i) ** 2, (i, 1, d))
    rows = t.given(Forall(j, square <= g**2, given=[j >= 1, j <= d]))
    box = t.given(Forall(i, Abs(m(i)) <= B, given=inside))
    t.example(
        alpha_bar="1/2", spread=1, R=1, B=1, g=0, d=1, G=function([j, i], 0), m=sequence(i, 0)
    )
    bound = t.read(architecture.AFFINE_PARAMETERS)
    ones, squares = Sum(expr(1) ** 2, (i, 1, d)), Sum(m(i) ** 2, (i, 1, d))
    root = t.show(And(sqrt(d) >= 1, sqrt(d) > 0, (sqrt(d) ** 2).eq(d)), by=at_least)
    many = t.show(ones <= sqrt(d) ** 2, by=[t.count(ones), root])
    with t.let(i, given=inside) as each:
        t.show(m(i) ** 2 <= B**2, by=box(i))
    total = t.add_up(squares <= B**2 * Sum(1, (i, 1, d)), by=each.fact)
    wide = t.show(squares <= (sqrt(d) * B) ** 2, by=[total, t.count(Sum(1, (i, 1, d))), root])
    positive_root = t.show(And(sqrt(ab) > 0, sqrt(1 - ab) > 0))
    second = sqrt(spread) / (2 * sqrt(1 - ab))
    t.exists(second, by=positive_root)
    least = t.show(gain <= 1 / sqrt(ab), by=positive_root, opaque=[second])
    cut = t.show(sqrt(ab) * gain <= 1, by=[least, positive_root], opaque=[gain, sqrt(ab)])
    positive_gain = t.show(gain >= 0, by=[small, positive], opaque=[gain])
    share = t.show(sqrt(ab) * g <= 1, by=[cut, small, positive_root], opaque=[gain, sqrt(ab)])
    third, product = bound.args[-1], sqrt(d) * B
    step = t.show(R * sqrt(d) * gain >= 0, by=[positive_gain, root], opaque=[gain, sqrt(d)])
    last = R * sqrt(d) * gain
    enough = t.show(third >= product, by=[step, root], opaque=[last, sqrt(d)])
    with t.let(j, given=[j >= 1, j <= d]) as row:
        known = rows(j)
        S, v = Sum(G(j, i), (i, 1, d)), Sum(G(j, i) * m(i), (i, 1, d))
        u = {"u": function(i, G(j, i)), "a": g, "n": d}
        plain = t.use(
            "sums.cauchy_schwarz", {**u, "w": function(i, 1), "b": sqrt(d)}, by=[known, many]
        )
        other = t.use(
            "sums.cauchy_schwarz", {**u, "w": function(i, m(i)), "b": sqrt(d) * B}, by=[known, wide]
        )
        with t.let(i, given=inside) as weight:
            size = t.use("architectures.entry_of_a_row", {"u": u["u"]}, by=known)(i)
            t.show(Abs(G(j, i)) <= bound, by=[size, smaller, enough], opaque=[third, product])
        bias = m(j) - sqrt(ab) * v - R * S
        last = t.show(
            sqrt(ab) * Abs(v) <= sqrt(d) * B,
            by=[other, share, positive_root, root],
            opaque=[v, sqrt(ab), sqrt(d)],
        )
        wide_row = t.show(
            Abs(S) <= sqrt(d) * gain, by=[plain, small, root], opaque=[S, gain, sqrt(d)]
        )
        hidden = [S, v, gain, sqrt(ab), sqrt(d)]
        known = [wide_row, last, positive_root, box(j), root]
        end = t.show(Abs(bias) <= bound, by=known, opaque=hidden)
        t.show(And(weight.fact.formula, end.formula))
    large = t.show(And(bound >= 1, bound >= R), by=[positive_gain], opaque=[gain, sqrt(d)])
    return t.show(And(*large.formula.args, row.fact.formula))


@claim(source=SOURCE)
def number_of_parameters():
    """W(d + 1) in the first layer, W(W + 1) in each other one, and W + 1 of the output."""
    layers = [covering.L >= 1, covering.W >= 1]
    first, middle, last = (
        covering.W * (d + 1),
        (covering.L - 1) * (covering.W * (covering.W + 1)),
        covering.W + 1,
    )
    yield identity(first + middle + last, architecture.PARAMETERS, given=[*layers, d >= 1])
