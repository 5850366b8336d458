"""What the end-to-end bound is about: data, schedule, sample, from parameters."""

import pytest
from flint import fmpq
from problems import problem

from boundcheck.errors import BoundcheckError
from boundcheck.theory.risk.problem_files import read_points


def test_points_give_the_support(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("0.1,-2\n0.3,1e-1\n\n")
    assert read_points(path) == [(fmpq(1, 10), fmpq(-2)), (fmpq(3, 10), fmpq(1, 10))]
    found = problem(f"data={path}")
    assert (found.d, found.B, found.m) == (2, 2, 2)
    assert found.second_moment == (fmpq(1, 100) + 4 + fmpq(9, 100) + fmpq(1, 100)) / 2
    weighted = problem("atoms=0.1:-2;0.3:0.1,weights=1/4;3/4,m=7,B=5/2")
    assert fmpq(5, 2) == weighted.B
    assert weighted.second_moment == (fmpq(1, 100) + 4) / 4 + (fmpq(9, 100) + fmpq(1, 100)) * 3 / 4


BAD = {
    "m=0": "m = 0; it must be an integer >= 1",
    "d=1": "bound needs the parameter m",
    "m=5,T=0": "T = 0; it must be an integer from 1 to",
    "m=5,B=0": "B = 0; the admissible range is 0 < B",
    "m=5,d=0": "d = 0; it must be an integer from 1 to",
    "m=5,beta_1=0": "beta_1 = 0; the admissible range is 0 < beta_1 < 1",
    "m=5,beta_T=2": "beta_T = 2; the admissible range is 0 < beta_T <= 1",
    "m=5,beta_1=0.3,beta_T=0.2": "beta_1 = 3/10 is above beta_T = 1/5",
    "m=5,betas=0.1;0.2,sigmas2=1;0": (
        "sigmas2_2 = 0; the variance of a reverse step must be positive"
    ),
    "m=5,betas=0.1;0.2,sigmas2=1;-1": (
        "sigmas2_2 = -1; the variance of a reverse step must be positive"
    ),
    "m=5,second_moment=2": "second_moment = 2 is above d B^2 = 1",
    "m=5,atoms=0:1;1": "the first point has 2 coordinates, point 2 has 1",
    "m=5,atoms=0;3,B=2": "point 2 has a coordinate of size 3, above B = 2; take B >= 3",
    "m=5,atoms=0;nan": "atoms = nan",
    "m=5,atoms=0;1,weights=1/2;1/3": "2 weights with the sum 5/6 for 2 points",
    "m=5,weights=1": "give the points too",
    "m=5,atoms=1,data=x.csv": "atoms and data both give the points",
    "m=5,eps=-1": "eps = -1; the admissible range is eps >= 0",
    "m=5,first=0": "first = 0; it must be an integer from 1 to 1000",
    "m=5,T=3,first=4": "first = 4; it must be an integer from 1 to 3",
    "m=5,betta_1=0.1": "did you mean beta_1",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_problems(text):
    with pytest.raises(BoundcheckError) as caught:
        problem(text)
    assert BAD[text] in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("m=10,B=1e-200", "the admissible range is 1e-100 <= B <= 1e100: scale the data"),
        ("m=10,atoms=0;1e200", "the admissible range is 1e-100 <= B <= 1e100: scale the data"),
        ("m=10,M=10**101", "the admissible range is 1e-100 <= M <= 1e100"),
        ("m=10**101", "the admissible range is 1 <= m <= 10**100"),
    ],
)
def test_out_of_range(text, message):
    with pytest.raises(BoundcheckError) as caught:
        problem(text)
    assert message in str(caught.value)


def test_many_fractions_are_summed(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("".join(f"1/{k}\n" for k in range(1, 300)))
    found = problem(f"data={path},T=3")
    assert found.second_moment == sum((fmpq(1, k * k) for k in range(1, 300)), fmpq(0)) / 299
