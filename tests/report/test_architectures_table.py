"""Tables of architectures: the same networks, built by name."""

import itertools

from flint import fmpq
from tables_read import decimal, json_of

from boundcheck.constructions.builders import build
from boundcheck.report.tables.registry import table


def test_architectures():
    """The same networks, built by name."""
    found = json_of(table("architectures", ["d=2,atoms=0:1;1/2:-1/2,seed=1,k=1"]))
    rows = {r["network"]: r for r in found["rows"]}
    assert rows["claim P2 of the paper"]["depth"] == 7
    for gate, clip, depth in itertools.product(("compact", "textbook"), (0, 1), (None, 7)):
        settings = f"d=2,atoms=0:1;1/2:-1/2,seed=1,k=1,gate={gate},output_clip={clip}"
        built = build("ratio", [settings + (f",depth={depth}" if depth else "")]).as_json()
        name = f"clips, {gate} gate" + ", output clip" * clip + ", padded to 7" * bool(depth)
        row = rows[name]
        assert (row["depth"], row["affine maps"]) == (built["depth"], built["affine_maps"])
        assert row["hidden widths"] == ", ".join(map(str, built["widths"]))
        assert (row["width"], row["parameters that are not 0"]) == (
            max(built["widths"]),
            built["parameters"],
        )
        high = decimal(row["largest weight"])
        assert (
            decimal(built["largest_weight"])
            <= high
            <= decimal(built["largest_weight"]) * fmpq(1001, 1000)
        )
        assert not depth or row["depth"] == 7
    assert rows["compact gate, no clips"]["depth"] == 3


def test_architectures_for_a_width():
    """n chooses the largest k that fits: the neurons are at most 2d(k+1)^d + q(1 + 4d
    k^d), q = 2."""
    found = json_of(table("architectures", ["n=31"]))
    assert "at most 24 for k = 2" in found["notes"][0]
    assert found["parameters"]["n"] == "31"
    assert "at most 34 for k = 3" in json_of(table("architectures", ["n=34"]))["notes"][0]
