"""The constants of the shallow and of the ratio theorem: every digit against mpmath, from the
definitions; the inequalities behind C; names."""

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from kappa_by_mpmath import kappa_by_mpmath, normal_mean
from mpmath import mp, mpf

from boundcheck.exact.terms.rational import Q, rational
from boundcheck.theory.formulas import ratio, shallow
from boundcheck.theory.risk.schedules import Step
from boundcheck.theory.theorems.constants import THEOREMS, evaluate

# -- the same constants, by mpmath -----------------------------------------------------------------


@pytest.fixture(autouse=True)
def precise():
    with mp.workdps(45):
        yield


def shallow_by_mpmath(d, k, R, sigma, mass, p):
    one = normal_mean(abs) / sigma  # E|ω_i|
    out = {
        "V_moment": mass
        * 2
        * R
        * (d * normal_mean(lambda t: t * t) / sigma**2 + d * (d - 1) * one**2)
    }
    out["V_kernel"] = mass * kappa_by_mpmath(int(d)) / sigma
    V = out["V"] = min(out["V_moment"], out["V_kernel"])
    faces, cells = 2 * d, 2 * d * k**d
    out["neurons"] = 1 + faces * (k + 1) ** (d - 1) * (k + 1) + 2 * cells
    h, h_b = 2 / k, R * d / k
    delta = h_b + R * (d - 1) * h
    out["l2_plain"] = V * mp.sqrt(delta**3 / (32 * R * cells))
    square = normal_mean(lambda t: 1) / 3  # E x² for x uniform on [-1,1]
    mean = h_b**2 / 4 + (d - 1) * h**2 / 4 * R**2 * square
    variance = (d - 1) * (h**2 / 4 * R**2) ** 2 * (mpf(1) / 5 - mpf(1) / 9)
    out["l2_sharp"] = V * mp.sqrt((mean**2 + variance) ** mpf("0.75") / (12 * R * cells))
    rate = V * R * k ** (-(d + 3) / 2)
    out["c_plain"], out["c_sharp"] = out["l2_plain"] / rate, out["l2_sharp"] / rate
    S = mp.sqrt(h_b**2 / 4 + (d - 1) * h**2 * R**2 / 4)
    # the density at its largest: 2 |μ| (σ²/2π)^(d/2) ∫ r^(d+1) exp(-σ²r²/2) dr,
    # and the area of the cube
    radial = mp.quad(
        lambda r: r ** (d + 1) * mp.exp(-((sigma * r) ** 2) / 2), mp.linspace(0, 20 / sigma, 12)
    )
    D = 2 * mass * (sigma**2 / (2 * mp.pi)) ** (d / 2) * radial
    area = faces * mpf(2) ** (d - 1)
    out["sup_corner"] = D * area * (S**2 / 2 + h_b * S / 2)
    out["sup_corner_sharp"] = D * area * (h_b**2 / 8 + (d - 1) * R**2 / k**2 / 2)
    out["lambda"] = 3 * V
    if p <= 2:
        out["lp"] = out["l2_sharp"]
        return out
    B = (normal_mean(lambda t: abs(t) ** p)) ** (
        1 / p
    )  # Khintchine's constant is a Gaussian moment
    out["lp_khintchine"] = 2 * B * V * delta / 4 * (delta / (2 * R)) ** (1 / p) / mp.sqrt(cells)
    tails = mp.quad(
        lambda t: p * t ** (p - 1) * 2 * mp.exp(-t * t / 2), [0, 1, 2, 4, 8, 16, mp.inf]
    )
    strip = 2 * h_b + (d - 1) * R * h  # of b, for a fixed v
    out["lp_hoeffding"] = tails ** (1 / p) * S / 2 * mp.sqrt(V * D * area * strip / cells)
    out["c_hoeffding"] = out["lp_hoeffding"] * k ** ((d + 3) / 2)
    out["lp"] = min(out["lp_khintchine"], out["lp_hoeffding"])
    return out


def check(found, wanted, digits):
    """Every enclosure, as it is printed, contains the number that mpmath finds."""
    assert set(found) == set(wanted)
    slack = mpf(10) ** -(digits + 8)  # mpmath's own error, far below the last digit
    for name, (_, enclosure, _) in found.items():
        text = enclosure.as_json(digits)
        low, high = mpf(text["lower"]), mpf(text["upper"])
        assert low * (1 - slack) <= wanted[name] <= high * (1 + slack), name
        assert high - low <= 2 * abs(high) * mpf(10) ** (1 - digits), name


