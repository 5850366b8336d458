"""The ratio theorem at points, in the mean and against a density: what the theorems say, that their
constants cannot be moved, and exact instances."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from theorem_files import moved, read_as, says

from boundcheck.exact.terms.rational import Q
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theory.formulas import ratio

THEOREMS = {
    "ratio.error_times_denominator": (
        set(),
        (
            "for all b, f1, f2, g, G : Real. b >= 0 implies f2 > 0 implies G > 0 implies "
            "Abs(f1) <= b*f2 implies f2*Abs(f1/f2 - Max(-b, Min(b, g/G))) <= Abs(f1 - g) + "
            "b*Abs(f2 - G)"
        ),
    ),
    "ratio.error_times_approximate_denominator": (
        set(),
        (
            "for all b, f1, f2, g, G : Real. b >= 0 implies f2 > 0 implies G > 0 implies "
            "Abs(f1) <= b*f2 implies G*Abs(f1/f2 - Max(-b, Min(b, g/G))) <= Abs(f1 - g) + "
            "b*Abs(f2 - G)"
        ),
    ),
    "ratio.error_of_the_quotient": (
        set(),
        (
            "for all b, c, f1, f2, g, G : Real. c > 0 implies f2 > 0 implies c <= G implies "
            "Abs(f1) <= b*f2 implies Abs(f1/f2 - g/G) <= (Abs(f1 - g) + b*Abs(f2 - G))/c"
        ),
    ),
    "ratio.squared_error": (
        set(),
        (
            "for all b, c, f1, f2, g, G : Real. b >= 0 implies c > 0 implies f2 > 0 implies c "
            "<= G implies Abs(f1) <= b*f2 implies f2*Abs(f1/f2 - Max(-b, Min(b, g/G)))**2 <= "
            "(Abs(f1 - g) + b*Abs(f2 - G))**2/c and f2*Abs(f1/f2 - Max(-b, Min(b, g/G)))**2 <= "
            "2*b*(Abs(f1 - g) + b*Abs(f2 - G))"
        ),
    ),
    "ratio.smooth_clip_costs_little": (
        set(),
        (
            "(for all low, high, M, v, u : Real. M > 0 implies low <= u implies u <= high "
            "implies Abs(u - (low + signrelu(M*(v - low))/M - signrelu(M*(v - high))/M)) <= "
            "Abs(u - v) + 1/M) and (for all low, high, M, v, u : Real. M > 0 implies low >= 0 "
            "implies u >= 0 implies u <= high implies low <= high implies Abs(u - (low + "
            "signrelu(M*(v - low))/M - signrelu(M*(v - high))/M)) <= Abs(u - v) + 1/M + low) "
            "and for all low, high, M, v : Real. M > 0 implies low <= high implies low <= low "
            "+ signrelu(M*(v - low))/M - signrelu(M*(v - high))/M and low + signrelu(M*(v - "
            "low))/M - signrelu(M*(v - high))/M <= high"
        ),
    ),
    "ratio.uniformly_positive": (
        {
            "for all x in pi. f2(x) > 0",
            "for all x in pi. c <= G(x)",
            "for all x in pi. Abs(f1(x)) <= b*f2(x)",
            "b >= 0",
            "c > 0",
            "p >= 1",
            "exists(Norm(f1(x) - g(x), p, (x, pi)))",
            "exists(Norm(f2(x) - G(x), p, (x, pi)))",
        },
        (
            "Norm(f1(x)/f2(x) - g(x)/G(x), p, (x, pi)) <= (Norm(f1(x) - g(x), p, (x, pi)) + "
            "b*Norm(f2(x) - G(x), p, (x, pi)))/c"
        ),
    ),
    "ratio.weighted": (
        {
            "for all x in pi. f2(x) > 0",
            "for all x in pi. c <= G(x)",
            "for all x in pi. Abs(f1(x)) <= b*f2(x)",
            "b >= 0",
            "c > 0",
            "exists(Mean((Abs(f1(x) - g(x)) + b*Abs(f2(x) - G(x)))**2, (x, pi)))",
        },
        (
            "Mean(f2(x)*Abs(f1(x)/f2(x) - Max(-b, Min(b, g(x)/G(x))))**2, (x, pi)) <= "
            "Min(Mean((Abs(f1(x) - g(x)) + b*Abs(f2(x) - G(x)))**2, (x, pi))/c, "
            "2*b*Mean(Abs(f1(x) - g(x)) + b*Abs(f2(x) - G(x)), (x, pi)))"
        ),
    ),
    "ratio.positivity_free": (
        {
            "b >= 0",
            "c > 0",
            "for all x in pi. f2(x) > 0",
            "for all x in pi. Abs(f1(x)) <= b*f2(x)",
            "exists(Mean(Abs(f2(x) - g2(x)), (x, pi)))",
            "exists(Mean(Abs(f1(x) - g(x)), (x, pi)))",
        },
        (
            "Mean(f2(x)*Abs(f1(x)/f2(x) - Max(-b, Min(b, g(x)/Max(g2(x), c))))**2, (x, pi)) <= "
            "2*b*(Mean(Abs(f1(x) - g(x)), (x, pi)) + b*Mean(Abs(f2(x) - g2(x)), (x, pi)) + "
            "b*c*Prob(f2(x) < c, (x, pi)))"
        ),
    ),
    "ratio.error_in_norm": (
        {
            "M > 0",
            "for all x in pi. f2(x) >= c",
            "for all x in pi. f2(x) <= mass",
            "for all x in pi. Abs(f1(x)) <= b*f2(x)",
            "b >= 0",
            "c > 0",
            "c <= mass",
            "p >= 1",
            "Norm(f1(x) - g1(x), p, (x, pi)) <= b*approximation",
            "Norm(f2(x) - g2(x), p, (x, pi)) <= approximation",
        },
        (
            "Norm(f1(x) - (-(b*mass) + signrelu(M*(g1(x) - (-(b*mass))))/M - signrelu(M*(g1(x) "
            "- b*mass))/M), p, (x, pi)) + b*Norm(f2(x) - (c + signrelu(M*(g2(x) - c))/M - "
            "signrelu(M*(g2(x) - mass))/M), p, (x, pi)) <= 2*b*approximation + (1 + b)/M"
        ),
    ),
    "ratio.error_without_positivity": (
        {
            "M > 0",
            "for all x in pi. f2(x) > 0",
            "for all x in pi. f2(x) <= mass",
            "for all x in pi. Abs(f1(x)) <= b*f2(x)",
            "b >= 0",
            "p >= 1",
            "Norm(f1(x) - g1(x), p, (x, pi)) <= b*approximation",
            "c > 0",
            "c <= mass",
            "Norm(f2(x) - g2(x), p, (x, pi)) <= approximation",
        },
        (
            "Norm(f1(x) - (-(b*mass) + signrelu(M*(g1(x) - (-(b*mass))))/M - signrelu(M*(g1(x) "
            "- b*mass))/M), p, (x, pi)) + b*Norm(f2(x) - (c + signrelu(M*(g2(x) - c))/M - "
            "signrelu(M*(g2(x) - mass))/M), p, (x, pi)) <= 2*b*approximation + (1 + b)/M + b*c"
        ),
    ),
    "ratio_density.density_of_the_box": (
        set(),
        (
            "for all d, R, sigma : Real. d >= 1 implies R > 0 implies sigma > 0 implies "
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d == (2*R**2/(pi*sigma**2))**(d/2) and "
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d > 0 and (2*R**2/(pi*sigma**2))**(d/2) > 0"
        ),
    ),
    "ratio_density.uniform_squared_norm": (
        {
            "for all x in Omega. f2(x) > 0",
            "for all x in Omega. c <= G(x)",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "b >= 0",
            "c > 0",
            ("Norm(f1(x) - g(x), 2, (x, Omega)) + b*Norm(f2(x) - G(x), 2, (x, Omega)) <= error_l2"),
            "for all x in Omega. f2(x) <= mass",
            "d >= 1",
            "R > 0",
            "sigma > 0",
            "mass > 0",
        },
        (
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - g(x)/G(x))**2, (x, "
            "Omega)) <= mass*(2*R**2/(pi*sigma**2))**(d/2)*(error_l2/c)**2"
        ),
    ),
    "ratio_density.weighted_norm": (
        {
            "for all x in Omega. f2(x) > 0",
            "b >= 0",
            "c > 0",
            "for all x in Omega. c <= G(x)",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "M > 0",
            "for all x in Omega. Abs(r(x) - Max(-b, Min(b, g(x)/G(x)))) <= 1/M",
            ("Norm(f1(x) - g(x), 2, (x, Omega)) + b*Norm(f2(x) - G(x), 2, (x, Omega)) <= error_l2"),
            "for all x in Omega. f2(x) <= mass",
            "mass > 0",
            "d >= 1",
            "R > 0",
            "sigma > 0",
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x), (x, Omega)) <= mass",
        },
        (
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - r(x))**2, (x, Omega)) "
            "<= (sqrt((2*R**2/(pi*sigma**2))**(d/2)/c)*error_l2 + sqrt(mass)/M)**2"
        ),
    ),
    "ratio_density.positivity_free_norm": (
        {
            "for all x in Omega. f2(x) > 0",
            "for all x in Omega. c <= G(x)",
            "b >= 0",
            "c > 0",
            "M > 0",
            "for all x in Omega. Abs(r(x) - Max(-b, Min(b, g(x)/G(x)))) <= 1/M",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "mass > 0",
            (
                "Norm(f1(x) - g(x), 2, (x, Omega)) + b*Norm(f2(x) - G(x), 2, (x, Omega)) <= "
                "error_l2 + b*c"
            ),
            "d >= 1",
            "R > 0",
            "sigma > 0",
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x), (x, Omega)) <= mass",
        },
        (
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - r(x))**2, (x, Omega)) "
            "<= (sqrt(2*b*(2*R**2/(pi*sigma**2))**(d/2)*(error_l2 + b*c)) + sqrt(mass)/M)**2"
        ),
    ),
    "ratio_density.trivial_norm": (
        {
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x), (x, Omega)) <= mass",
            "b >= 0",
            "for all x in Omega. f2(x) > 0",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "d >= 1",
            "R > 0",
            "sigma > 0",
        },
        "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x))**2, (x, Omega)) <= b**2*mass",
    ),
    "ratio_density.crossing": (
        set(),
        (
            "(for all b, c, e : Real. b > 0 implies c > 0 implies e >= 0 implies e <= (1 + "
            "sqrt(3))*b*c implies e**2/c <= 2*b*(e + b*c)) and for all b, c, e : Real. b > 0 "
            "implies c > 0 implies e > (1 + sqrt(3))*b*c implies e**2/c > 2*b*(e + b*c)"
        ),
    ),
}


@pytest.mark.parametrize("name", list(THEOREMS))
def test_it_says(name):
    assert says(name) == THEOREMS[name]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("error_times_denominator", "+ b * Abs(f2 - G)", '+ b * Abs(f2 - G) * "99/100"'),
        ("error_times_denominator", "<= Abs(f1 - g)", '<= Abs(f1 - g) * "99/100"'),
        ("error_of_the_quotient", "Abs(f2 - G)) / c", 'Abs(f2 - G)) / c * "99/100"'),
        ("squared_error", "u * y**2 <= w**2 / c", 'u * y**2 <= w**2 / c * "99/100"'),
        ("squared_error", "u * y**2 <= 2 * b * w", 'u * y**2 <= "199/100" * b * w'),
        ("smooth_clip_costs_little", "1 / M, by=inside", '"99/100" / M, by=inside'),
        ("smooth_clip_costs_little", "+ 1 / M + low", '+ 1 / M + low * "99/100"'),
        ("uniformly_positive", "s.total(p) / s.c", 's.total(p) / s.c * "99/100"'),
        ("positivity_free", "+ b * c * prob", '+ b * c * prob * "99/100"'),
    ],
)
def test_what_is_a_little_stronger_is_not_shown(tmp_path, name, old, new):
    with pytest.raises(StepFailed):
        moved(tmp_path, f"ratio.{name}", (old, new), budget=2)


LESS, MORE = Q(99, 100), Q(101, 100)
READERS = [
    ("ratio.error_in_norm", ratio.ERROR),
    ("ratio.error_without_positivity", ratio.ERROR),
    ("ratio_density.uniform_squared_norm", ratio.UNIFORM_SQUARED),
    ("ratio_density.weighted_norm", ratio.WEIGHTED),
    ("ratio_density.positivity_free_norm", ratio.POSITIVITY_FREE),
    ("ratio_density.trivial_norm", ratio.TRIVIAL),
]


@pytest.mark.parametrize(("name", "formula"), READERS)
def test_smaller_constants_of_the_theory_are_not_shown(name, formula):
    assert read_as(name, formula, LESS * formula, 2)


def test_larger_constants_of_the_theory_are_shown():
    assert not read_as("ratio.error_in_norm", ratio.ERROR, ratio.ERROR + 1 / ratio.M)


@pytest.mark.parametrize("factor", [LESS, MORE])
def test_the_crossing_is_exact(factor):
    assert read_as("ratio_density.crossing", ratio.CROSSING, factor * ratio.CROSSING, 2)


# -- exact instances -------------------------------------------------------------------------------

numbers = st.fractions(-3, 3, max_denominator=6)
positive = st.fractions(Fraction(1, 8), 3, max_denominator=8)
points = st.lists(st.tuples(positive, numbers, numbers, numbers, positive), min_size=1, max_size=4)


def gate(low, high, M, v):
    def rho(t):
        return t if t >= 0 else t / (1 - t)

    return low + rho(M * (v - low)) / M - rho(M * (v - high)) / M


@given(points=points, b=positive, c=positive, M=positive)
def test_bounds_on_finitely_many_points(points, b, c, M):
    """f2, f1/(b f2), g1 - f1, g2 - f2 and a weight at each point: both sides are exact."""
    whole, left, far, weighted, free = sum(w for *_, w in points), 0, 0, 0, 0
    values = [(y, b * y * max(-1, min(1, x)), u, v, w / whole) for y, x, u, v, w in points]
    mass = max(c, *(f2 for f2, *_ in values))
    near = [(f1, f2, f1 + u, f2 + v, w) for f2, f1, u, v, w in values]
    size = max(
        sum(w * abs(f2 - g2) for _, f2, _, g2, w in near),
        sum(w * abs(f1 - g1) for f1, _, g1, _, w in near) / b,
    )
    below = 0
    for f1, f2, g1, g2, w in near:
        g, G = gate(-b * mass, b * mass, M, g1), gate(c, mass, M, g2)
        error = abs(f1 - g) + b * abs(f2 - G)
        D = abs(f1 / f2 - max(-b, min(b, g / G)))
        left += w * abs(f1 / f2 - g / G)
        far += w * error
        weighted += w * error**2 / c
        free += w * f2 * D**2
        below = max(below, c if f2 < c else 0)
    assert left <= far / c
    assert free <= min(weighted, 2 * b * far)
    assert far <= 2 * b * size + (1 + b) / M + b * below
