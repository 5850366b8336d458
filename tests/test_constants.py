"""The constants of theorems: every digit against mpmath, from the definitions;
the inequalities behind C; bad input."""

import json
from functools import lru_cache
from itertools import pairwise

import pytest
import sympy
from commands import run
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from mpmath.calculus.quadrature import GaussLegendre

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import Q, rational
from boundcheck.theory.formulas import ratio, shallow
from boundcheck.theory.ridge.kappa import angular_factor, around, kappa, profile_mass, radial
from boundcheck.theory.ridge.profile import cosine_profile, sine_profile
from boundcheck.theory.risk.schedules import Step
from boundcheck.theory.theorems.constants import THEOREMS, evaluate

SHALLOW = [
    "V_moment",
    "V_kernel",
    "V",
    "neurons",
    "c_plain",
    "l2_plain",
    "c_sharp",
    "l2_sharp",
    "lp",
    "sup_corner",
    "sup_corner_sharp",
    "lambda",
]

# -- the same constants, by mpmath ---------------------------------------------------------------


def cosine(m, s):
    """c_m by Kummer's function, as a check at many digits; its definition is used
    below at fewer."""
    return (
        mpf(2) ** ((mpf(m) - 1) / 2)
        * mp.gamma((mpf(m) + 1) / 2)
        * mp.hyp1f1((mpf(m) + 1) / 2, 0.5, -s * s / 2, zeroprec=500)
    )


def gauss(f, points):
    """A fixed Gauss-Legendre rule with 48 nodes on each piece."""
    return sum(
        (b - a) / 2 * w * f((a + b) / 2 + (b - a) / 2 * x)
        for a, b in pairwise(points)
        for x, w in nodes(mp.prec)
    )


@lru_cache
def nodes(bits):
    return GaussLegendre(mp).calc_nodes(5, bits)


def cosine_by_definition(m, s):
    return gauss(
        lambda r: r**m * mp.exp(-r * r / 2) * mp.cos(r * s), [mpf(0), mpf(4), mpf(8), mpf(14)]
    )


def absolute_mass(c, m):
    """∫_R |c_m|: by the integrals between its zeros, and ∫_R c_m = π r^m
    exp(-r²/2) at r = 0, which is 0."""
    zeros, step, s = [], mpf("0.137"), mpf(0)  # no zero is a multiple of the step
    while len(zeros) < (m + 1) // 2:
        if c(m, s) * c(m, s + step) < 0:
            zeros.append(
                mp.findroot(
                    lambda x: c(m, x), (s, s + step), solver="anderson", tol=mp.eps, verify=False
                )
            )
        s += step
    parts = [
        gauss(lambda x: c(m, x), [a, b]) for a, b in zip([mpf(0), *zeros], zeros, strict=False)
    ]
    return 2 * (sum(map(abs, parts)) + abs(sum(parts)))


def mean_largest_coordinate(d):
    """E|θ|_∞ = E|g|_∞/E|g|_2 for a standard Gaussian g."""
    top = mp.quad(lambda t: 1 - mp.erf(t / mp.sqrt(2)) ** d, [0, 1, 2, 4, 8, 16, mp.inf])
    return top * mp.gamma(mpf(d) / 2) / (mp.sqrt(2) * mp.gamma(mpf(d + 1) / 2))


@lru_cache
def kappa_by_mpmath(d, c=cosine):
    sphere = 2 * mp.pi ** (mpf(d) / 2) / mp.gamma(mpf(d) / 2)
    return (
        (2 * mp.pi) ** (-mpf(d) / 2) * sphere * mean_largest_coordinate(d) * absolute_mass(c, d + 1)
    )


def normal_mean(function):
    return mp.quad(lambda t: function(t) * mp.npdf(t), [-mp.inf, -6, 0, 6, mp.inf])


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


def check(found, wanted, digits):
    """Every enclosure, as it is printed, contains the number that mpmath finds."""
    assert set(found) == set(wanted)
    slack = mpf(10) ** -(digits + 8)  # mpmath's own error, far below the last digit
    for name, (_, enclosure, _) in found.items():
        text = enclosure.as_json(digits)
        low, high = mpf(text["lower"]), mpf(text["upper"])
        assert low * (1 - slack) <= wanted[name] <= high * (1 + slack), name
        assert high - low <= 2 * abs(high) * mpf(10) ** (1 - digits), name


@pytest.fixture(autouse=True)
def precise():
    with mp.workdps(45):
        yield


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


# -- κ_d -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_kappa_from_its_definition(d):
    """E|θ|_∞ and ∫|c_(d+1)| by quadrature of the definitions, at 18 digits."""
    with mp.workdps(22):
        value = kappa_by_mpmath(d, cosine_by_definition)
        assert abs(mpf(kappa(d, 100).str(30, radius=False)) / value - 1) < mpf(10) ** -18


