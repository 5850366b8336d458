"""Certificates: a proved statement and its proof as JSON, which `recheck` replays.

A certificate is a user's file and not trusted. Its statement is read by the whitelist parser (where
it is too large for a text, from a list of operations), its proof is checked by `checking.checker`,
and a checksum over everything catches a damaged or edited file at once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flint import fmpq

from boundcheck.checking.checker import Checker
from boundcheck.checking.goals import Rejected, goal_of
from boundcheck.checking.hypotheses import contradiction, plain, satisfied
from boundcheck.claims.comparison import Comparison
from boundcheck.claims.verdict import Proved, Undecided, Verdict
from boundcheck.documents import REPLAY_BUDGET, read_sealed, sealed, write_atomically
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.activation import SHIPPED
from boundcheck.exact.terms.box import Box, Range
from boundcheck.exact.terms.parser import parse_domain, parse_relation, parse_term
from boundcheck.exact.terms.rational import rational
from boundcheck.exact.terms.term import FUNCTIONS, Relation, Term, postorder, rebuild_node
from boundcheck.exact.terms.work import OutOfBudget, at_most, checked
from boundcheck.version import __version__

FORMAT = "boundcheck.certificate"
VERSION = 2
EX_FALSO = "ex falso: it is allowed that nothing satisfies the hypotheses"
REMEDY = "write one with boundcheck prove --certificate"
_OPS = {"add": 2, "sub": 2, "mul": 2, "div": 2, "pow": 2, "neg": 1}
_MAX_TEXT = 4_000


@dataclass(frozen=True)
class Accepted:
    """What a certificate proves.

    Attributes:
        statement: the statement.
        note: what a reader has to know; empty where a point satisfies the hypotheses.
        ex_falso: whether hypotheses that contradict each other were allowed.

    >>> from boundcheck import inequality, prove
    >>> statement = inequality("1 + x <= exp(x)", on="x in (-oo, oo)")
    >>> accepted = replay(certificate(statement, prove(statement)))
    >>> accepted.statement == statement, accepted.note
    (True, '')
    """

    statement: Comparison
    note: str = ""
    ex_falso: bool = False


def certificate(statement: Comparison, verdict: Proved) -> dict[str, Any]:
    """The certificate of a proved comparison.

    Raises:
        BoundcheckError: the verdict has no proof to replay, or the statement has an
            activation of a user's own.

    >>> from boundcheck import inequality, prove
    >>> statement = inequality("1 + x <= exp(x)", on="x in (-oo, oo)")
    >>> document = certificate(statement, prove(statement))
    >>> document["statement"]
    {'on': ['x in (-oo, oo)'], 'given': [], 'relation': '1 + x <= exp(x)'}
    """
    if verdict.proof is None:
        raise BoundcheckError(
            f"{statement.text()[:200]} is proved by {verdict.method}, which has no certificate yet"
        )
    point = (
        {} if verdict.point is None else {"point": {n: str(v) for n, v in verdict.point.items()}}
    )
    document = {
        "format": FORMAT,
        "version": VERSION,
        "made_with": f"boundcheck {__version__}",
        "statement": _write(statement),
        **point,
        **({"ex_falso": True} if verdict.ex_falso else {}),
        "proof": verdict.proof,
    }
    return sealed(document)


def save(
    path: Path, statement: Comparison, verdict: Proved, budget: float = REPLAY_BUDGET
) -> Verdict:
    """Replay a proof as `recheck` would, and write its certificate, atomically;
    the verdict on the statement then.

    Args:
        budget: units of work for the replay (see `exact.terms.work`).

    Returns:
        The verdict that was given; `Undecided` where the checker does not accept the
        proof, and nothing is written.

    Raises:
        BoundcheckError: as `certificate`.

    >>> from boundcheck import inequality, prove
    >>> statement = inequality("1 + x <= exp(x)", on="x in (-oo, oo)")
    >>> save(Path("tangent.json"), statement, prove(statement)).name
    'proved'
    """
    document = json.loads(json.dumps(certificate(statement, verdict)))
    try:
        replay(document, budget)
    except Rejected as error:
        reason = f"the checker does not accept the proof that was found ({verdict.method}): {error}"
        return Undecided(
            method="certificate", reason=reason, seconds=verdict.seconds, work=verdict.work
        )
    write_atomically(path, json.dumps(document, indent=1))
    return verdict


def recheck(path: Path, budget: float = REPLAY_BUDGET) -> Accepted:
    """The statement that a certificate file proves.

    Raises:
        Rejected: the file's proof does not prove its statement, or its checksum is wrong.
        BoundcheckError: not a certificate, or its statement is ill-posed.

    >>> from boundcheck import inequality, prove
    >>> statement = inequality("1 + x <= exp(x)", on="x in (-oo, oo)")
    >>> _ = save(Path("tangent.json"), statement, prove(statement))
    >>> recheck(Path("tangent.json")).statement == statement
    True
    """
    return replay(read_sealed(path, {FORMAT: VERSION}, REMEDY), budget)


def replay(document: dict[str, Any], budget: float = REPLAY_BUDGET) -> Accepted:
    """As `recheck`, for a document in memory and without its checksum.

    >>> from boundcheck import inequality, prove
    >>> statement = inequality("1 + x <= exp(x)", on="x in (-oo, oo)")
    >>> document = certificate(statement, prove(statement))
    >>> replay(document).statement.text()
    '1 + x <= exp(x), on x in (-oo, oo)'
    >>> document["statement"]["relation"] = "1 + 2*x <= exp(x)"
    >>> replay(document)
    Traceback (most recent call last):
        ...
    boundcheck.errors.Rejected: exp(x) - (1 + x) is not the gap
    """
    checked(budget)
    try:
        statement = _parse(document["statement"])
        proof, point = document["proof"], document.get("point")
        ex_falso = document.get("ex_falso", False)
        at = None if point is None else {str(n): rational(str(v)) for n, v in point.items()}
    except (KeyError, TypeError, IndexError, ValueError, AttributeError, RecursionError) as error:
        raise BoundcheckError(
            f"the certificate is malformed ({type(error).__name__}: {error})"
        ) from None
    if not isinstance(ex_falso, bool):
        raise BoundcheckError(f"the certificate is malformed (ex_falso is {ex_falso!r})")
    statement.check()
    try:
        with at_most(budget):
            if (why := contradiction(statement, ex_falso)) is not None:
                raise BoundcheckError(f"the statement of the certificate is ill-posed: {why}")
            Checker(ex_falso).check(goal_of(statement), proof)
            note = EX_FALSO if ex_falso else _vacuity(statement, at)
            return Accepted(statement, note, ex_falso)
    except OutOfBudget:
        raise Rejected(
            f"the proof was not checked within {budget:g} units of work; give a larger budget"
        ) from None
    except RecursionError:
        raise Rejected("the proof is nested too deeply") from None


def _vacuity(statement: Comparison, point: dict[str, fmpq] | None) -> str:
    """What is not known of the hypotheses."""
    if plain(statement):
        return ""
    if point is None:
        return "no point is given that satisfies the hypotheses, which may contradict each other"
    if set(point) != set(statement.names) or not satisfied(statement, point):
        raise Rejected("the point of the certificate does not satisfy the hypotheses")
    return ""


# -- statements ------------------------------------------------------------------------------------


def _write(s: Comparison) -> dict[str, Any]:
    found: dict[str, Any] = {
        "on": [str(r) for r in s.on.ranges],
        "given": [str(h) for h in s.given],
    }
    text = str(s.relation)
    if len(text) <= _MAX_TEXT and _reads_back(text, s.relation):
        found["relation"] = text
    else:
        found |= {"operation": s.relation.op, **_program((s.relation.left, s.relation.right))}
    again = _parse(found)
    if (again.relation, again.on, again.given) != (s.relation, s.on, s.given):
        raise BoundcheckError(f"the statement {s.text()[:200]} cannot be written to a file")
    return found


def _reads_back(text: str, relation: Relation) -> bool:
    try:
        return parse_relation(text) == relation
    except BoundcheckError:
        return False


def _parse(data: dict[str, Any]) -> Comparison:
    ranges = []
    for text in data["on"]:
        ((name, sides),) = parse_domain(text).items()
        ranges.append(Range(name, *sides))
    box = Box.made_of(ranges)
    if len(set(box.names)) != len(box.names):
        raise BoundcheckError("a variable of the certificate has two ranges")
    if "relation" in data:
        relation = parse_relation(data["relation"])
    else:
        left, right = _terms(data["program"], data["sides"])
        if data["operation"] not in ("<", "<=", ">", ">=", "=="):
            raise BoundcheckError(f"{data['operation']!r} is not a relation")
        relation = Relation(left, data["operation"], right)
    return Comparison(relation, box, tuple(parse_relation(h) for h in data["given"]))


def _program(roots: tuple[Term, ...]) -> dict[str, Any]:
    """Shared expressions as a list of operations on earlier entries;
    numbers and names are texts."""
    index: dict[Term, int] = {}
    program: list[Any] = []
    for node in postorder(*roots):
        if node.op in ("rational", "symbol", "constant"):
            program.append(str(node.payload))
        elif node.op in _OPS:
            program.append([node.op, *(index[a] for a in node.args)])
        elif node.op == "call":
            program.append([node.payload, *(index[a] for a in node.args)])
        elif node.op == "activate" and node.payload in SHIPPED.values():
            program.append([node.payload.name, *(index[a] for a in node.args)])
        else:
            raise BoundcheckError(
                f"an operation ({node.op}) of the statement cannot be written to a file"
            )
        index[node] = len(program) - 1
    return {"program": program, "sides": [index[r] for r in roots]}


def _terms(program: Any, sides: Any) -> list[Term]:
    known: list[Term] = []
    for entry in program:
        if isinstance(entry, str):
            known.append(parse_term(entry))
            continue
        name, *at = entry
        args = tuple(_earlier(known, k) for k in at)
        if name in _OPS and len(args) == _OPS[name]:
            known.append(rebuild_node(name, None, args))
        elif name in FUNCTIONS and len(args) == FUNCTIONS[name]:
            known.append(rebuild_node("call", name, args))
        elif name in SHIPPED and len(args) == 1 + len(SHIPPED[name]().parameters):
            known.append(rebuild_node("activate", SHIPPED[name], args))
        else:
            raise BoundcheckError(f"{entry!r} is not an operation of the grammar")
    return [_earlier(known, k) for k in sides]


def _earlier(known: list[Term], k: Any) -> Term:
    if type(k) is not int or not 0 <= k < len(known):
        raise BoundcheckError(f"{k!r} does not name an earlier operation")
    return known[k]
