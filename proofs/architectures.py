"""What networks of any given sizes contain, however few their parameters: affine functions.

Networks are those of `covering`: L hidden layers of W neurons, parameters in [-Θ, Θ], an activation
ρ with ρ(u) = u for u >= 0, such as SignReLU at any scale. A class of networks whose comparator is
an affine function has no larger approximation error than that function.
"""

from boundcheck import Box, claim, identity, inequality, theorem, uses
from boundcheck.math import Abs, Max, sqrt
from boundcheck.theorems.author.words import Forall, Ind, Sum, function
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT, REAL, seq
from boundcheck.theory.formulas import architecture, covering, oracle
from boundcheck.theory.formulas.diffusion import B, R, alpha_bar, w
from boundcheck.theory.formulas.end_to_end import off_box
from boundcheck.theory.formulas.information import spread
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


@claim(source=SOURCE)
def size_of_an_affine_predictor(lam, S, g, m, v):
    """AFFINE_PARAMETERS bounds the parameters of the best affine predictor in the form of
    `affine_functions`.

    It is m + G(x - √ᾱ m), m = E x_0, G with the eigenvalues √ᾱλ/(ᾱλ + 1-ᾱ), λ <= spread those of
    the covariance; so |G_ji| <= gain, the sum S of a row is at most √d gain, and √ᾱ|Gm| <= |m|_2 <=
    √d B. v is √ᾱ (Gm)_j.
    """
    yield uses("architectures.affine_functions")
    yield uses("information.affine_predictor")
    share = [alpha_bar > 0, alpha_bar < 1, lam > 0, spread >= lam]
    eigenvalue = sqrt(alpha_bar) * lam / (alpha_bar * lam + 1 - alpha_bar)
    yield inequality(eigenvalue, "<=", architecture.GAIN, given=share)
    yield inequality(sqrt(alpha_bar) * eigenvalue, "<=", 1, given=share)
    sizes = [d >= 1, B > 0, R > 0, g >= 0, S >= 0]
    yield inequality(
        Max(1, R, Abs(m - v - R * S)),
        "<=",
        architecture.AFFINE_PARAMETERS.subs(architecture.GAIN, g),
        on=Box.reals("m", "v"),
        given=[*sizes, sqrt(d) * g >= S, Abs(m) <= B, Abs(v) <= sqrt(d) * B],
    )


@claim(source=SOURCE)
def excess(inside, outside, a):
    """w_t E|x̂_0 - E[x_0|x_t]|² <= EXCESS, where `comparator` is what the affine predictor, or 0,
    has on Ω.

    inside is the part on Ω, by the oracle inequality for all coordinates; outside the part off Ω. A
    clip to [-B, B] brings nothing further from E[x_0|x_t], and moves a net at most as far. For
    the affine predictor E|x̂_0 - E[x_0|x_t]|² <= E|x̂_0 - x_0|²; for 0 it is at most E|x_0|².
    """
    yield uses("end_to_end.on_and_off_the_box")
    yield uses("end_to_end.predictor_zero")
    yield uses("architectures.size_of_an_affine_predictor")
    yield uses("oracle.in_coordinates")
    yield uses("covering.covering_number")
    yield uses("covering.covering_number_without_ceiling")
    yield uses("covering.activation")
    yield uses("diffusion_chain.error_decomposition")
    names = "inside", "outside", "a", "A", "comparator", "off_box", "net", "estimation", "eps"
    known = [
        d >= 1,
        w >= 0,
        oracle.A > 0,
        a <= oracle.comparator,
        inside <= oracle.ORACLE_DIAL.subs(oracle.comparator, a),
        outside <= off_box,
    ]
    box = Box.reals(*names)
    yield inequality(w * (inside + outside), "<=", architecture.EXCESS, on=box, given=known)
    layers = [covering.L >= 1, covering.W >= 1]
    first, middle, last = (
        covering.W * (d + 1),
        (covering.L - 1) * (covering.W * (covering.W + 1)),
        covering.W + 1,
    )
    yield identity(first + middle + last, architecture.PARAMETERS, given=[*layers, d >= 1])
