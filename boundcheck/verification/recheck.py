"""Rechecking a certificate: the checker decides, and a search may find fault with the statement."""

from __future__ import annotations

from pathlib import Path

from boundcheck.checking import certificate
from boundcheck.checking.certificate import Accepted
from boundcheck.checking.hypotheses import shown
from boundcheck.documents import REPLAY_BUDGET, read_sealed
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.work import OutOfBudget, at_most
from boundcheck.search.contradictions import contradicting
from boundcheck.theorems.records import theorem_certificate
from boundcheck.theorems.records.theorem_certificate import Derived

_SEARCH = 5.0  # units of work
_VERSIONS = {
    certificate.FORMAT: certificate.VERSION,
    theorem_certificate.FORMAT: theorem_certificate.VERSION,
}


def recheck(path: Path, budget: float = REPLAY_BUDGET) -> Accepted | Derived:
    """The statement, or the theorem, that a certificate file proves.

    Raises:
        Rejected: the file's proof does not prove its statement, or its checksum is wrong.
        BoundcheckError: not a certificate, or its statement is ill-posed.
    """
    document = read_sealed(path, _VERSIONS, certificate.REMEDY)
    if document["format"] == theorem_certificate.FORMAT:
        return theorem_certificate.accepted(document, budget)
    return says_something(certificate.replay(document, budget))


def says_something(accepted: Accepted) -> Accepted:
    """What was accepted, unless its hypotheses are seen to contradict each other: where no point
    is given that satisfies them, and they may not, that is looked for.

    Raises:
        BoundcheckError: they do, so that the statement says nothing.
    """
    if accepted.ex_falso or not accepted.note:
        return accepted
    try:
        with at_most(_SEARCH):
            false = contradicting(accepted.statement)
    except OutOfBudget:
        false = None
    if false is not None:
        raise BoundcheckError(
            f"the statement of the certificate is ill-posed: the hypothesis {shown(false)} "
            "contradicts the others"
        )
    return accepted
