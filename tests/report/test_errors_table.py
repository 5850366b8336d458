"""Tables of certified errors: the bounds are the constants, and the errors lie where doubles
find them."""

import pytest
from flint import fmpq
from sampled_marginals import l2_error
from tables_read import ends_of, json_of

from boundcheck.constructions.marginal import Marginal, ball
from boundcheck.constructions.marginal_pairs import ddpm_pair, positivity
from boundcheck.constructions.stratified import stratified
from boundcheck.report.tables.registry import table
from boundcheck.theory.theorems.constants import evaluate


def _at(marginal):
    """The same marginal with decimal atoms, for `_l2`."""
    return Marginal.of(
        [str(fmpq(*float(u.mid()).as_integer_ratio())) for (u,) in _balls(marginal)],
        marginal.masses,
        sigma="1/2",
    )


def _balls(marginal):
    return [[ball(c, 64) for c in u] for u in marginal.points]


def test_errors():
    """The bounds are those of `boundcheck constants`; the errors lie where doubles find them."""
    rows = json_of(table("errors", ["abar=3/4,k=2;4,M=16"]))["rows"]
    assert [(r["k"], r["network"], r["norm"]) for r in rows] == [
        (k, *case)
        for k in (2, 4)
        for case in (("shallow", "L2"), ("corners alone", "sup"), ("ratio", "L2"))
    ]
    f2, _ = ddpm_pair(["-1/2", "1/2"], ["1/2", "1/2"], "3/4")
    for r in rows:
        low, high = ends_of(r["error"])
        bound = float(r["bound"])
        assert 0 < low <= high <= bound
        assert ends_of(r["bound / error"]) == pytest.approx((bound / high, bound / low), rel=2e-3)
        given = {"k": r["k"], "M": "16"}  # σ = 1/2
        if r["network"] == "ratio":
            known = evaluate("ratio", given | {"b": "1/2", "c": str(positivity(f2, 1))})
            assert float(known["uniform"].value.upper) == pytest.approx(bound, rel=1e-3)
        else:
            known = evaluate("shallow", given)
            name = "l2_sharp" if r["norm"] == "L2" else "sup_corner_sharp"
            total = float(known[name].value.upper) + float(known["lambda_over_M"].value.upper)
            assert total == pytest.approx(bound, rel=1e-3)
        if r["network"] == "shallow":
            built = stratified(f2, 1, r["k"], seed=0, M=16)
            assert low * 0.999 <= l2_error(built.network, _at(f2), 1.0) <= high * 1.001