SETS = [
    {"d": 1, "k": 4, "R": 1, "sigma": "1/2", "mass": 1, "p": 2},
    {"d": 3, "k": 5, "R": 2, "sigma": "3/10", "mass": "2.5", "p": 1},
    {"d": 2, "k": 7, "R": "1/4", "sigma": "1.5", "mass": "1/3", "p": 3},
    {"d": 5, "k": 1, "R": "3/2", "sigma": 1, "mass": 4, "p": "7/2"},
    {"d": 4, "k": 40, "R": 1, "sigma": "1/10", "mass": 1, "p": 50},
]


def numbers(values):
    return {
        name: mpf(int(q.p)) / int(q.q) for name, q in ((n, rational(v)) for n, v in values.items())
    }


@pytest.mark.parametrize("values", SETS, ids=lambda v: f"d{v['d']}p{v['p']}")
def test_every_digit_of_shallow(values):
    check(evaluate("shallow", values, 30), shallow_by_mpmath(**numbers(values)), 30)


def ratio_by_mpmath(d, k, R, sigma, mass, p, b, c, M, n):
    of_f2 = shallow_by_mpmath(d, k, R, sigma, mass, p)
    names = [
        "V_moment",
        "V_kernel",
        "V",
        "c_sharp",
        "l2_sharp",
        "lp",
        "lp_khintchine",
        "c_hoeffding",
        "lp_hoeffding",
    ]
    out = {name: of_f2[name] for name in names if name in of_f2}
    V_1, V_2 = b * out["V"], out["V"]

    def whole(lp):  # ‖|f1-g1| + b|f2-g2|‖ with SignReLU and clips
        return (b * lp + 3 * V_1 / M + 1 / M) + b * (lp + 3 * V_2 / M + 1 / M)

    def width(k):
        return 2 * (of_f2["neurons"] if k is None else 4 * d * k**d) + 2 + 2 * d * (k + 1) ** d

    out["neurons"] = width(k)
    out["approximation"] = out["lp"] + 3 * V_2 / M
    out["error"] = whole(out["lp"])
    out["uniform"] = out["error"] / c
    e = out["error_l2"] = whole(out["l2_sharp"])
    factor = (2 * mp.pi * sigma**2) ** (-d / 2) * (2 * R) ** d  # κ |Ω|
    clip = mp.sqrt(mass) / M
    out["uniform_squared"] = factor * mass * (e / c) ** 2
    out["weighted"] = (mp.sqrt(factor * e**2 / c) + clip) ** 2
    out["positivity_free"] = (mp.sqrt(2 * b * factor * (e + b * c)) + clip) ** 2
    out["smallest"] = min(out["uniform_squared"], out["weighted"], out["positivity_free"])
    out["crossing"] = (
        mp.polyroots([1, -2 * b * c, -2 * b**2 * c**2], extraprec=200)[-1] if b else mpf(0)
    )
    out["trivial"] = b * b * mass
    out["n0"] = width(mpf(1))
    at_k = out["lp_hoeffding"] if p > 2 else out["l2_sharp"]
    growth = width(mpf(2))
    out["C"] = 2 * b * at_k * (k**d * growth) ** (mpf(1) / 2 + 3 / (2 * d)) / c
    out["C_prime"] = (3 * V_1 + 1 + b * (3 * V_2 + 1)) / c
    out["bound_at_n"] = out["C"] / n ** (mpf(1) / 2 + 3 / (2 * d)) + out["C_prime"] / M
    return out


@pytest.mark.parametrize("values", SETS, ids=lambda v: f"d{v['d']}p{v['p']}")
@pytest.mark.parametrize(
    ("b", "c", "M", "n"), [(1, "1/10", "1099511627776", 10**6), ("5/2", "1/1000", 7, 10**4)]
)
def test_every_digit_of_ratio(values, b, c, M, n):
    values = {**values, "b": b, "c": c, "M": M, "n": n}
    check(evaluate("ratio", values, 30), ratio_by_mpmath(**numbers(values)), 30)


def test_zero_numerator():
    found = evaluate("ratio", {"b": 0, "M": 8})
    assert found["C"][1].lower == found["C"][1].upper == 0
    assert found["uniform"][1].lower <= fmpq(10, 8) <= found["uniform"][1].upper


def test_scale_of_sign_relu():
    found = evaluate("shallow", {"M": "2**10"}, 40)
    (lower, upper), total = (
        (found["lambda_over_M"][1].lower, found["lambda_over_M"][1].upper),
        found["lambda"][1],
    )
    assert lower * 1024 <= total.upper
    assert upper * 1024 >= total.lower


def test_huge_and_tiny_parameters():
    found = evaluate("ratio", {"d": 100, "k": 10**9, "R": "1e-300", "sigma": "1e300", "p": 10**6})
    assert all(e.upper >= e.lower >= 0 for _, e, _ in found.values())


