"""Terms and formulas of theorems: locally nameless, so that names of bound variables do not matter.

Two expressions are equal where they differ at most in the names of bound variables; `hint` keeps
those names for printing. A bound variable is a number, which says how many binders lie between it
and its own; `made` refuses nothing but wrong sorts (also where a number and its binder have
different ones) and too large an expression, so that whoever opens a body has to put a term without
loose numbers in the place of the variable (`opened` checks it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import count
from typing import TypeAlias

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import ExactLike, fraction, rational
from boundcheck.exact.terms.work import spend
from boundcheck.theorems.language.heads import HEADS, TOTAL_CALLS, WrongSort
from boundcheck.theorems.language.sorts import NAT, REAL, Sort
from boundcheck.theorems.notation.latex_text import latex
from boundcheck.theorems.notation.plain_text import text

Data: TypeAlias = "str | Fraction | Sort | int | None"
"""What an expression carries beside its parts: a name, a number, the sort that it binds, the place
of a bound variable, the sign of a relation."""

Binders: TypeAlias = tuple[Sort | None, ...]

MAX_PARTS = 1_000_000
"""Of an expression, each part counted as often as it stands in it."""

MAX_BITS = 13_000
"""Of a number's numerator and denominator: some 3900 digits."""

MAX_BINDERS = 500
"""Around a bound variable."""

_cores: dict[tuple[object, ...], int] = {}
_next_core = count()  # never the same one twice, whatever other threads do


class Expr:
    """A term, or a formula (sort Formula).

    Attributes:
        head: see `HEADS`; or `symbol`, `bound`, `number`, `constant`.
        data: of a symbol its name, of a number its value, of a binder the sort of its variable, of
            a relation its sign, of a call its function.
        args: the parts.
        sort: what it denotes.
        hint: the name of the variable that it binds, for printing alone.
        core: equal for equal expressions.
        loose: how many binders are missing around it; 0 for whatever is seen from outside.
        binders: the sorts that these have to bind, the innermost first; None for one whose
            variable does not occur.
        free: its free symbols.
        size: how many parts it has, itself included, each as often as it stands in it.
        denotes: that it exists is seen by its form, for all values of its loose numbers.
    """

    __slots__ = (
        "args", "binders", "core", "data", "denotes", "free", "head", "hint", "loose", "size",
        "sort",
    )  # fmt: skip
    head: str
    data: Data
    args: tuple[Expr, ...]
    sort: Sort
    hint: str
    core: int
    loose: int
    binders: Binders
    free: frozenset[Expr]
    size: int
    denotes: bool

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expr) and self.core == other.core

    def __hash__(self) -> int:
        return self.core

    @property
    def binder(self) -> bool:
        """Whether it binds a variable in its last part."""
        return self.head in HEADS and HEADS[self.head].binds is not None

    @property
    def strict_parts(self) -> tuple[Expr, ...]:
        """The parts that exist wherever it does: all but a body and the parts of formulas."""
        if self.head not in HEADS or not HEADS[self.head].strict:
            return ()
        return self.args[:-1] if self.binder else self.args

    def __repr__(self) -> str:
        return text(self)

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {latex(self)}$"

    def __bool__(self) -> bool:
        if self.sort.kind != "formula":
            raise TypeError(f"the term {self!r} has no truth value")
        raise TypeError(
            f"the formula {self!r} has no truth value; a chain such as 0 < x < 1 has to be written "
            "as two relations"
        )

    def __add__(self, other: ExprLike) -> Expr:
        return _both("add", "vadd", self, expr(other))

    def __radd__(self, other: ExprLike) -> Expr:
        return _both("add", "vadd", expr(other), self)

    def __sub__(self, other: ExprLike) -> Expr:
        return _both("sub", "vsub", self, expr(other))

    def __rsub__(self, other: ExprLike) -> Expr:
        return _both("sub", "vsub", expr(other), self)

    def __mul__(self, other: ExprLike) -> Expr:
        return _product(self, expr(other))

    def __rmul__(self, other: ExprLike) -> Expr:
        return _product(expr(other), self)

    def __truediv__(self, other: ExprLike) -> Expr:
        below = expr(other)
        if self.sort.kind == "vec":
            return made("vscale", None, (made("div", None, (number(1), below)), self))
        return made("div", None, (self, below))

    def __rtruediv__(self, other: ExprLike) -> Expr:
        return made("div", None, (expr(other), self))

    def __pow__(self, other: ExprLike) -> Expr:
        return power(self, expr(other))

    def __rpow__(self, other: ExprLike) -> Expr:
        return power(expr(other), self)

    def __neg__(self) -> Expr:
        return made("vneg" if self.sort.kind == "vec" else "neg", None, (self,))

    def __abs__(self) -> Expr:
        return made("call", "Abs", (self,))

    def __lt__(self, other: ExprLike) -> Expr:
        return made("relation", "<", (self, expr(other)))

    def __le__(self, other: ExprLike) -> Expr:
        return made("relation", "<=", (self, expr(other)))

    def __gt__(self, other: ExprLike) -> Expr:
        return made("relation", ">", (self, expr(other)))

    def __ge__(self, other: ExprLike) -> Expr:
        return made("relation", ">=", (self, expr(other)))

    def eq(self, other: ExprLike) -> Expr:
        """The equation `self == other`; the operator == asks whether two terms are the same."""
        return made("relation", "==", (self, expr(other)))

    def __call__(self, *args: ExprLike) -> Expr:
        """A function at its arguments, or a sequence at a place."""
        if self.sort.kind == "seq" and len(args) == 1:
            return made("at", None, (self, expr(args[0])))
        return made("apply", None, (self, *map(expr, args)))

    def __called__(self, name: str, args: tuple[ExprLike, ...]) -> Expr:
        """A function of `boundcheck.math` at arguments of which this is one."""
        found, *rest = map(expr, args)
        if name not in ("Min", "Max"):
            return made("call", name, (found, *rest))
        for other in rest:
            found = made("call", name, (found, other))
        return found


