"""Gaussian kernel marginals as integrals of ReLU ridges, and how large the weights are.

f = Σ m_k exp(-|x-u_k|²/(2σ²)) on Ω = [-R, R]^d, Σ|m_k| = mass. Then
f(x) = f(0) + ∇f(0)·x + ∫ ReLU(v·x - b) dν(v, b), v on the surface of the cube [-1, 1]^d
and 0 <= b < R|v|_1 (on Ω, ReLU(v·x - b) is 0 beyond). V is a bound of ‖ν‖. The constants are those
of `boundcheck.theory.formulas.shallow`.
"""

from boundcheck import Box, Q, claim, identity, inequality, symbols, uses
from boundcheck.math import cos, diff, exp, gamma, log, oo, pi, sin, sqrt
from boundcheck.theory.formulas import shallow
from boundcheck.theory.formulas.shallow import R, d, mass, sigma

SOURCE = "derived here, for the claim of arXiv:2601.21242 on shallow networks and kernel marginals"

r, a, b, s, t, x, y = symbols("r a b s t x y")
HALF = Q(1, 2)


@claim(source=SOURCE)
def taylor_remainder():
    """φ(t) = cos(rt - a) is φ(0) + φ'(0) t + ∫_0^t (t-b) φ''(b) db, for t of either sign.

    It is steps, since nobody has written it as a theorem yet.
    """
    yield uses("textbook.calculus")
    phi, everywhere = cos(r * b - a), Box.reals("r", "a", "b", "t")
    slope, bend = -r * sin(r * b - a), -(r**2) * cos(r * b - a)
    remainder = phi + (t - b) * slope
    yield identity(diff(phi, b), slope, on=everywhere)
    yield identity(diff(slope, b), bend, on=everywhere)
    yield identity(diff(remainder, b), (t - b) * bend, on=everywhere)
    expansion = cos(a) + r * sin(a) * t + remainder.subs(b, t) - remainder.subs(b, 0)
    yield identity(cos(r * t - a), expansion, on=everywhere)


@claim(source=SOURCE)
def representation():
    """f = f(0) + ∇f(0)·x + ∫ ReLU(v·x - b) dν, dν/(dS db) = -2 Σ m_k (σ²/(2π))^(d/2) J(b - v·u_k),
    J(s) = ∫_0^∞ r^(d+1) exp(-σ²r²|v|²/2) cos(rs) dr.

    f(x) = E Σ m_k cos(ω·(x-u_k)), and ω = rv. For t = v·x > 0 the remainder is the integral
    of ReLU(t-b) φ''(b) over b >= 0, for t < 0 that of ReLU(-t-b) φ''(-b), which is what -v,
    with the other sign of a = r v·u, gives: so twice. The means of φ(0) and φ'(0) t are f(0) and,
    differentiating inside the expectation, ∇f(0)·x. It is steps, since polar coordinates on the
    surface of the cube cannot be said in the language.
    """
    yield uses("textbook.normal_distribution")
    yield uses("textbook.surface_of_the_cube")
    yield uses("textbook.expectation")
    yield uses("textbook.parameter_integrals")
    yield uses("ridges.taylor_remainder")
    yield identity("-r**2*cos(r*(-b) - a)", "-r**2*cos(r*b - (-a))", on=Box.reals("r", "a", "b"))


@claim(source=SOURCE)
def density_in_closed_form(q, J0, J1, J2):
    """J(s) = ∫_0^∞ r^q exp(-a r²/2) cos(rs) dr is J(0) ₁F₁((q+1)/2; 1/2; z), z = -s²/(2a);
    here q = d+1, a = σ²|v|².

    J' = -∫ r^(q+1) exp(-a r²/2) sin(rs) dr and J'' = -∫ r^(q+2) exp(-a r²/2) cos(rs) dr,
    so the first statement, integrated, is aJ'' + sJ' + (q+1)J = 0, and the second turns
    that into Kummer's equation. It is steps, since the language has no integrals over the half-line
    and no ₁F₁.
    """
    yield uses("textbook.calculus")
    yield uses("textbook.parameter_integrals")
    yield uses("textbook.kummer")
    weight = exp(q * log(r) - a * r**2 / 2)
    inside = weight * ((q + 1) * cos(r * s) - a * r**2 * cos(r * s) - s * r * sin(r * s))
    yield identity(
        diff(r * weight * cos(r * s), r), inside, on=Box.reals("s"), given=[r > 0, q >= 0, a > 0]
    )
    z = -(s**2) / (2 * a)
    at_s = (
        a * (J2 * (s / a) ** 2 - J1 / a) - s * (s / a) * J1 + (q + 1) * J0
    )  # J0, J1, J2: derivatives in z
    kummer = z * J2 + (HALF - z) * J1 - (q + 1) / 2 * J0
    yield identity(at_s, -2 * kummer, on=Box.reals("s", "q", "J0", "J1", "J2"), given=[a > 0])