@pytest.mark.parametrize("d", [6, 9, 16])
def test_kappa_at_thirty_digits(d):
    assert abs(mpf(kappa(d, 120).str(36, radius=False)) / kappa_by_mpmath(d) - 1) < mpf(10) ** -30


def test_kappa_in_closed_form():
    with ctx.workprec(300):
        assert kappa(1, 300).overlaps(4 * (-arb(1) / 2).exp())
        # d = 2: 8 times the integral of cos over [0, π/4]
        assert angular_factor(2).overlaps(8 * (arb.pi() / 4).sin())
        # d = 3: c_4 has the zeros √(3 ± √6) of a Hermite polynomial, and
        # s_3 = √(π/2) s (3 - s²) exp(-s²/2)
        one, two = ((3 - arb(6).sqrt()).sqrt(), (3 + arb(6).sqrt()).sqrt())
        s = [(arb.pi() / 2).sqrt() * z * (3 - z**2) * (-(z**2) / 2).exp() for z in (one, two)]
        assert profile_mass(3).overlaps(2 * (s[0] + abs(s[1] - s[0]) + abs(s[1])))


def test_angular_factor_on_the_sphere():
    """d = 3, in spherical coordinates around one face: polar angle over |cot| <= cos
    of the azimuth."""

    def inside(azimuth):
        edge = mp.acot(mp.cos(azimuth))
        return mp.cos(azimuth) * mp.quad(lambda polar: mp.sin(polar) ** 2, [edge, mp.pi - edge])

    with mp.workdps(25):
        value = 6 * mp.quad(inside, [-mp.pi / 4, 0, mp.pi / 4])
        with ctx.workprec(100):
            assert abs(mpf(angular_factor(3).str(25, radius=False)) - value) < mpf(10) ** -20


@pytest.mark.parametrize("d", [2, 3, 10])
def test_the_tail_of_the_radial_integral_counts(d):
    """However early the integration stops."""
    with ctx.workprec(100):
        whole = radial(d, arb(9))
        for stop in ("1/4", 1, "3/2", 2, 4):
            found = radial(d, arb(fmpq(rational(stop))))
            assert found.contains(whole)
            assert found.rad() <= (-(arb(fmpq(rational(stop))) ** 2)).exp()


@pytest.mark.parametrize("d", [1, 2, 5])
def test_values_near_a_zero(d):
    """s_d changes by the square of the distance from a zero of its derivative."""
    with ctx.workprec(100):
        zero = _zero_between(d + 1, 0, 1)
        for r in (arb(2) ** -k for k in (4, 6, 10, 20)):
            for share in (-1, "-1/2", "1/3", 1):
                found = around(d, zero + r * arb(rational(share)) * arb("0.99"), r)
                assert found.contains(sine_profile(d, zero))


def test_values_near_one_of_two_zeros():
    """c_4 vanishes at √(3 ± √6), so that only the bound of its slope tells that s_3 is
    another at the other one."""
    with ctx.workprec(100):
        one, two = ((3 + sign * arb(6).sqrt()).sqrt() for sign in (-1, 1))
        assert around(3, two, (two - one).upper()).contains(sine_profile(3, one.mid()))


def _zero_between(m, low, high):
    """The zero of c_m, where it changes from positive to negative."""
    low, high = arb(low), arb(high)
    for _ in range(90):
        middle = ((low + high) / 2).mid()
        low, high = (middle, high) if cosine_profile(m, middle) > 0 else (low, middle)
    return low


@pytest.mark.parametrize("d", [2, 7, 24, 61, 100])
def test_no_zero_is_missed(d):
    """The variation of s_d over a fine grid is a lower bound, and near the variation."""
    steps = 40 * d.bit_length() ** 2
    with ctx.workprec(100 + 4 * d):
        values = [
            sine_profile(d, arb(fmpq(i * 12 * d.bit_length(), steps))) for i in range(steps + 1)
        ]
        seen = 2 * sum((abs(y - x) for x, y in pairwise(values)), abs(values[-1]))
        assert seen < profile_mass(d)
        assert seen > profile_mass(d) * arb("0.98")


@pytest.mark.parametrize("bits", [53, 400, 1500])
def test_precision_of_kappa(bits):
    fine = kappa(3, 1600)
    assert kappa(3, bits).rel_accuracy_bits() >= bits
    with ctx.workprec(1700):
        assert kappa(3, bits).contains(fine)


def whole(formula):
    """The number that a formula without symbols is."""
    assert formula.payload.q == 1
    return int(formula.payload.p)


@pytest.mark.parametrize("d", [0, 101])
def test_kappa_refuses(d):
    with pytest.raises(BoundcheckError, match=f"d = {d}.*from 1 to 100"):
        kappa(d, 53)


# -- what the whole theorem rests on -------------------------------------------------------------


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


# -- the command ---------------------------------------------------------------------------------


