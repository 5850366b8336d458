"""What the rules for independent samples refuse."""

import pytest

from boundcheck.theorems.author.words import Exists, Mean, Sum, natceil, samples
from boundcheck.theorems.kernel.sequent import Refused, derive
from boundcheck.theorems.language.binding import INTERNAL
from boundcheck.theorems.language.expr import number, symbol
from boundcheck.theorems.language.sorts import NAT, REAL, law, seq
from boundcheck.theorems.rules.all_rules import RULES
from boundcheck.theorems.rules.independence_rules import inner_mean

assert RULES


@pytest.mark.parametrize("k", range(4))
def test_a_fact_about_one_sequence_does_not_keep_places_apart_for_all(k):
    """2026-11-30: a fact about the symbol that the rule itself takes for the samples was believed
    to be one about all samples."""
    s, i = symbol(f"{INTERNAL}{k}", seq(REAL)), symbol("i", NAT)
    place, last = number(5), natceil(s(number(3)))
    mean = Mean(s(place) * Sum(s(i), (i, 0, last)), (s, samples(symbol("mu", law(REAL)))))
    fact = derive("assume", formula=last < place)
    with pytest.raises(Refused, match="is not shown"):
        inner_mean(mean, place, [fact.concl])
    with pytest.raises(Refused, match="differs from the place"):
        derive(
            "coordinate",
            fact,
            derive("assume", formula=Exists(mean)),
            mean=mean,
            place=place,
        )
