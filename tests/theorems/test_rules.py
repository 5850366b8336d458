"""Every rule of the kernel: a true use, uses that are refused, each condition left out; and that
what it concludes is true in finite models where its hypotheses are."""

import random

import pytest
from rule_uses import USES, Use
from sampling import random_model

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.expr import number
from boundcheck.theorems.rules.all_rules import RULES

TRIVIAL = number(1) >= 0
IDS = [f"{u.rule}-{k}" for k, u in enumerate(USES)]
every_use = pytest.mark.parametrize("use", USES, ids=IDS)


def test_every_rule_has_a_use():
    elsewhere = {"cases", "eliminate", "arithmetic", "axiom"}
    assert {u.rule for u in USES} | elsewhere == set(RULES)


def test_every_rule_argues_why_it_is_sound():
    for name, rule in RULES.items():
        words, _, argument = rule.__doc__.partition("\n\n")
        assert len(words) > 5, name
        assert argument.strip(), name


@every_use
def test_it_concludes(use):
    found = use.derived()
    assert found.concl == use.concl


@every_use
def test_no_premise_can_be_left_out(use):
    needed = range(len(use.premises)) if use.needed is None else use.needed
    for k in needed:
        less = use.premises[:k] + use.premises[k + 1 :]
        with pytest.raises((Refused, TypeError)):
            use.derived(premises=less)
        other = [*use.premises[:k], TRIVIAL, *use.premises[k + 1 :]]
        assert _refused(lambda other=other: use.derived(premises=other), use), use.premises[k]


def _refused(derivation, use):
    """Refused, or another theorem, which does not have the conclusion."""
    try:
        return derivation().concl != use.concl
    except Refused:
        return True


@every_use
def test_other_data_are_refused(use):
    for data in use.wrong:
        with pytest.raises(BoundcheckError):
            use.derived(data={**use.data, **data})


@pytest.mark.parametrize("use", [u for u in USES if u.modelled], ids=lambda u: u.rule)
def test_it_is_true_in_finite_models(use: Use):
    theorem = use.derived()
    rng = random.Random(str(use.concl))
    met = 0
    for _ in range(400):
        model = random_model(theorem.free, rng)
        if all(model.holds(h) for h in theorem.hyps):
            met += 1
            assert model.holds(theorem.concl), model.values
        if met >= 25:
            break
    assert met >= (0 if use.rule == "absurd" else 3), "the hypotheses are never fulfilled"


def test_a_theorem_is_made_by_a_rule_alone():
    with pytest.raises(TypeError, match="derived by a rule"):
        Theorem()
    with pytest.raises(Refused, match="is not a rule"):
        derive("believe", formula=TRIVIAL)
    with pytest.raises(Refused, match="is no theorem"):
        derive("detach", TRIVIAL, TRIVIAL)
