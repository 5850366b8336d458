"""Every rule of the kernel: a true use, uses that are refused, each condition left out; and that
what it concludes is true in finite models where its hypotheses are."""

import random

import pytest
from rule_uses import USES, Use, q
from same_sorts import SAME_SORTS
from sampling import random_model

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.kernel.sequent import Refused, Theorem, derive
from boundcheck.theorems.language.binding import INTERNAL, Lambda, substituted
from boundcheck.theorems.language.expr import Expr, number, symbol
from boundcheck.theorems.records.rule_data import shape_of
from boundcheck.theorems.rules.all_rules import RULES

TRIVIAL = number(1) >= 0
IDS = [f"{u.rule}-{k}" for k, u in enumerate([*USES, *SAME_SORTS])]
every_use = pytest.mark.parametrize("use", [*USES, *SAME_SORTS], ids=IDS)


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
def test_every_hypothesis_stays(use):
    """Also those of what is known, whether it is needed or not."""
    given = [*use.premises, q >= 5] if shape_of(use.rule).more else use.premises
    found = use.derived(premises=given).hyps
    match use.rule:
        case "assume":
            assert found == (use.data["formula"],)
        case "discharge":
            assert found == ()
        case "substitute":
            assert len(found) == len(given)
            assert found[1:] == tuple(given[1:])
        case _:
            assert found == tuple(dict.fromkeys(given))


def renamed(value, old, new):
    """A symbol replaced by another one, in data of any kind."""
    if isinstance(value, Expr):
        return substituted(value, {old: new})
    if isinstance(value, Lambda):
        return Lambda(value.sorts, substituted(value.body, {old: new}))
    if isinstance(value, dict):
        return {renamed(k, old, new): renamed(v, old, new) for k, v in value.items()}
    return value


@every_use
@pytest.mark.parametrize("place", range(4))
def test_names_do_not_matter(use, place):
    """Neither those that rules choose for symbols of their own: the symbol that was there first is
    kept apart."""
    if "spaces" in use.data:
        return  # what is concluded is about other symbols
    for old in sorted(use.concl.free.union(*(p.free for p in use.premises)), key=str):
        new = symbol(f"{INTERNAL}{place}", old.sort)
        again = use.derived(
            premises=[renamed(p, old, new) for p in use.premises],
            data={key: renamed(v, old, new) for key, v in use.data.items()},
        )
        assert again.concl == renamed(use.concl, old, new)


@every_use
def test_other_data_are_refused(use):
    for data in use.wrong:
        with pytest.raises(BoundcheckError):
            use.derived(data={**use.data, **data})


@pytest.mark.parametrize(
    "use", [u for u in [*USES, *SAME_SORTS] if u.modelled], ids=lambda u: u.rule
)
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
