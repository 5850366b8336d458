"""Experiments by name: what is refused."""

import pytest

from boundcheck.errors import BoundcheckError
from boundcheck.experiments.runs import NAMES, run


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("atoms=nan;1", "atoms = nan; it must be a rational number"),
        ("atoms=oo;1", "atoms = oo"),
        ("atoms=1;;2", "atoms = 1;;2; it has an empty entry"),
        ("atoms=1;2:3", "dimensions"),
        (
            "atoms=1;-1,weights=1/2;1/3",
            "the weights have the sum 5/6; probabilities have the sum 1 exactly",
        ),
        ("atoms=1;-1,weights=3/2;-1/2", "the weight -1/2; probabilities must be positive"),
        ("atoms=1;-1,weights=1", "2 atoms but 1 weights"),
        (
            "atoms=1;-3/2,B=1",
            r"the atom -3/2 lies outside \[-B, B\]\^1 with B = 1; give a larger B or leave it out",
        ),
        ("B=0", "B = 0; the admissible range is 0 < B"),
        ("d=3", "d = 3; it must be an integer from 1 to 2"),
        (
            "atoms=1:1:1",
            (
                "the atoms have 3 coordinates; densities are computed on grids, so at most 2 "
                "are possible"
            ),
        ),
        ("atoms=1;-1,d=2", "d = 2, but the first atom has 1 coordinates; the two must agree"),
        ("k=0", "k = 0; it must be an integer"),
        ("c=0", "c = 0; the admissible range is 0 < c < 1"),
        ("reach=-1", "reach = -1; the admissible range is 0 < reach < 30"),
        ("seed=-1", "seed = -1; it must be an integer from 0"),
        ("weight=1", "unknown parameter weight; .* did you mean weights"),
    ],
)
def test_bad_data_and_parameters_are_refused(name, texts, message):
    if texts in ("k=0", "c=0") and name == "classes":  # it has no such parameter
        message = "unknown parameter [kc];"
    with pytest.raises(BoundcheckError, match=message):
        run(name, [texts])


@pytest.mark.parametrize(
    ("name", "texts", "message"),
    [
        ("ddpm", "T=0", "T = 0; it must be an integer from 1"),
        (
            "ddpm",
            "betas=1/2",
            "T = 1 steps; the experiment stops at x_1 and takes 2 to 100 of them",
        ),
        ("ddpm", "T=101", "T = 101 steps; the experiment stops at x_1 and takes 2 to 100 of them"),
        ("ddpm", "betas=1/2;2", "beta_2 = 2; the admissible range is 0 < beta_2 <= 1"),
        ("ddpm", "beta_1=9/10", "beta_1 = 9/10 is above beta_T = 3/5"),
        (
            "ddpm",
            "schedule=linar",
            "schedule = linar; it must be one of linear, scaled_linear, sigmoid, cosine",
        ),
        (
            "ddpm",
            "beta_1=1e-6",
            "the step t = [0-9]+ needs a grid with [0-9]+ nodes along an axis, more than the 8192",
        ),
        (
            "ddpm",
            "d=2,k=120",
            (
                "k = 120 may need .* neurons, more than the 100000 that are evaluated on a grid; "
                "take a smaller k"
            ),
        ),
        ("ddpm", "samples=10", "samples = 10; it must be an integer from 100"),
        ("ddpm", "variance=beta", "unknown parameter variance"),
        ("erm", "m=0", "m = 0; it must be an integer from 1 to 1048576"),
        ("erm", "m=5/2", "m = 5/2; it must be an integer from 1"),
        ("erm", "m=100;10", "m = 100;10; the numbers of samples must increase"),
        (
            "erm",
            "m=10;100;1000,k=1;2",
            "2 entries k for 3 entries m; give one k for all, or one for each",
        ),
        ("erm", "d=2", "d = 2; the experiment erm is about d = 1"),
        ("erm", "abar=1", "abar = 1; the admissible range is 0 < abar < 1"),
        ("erm", "repeats=0", "repeats = 0; it must be an integer from 1 to 100"),
        ("dpm", "T=3", "'dpm' is no experiment; there are ddpm, erm, classes, values; did you"),
        ("classes", "d=2", "d = 2; the experiment classes is about d = 1"),
        ("classes", "atoms=1;-1", "classes has no value; name that of each atom"),
        ("classes", "atoms=1;-1,classes=0", "1 classes for 2 atoms; each atom needs one"),
        ("classes", "m=0", "m = 0; it must be an integer from 1 to 10000000"),
        ("classes", "n=0", "n = 0; it must be an integer from 1"),
        ("classes", "variance=best", "unknown parameter variance"),
        ("values", "d=2", "d = 2; the experiment values is about d = 1"),
        ("values", "atoms=1;-1", "values has no value; give that of each atom"),
        ("values", "values=1;2", "2 values for 3 atoms; each atom needs one"),
        ("values", "tau=0", "tau = 0; the admissible range is 1/1000 < tau < 1000"),
        ("values", "k=400", "k = 400 may need .* neurons, more than the 20000"),
    ],
)
def test_bad_parameters_of_an_experiment_are_refused(name, texts, message):
    with pytest.raises(BoundcheckError, match=message):
        run(name, [texts])