@claim(source=SOURCE)
def largest_density(Q):
    """|dν/(dS db)| <= D = 2 mass Γ(d/2+1)/(π^(d/2) σ²), since |J(s)| <= J(0) = ½ (2/a)^(d/2+1)
    Γ(d/2+1) and |v| >= 1.

    The substitution z = a r²/2 turns J(0) into Euler's integral. Q is Γ(d/2+1). It is steps, since
    the measure is in polar coordinates on the surface of the cube, as in `representation`.
    """
    yield uses("ridges.representation")
    yield uses("textbook.calculus")
    yield uses("textbook.gamma_integral")
    given = [r > 0, a > 0, d >= 1]
    yield inequality(
        r ** (d + 1),
        "<=",
        (2 / a) ** (d / 2 + 1) / 2 * (a * r**2 / 2) ** (d / 2) * (a * r),
        given=given,
    )
    largest = 2 * mass * (sigma**2 / (2 * pi)) ** (d / 2) * (2 / sigma**2) ** (d / 2 + 1) * Q / 2
    density = shallow.DENSITY.subs(gamma(d / 2 + 1), Q)
    yield inequality(largest, "<=", density, given=[mass > 0, sigma > 0, d >= 1, Q > 0])


@claim(source=SOURCE)
def variation_by_moments(largest, rest):
    """V <= 2R mass E|ω|_1|ω|_∞ <= 2R mass E|ω|_1² = 2R mass (d + 2d(d-1)/π)/σ², since
    |cos| <= 1 and 0 <= b < R|v|_1.

    E|ω_i||ω_j| is 1/σ² for i = j and (E|ω_i|)² = 2/(πσ²) for the d(d-1) others, by
    ∫_0^∞ y exp(-y²/2) dy = 1. It is steps, since it rests on the polar coordinates of
    `representation`.
    """
    yield uses("ridges.representation")
    yield uses("textbook.calculus")
    yield inequality(
        largest * (largest + rest),
        "<=",
        (largest + rest) ** 2,
        on=Box(largest=(0, oo), rest=(0, oo)),
    )
    yield identity(diff(-exp(-(y**2) / 2), y), y * exp(-(y**2) / 2), on=Box.reals("y"))
    mean = 2 / sqrt(2 * pi) / sigma
    bound = 2 * R * mass * (d / sigma**2 + d * (d - 1) * mean**2)
    yield identity(bound, shallow.MOMENT_BOUND, given=[R > 0, sigma > 0, mass > 0, d >= 1])


@claim(source=SOURCE)
def variation_by_the_kernel():
    """V <= mass κ_d/σ for every R, κ_d = (2π)^(-d/2) ∫|θ|_∞ dθ ∫|J(s; a=1)| ds over the
    unit sphere and the line.

    J is even, so all b in R, not only b >= 0, give twice the variation. ∫|J(s;
    a)| ds = a^(-(d+1)/2) ∫|J(s; 1)| ds, and the powers of |v| that remain make a sphere of the
    surface of the cube. (`boundcheck.theory.ridge.kappa` encloses κ_d.) It is steps, since
    it rests on the polar coordinates of `representation`.
    """
    yield uses("ridges.representation")
    scale = (sigma**2 / (2 * pi)) ** (d / 2) * (sigma**2) ** (-(d + 1) / 2)
    yield inequality(scale, "<=", (2 * pi) ** (-d / 2) / sigma, given=[sigma > 0, d >= 1])


@claim(source=SOURCE)
def variation_on_the_line():
    """κ_1 = 4 exp(-1/2).

    For d = 1, κ_1/σ is the variation of g', g = exp(-x²/(2σ²)): it rises from 0 to a maximum at -σ,
    falls to a minimum at σ and rises to 0. It is steps, since the language has no integrals over
    the line, and κ_d is one over polar coordinates.
    """
    yield uses("textbook.calculus")
    yield uses("ridges.variation_by_the_kernel")
    g = exp(-(x**2) / (2 * sigma**2))
    slope, bend = -x / sigma**2 * g, (x**2 - sigma**2) / sigma**4 * g
    yield identity(diff(g, x), slope, on=Box.reals("x"), given=[sigma > 0])
    yield identity(diff(slope, x), bend, on=Box.reals("x"), given=[sigma > 0])
    top, bottom = slope.subs(x, -sigma), slope.subs(x, sigma)
    yield identity(top + (top - bottom) - bottom, 4 * exp(-HALF) / sigma, given=[sigma > 0])
