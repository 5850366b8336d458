"""Comparisons that say nothing: they hold of whatever stands in them."""

from __future__ import annotations

from boundcheck.claims.comparison import Comparison
from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.forms import expanded
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Relation, Term, div, sub
from boundcheck.exact.terms.work import OutOfBudget, at_most

_UNITS = 1.0
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def says_nothing(s: Comparison) -> str | None:
    """Why a comparison says nothing: it is one term compared with itself, or one of its own
    hypotheses (the ends of its ranges are some), as it stands or after terms were moved.

    [D] Let the hypothesis be h > 0, h >= 0 or h == 0 and the conclusion c > 0, c >= 0 or c == 0,
    everything on one side. If c = r h with a number r > 0, the conclusion is the hypothesis, or is
    weaker where only the hypothesis is strict; of h == 0 every r h >= 0 and r h == 0 is a relative.

    >>> from boundcheck import inequality
    >>> says_nothing(inequality("S + e <= T + e", given="S < T, e >= 0"))
    'it is no more than its hypothesis S < T'
    >>> says_nothing(inequality("S + e <= T + f", given="S < T, e <= f")) is None
    True
    """
    left, op, right = s.relation.left, s.relation.op, s.relation.right
    if left is right and left.op != "rational":  # two numbers may have been computed
        return f"both sides are {brief(left)}"
    same = {(left, op, right), (right, _MIRRORED[op], left)}
    if any((h.left, h.op, h.right) in same for h in s.hypotheses):
        return "it is one of its own hypotheses"
    for h in s.hypotheses:
        if _moved(h, s.relation):
            return f"it is no more than its hypothesis {brief(h.left)} {h.op} {brief(h.right)}"
    return None


def _moved(hypothesis: Relation, conclusion: Relation) -> bool:
    """Whether the conclusion is the hypothesis, or a weaker one, with terms moved."""
    strict, equal = conclusion.op in "<>", conclusion.op == "=="
    if (strict and hypothesis.op not in "<>") or (equal and hypothesis.op != "=="):
        return False
    try:
        with at_most(_UNITS):
            _, ratio, _ = expanded(div(_gap(conclusion), _gap(hypothesis)))
            if not (ratio.num.is_constant() and ratio.den.is_constant()) or ratio.is_zero():
                return False
            number = ratio.num.leading_coefficient() / ratio.den.leading_coefficient()
            return (number > 0 or hypothesis.op == "==") and not _constant(_gap(hypothesis))
    except (Unsupported, OutOfBudget):
        return False


def _gap(r: Relation) -> Term:
    """What the relation says to be positive, not negative or 0."""
    return sub(r.right, r.left) if r.op in ("<", "<=") else sub(r.left, r.right)


def _constant(root: Term) -> bool:
    """Whether it is a number after all: such hypotheses are relatives of each other."""
    _, value, _ = expanded(root)
    return bool(value.num.is_constant() and value.den.is_constant())