def made(head: str, data: Data = None, args: tuple[Expr, ...] = (), hint: str = "") -> Expr:
    """The expression with that head; sums and products of numbers are numbers.

    Raises:
        BoundcheckError: a part of another sort than its place asks for.
    """
    known = HEADS.get(head)
    if known is None:
        raise BoundcheckError(f"{head!r} is not a head of terms")
    if known.parts not in (None, len(args)):
        raise WrongSort(f"{head} has {known.parts} parts, not {len(args)}")
    folded = _folded(head, args)
    if folded is not None:
        return folded
    if head == "ind" and any(p.head in ("forall", "exists") for p in below(args[0])):
        raise WrongSort("Ind takes a formula without quantifiers, so that it is measurable")
    binds = known.binds is not None
    if binds and not isinstance(data, Sort):
        raise WrongSort(f"{head} binds a variable, whose sort is not given")
    if not (binds or data is None or head in ("call", "relation")):
        raise WrongSort(f"{head} carries nothing but its parts, not {data!r}")
    sort = known.sort(data, tuple(a.sort for a in args))
    return _new(head, data, args, sort, hint if binds else "", _binders(head, data, args))


def _binders(head: str, data: Data, args: tuple[Expr, ...]) -> Binders:
    """The binders that are missing around an expression, from those around its parts."""
    found: list[Sort | None] = []
    for k, a in enumerate(args):
        missing = a.binders
        if missing and isinstance(data, Sort) and k == len(args) - 1:
            if missing[0] not in (None, data):
                raise WrongSort(f"{head} binds a variable of sort {data}, not {missing[0]}")
            missing = missing[1:]
        found += [None] * (len(missing) - len(found))
        for i, s in enumerate(missing):
            if s is not None and found[i] not in (None, s):
                raise WrongSort(f"a bound variable has the sorts {found[i]} and {s}")
            found[i] = s if s is not None else found[i]
    return tuple(found)


