"""Certificates of polynomial inequalities that were tampered with are rejected."""

import copy

import pytest
from polynomial_problems import CLASSICS, accepts, goal_of, verdict

from boundcheck.checking.goals import Rejected
from boundcheck.search.completion import Completer as Checker


def _changed(proof):
    """Copies of a proof with one text, number or list changed."""
    spots = []

    def walk(node, path):
        for k in node if isinstance(node, dict) else range(len(node)):
            v = node[k]
            if isinstance(v, (dict, list)):
                walk(v, [*path, k])
            spots.append([*path, k])

    walk(proof, [])
    for path in spots:
        made = copy.deepcopy(proof)
        node = made
        for k in path[:-1]:
            node = node[k]
        v = node[path[-1]]
        if path[-1] == "by" or (isinstance(v, str) and v in ("+", "-")):
            continue
        if isinstance(v, str):
            node[path[-1]] = v + " + 1"
        elif isinstance(v, int):
            node[path[-1]] = v + 1
        elif isinstance(v, list) and v:
            node[path[-1]] = v[:-1]
        else:
            continue
        yield path, made


@pytest.mark.parametrize("k", [0, 1, 3, 5, 6, 8, 10, 12], ids=str)
def test_changed_certificates_are_rejected(k):
    text, on = CLASSICS[k]
    goal, proof = goal_of(text, on), verdict(text, on).proof
    for path, made in _changed(proof):
        if "sorted" not in path and "times" not in path:
            assert not accepts(goal, made), path


@pytest.mark.parametrize(
    ("text", "on", "proof"),
    [
        ("x**2 >= 2*x", "x in (-oo,oo)", {"by": "sturm"}),
        ("x*y >= 0", "x in (-oo,oo), y in (-oo,oo)", {"by": "sturm"}),
        ("x**2 == x**2", "x in (-oo,oo)", {"by": "sturm"}),
        ("x + y >= 1/2", "x in [0,1], y in [0,1]", {"by": "bernstein", "tree": "b"}),
        ("x + y > 0", "x in [0,1], y in [0,1]", {"by": "bernstein", "tree": "b"}),
        ("x + y >= 0", "x in [0,1], y in [0,1]", {"by": "bernstein", "tree": "0b"}),
        ("x + y >= 0", "x in [0,1], y in [0,1]", {"by": "bernstein", "tree": "bb"}),
        ("x + y >= 0", "x in [0,oo), y in [0,oo)", {"by": "bernstein", "tree": "b"}),
        (
            "x >= y",
            "x in [0,oo), y in [0,oo)",
            {"by": "signs", "tree": {"sorted": [1, 0], "parts": ["+"]}},
        ),
        (
            "x >= y",
            "x in [0,oo), y in [0,oo)",
            {"by": "signs", "tree": {"order": [1, 0], "parts": ["+"]}},
        ),
        ("x > 0", "x in [0,oo)", {"by": "signs", "tree": "+"}),
        ("x*y >= 0", "x in (-oo,oo), y in [0,oo)", {"by": "signs", "tree": "+"}),
        ("x**2 >= x", "x in (-oo,oo)", {"by": "signs", "tree": {"one": 0, "parts": ["+", "+"]}}),
        (
            "x + y**2 > 0",
            "x in [0,oo), y in [0,oo)",
            {"by": "signs", "tree": {"scale": [0, 1], "parts": ["+"]}},
        ),
        (
            "x >= 0",
            "x in (-oo,oo)",
            {"by": "powers", "exponents": {"x": 2}, "proof": {"by": "interval"}},
        ),
        (
            "x >= 0",
            "x in [-1,oo)",
            {"by": "powers", "exponents": {"x": 2}, "proof": {"by": "interval"}},
        ),
        (
            "x**2 - 1 >= 0",
            "x in (-oo,oo)",
            {"by": "squares_sum", "squares": [["-1", "1", []], ["1", "x", []]]},
        ),
        ("x >= 0", "x in (-oo,oo)", {"by": "squares_sum", "squares": [["1", "sqrt(x)", []]]}),
        ("x**3 >= 0", "x in [-1,oo)", {"by": "squares_sum", "squares": [["1", "x**(3/2)", []]]}),
        (
            "x*0 + 1 >= 2",
            "x in (-oo,oo)",
            {"by": "squares_sum", "squares": [["1", "x/x", []], ["1", "1", []]]},
        ),
        ("x**2 > 0", "x in (-oo,oo)", {"by": "squares_sum", "squares": [["1", "x", []]]}),
        ("-x >= 0", "x in [0,1]", {"by": "squares_sum", "squares": [["-1", "1", [0]]]}),
        ("x >= 1", "x in [0,1]", {"by": "squares_sum", "squares": [], "zeros": [[0, "1"]]}),
        (
            "-1 >= x*0",
            "x in (-oo,oo)",
            {
                "by": "squares_sum",
                "squares": [["1", "1", []]],
                "times": "-1",
                "positive": {"by": "interval"},
            },
        ),
    ],
)
def test_wrong_certificates_are_rejected(text, on, proof):
    with pytest.raises(Rejected):
        Checker().check(goal_of(text, on), proof)