def test_floats_are_the_dyadic_numbers_that_they_are():
    wide, exact = evaluate("shallow", {"sigma": 0.3}, 20), evaluate("shallow", {"sigma": "0.3"}, 20)
    assert wide["V_moment"][1].as_json(20) != exact["V_moment"][1].as_json(20)
    assert evaluate("shallow", {"sigma": 0.5}, 20)["V_moment"][1].lower == 8


def names(t):
    return {q.name for q in t.parameters}


def test_names_of_constants_are_symbols_of_formulas():
    """A formula contains parameters, kappa_d, constants that come before it, and what
    belongs to a diffusion step."""
    of_a_step = {
        *Step._fields,
        "R",
        "sigma",
        "b",
        "c",
        "error_l2",
        "approximation",
        "estimation",
        "net",
        "off_box",
    }
    of_a_step |= {"mmse", "excess", "alpha_bar_T", "second_moment"}
    of_a_step |= {"error", "kappa", "smooth", "spline", "inverse"}  # see formulas of splines
    of_a_step |= {"A", "nu", "comparator", "softmax_error", "delta", "rho", "log_n"}
    of_a_step |= {"w_best", "fall", "spread", "rank", "known"}  # see formulas.information
    for t in THEOREMS.values():
        for p in ("1", "3"):
            known = names(t) | {"kappa_d"} | (of_a_step if "T" in names(t) else set())
            values = {"p": p, "M": 5, "n": 10**3}
            for c in t.constants(
                t.read({name: value for name, value in values.items() if name in known})
            ):
                assert c.formula.free <= known, c.name
                known.add(c.name)
    assert shallow.V == ratio.V


# -- what the whole theorem rests on ---------------------------------------------------------------


def whole(formula):
    """The number that a formula without symbols is."""
    assert formula.payload.q == 1
    return int(formula.payload.p)


@given(d=st.integers(1, 12), k=st.integers(1, 200))
def test_growth(d, k):
    """N_2(k+1) <= N_2(2) k^d, with equality at k = 1; and n0 = N_2(1)."""

    def at(j):
        return whole(ratio.NEURONS.subs({ratio.d: d, ratio.k: j}))

    growth = whole(ratio.GROWTH.subs(ratio.d, d))
    assert at(k + 1) <= growth * k**d
    assert at(2) == growth
    assert at(1) == whole(ratio.N_0.subs(ratio.d, d))


@pytest.mark.parametrize("values", SETS, ids=lambda v: f"d{v['d']}p{v['p']}")
def test_bound_at_n_is_above_the_best_k(values):
    """At every n from n0 to N_2(4): the bound for the largest k with N_2(k) <= n is
    below C n^(-1/2-3/(2d)) + C'/M."""
    d = values["d"]
    widths = [whole(ratio.NEURONS.subs({ratio.d: d, ratio.k: j})) for j in range(1, 5)]
    worst = 0
    for j in range(1, 4):
        at_k = evaluate("ratio", {**values, "k": j, "c": "1/10"})["uniform"][1]
        for n in {widths[j - 1], (widths[j - 1] + widths[j]) // 2, widths[j] - 1}:
            at_n = evaluate("ratio", {**values, "c": "1/10", "n": n})["bound_at_n"][1]
            assert at_k.upper <= at_n.lower
            worst = max(worst, at_k.upper / at_n.lower)
    if values["p"] in (1, 2):  # else Khintchine's bound may be far below Hoeffding's
        assert worst > fmpq(9, 10)


def test_crossing():
    """The two weighted bounds agree where error_l2 = (1+√3) b c."""
    at = {
        ratio.b: 3,
        ratio.c: Q(1, 7),
        ratio.d: 2,
        ratio.R: 1,
        ratio.sigma: 2,
        ratio.mass: 1,
        ratio.M: 5,
    }
    at[ratio.error_l2] = ratio.CROSSING.subs(at)

    def gap(scale):
        error = {ratio.error_l2: at[ratio.error_l2] * scale}
        return sympy.sympify((ratio.WEIGHTED - ratio.POSITIVITY_FREE).subs({**at, **error})).evalf(
            40
        )

    assert abs(gap(1)) < 1e-35
    assert gap(Q(9, 10)) < 0 < gap(Q(11, 10))


def test_the_bounds_for_p_2_are_one():
    at_two = ratio.ERROR.subs(ratio.approximation, ratio.APPROXIMATION).subs(
        ratio.lp, ratio.l2_sharp
    )
    assert at_two == ratio.ERROR_L2
