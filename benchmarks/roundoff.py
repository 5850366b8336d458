"""`python -m benchmarks.roundoff [--quick]`: round-off bounds of networks in torch, beside
the largest errors seen."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from boundcheck import Box, Network, gates
from boundcheck.constructions.marginal_pairs import data_bound, ddpm_pair, positivity
from boundcheck.constructions.ratio_network import ratio
from boundcheck.constructions.stratified import stratified
from boundcheck.torchnet.division import recommend_gate, scaled_textbook
from boundcheck.torchnet.dtypes import FORMATS
from boundcheck.torchnet.observed import observed_error
from boundcheck.torchnet.roundoff import Roundoff, roundoff_bound

PLANE = Box(x=(-1, 1), y=(-1, 1))
QUOTIENT = Box(x=("1/10", 1), y=(-1, 1))
GATES = {
    "reciprocal, x >= 1/10": (gates.reciprocal("1/10"), Box(x=("1/10", 1))),
    "square": (gates.square(2, 1), Box(x=(-1, 1))),
    "product": (gates.product(2, 1), PLANE),
    "division, compact": (gates.division("1/10", 1, 1), QUOTIENT),
    "division, textbook": (gates.division_textbook("1/10", 1, 1), QUOTIENT),
    "division, scaled textbook": (scaled_textbook("1/10", 1, 1), QUOTIENT),
    "clip to [1/10, 9/10], M = 1024": (gates.clip("1/10", "9/10", 1024), Box(x=(-1, 1))),
}


def ratio_networks(quick: bool) -> Iterator[tuple[str, Network, Box]]:
    """f1/f2 of a diffusion step with three atoms in the plane."""
    points, weights = [(1, "1/2"), ("-1/2", 1), ("-1/2", -1)], ["1/2", "1/4", "1/4"]
    f2, (f1, _) = ddpm_pair(points, weights, abar="1/2")
    for k, gate, depth in (
        ((4, "compact", 7),)
        if quick
        else ((4, "compact", 7), (8, "compact", 7), (8, "textbook", 7))
    ):
        pair = stratified([f2, f1], R=1, k=k)
        net = ratio(
            pair.network,
            c=positivity(f2, 1) / 2,
            C=1,
            b=data_bound(points),
            M=2**40,
            gate=gate,
            depth=depth,
        ).network
        yield f"ratio, {pair.neurons} neurons, {gate} gate, depth {depth}", net, PLANE


def row(net: Network, dtype: str, box: Box, effort: dict[str, Any]) -> list[str]:
    """The bound, what was seen, their ratio, and the seconds that the bound took."""
    start = time.perf_counter()
    bound = roundoff_bound(net, dtype, box)
    seconds = f"{time.perf_counter() - start:.2f}"
    if not isinstance(bound, Roundoff):
        return ["void", "", "", seconds]
    seen = observed_error(net, dtype, box, **effort)
    if seen.error is None:  # pragma: no cover: the bound would be wrong
        return [f"{bound.upper:.3g}", "not finite", "WRONG", seconds]
    error = float(int(seen.error.p) / int(seen.error.q))
    ratio_text = f"{bound.upper / error:.3g}" if seen.error <= bound.bound else "WRONG"
    return [f"{bound.upper:.3g}", f"{error:.3g}", ratio_text, seconds]


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.roundoff", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a small ratio network only, fewer points"
    )
    quick = parser.parse_args().quick
    console = Console()
    console.width = max(console.width, 110)
    table = Table(
        title="round-off: bounds, and the largest error that a search finds", title_justify="left"
    )
    for heading in ("network", "dtype", "bound", "observed", "ratio", "seconds"):
        table.add_column(heading, justify="left" if heading in ("network", "dtype") else "right")
    small = {"points": 4000 if quick else 20_000}
    large = {"points": 500 if quick else 2000, "rounds": 2}
    found = [(n, net.instantiate(), box, small) for n, (net, box) in GATES.items()]
    found += [(n, net, box, large) for n, net, box in ratio_networks(quick)]
    for name, net, box, effort in found:
        for k, dtype in enumerate(FORMATS):
            table.add_row(
                "" if k else name,
                dtype,
                *row(net, dtype, box, effort),
                end_section=k == len(FORMATS) - 1,
            )
    console.print(table)

    trade = Table(
        title="division for c <= x <= 1, |y| <= 1 in float32: bounds", title_justify="left"
    )
    for heading in (
        "c",
        "compact (6 neurons)",
        "textbook (8)",
        "scaled textbook (8)",
        "recommended",
    ):
        trade.add_column(heading, justify="right")
    for c in ("1/2", "1/10", "1/100", "1/1000", "1/10000"):
        advice = recommend_gate(c, 1, 1, "float32")
        bounds = [
            f"{b.roundoff.upper:.3g}" if b.bound is not None else "void" for b in advice.candidates
        ]
        trade.add_row(c, *bounds, advice.recommended.name)
    console.print(trade)


if __name__ == "__main__":
    main()
