"""The variation of the profile of ridges, for a kernel with the spectral density λ.

The profile is J(s) = ∫_0^∞ G_1(r) cos(rs) dr. By Plancherel's identity the integrals of J² and
s²J² over the line are π‖G_1‖² and π‖G_1'‖², and so at most that over [-T, T]: this is a hypothesis,
with g for ‖G_1‖ and h for ‖G_1'‖. The constants are those of
`boundcheck.theory.formulas.approximation.kernels`.
"""

from boundcheck import Box, claim, identity, inequality, symbols, theorem, uses
from boundcheck.math import Abs, atan, sqrt
from boundcheck.math import pi as Pi
from boundcheck.theorems.author.words import And, Exists, Integral, function
from boundcheck.theorems.language.expr import constant
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theory.formulas.approximation import kernels

SOURCE = "derived here"
pi = constant("pi")
a, b, y, r = symbols("a b y r")


@theorem(source=SOURCE)
def weighted_profile(t):
    """|J| <= (p/2)/(1 + s²/a²) + (J² + s²J²/a²)/(2p) for p > 0: between a number and its square."""
    a, p, s, j = t.real("a p s j")
    w = t.real("w")
    with t.let(w, p, j, given=[w >= 1, p > 0]) as young:
        t.show(Abs(j) <= p / 2 / w + w * j**2 / (2 * p), by=young.facts)
    with t.let(a, p, s, j, given=[a > 0, p > 0]) as point:
        weight = t.show(1 + (s / a) ** 2 >= 1, by=point.facts)
        found = young(1 + (s / a) ** 2, p, j, by=[weight, *point.facts])
        right = p / 2 * (1 / (1 + (s / a) ** 2)) + (j**2 + s**2 * j**2 / a**2) / (2 * p)
        t.show(Abs(j) <= right, by=[found, *point.facts])
    return point.fact


@theorem(source=SOURCE)
def variation_of_the_profile(t):
    """The integral of |J| over [-T, T] is at most π √(2gh), for every T: with a = h/g."""
    J, (T, g, h, s) = t.function("J", REAL), t.real("T g h s")
    t.given(T > 0, g > 0, h > 0)
    one, two = (Integral(u, (s, -T, T)) for u in (J(s) ** 2, s**2 * J(s) ** 2))
    size = Integral(Abs(J(s)), (s, -T, T))
    near = t.given(one <= pi * g**2, two <= pi * h**2)
    t.given(Exists(size))
    point, (a, p, z) = t.use("kernel_variation.weighted_profile"), t.real("a p z")
    with t.let(z) as right_angle:
        t.show(And(atan(z) <= pi / 2, atan(z) >= -pi / 2))
    with t.let(a, p, given=[a > 0, p > 0]) as choice:
        bell = 1 / (1 + (s / a) ** 2)
        whole = Integral(bell, (s, -T, T))
        with t.let(s) as below:
            t.show(And(bell <= 1, Abs(bell) <= 1), by=choice.facts)
            point(a, p, s, J(s), by=choice.facts)
        t.integral_exists(whole, 1, by=[below.fact])
        value = t.primitive(whole, function(s, a * atan(s / a)), by=choice.facts)
        angles = [atan(T / a), atan(-T / a)]
        ends = [right_angle(T / a), right_angle(-T / a)]
        small = t.show(whole <= pi * a, by=[value, *ends, *choice.facts], opaque=angles)
        bound = p / 2 * whole + 1 / (2 * p) * one + 1 / (2 * p * a**2) * two
        mean = t.integrate(size <= bound, by=[below.fact, *choice.facts])
        parts = [
            t.show(p / 2 * whole <= p / 2 * (pi * a), by=[small, *choice.facts], opaque=[whole]),
            t.show(1 / (2 * p) * one <= 1 / (2 * p) * (pi * g**2), by=[near[0], *choice.facts]),
            t.show(
                1 / (2 * p * a**2) * two <= 1 / (2 * p * a**2) * (pi * h**2),
                by=[near[1], *choice.facts],
            ),
        ]
        right = p * pi * a / 2 + pi * (g**2 + h**2 / a**2) / (2 * p)
        t.show(size <= right, by=[mean, *parts, *choice.facts])
    root = sqrt(2 * g * h)
    positive = t.show(root > 0)
    found = choice(h / g, root * g / h)
    r = t.real("r")
    with t.let(r, given=[r > 0, (r**2).eq(2 * g * h)]) as best:
        a, p = h / g, r * g / h
        one = t.show((p * pi * a).eq(pi * r), by=best.facts)
        two = t.show((pi * (g**2 + h**2 / a**2) / (2 * p)).eq(pi * r / 2), by=best.facts)
        t.together(one, two)
    square = t.show((root**2).eq(2 * g * h))
    halves = best(root, by=[positive, square])
    return t.show(size <= pi * root, by=[found, halves], opaque=[root])


@theorem(source=SOURCE)
def variation_of_a_kernel(t):
    """mass |S^(d-1)| (π G_inf + ∫|J|) <= variation, for the integral over any [-T, T]: π G_inf is
    the mass of the atom that the limit of G gives."""
    J, (T, d, mass, s) = t.function("J", REAL), t.real("T d mass s")
    G_inf, g, h = t.real("G_inf norm_G norm_slope")
    t.given(T > 0, g > 0, h > 0, d >= 1, mass >= 0, G_inf >= 0)
    one, two = (Integral(u, (s, -T, T)) for u in (J(s) ** 2, s**2 * J(s) ** 2))
    size = Integral(Abs(J(s)), (s, -T, T))
    near = t.given(one <= pi * g**2, two <= pi * h**2)
    exists = t.given(Exists(size))
    values = {"g": g, "h": h}
    found = t.use("kernel_variation.variation_of_the_profile", values, by=[*near, exists])
    sphere = t.quoted(kernels.SPHERE)
    positive = t.show(sphere >= 0)
    goal = mass * sphere * (pi * G_inf + size) <= t.read(kernels.VARIATION)
    return t.show(goal, by=[found, positive], opaque=[sphere, sqrt(2 * g * h)])


@claim(source=SOURCE)
def product_kernels():
    """For exp(-x·S⁻¹x/2), S diagonal, on [-1, 1]^d: V <= 2 mass E|ω|_1², ω ~ N(0, S⁻¹), which is
    2((1 - 2/π) tr S⁻¹ + (2/π)(Σ √s_i)²) for s_i on the diagonal of S⁻¹, and V <= V_2, at most
    √(tr S⁻¹/d) times that of the isotropic kernel with σ = 1.

    With ω = r S^(-1/2)θ the profile is that of the isotropic kernel, and E|S^(-1/2)θ|² = tr S⁻¹/d,
    as E θ_i² = 1/d. E|ω_i||ω_j| = (2/π) √(s_i s_j); here for two coordinates, a = √s_1, b = √s_2.
    |v|_∞ <= |v|_2, so that neurons with |v|_∞ = 1 have no larger weights. It is steps, since polar
    coordinates on the surface of the cube cannot be said in the language.
    """
    yield uses("ridges.variation_by_moments")
    yield uses("ridges.variation_by_the_kernel")
    yield uses("kernel_variation.variation_of_a_kernel")
    yield uses("textbook.expectation")
    share = 2 / Pi
    moments = (1 - share) * (a**2 + b**2) + share * (a + b) ** 2
    yield identity(a**2 + b**2 + 2 * a * b * share, moments, on=Box.reals("a", "b"))
    yield inequality(y, "<=", (y**2 / r + r) / 2, on=Box.reals("y"), given=[r > 0])
