"""The heads of terms and formulas: what each takes, what sort it gives, what it binds.

A head is *strict* where a term exists only if all its parts outside a bound body exist, and *total*
where that is enough. Heads that bind a variable have it in their last part, the body.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.term import FUNCTIONS
from boundcheck.theorems.language.sorts import FORMULA, NAT, REAL, Sort, law, pair, seq

Sorts = tuple[Sort, ...]


class WrongSort(BoundcheckError):
    """A part has another sort than its place asks for."""


@dataclass(frozen=True)
class Head:
    """Attributes:
    sort: the sort of the whole, from the head's data and the sorts of its parts.
    parts: how many parts there are; None where their sorts say so.
    binds: the sort of the variable that is bound in the last part; None where none is.
    strict: whether the parts (but for a body) exist wherever the whole does.
    total: whether the whole exists wherever its parts do.
    """

    sort: Callable[[object, Sorts], Sort]
    parts: int | None
    binds: Callable[[object, Sorts], Sort] | None = None
    strict: bool = True
    total: bool = True


def _want(condition: bool, message: str) -> None:
    if not condition:
        raise WrongSort(message)


def _numbers(sorts: Sorts, count: int, what: str) -> None:
    _want(len(sorts) == count, f"{what} takes {count} parts, not {len(sorts)}")
    for s in sorts:
        _want(s.numeric, f"{what} takes numbers, not a part of sort {s}")


def _arithmetic(what: str, count: int, natural: bool) -> Callable[[object, Sorts], Sort]:
    def sort(data: object, sorts: Sorts) -> Sort:
        _numbers(sorts, count, what)
        return NAT if natural and all(s == NAT for s in sorts) else REAL

    return sort


def _power_of_nat(data: object, sorts: Sorts) -> Sort:
    _numbers(sorts, 2, "a power")
    _want(sorts[1] == NAT, "repeated multiplication takes an exponent of sort Nat")
    return sorts[0]


def _call(data: object, sorts: Sorts) -> Sort:
    _want(isinstance(data, str) and data in CALLS, f"unknown function {data!r}")
    assert isinstance(data, str)
    _numbers(sorts, CALLS[data], data)
    return NAT if data in ("Min", "Max") and all(s == NAT for s in sorts) else REAL


CALLS = {**FUNCTIONS, "relu": 1, "signrelu": 1}
"""The functions of one number (or two) with a fixed meaning, and how many they take."""

PARTIAL_CALLS = frozenset(
    ("sqrt", "cbrt", "log", "tan", "asin", "acos", "gamma", "loggamma", "factorial")
)
TOTAL_CALLS = CALLS.keys() - PARTIAL_CALLS
"""Those that exist for every number."""


def _apply(data: object, sorts: Sorts) -> Sort:
    _want(len(sorts) > 1, "a function is applied to arguments")
    f, *given = sorts
    _want(f.kind == "function", f"a term of sort {f} cannot be applied to arguments")
    _want(len(given) == len(f.arguments), f"the function takes {len(f.arguments)} arguments")
    for have, asked in zip(given, f.arguments, strict=True):
        _want(asked.accepts(have), f"an argument has the sort {have} instead of {asked}")
    return f.result


def _vectors(what: str) -> Callable[[object, Sorts], Sort]:
    def sort(data: object, sorts: Sorts) -> Sort:
        for s in sorts:
            _want(s.kind == "vec" and s == sorts[0], f"{what} takes vectors of one space, not {s}")
        return sorts[0]

    return sort


def _dot(data: object, sorts: Sorts) -> Sort:
    _vectors("dot")(data, sorts)
    return REAL


def _scale(data: object, sorts: Sorts) -> Sort:
    _want(sorts[0].numeric and sorts[1].kind == "vec", "only a number times a vector is a vector")
    return sorts[1]


def _item(data: object, sorts: Sorts) -> Sort:
    _want(sorts[0].kind == "seq", f"a term of sort {sorts[0]} has no places")
    _want(sorts[1] == NAT, f"places of a sequence are natural numbers, not of sort {sorts[1]}")
    return sorts[0].parts[0]


def _half(k: int) -> Callable[[object, Sorts], Sort]:
    def sort(data: object, sorts: Sorts) -> Sort:
        _want(sorts[0].kind == "pair", f"a term of sort {sorts[0]} is no pair")
        return sorts[0].parts[k]

    return sort


def _law_of(sorts: Sorts) -> Sort:
    _want(sorts[0].kind == "law", f"a term of sort {sorts[0]} is no law")
    return sorts[0].parts[0]


def _mean(data: object, sorts: Sorts) -> Sort:
    _want(_law_of(sorts[:1]) == data, "the variable of a mean has the sort that its law is on")
    _want(sorts[-1].numeric, f"only numbers have means, not terms of sort {sorts[-1]}")
    return REAL


def _norm(data: object, sorts: Sorts) -> Sort:
    _want(sorts[1].numeric, "the exponent of a norm is a number")
    return _mean(data, (sorts[0], sorts[2]))


def _over_range(natural: bool) -> Callable[[object, Sorts], Sort]:
    def sort(data: object, sorts: Sorts) -> Sort:
        low, high, body = sorts
        _want(data == NAT and low == NAT and high == NAT, "a range has ends of sort Nat")
        _want(body.numeric, f"a range of numbers, not of sort {body}")
        return body if natural else REAL

    return sort


def _integral(data: object, sorts: Sorts) -> Sort:
    _numbers(sorts, 3, "an integral")
    _want(data == REAL, "the variable of an integral is real")
    return REAL


def _formulas(what: str, count: int) -> Callable[[object, Sorts], Sort]:
    def sort(data: object, sorts: Sorts) -> Sort:
        _want(len(sorts) == count, f"{what} takes {count} parts")
        _want(all(s == FORMULA for s in sorts), f"{what} takes formulas")
        return FORMULA

    return sort


def _quantified(data: object, sorts: Sorts) -> Sort:
    assert isinstance(data, Sort)
    _want(data.kind not in ("function", "formula"), f"nothing is said for all {data}")
    return _formulas("a quantifier", 1)(data, sorts)


def _relation(data: object, sorts: Sorts) -> Sort:
    a, b = sorts
    if data == "==":
        _want(a == b or (a.numeric and b.numeric), f"a {a} is not compared with a {b}")
        _want(a.kind not in ("formula", "function"), f"terms of sort {a} are not compared")
        return FORMULA
    _want(data in ("<", "<=", ">", ">="), f"{data!r} is not a relation")
    _want(a.numeric and b.numeric, f"only numbers are ordered, not {a} and {b}")
    return FORMULA


def _defined(data: object, sorts: Sorts) -> Sort:
    _want(len(sorts) == 1 and sorts[0].kind not in ("formula", "function"), "only terms exist")
    return FORMULA


def _member(data: object, sorts: Sorts) -> Sort:
    _want(sorts[0] == _law_of(sorts[1:]), "a point of the set of a law has the sort of the law")
    return FORMULA


def _network(data: object, sorts: Sorts) -> Sort:
    _want(sorts[0].kind == "network", f"a term of sort {sorts[0]} is no network")
    return NAT


def _value(data: object, sorts: Sorts) -> Sort:
    _network(data, sorts)
    _want(sorts[1] == NAT, "outputs of a network are numbered by naturals")
    _want(sorts[2] == seq(REAL), "the input of a network is a sequence of numbers")
    return REAL


def _bound(data: object, sorts: Sorts) -> Sort:
    assert isinstance(data, Sort)
    return data


def _ind(data: object, sorts: Sorts) -> Sort:
    _formulas("Ind", 1)(data, sorts)
    return REAL


def _nat_ceiling(data: object, sorts: Sorts) -> Sort:
    _numbers(sorts, 1, "natceil")
    return NAT


def _sequence_of(data: object, sorts: Sorts) -> Sort:
    _want(data == NAT, "the places of a sequence are natural numbers")
    return seq(REAL if sorts[0].numeric else sorts[0])


def _joint(data: object, sorts: Sorts) -> Sort:
    _want(_law_of(sorts[:1]) == data, "the kernel takes points of the first law")
    return law(pair(sorts[0].parts[0], _law_of(sorts[1:])))


def _independent(data: object, sorts: Sorts) -> Sort:
    _want(data == NAT, "independent samples are numbered by naturals")
    return law(seq(_law_of(sorts)))


HEADS: dict[str, Head] = {
    "add": Head(_arithmetic("a sum", 2, True), 2),
    "sub": Head(_arithmetic("a difference", 2, False), 2),
    "mul": Head(_arithmetic("a product", 2, True), 2),
    "neg": Head(_arithmetic("a negative", 1, False), 1),
    "div": Head(_arithmetic("a quotient", 2, False), 2, total=False),
    "npow": Head(_power_of_nat, 2),
    "rpow": Head(_arithmetic("a power", 2, False), 2, total=False),
    "call": Head(_call, None, total=False),
    "natceil": Head(_nat_ceiling, 1),
    "apply": Head(_apply, None),
    "vadd": Head(_vectors("a sum of vectors"), 2),
    "vsub": Head(_vectors("a difference of vectors"), 2),
    "vneg": Head(_vectors("the negative of a vector"), 1),
    "vscale": Head(_scale, 2),
    "dot": Head(_dot, 2),
    "at": Head(_item, 2),
    "pair": Head(lambda data, sorts: pair(*sorts), 2),
    "first": Head(_half(0), 1),
    "second": Head(_half(1), 1),
    "sequence": Head(_sequence_of, 1, binds=_bound, total=False),
    "mean": Head(_mean, 2, binds=_bound, total=False),
    "norm": Head(_norm, 3, binds=_bound, total=False),
    "sum": Head(_over_range(True), 3, binds=_bound, total=False),
    "product": Head(_over_range(True), 3, binds=_bound, total=False),
    "largest": Head(_over_range(True), 3, binds=_bound, total=False),
    "smallest": Head(_over_range(True), 3, binds=_bound, total=False),
    "integral": Head(_integral, 3, binds=_bound, total=False),
    "ind": Head(_ind, 1, strict=False),
    "joint": Head(_joint, 2, binds=_bound, total=False),
    "independent": Head(_independent, 1, binds=_bound, total=False),
    "depth": Head(_network, 1),
    "width": Head(_network, 1),
    "value": Head(_value, 3),
    "relation": Head(_relation, 2),
    "member": Head(_member, 2),
    "defined": Head(_defined, 1),
    "and": Head(_formulas("and", 2), 2, strict=False),
    "implies": Head(_formulas("implies", 2), 2, strict=False),
    "forall": Head(_quantified, 1, binds=_bound, strict=False),
    "exists": Head(_quantified, 1, binds=_bound, strict=False),
}
"""Every head but `symbol`, `bound`, `number` and `constant`."""
