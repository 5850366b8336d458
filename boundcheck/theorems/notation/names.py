"""What symbols, spaces and bound variables are called: two that differ never look alike.

A symbol keeps its name where this is a name of the grammar and no other symbol has it. Symbols of
one name and different sorts, names that mean something else (`Mean`), and texts that are no names
become names with a number: x2. A space and a symbol may have one name in texts, where it is clear
which of them is meant; not in LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from boundcheck.exact.terms.term import FUNCTIONS
from boundcheck.theorems.notation.nodes import Node, SortLike, each

CONSTANTS = ("pi", "E")
"""Their names may be those of symbols, too, in expressions without the constant."""

WORDS = frozenset(
    re.findall(
        r"\w+",
        "for all there is are in and implies exists oo Mean Prob Norm Sum Product Largest Smallest "
        "Integral Ind joint independent sequence pair first second dot depth width value natceil "
        "relu signrelu",
    )
) | frozenset(FUNCTIONS)
"""What has a meaning of its own in the grammar."""

SORT_WORDS = frozenset(
    ("Real", "Nat", "Formula", "Vec", "Seq", "Pair", "Network", "Law", "Space", "inner")
)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_INTERNAL = re.compile(r"·[0-9]+", re.ASCII)

Spelled = Callable[[str], str]
"""How a name is written: names that are written alike are not both used."""


def is_name(text: str) -> bool:
    """Whether a text can be the name of a variable.

    >>> is_name("x_1"), is_name("x+1"), is_name("Mean")
    (True, False, False)
    """
    return _NAME.fullmatch(text) is not None and text not in WORDS


def fresh_name(hint: str, taken: Collection[str], spelled: Spelled = str) -> str:
    """The hint, or the hint with a number, so that it is not written as one of those taken.

    >>> fresh_name("x", {"x", "x2"}), fresh_name("f0", {"f0"}), fresh_name("a b", ())
    ('x3', 'f0_2', 'a_b')
    """
    base, k = _cleaned(hint), 1
    name = base
    while name in WORDS or spelled(name) in taken:
        k += 1
        name = f"{base}_{k}" if base[-1].isdigit() else f"{base}{k}"
    return name


def _cleaned(hint: str) -> str:
    if _NAME.fullmatch(hint) or _INTERNAL.fullmatch(hint):
        return hint
    letters = re.sub(r"[^A-Za-z0-9_]+", "_", hint, flags=re.ASCII).strip("_")
    return letters if letters[:1].isalpha() else f"x_{letters}" if letters else "x"


@dataclass(frozen=True)
class Names:
    """What the free symbols and the spaces of some expressions are called.

    Attributes:
        symbols: by name and sort.
        spaces: by kind of sort (`space`, `vec`) and name.
        taken: how these names, and the constants that occur, are written; and the spaces.
        spelled: how a name is written.
    """

    symbols: Mapping[tuple[str, SortLike], str]
    spaces: Mapping[tuple[str, str], str]
    taken: frozenset[str]
    spelled: Spelled = field(default=str)

    def bound(self, hint: str, around: Collection[str]) -> str:
        """The name of a bound variable, below binders of variables with other names."""
        if not around:
            return fresh_name(hint, self.taken, self.spelled)
        return fresh_name(hint, self.taken.union(map(self.spelled, around)), self.spelled)


def names_of(expressions: Iterable[Node], spelled: Spelled = str) -> Names:
    """The names for what occurs in these expressions.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import NAT, REAL
    >>> found = names_of([symbol("x", REAL).eq(symbol("x", NAT))])
    >>> sorted(found.symbols.values())
    ['x', 'x2']
    """
    symbols: dict[tuple[str, SortLike], None] = {}
    sorts: dict[SortLike, None] = {}
    taken: set[str] = set()
    for e in each(expressions):
        if e.head == "symbol":
            symbols[e.data, e.sort] = None
            sorts[e.sort] = None
        elif e.head == "constant":
            taken.add(spelled(e.data))
        elif e.head == "call" and e.data in ("gamma", "loggamma"):
            taken.add(r"\Gamma")  # as LaTeX writes the function
        elif e.binder:
            sorts[e.data] = None
    called: dict[tuple[str, SortLike], str] = {}
    for key in sorted(symbols, key=lambda k: (not is_name(k[0]), k[0], str(k[1]))):
        called[key] = fresh_name(key[0], taken, spelled)
        taken.add(spelled(called[key]))
    spaces: dict[tuple[str, str], str] = {}
    own = {*map(spelled, SORT_WORDS)}
    places = {"space": own, "vec": own.copy()} if spelled is str else dict.fromkeys(_KINDS, taken)
    for kind, name in sorted(_spaces(sorts), key=lambda k: (not is_name(k[1]), k[1], k[0])):
        spaces[kind, name] = fresh_name(name, places[kind], spelled)
        places[kind].add(spelled(spaces[kind, name]))
    return Names(called, spaces, frozenset(taken.union(*places.values())), spelled)


_KINDS = ("space", "vec")


def _spaces(sorts: Iterable[SortLike]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for sort in sorts:
        if sort.kind in _KINDS:
            found.add((sort.kind, sort.name))
        found |= _spaces(sort.parts)
    return found
