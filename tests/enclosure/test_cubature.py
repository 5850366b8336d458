"""The sums behind L^p norms, exactly: where nothing else is lost, the roundings are seen."""

import itertools
import math

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from float_arrays import exactly, total
from random_networks import layered

from boundcheck import lp_norm
from boundcheck.enclosure.arrays.floats import NORMAL
from boundcheck.enclosure.cubature import cubature
from boundcheck.enclosure.cubature.cubature import Integrand, _norm, lp, variable
from boundcheck.exact.terms.parser import parse_term
from boundcheck.exact.terms.term import substitute
from boundcheck.norms.supremum import NotReached


def power_of(x, p):
    return arb(0) if x == 0 else arb(x) ** p


def drifting(count, up):
    """Numbers after 1 that are a little more, or a little less, than half its last
    place: each is rounded so."""
    numbers = np.full(count, 2.0**-53 * (1 + 2.0**-10 if up else 1 - 2.0**-10))
    numbers[: 8 if count > 8 else 1] = 1.0
    return numbers


def sums(rng):
    for count in (7, 128):
        above, below, none = drifting(count, up=True), drifting(count, up=False), np.zeros(count)
        assert exactly(below.sum()) < total(map(exactly, below))
        assert total(map(exactly, above)) < exactly(above.sum())
        yield from itertools.product(
            (above, below), (above, below), (none, above / 16, below / 16, below / 2)
        )
    for count in (1, 50, 1000):
        low = np.abs(rng.normal(size=count)) * 2.0 ** rng.integers(-40, 40, count)
        for lost in (0 * low, low / 2, 4 * low):
            yield low, 1.5 * low, lost


@pytest.mark.parametrize("p", ["1", "2", "5/2", "7"])
def test_norms_from_sums_exactly(p):
    """low^(1/p) - lost^(1/p) and high^(1/p) + lost^(1/p), of exact sums."""
    with ctx.workprec(300):
        root = arb(1) / arb(fmpq(p))
        for parts in sums(np.random.default_rng(8)):
            below, above, delta = (power_of(total(map(exactly, v)), root) for v in parts)
            norm = _norm(*parts, fmpq(p), len(parts[0]))
            assert norm.lower == 0 or arb(exactly(norm.lower)) <= below - delta
            assert above + delta <= arb(exactly(norm.upper))


def test_norms_where_sums_leave_the_doubles():
    huge, none, tiny = np.full(4, 1e308), np.zeros(4), np.full(4, 2.0**-1060)
    for parts in ((huge, huge, none), (huge, huge, huge), (np.full(4, np.nan), huge, none)):
        norm = _norm(*parts, fmpq(2), 4)
        assert (norm.lower, norm.upper) == (0.0, np.inf)
    assert (
        _norm(none, tiny, none, fmpq(1), 4).upper >= NORMAL
    )  # never a number that may be read as 0
    assert _norm(none, none, none, fmpq(2), 4).upper == 0.0
    assert _norm(none, none, np.array([0, 0, np.inf, 0]), fmpq(2), 4).upper == np.inf


def test_a_width_that_is_as_small_as_wanted_only_when_rounded():
    """For each norm on the way, an rtol that it meets in doubles, and misses exactly."""
    f = Integrand(substitute((parse_term("exp(x)"),), {"x": variable(0)})[0], (), 1)
    norms = []
    lp(f, fmpq(2), 1e-5, norms.append)
    tried = 0
    for norm in norms:
        if norm.upper == np.inf:
            continue
        width, rtol = exactly(norm.upper) - exactly(norm.lower), norm.width / norm.upper
        for wanted in (rtol, math.nextafter(rtol, 0.0), math.nextafter(rtol, 1.0)):
            if norm.width <= wanted * norm.upper and exactly(wanted) * exactly(norm.upper) < width:
                found = lp(f, fmpq(2), wanted, lambda _: None)
                assert exactly(found.upper) - exactly(found.lower) <= exactly(wanted) * exactly(
                    found.upper
                )
                tried += 1
    assert tried


# -- underflow, and memory -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "square"), [("cos(3*x)", 0.5 + mpmath.sin(6) / 12), ("1 + x/10", 1 + mpmath.mpf(1) / 300)]
)
@pytest.mark.parametrize("size", ["1e-160", "4e-161", "5e-162"])
def test_2026_11_22_squares_that_underflow(f, square, size):
    """P² was rounded up, and δ² to 0: some lower bounds were too large by a tenth."""
    (root,) = substitute((parse_term(f"{size}*({f})"),), {"x": variable(0)})
    seen = []

    def tick(norm):
        seen.append(norm)
        if len(seen) > 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lp(Integrand(root, (), 1), fmpq(2), 0.01, tick)
    true = mpmath.mpf(size) * mpmath.sqrt(square)
    assert all(n.lower <= true <= n.upper for n in seen)


def test_2026_11_22_memory_is_limited(monkeypatch):
    """Where nothing was known of any cell, all were halved at once, with all of their neurons."""
    monkeypatch.setattr(cubature, "MOST_NUMBERS", 2**20)
    monkeypatch.setattr(cubature, "WORK", 2**17)
    net, most = layered(np.random.default_rng(1), 1, 300, 1), []
    keep = cubature.Cells.joined.__func__

    def joined(cls, parts):
        found = keep(cls, parts)
        most.append(int(found.load.sum()))
        return found

    monkeypatch.setattr(cubature.Cells, "joined", classmethod(joined))
    with pytest.raises(NotReached, match="cells are too few.*give a larger rtol"):
        lp_norm("log(x - 2)" - net, 2, "x in [0, 1]", budget=30)
    assert 2**20 < max(most) < 2**20 + 2**19
