"""Noise schedules beside each other: against the numbers of `boundcheck bound`."""

import json
from itertools import pairwise

import pytest
from commands import run
from mpmath import mp, mpf
from problems import problem

from boundcheck.errors import BoundcheckError
from boundcheck.report.bound import Bound
from boundcheck.report.tables.registry import table

ATOMS = "atoms=1;-1/2;-1,weights=1/2;1/4;1/4"


def column(found, name):
    return [row[found.columns.index(name)] for row in found.rows]


def test_the_rows_are_those_of_the_bound():
    found = table("noise", [f"{ATOMS},T=30,beta_1=0.01,beta_T=0.4,m=10**4,stop=1/20"])
    assert column(found, "noise") == ["linear", "scaled_linear", "sigmoid", "cosine"]
    for row in found.rows:
        ends = "" if row[0] == "cosine" else ",beta_1=0.01,beta_T=0.4"
        texts = f"{ATOMS},schedule={row[0]},T=30,m=10**4,first={row[2] + 1}{ends}"
        again = Bound.of(problem(texts), {})
        affine = next(r for r in again.classes if r.name == "affine").total()
        numbers = (
            again.prior_term,
            again.bayes_steps,
            affine,
            again.smallest.total(),
            again.total,
            again.total_variation,
        )
        for shown, value in zip(row[4:], numbers, strict=True):
            assert float(value) <= float(shown) <= float(value) * 1.001
        steps = problem(texts).schedule.steps()
        assert 1 / steps[row[2] - 1].snr >= 0.05 > 1 / steps[row[2] - 2].snr


def test_data_with_a_density_go_on_to_the_end():
    found = table("noise", ["fisher=10,schedules=linear;cosine,T=50;100,beta_T=0.3"])
    assert column(found, "stops at") == [0] * 4
    assert column(found, "T") == [50, 100, 50, 100]
    totals = [float(v) for v in column(found, "KL")]
    assert all(a > b for a, b in (totals[:2], totals[2:]))
    with mp.workdps(20):
        for kl, tv in zip(totals, column(found, "TV"), strict=True):
            assert float(tv) == pytest.approx(min(mp.sqrt(kl / 2), mp.sqrt(1 - mp.exp(-kl))), 1e-3)


def test_files_and_schedules_that_end_in_noise(tmp_path, capsys):
    config = {
        "_class_name": "DDPMScheduler",
        "beta_schedule": "scaled_linear",
        "num_train_timesteps": 20,
        "beta_end": 0.3,
    }
    for name, rescaled in (("plain.json", False), ("zero.json", True)):
        (tmp_path / name).write_text(json.dumps({**config, "rescale_betas_zero_snr": rescaled}))
    files = f"{tmp_path}/plain.json;{tmp_path}/zero.json"
    settings = f"{ATOMS},files={files},first=3"
    code, out, err = run(capsys, "table", "noise", "--set", settings, "--format", "json")
    assert (code, err) == (0, "")
    rows = json.loads(out)["rows"]
    found = table("noise", [settings])
    assert column(found, "noise") == ["plain.json", "zero.json"]
    assert [float(v) for v in column(found, "prior term")][1] == 0 < float(found.rows[0][4])
    assert len(rows) == 2
    both = table("noise", [f"{settings},schedules=cosine,T=10"])
    assert column(both, "noise") == ["cosine", "plain.json", "zero.json"]
    for form in ("latex", "markdown", "csv"):
        assert run(capsys, "table", "noise", "--set", settings, "--format", form)[0] == 0


def test_the_best_variances_stop_where_others_do():
    best, plain = (table("noise", [f"{ATOMS},T=30,variance={v}"]) for v in ("best", "posterior"))
    assert column(best, "stops at") == column(plain, "stops at")
    totals = zip(column(best, "KL"), column(plain, "KL"), strict=True)
    assert all(float(a) < float(b) for a, b in totals)


def test_more_steps_cost_less():
    found = table("noise", [f"{ATOMS},schedules=cosine,T=20;40;80;160"])
    steps = [float(v) for v in column(found, "Bayes steps")]
    assert all(a > 1.5 * b for a, b in pairwise(steps))
    with mp.workdps(20):
        assert all(mpf(float(row[3].lower)) >= mpf("0.0099") for row in found.rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schedules=linear;sine", "schedules = sine; the schedules by name are linear"),
        ("stop=1,first=2", "stop and first both say where the model stops"),
        ("stop=10**9,T=10", "which 1/snr reaches at the last of 10 steps at the earliest"),
        ("T=0", "T = 0; the list T has integers"),
        ("atoms=0;1,fisher=10", "which points do not have"),
        ("files=none.json", "none.json cannot be read"),
        ("shedules=linear", "did you mean schedules"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(BoundcheckError) as caught:
        table("noise", [text])
    assert message in str(caught.value)
