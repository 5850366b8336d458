"""The softmax class: the error of the network, its net, and the excess in other words."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from excess_again import linear_alpha_bars, real
from flint import arb, ctx, fmpq
from mpmath import mp, mpf
from problems import problem

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.exact.terms.term import term
from boundcheck.theory.formulas.approximation import softmax
from boundcheck.theory.risk.classes.enclosing_ball import enclosing_ball, squares_of_distances
from boundcheck.theory.risk.classes.excess_risk import risk
from boundcheck.theory.risk.classes.softmax_class import unfit, unfit_in_subspace
from boundcheck.theory.risk.classes.step_risk import TERMS

STEPS = "T=20,beta_1=0.01,beta_T=0.4"
README = "atoms=1;-1/2;-1,weights=1/2;1/4;1/4,first=50"


def value(formula, **known):
    """An upper bound of a formula, as a float."""
    exact = {name: fmpq(*float(v).as_integer_ratio()) for name, v in known.items()}
    return float(arb(at_point(term(formula), exact, 64)).upper())


# -- the network -----------------------------------------------------------------------------------


def network(logits, points, centre, cut, pieces, scale):
    """The two layers, neuron by neuron."""
    knots = -cut + np.arange(pieces + 1) * (2 * cut / pieces)
    slopes = np.concatenate([[0], np.diff(np.exp(knots)) / (2 * cut / pieces), [0]])
    found = centre.copy()
    for k, at in enumerate(logits):
        total = 1.0
        for j, other in enumerate(logits):
            if j != k:
                inner = scale * (other - at - knots)
                neurons = np.where(inner >= 0, inner, inner / (1 + np.abs(inner))) / scale
                total += np.exp(-cut) + np.diff(slopes) @ neurons
        found += (points[k] - centre) / total
    return found


@pytest.mark.parametrize("seed", range(40))
def test_the_error_of_the_network(seed):
    """Also where logits are far apart, or equal; the weights are those of the theorem."""
    draw = np.random.default_rng(seed)
    count, d = int(draw.integers(1, 8)), int(draw.integers(1, 30))
    cut, pieces, scale = draw.uniform(1, 8), int(draw.integers(1, 60)), 10 ** draw.uniform(2, 9)
    points, centre = draw.normal(size=(count, d)), draw.normal(size=d)
    rho = np.linalg.norm(points - centre, axis=1).max()
    known = {"K": count, "Lambda": cut, "n": pieces, "M": scale}
    bound = rho * value(softmax.SOFTMAX_ERROR, **known)
    logits = draw.normal(size=(30, count)) * 10 ** draw.uniform(-1, 1.5, (30, 1))
    logits[0] = 0
    errors = []
    for row in logits:
        shares = np.exp(row - row.max())
        exact = shares @ points / shares.sum()
        errors.append(np.linalg.norm(exact - network(row, points, centre, cut, pieces, scale)))
    assert max(errors) <= bound * (1 + 1e-9)
    if count == 2 and pieces < 10:
        assert max(errors) >= bound / 500


@pytest.mark.parametrize(("cut", "scale"), [(1.0, 300.0), (2.0, 1e4), (3.0, 1e6)])
def test_what_the_interpolant_has_above_exp(cut, scale):
    """Far left exp(-Λ), and near the right end exp(Λ)/M, almost; as the weights of one pair say."""
    pieces = 4000
    knots = -cut + np.arange(pieces + 1) * (2 * cut / pieces)
    slopes = np.concatenate([[0], np.diff(np.exp(knots)) / (2 * cut / pieces), [0]])

    def surplus(v):
        inner = scale * (v - knots)
        kinks = np.where(inner >= 0, inner, inner / (1 + np.abs(inner))) / scale
        found = np.exp(-cut) + np.diff(slopes) @ kinks
        return found - np.exp(v) * np.exp(cut**2 / 2 / pieces**2)

    bound = value(softmax.SURPLUS, Lambda=cut, M=scale)
    left, right = surplus(-9 * cut), max(surplus(cut - a) for a in np.geomspace(1e-6, 1, 60))
    assert 0.9 * np.exp(-cut) <= left <= bound
    assert 0.7 * np.exp(cut) / scale <= right <= bound
    assert value(softmax.SOFTMAX_ERROR, K=2, Lambda=cut, n=10**9, M=scale) >= bound


def test_the_error_is_nearly_attained():
    """Two equal logits in the middle of the only piece: each term of the error is needed."""
    points, centre = np.array([[1.0], [-1.0]]), np.zeros(1)
    cut, pieces = 0.5, 1
    middle = network([0.0, 0.0], np.array([[1.0], [0.0]]), centre, cut, pieces, 1e9)
    assert abs(middle[0] - 0.5) > 0.02
    bound = value(softmax.SOFTMAX_ERROR, K=2, Lambda=cut, n=pieces, M=1e9)
    assert abs(middle[0] - 0.5) <= bound
    far = network([0.0, 30.0], points, centre, 4.0, 400, 1e9)  # softmax is almost (0, 1)
    assert (
        np.exp(-4) / 2
        < abs(far[0] + 1)
        <= value(softmax.SOFTMAX_ERROR, K=2, Lambda=4, n=400, M=1e9)
    )


# -- the net ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(30))
def test_predictors_change_by_at_most_delta(seed):
    draw = np.random.default_rng(seed)
    count, d = int(draw.integers(1, 6)), int(draw.integers(1, 6))
    share, B, R = draw.uniform(0.05, 0.95), draw.uniform(0.2, 3), draw.uniform(0.1, 4)
    eta, eta_p = draw.uniform(0.001, 0.2), draw.uniform(0.001, 0.2)
    worst = 0.0
    for _ in range(60):
        points = draw.uniform(-B, B, (count, d))
        others = np.clip(points + draw.choice([-eta, eta], (count, d)), -B, B)
        logs = -draw.uniform(0, 2, count)
        changed = logs + draw.choice([-eta_p, eta_p], count)
        x = draw.choice([-R, R], d)
        rho = np.linalg.norm(points, axis=1).max()
        one, other = predictor(points, logs, x, share), predictor(others, changed, x, share)
        change = value(softmax.LOGIT_CHANGE, d=d, alpha_bar=share, R=R, B=B, eta=eta, eta_p=eta_p)
        bound = value(softmax.NET, d=d, eta=eta, rho=rho, logit_change=change)
        worst = max(worst, np.linalg.norm(one - other) / bound)
    assert worst <= 1 + 1e-9
    assert worst > 1e-3


def predictor(points, logs, x, share):
    logits = (np.sqrt(share) * points @ x - share * (points**2).sum(axis=1) / 2) / (1 - share)
    shares = np.exp(logits + logs - (logits + logs).max())
    return shares @ points / shares.sum()


def test_the_net_of_one_point_on_a_line_is_what_is_counted():
    """Every u in [-B, B] and every log p in [log p_min, 0] is near one of exp(log_n) pairs."""
    known = {"K": 1, "d": 1, "B": 3, "eta": 0.5, "p_min": 0.25, "eta_p": 0.125}
    count = round(np.exp(value(softmax.LOG_N, **known)))
    assert count == 6 * 6
    middles = [(-3 + 0.5 * (2 * k + 1)) for k in range(6)]
    logs = [-np.log(4) * (2 * k + 1) / 12 for k in range(6)]
    pairs = list(itertools.product(middles, logs))
    for u, v in itertools.product(np.linspace(-3, 3, 31), np.linspace(-np.log(4), 0, 31)):
        assert min(max(abs(u - a) / 0.5, abs(v - b) / 0.125) for a, b in pairs) <= 1 + 1e-9


# -- the excess ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("softmax", "atoms=1;-1/2;-1,weights=1/2;1/4;1/4"),
        ("softmax", "atoms=0:0;1:1/2;1/3:-1,B=2"),
        ("softmax_subspace", "atoms=0:0:0;1:1/2:1;2:1:2"),
        ("softmax", "atoms=1/2:1/3"),
    ],
)
def test_every_term_in_other_words(name, data):
    asked = problem(f"{STEPS},m=10**6,eps=1e-6,{data}")
    points = [u for _, u in asked.atoms]
    weights, _ = enclosing_ball(squares_of_distances(points))
    with mp.workdps(50):
        m, shares = 10**6, linear_alpha_bars(20, "0.01", "0.4")
        centre = [
            sum(real(w) * real(u[i]) for w, u in zip(weights, points, strict=True))
            for i in range(asked.d)
        ]
        gaps = [[real(v) - c for v, c in zip(u, centre, strict=True)] for u in points]
        rho = max(mp.sqrt(sum(g * g for g in row)) for row in gaps) or real(asked.B)
        d, B = (asked.rank, rho) if name == "softmax_subspace" else (asked.d, real(asked.B))
        K, p_min = len(points), min(*(real(p) for p, _ in asked.atoms), mpf(1) / 2)
    for step in risk(asked, name).steps:
        with mp.workdps(50), ctx.workprec(200):
            share, before = shares[step.t - 1], shares[step.t - 2]
            w = (before / (1 - before) - share / (1 - share)) / 2
            R, cut, n, eta, eta_p, A, nu = (
                real(fmpq(step.chosen[key]))
                for key in ("R", "Lambda", "n", "eta", "eta_p", "A", "nu")
            )
            assert (1 - mp.exp(-4 * A * nu * (1 - 2 * A * nu))) / 4 >= nu
            h, M = 2 * cut / n, mpf(2) ** 64
            error = mp.exp(h * h / 8) - 1 + (K - 1) * (2 * mp.exp(-cut) + mp.exp(cut) / M)
            slope = d * (mp.sqrt(share) * R + share * B) / (1 - share)
            delta = mp.sqrt(d) * eta + rho * (slope * eta + eta_p)
            cells, cells_p = B / eta, -mp.log(p_min) / eta_p / 2
            log_n = K * (d * mp.log(mp.ceil(cells - mpf(10) ** -12)) + mp.log(mp.ceil(cells_p)))
            tail = min(1, d * mp.exp(-((R - mp.sqrt(share) * B) ** 2) / (1 - share) / 2))
            again = {
                "approximation": w * A * (rho * error) ** 2,
                "net": w * 4 * (1 + A) * rho * (delta + rho * error),
                "samples": w * rho**2 * log_n / nu / m,
                "optimisation": w * A * mpf(10) ** -6,
                "off_box": w * rho**2 * tail,
            }
            again["excess"] = sum(again[key] for key in TERMS)
            for key, wanted in again.items():
                found = getattr(step, key)
                assert abs(real(found.mid().fmpq()) - wanted) <= mpf(10) ** -25 * (1 + wanted), key


def test_what_many_samples_cost_the_data_of_the_readme():
    """So much was computed in other words: 1.18, .144, .0181."""
    sums = [risk(problem(f"{README},m=10**{k}"), "softmax").total() for k in (4, 5, 6)]
    assert sums[0] < arb("1.19")
    assert sums[1] < arb("0.145")
    assert sums[2] < arb("0.0182")
    assert sums[1] > sums[2] * 7


def learnt(draw, points, shares, share, m):
    """Points and frequencies of m samples, in the places of those of the data: so much is learnt by
    what knows nothing but the samples, as all points are seen."""
    counts = draw.multinomial(m, shares)
    return np.maximum(counts / m, 1e-9)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_learnt_frequencies_are_within_the_bound(count):
    """The excess of the posterior with frequencies of the samples, by quadrature, is far below."""
    draw = np.random.default_rng(count)
    points = np.sort(draw.integers(-8, 9, count).astype(float) / 8 + np.arange(count) * 1e-3)
    text = ";".join(str(fmpq(*float(u).as_integer_ratio())) for u in points)
    m = 2000
    asked = problem(f"{STEPS},m={m},atoms={text}")
    shares = np.full(count, 1 / count)
    steps = asked.schedule.steps(64)
    for step in risk(asked, "softmax").steps[::4]:
        share = float(steps[step.t - 1].alpha_bar)
        x = np.linspace(-8, 8, 4001)
        gaps = (x[:, None] - np.sqrt(share) * points) ** 2 / (2 * (1 - share))
        density = np.exp(-gaps) @ shares / np.sqrt(2 * np.pi * (1 - share))
        total = 0.0
        for _ in range(20):
            found = learnt(draw, points, shares, share, m)
            exact, other = (
                (np.exp(-gaps) * p) @ points / ((np.exp(-gaps) * p).sum(axis=1) + 1e-300)
                for p in (shares, found)
            )
            total += float((density * (exact - other) ** 2).sum() * (x[1] - x[0])) / 20
        assert total * float(steps[step.t - 1].w) <= float(step.excess)


def test_what_is_refused_and_what_is_cheap():
    assert "few points" in unfit(problem("m=5,T=3"))
    assert "all 1 dimensions" in unfit_in_subspace(problem("m=5,T=3,atoms=0;1"))
    assert not unfit_in_subspace(problem("m=5,T=3,atoms=0:0;1:1"))


def test_a_known_subspace_of_many_dimensions():
    """d = 3072: the dimension of the space that ten points span counts, and their distances."""
    draw = np.random.default_rng(1)
    table = draw.integers(-64, 65, (10, 3072))
    points = [tuple(fmpq(int(v), 64) for v in row) for row in table]
    small = problem(f"{STEPS},m=10**12,M=2**64,atoms=0:0;1:1")
    atoms = tuple((fmpq(1, 10), u) for u in points)
    asked = replace(small, d=3072, rank=9, atoms=atoms, B=fmpq(1))
    narrow, wide = (risk(asked, name).total() for name in ("softmax_subspace", "softmax"))
    assert narrow < wide / 50
    moved = tuple((p, tuple(-v for v in u)) for p, u in atoms)
    assert risk(replace(asked, atoms=moved), "softmax_subspace").total().overlaps(narrow)


# -- a ball around the points ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_the_ball_contains_the_points_and_is_small(seed):
    draw = np.random.default_rng(seed)
    table = draw.integers(-9, 10, (int(draw.integers(1, 9)), int(draw.integers(1, 5))))
    points = [tuple(fmpq(int(v)) for v in row) for row in table]
    squares = squares_of_distances(points)
    assert all(
        squares[i][j] == sum((a - b) ** 2 for a, b in zip(points[i], points[j], strict=True))
        for i in range(len(points))
        for j in range(len(points))
    )
    weights, square = enclosing_ball(squares)
    assert sum(weights, fmpq(0)) == 1
    assert min(weights) >= 0
    centre = np.array([float(arb(w)) for w in weights]) @ table
    reach = ((table - centre) ** 2).sum(axis=1).max()
    assert float(arb(square)) == pytest.approx(reach)
    largest = max(float(arb(v)) for row in squares for v in row)
    assert largest / 4 <= float(arb(square)) * 1.001 <= largest * len(points)