def _new(
    head: str,
    data: Data,
    args: tuple[Expr, ...],
    sort: Sort,
    hint: str = "",
    binders: Binders = (),
) -> Expr:
    spend(1.0)
    e = Expr()
    e.head, e.data, e.args, e.sort, e.hint = head, data, args, sort, hint
    e.binders, e.loose = binders, len(binders)
    e.size = 1 + sum(a.size for a in args)
    if e.size > MAX_PARTS:
        raise BoundcheckError(
            f"an expression has more than {MAX_PARTS} parts; name some of them by variables"
        )
    key = (head, data, sort if head in ("symbol", "bound") else None, *(a.core for a in args))
    e.core = _cores.get(key, -1)
    if e.core < 0:
        e.core = _cores.setdefault(key, next(_next_core))
    e.denotes = _denotes(head, data, args, sort)
    e.free = frozenset((e,)) if head == "symbol" else frozenset().union(*(a.free for a in args))
    return e


def _denotes(head: str, data: Data, args: tuple[Expr, ...], sort: Sort) -> bool:
    if not args or head == "ind":
        return sort.kind != "function"
    if head == "apply":
        return all(a.denotes for a in args[1:])
    total = HEADS[head].total or head in _WITH_THEIR_BODIES
    if head == "div":
        total = args[1].head == "number" and args[1].data != 0
    if head == "call":
        total = data in TOTAL_CALLS
    return total and sort.kind != "formula" and all(a.denotes for a in args)


_WITH_THEIR_BODIES = ("sum", "product", "sequence", "independent", "joint")
"""They exist where their other parts do, and their bodies for all values."""


def strict_in(e: Expr, k: int) -> bool:
    """Whether a term exists only where what stands for its loose number k does."""
    seen: set[int] = set()
    stack = [e]
    while stack:
        x = stack.pop()
        if x.loose > k and id(x) not in seen:
            seen.add(id(x))
            if x.head == "bound" and x.data == k:
                return True
            stack += x.strict_parts
    return False


def _folded(head: str, args: tuple[Expr, ...]) -> Expr | None:
    """Arithmetic of numbers, `(t + p) + q` and the like, and the places of a sequence and the
    halves of a pair that are written out, so that one thing has one form; it exists where the
    other form does: nothing is left out that might not exist."""
    if head in ("add", "sub", "mul") and args[1].head == "number":
        a, b = args
        p, q = a.data, b.data
        assert isinstance(q, Fraction)
        if a.head == "number":
            assert isinstance(p, Fraction)
            return number(p + q if head == "add" else p - q if head == "sub" else p * q)
        if head == "add" and q == 0 and a.sort.numeric:
            return a
        if head == "mul" and q == 1 and a.sort.numeric:
            return a
        if head != "mul" and a.head in ("add", "sub") and a.args[1].head == "number":
            assert isinstance(a.args[1].data, Fraction)
            inner = a.args[1].data if a.head == "add" else -a.args[1].data
            whole = inner + q if head == "add" else inner - q
            sign = "add" if whole >= 0 else "sub"
            return made(sign, None, (a.args[0], number(abs(whole))))
    if head == "mul" and args[0].data == 1 and args[0].head == "number" and args[1].sort.numeric:
        return args[1]
    if head == "at" and args[0].head == "sequence":
        (body,) = args[0].args
        if body.denotes and (args[1].denotes or strict_in(body, 0)):
            return filled(body, {0: args[1]})
    if head in ("first", "second") and args[0].head == "pair":
        kept, other = args[0].args if head == "first" else args[0].args[::-1]
        if other.denotes:
            return kept
    if head == "neg" and args[0].head == "number":
        return number(-args[0].data)  # type: ignore[operator]
    if head == "div" and all(a.head == "number" for a in args) and args[1].data != 0:
        return number(args[0].data / args[1].data)  # type: ignore[operator,arg-type]
    return None


ExprLike: TypeAlias = "Expr | ExactLike"
"""A term, or an exact number: an int, a fraction, a text such as "0.1"."""


def expr(value: ExprLike) -> Expr:
    """A term from a term or an exact number."""
    return value if isinstance(value, Expr) else number(fraction(rational(value)))


def _both(numbers: str, vectors: str, a: Expr, b: Expr) -> Expr:
    return made(vectors if a.sort.kind == "vec" else numbers, None, (a, b))