def test_json_and_nothing_else(capsys):
    arguments = ("--set", "d=3,k=5,R=2", "--set", "sigma=3/10", "--json")
    code, out, err = run(capsys, "constants", "shallow", *arguments)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == SHALLOW
    assert all(set(entry) == {"latex", "lower", "upper"} for entry in found.values())
    assert found["neurons"] == {
        "latex": r"4\,d\,k^{d} + 2\,d\,\left(k + 1\right)^{d} + 1",
        "lower": "2797",
        "upper": "2797",
    }
    assert found["V_kernel"]["latex"] == r"\frac{\kappa_d\,\mathrm{mass}}{\sigma}"
    assert (
        mpf(found["V_moment"]["lower"])
        <= 2 * 2 * (3 + 12 / mp.pi) / mpf("0.09")
        <= mpf(found["V_moment"]["upper"])
    )


@pytest.mark.parametrize("digits", [1, 2, 15, 60, 400])
def test_digits(capsys, digits):
    _, out, _ = run(
        capsys, "constants", "ratio", "--digits", str(digits), "--json", "--set", "d=2,p=5/2"
    )
    for name, entry in json.loads(out).items():
        low, high = rational(entry["lower"]), rational(entry["upper"])
        assert low <= high, name
        assert high - low <= abs(high) * 2 / fmpq(10) ** (digits - 1), name
        assert len(entry["lower"].split("e")[0].replace(".", "").lstrip("0")) <= max(digits, 15)


def test_table(capsys):
    code, out, err = run(capsys, "constants", "shallow", "--set", "p=4,M=100")
    assert (code, err) == (0, "")
    assert "mass*kappa_d/sigma" in out
    assert all(word in out for word in ("V_moment", "lp_hoeffding", "[D, C]", "lambda_over_M"))


def test_list(capsys):
    code, out, _ = run(capsys, "constants")
    assert code == 0
    assert all(word in out for word in ("shallow", "ratio", "V_kernel", "positivity_free", "2**40"))
    _, out, _ = run(capsys, "constants", "--json")
    listed = json.loads(out)
    assert list(listed) == list(THEOREMS)
    assert list(listed["shallow"]["constants"]) == SHALLOW


@pytest.mark.parametrize(
    ("theorem", "settings", "words"),
    [
        ("shallow", "sigma=0", ("sigma = 0", "sigma > 0")),
        ("shallow", "sigma=-1/2", ("sigma = -1/2", "sigma > 0")),
        ("shallow", "d=0", ("d = 0", "from 1 to 100")),
        ("shallow", "d=3/2", ("d = 3/2", "integers from 1 to 100")),
        ("shallow", "d=101", ("d = 101", "from 1 to 100")),
        ("shallow", "k=0", ("k = 0", "k >= 1")),
        ("shallow", "k=1.5", ("k = 1.5", "integers k >= 1")),
        ("shallow", "R=0", ("R = 0", "R > 0")),
        ("shallow", "mass=0", ("mass = 0", "mass > 0")),
        ("shallow", "mass=-1", ("mass = -1", "mass > 0")),
        ("shallow", "p=0.99", ("p = 0.99", "1 <= p <= 10**6")),
        ("shallow", "p=oo", ("p = oo", "1 <= p <= 10**6")),
        ("shallow", "p=10**7", ("p = 10**7", "1 <= p <= 10**6")),
        ("shallow", "M=0", ("M = 0", "M > 0")),
        ("shallow", "sigma=sqrt(2)", ("sigma = sqrt(2)", "rational number")),
        ("shallow", "sigma", ("'sigma'", "name=value")),
        ("shallow", "c=1", ("unknown parameter c", "shallow takes d, k, R")),
        ("shallow", "q=1,z=2", ("unknown parameters q, z",)),
        ("ratio", "b=-1", ("b = -1", "b >= 0")),
        ("ratio", "c=0", ("c = 0", "c > 0")),
        ("ratio", "c=1", ("c = 1", "0 < c < mass = 1")),
        ("ratio", "M=-1", ("M = -1", "M > 0")),
        ("ratio", "n=13", ("n = 13", "n >= n0 = 14", "d = 1")),
        ("ratio", "n=33,d=2", ("n = 33", "n >= n0 = 34")),
        ("ratio", "n=1/2", ("n = 1/2", "integers n >= 1")),
        ("reciprocal", "d=1", ("'reciprocal'", "shallow, ratio")),
        ("", "d=1", ("--set needs a theorem",)),
    ],
)
def test_refusals(capsys, theorem, settings, words):
    code, out, err = run(capsys, "constants", *([theorem] if theorem else []), "--set", settings)
    assert (code, out) == (3, "")
    assert all(word in err for word in words), err


@pytest.mark.parametrize("digits", ["0", "1001", "-1", "many"])
def test_digits_out_of_range(capsys, digits):
    code, out, err = run(capsys, "constants", "shallow", "--digits", digits)
    assert (code, out) == (3, "")
    assert "--digits" in err
    if digits != "many":
        with pytest.raises(
            BoundcheckError, match=f"digits = {digits}; it must be an integer from 1 to 1000"
        ):
            evaluate("shallow", {}, int(digits))


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