def _product(a: Expr, b: Expr) -> Expr:
    if b.sort.kind == "vec":
        return made("vscale", None, (a, b))
    return made("vscale", None, (b, a)) if a.sort.kind == "vec" else made("mul", None, (a, b))


def power(a: Expr, b: Expr) -> Expr:
    """`a**b`: repeated multiplication where b is of sort Nat, 1/a**k where it is the literal -k,
    else the power of a number >= 0 with a real exponent."""
    if b.sort == NAT:
        return made("npow", None, (a, b))
    if isinstance(b.data, Fraction) and b.data.denominator == 1:
        return made("div", None, (number(1), made("npow", None, (a, number(-b.data)))))
    return made("rpow", None, (a, b))


def number(value: int | Fraction) -> Expr:
    """A rational number; of sort Nat where it is 0, 1, 2, ..."""
    exact = Fraction(value)
    if max(exact.numerator.bit_length(), exact.denominator.bit_length()) > MAX_BITS:
        raise BoundcheckError(f"a number of more than {MAX_BITS} bits is to be written as a power")
    natural = exact.denominator == 1 and exact >= 0
    return _new("number", exact, (), NAT if natural else REAL)


def constant(name: str) -> Expr:
    """`pi` or `E`."""
    if name not in ("pi", "E"):
        raise BoundcheckError(f"{name!r} is not a constant; there are pi and E")
    return _new("constant", name, (), REAL)


def symbol(name: str, sort: Sort) -> Expr:
    """A free variable, or a function symbol.

    Raises:
        TypeError: the name is no text.
    """
    if type(name) is not str:
        raise TypeError(f"the name of a symbol is a text, not {name!r}")
    return _new("symbol", name, (), sort)


def bound(k: int, sort: Sort) -> Expr:
    """The variable that the k-th binder around it binds, the innermost one being the 0-th."""
    if not 0 <= k < MAX_BINDERS:
        raise BoundcheckError(f"a bound variable below {k} binders; at most {MAX_BINDERS} are read")
    return _new("bound", k, (), sort, binders=(*(None,) * k, sort))


def filled(body: Expr, values: Mapping[int, Expr]) -> Expr:
    """Loose numbers replaced by terms, which may have loose numbers of their own; those beyond
    them fall by as many."""
    done: dict[tuple[int, int], Expr] = {}

    def walk(e: Expr, depth: int) -> Expr:
        if e.loose <= depth:
            return e
        key = (id(e), depth)
        if key not in done:
            if e.head == "bound":
                assert isinstance(e.data, int)
                k = e.data - depth
                done[key] = (
                    lifted(values[k], depth) if k in values else bound(e.data - len(values), e.sort)
                )
            else:
                done[key] = rebuilt(e, tuple(walk(a, d) for a, d in deeper(e, depth)))
        return done[key]

    return walk(body, 0)


def lifted(e: Expr, by: int) -> Expr:
    """The expression below `by` more binders."""
    if not by or not e.loose:
        return e
    done: dict[tuple[int, int], Expr] = {}

    def walk(e: Expr, depth: int) -> Expr:
        if e.loose <= depth:
            return e
        key = (id(e), depth)
        if key not in done:
            if e.head == "bound":
                assert isinstance(e.data, int)
                done[key] = bound(e.data + by, e.sort)
            else:
                done[key] = rebuilt(e, tuple(walk(a, d) for a, d in deeper(e, depth)))
        return done[key]

    return walk(e, 0)


def deeper(e: Expr, depth: int) -> Iterator[tuple[Expr, int]]:
    """The parts, each with the number of binders above it."""
    for k, a in enumerate(e.args):
        yield a, depth + 1 if e.binder and k == len(e.args) - 1 else depth


def rebuilt(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """The expression with other parts."""
    return made(e.head, e.data, args, e.hint)


def below(e: Expr) -> Iterator[Expr]:
    """The expression and all its parts, bodies included, each object once."""
    seen: set[int] = set()
    stack = [e]
    while stack:
        x = stack.pop()
        if id(x) not in seen:
            seen.add(id(x))
            yield x
            stack += x.args
