"""Terms: expressions as they were written, shared and without any simplification.

sympy is the language at the rim, but it rewrites what it is given: `x/x` becomes 1 and `0*log(x)`
becomes 0, and with them the places where a statement has no meaning disappear. A `Term` keeps
every operation. Equal terms are one object, so an expression is a directed acyclic graph and
`postorder` lists it as a straight-line program.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, Protocol, TypeAlias, runtime_checkable
from weakref import WeakValueDictionary

from flint import fmpq

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.printer import text
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.work import spend
from boundcheck.rims import rim

_NODES = 32  # are accounted for at a time
# A constant power is multiplied out only while it stays small; `9**9**9` remains a term.
_FOLD_BITS = 4_096

_ELEMENTARY = "Abs sqrt cbrt exp log sin cos tan asin acos atan sinh cosh tanh floor ceiling sign"
_SPECIAL = "erf erfc gamma loggamma factorial"
FUNCTIONS: dict[str, int] = {
    **dict.fromkeys(f"{_ELEMENTARY} {_SPECIAL}".split(), 1),
    "Min": 2,
    "Max": 2,
}
"""Every function of the grammar with its number of arguments (`Min` and `Max` are nested pairs)."""

Payload: TypeAlias = Any
"""What a node carries beside its operands. Its type depends on the node's `op`: the number,
the name, the function, the class of the activation, the `Binder`, or None."""


@runtime_checkable
class HasTerm(Protocol):
    """An object that knows its term, such as a `Marginal`."""

    def __term__(self) -> Term: ...


@runtime_checkable
class SympyLike(Protocol):
    """An expression or a relation of sympy, without importing it."""

    @property
    def free_symbols(self) -> object: ...


@runtime_checkable
class HasParameters(Protocol):
    """An activation, as far as a node with it is concerned."""

    @property
    def parameters(self) -> Iterable[TermLike]: ...


class Term:
    """One node of an expression.

    Attributes:
        op: `rational`, `constant`, `symbol`, `add`, `sub`, `mul`, `div`, `neg`, `pow`, `call`,
            `activate`, `integral` or `sum`.
        payload: the number, the name, the function, the activation, or the `Binder`.
        args: the operands.
        free: names of the free symbols.
    """

    __slots__ = ("__weakref__", "args", "free", "op", "payload")
    op: str
    payload: Payload
    args: tuple[Term, ...]
    free: frozenset[str]

    def __add__(self, other: TermLike) -> Term:
        return add(self, term(other))

    def __radd__(self, other: TermLike) -> Term:
        return add(term(other), self)

    def __sub__(self, other: TermLike) -> Term:
        return sub(self, term(other))

    def __rsub__(self, other: TermLike) -> Term:
        return sub(term(other), self)

    def __mul__(self, other: TermLike) -> Term:
        return mul(self, term(other))

    def __rmul__(self, other: TermLike) -> Term:
        return mul(term(other), self)

    def __truediv__(self, other: TermLike) -> Term:
        return div(self, term(other))

    def __rtruediv__(self, other: TermLike) -> Term:
        return div(term(other), self)

    def __pow__(self, other: TermLike) -> Term:
        return power(self, term(other))

    def __rpow__(self, other: TermLike) -> Term:
        return power(term(other), self)

    def __neg__(self) -> Term:
        return neg(self)

    def __abs__(self) -> Term:
        return call("Abs", self)

    def __lt__(self, other: TermLike) -> Relation:
        return Relation(self, "<", term(other))

    def __le__(self, other: TermLike) -> Relation:
        return Relation(self, "<=", term(other))

    def __gt__(self, other: TermLike) -> Relation:
        return Relation(self, ">", term(other))

    def __ge__(self, other: TermLike) -> Relation:
        return Relation(self, ">=", term(other))

    def eq(self, other: TermLike) -> Relation:
        """The relation `self == other`; the operator == asks whether two
        terms are the same object.

        >>> from boundcheck import prove, symbols
        >>> x = symbols("x")
        >>> prove(((x - 1) * (x + 1)).eq(x**2 - 1), on="x in (-oo, oo)").name
        'proved'
        """
        return Relation(self, "==", term(other))

    def subs(
        self,
        old: TermLike | Mapping[Term, TermLike] | Mapping[str, TermLike],
        new: TermLike | None = None,
    ) -> Term:
        """The term with parts replaced: `t.subs(x, 1)`, or several at once, `t.subs({x: y, y: x})`.

        A part is a symbol, its name, or any other term.

        >>> from boundcheck import symbols
        >>> x, y = symbols("x y")
        >>> (x / (x + y)).subs({x: y, y: x})
        Term(y/(y + x))
        """
        given = old if isinstance(old, Mapping) else {old: new}
        parts = {symbol(k) if isinstance(k, str) else term(k): term(v) for k, v in given.items()}
        if all(k.op == "symbol" for k in parts):
            return substitute((self,), {k.payload: v for k, v in parts.items()})[0]
        return replaced(self, parts)

    def _sympy_(self) -> SympyLike:
        return rim("sympy").to_sympy(self)

    def __str__(self) -> str:
        return text(self)

    def __repr__(self) -> str:
        return f"Term({self})"

    def __reduce__(self) -> tuple[Callable[..., Term], tuple[str, Payload, tuple[Term, ...]]]:
        payload = (
            ("q", int(self.payload.p), int(self.payload.q))
            if self.op == "rational"
            else self.payload
        )
        return _rebuild, (self.op, payload, self.args)


@dataclass(frozen=True)
class Binder:
    """The bound part of `Integral(body, (name, a, b))` or `Sum(body, (name, a, b))`."""

    name: str
    body: Term


TermLike: TypeAlias = Term | ExactLike | HasTerm | SympyLike
"""An expression given by a user, as `term` reads it; a text is a number: `"0.1"` or `"1/3"`."""

TextOrTerm: TypeAlias = str | TermLike
"""The same, but a text is any expression, read by the parser: `"x**2 + 1/3"`."""


_interned: WeakValueDictionary[tuple[str, Payload, tuple[Term, ...]], Term] = WeakValueDictionary()


def _make(op: str, payload: Payload, args: tuple[Term, ...] = ()) -> Term:
    # flint's numbers cannot be hashed while Python shuts down, so their key is made of ints
    key = (op, (int(payload.p), int(payload.q)) if op == "rational" else payload, args)
    found = _interned.get(key)
    if found is not None:
        return found
    made = Term()
    made.op, made.payload, made.args = op, payload, args
    if op == "symbol":
        made.free = frozenset((payload,))
    else:
        made.free = frozenset().union(*(a.free for a in args))
        if isinstance(payload, Binder):
            made.free |= payload.body.free - {payload.name}
    _interned[key] = made
    return made


def _rebuild(op: str, payload: Payload, args: tuple[Term, ...]) -> Term:
    return _make(op, fmpq(payload[1], payload[2]) if op == "rational" else payload, args)


def number(value: ExactLike) -> Term:
    """The rational constant `value` (see `rational` for what is accepted)."""
    return _make("rational", rational(value))


def symbol(name: str) -> Term:
    """The variable `name`."""
    return _make("symbol", name)


def constant(name: str) -> Term:
    """`pi` or `E`."""
    if name not in ("pi", "E"):
        raise BoundcheckError(f"{name!r} is not a constant of the grammar; there are pi and E")
    return _make("constant", name)


def term(value: TermLike) -> Term:
    """A term from a term, an exact number, a sympy expression, or an object that
    knows its term (`__term__`)."""
    if isinstance(value, Term):
        return value
    if hasattr(value, "__term__"):
        known: Term = value.__term__()
        return known
    if hasattr(value, "free_symbols"):  # numbers of sympy, too: x/x arrives as 1
        read: Term = rim("sympy").from_sympy(value)
        return read
    return number(value)


def is_symbolic(value: object) -> bool:
    """Whether a value is a term, or an expression of sympy that is no rational number."""
    return isinstance(value, Term) or (
        hasattr(value, "free_symbols") and not getattr(value, "is_Rational", False)
    )


def is_number(t: Term, value: int | None = None) -> bool:
    """Whether `t` is a rational constant (equal to `value`, where one is given)."""
    return t.op == "rational" and (value is None or t.payload == value)


def _foldable(a: Term, b: Term) -> bool:
    """Whether both are numbers, small enough that a long chain of operations stays small."""
    return (
        is_number(a)
        and is_number(b)
        and a.payload.height_bits() + b.payload.height_bits() <= _FOLD_BITS
    )


def add(a: Term, b: Term) -> Term:
    if _foldable(a, b):
        return number(a.payload + b.payload)
    if is_number(a, 0):
        return b
    return a if is_number(b, 0) else _make("add", None, (a, b))


def sub(a: Term, b: Term) -> Term:
    if _foldable(a, b):
        return number(a.payload - b.payload)
    return a if is_number(b, 0) else _make("sub", None, (a, b))


def mul(a: Term, b: Term) -> Term:
    """The product; `0*a` is kept, since `a` may be undefined somewhere."""
    if _foldable(a, b):
        return number(a.payload * b.payload)
    if is_number(a, 1):
        return b
    return a if is_number(b, 1) else _make("mul", None, (a, b))


def div(a: Term, b: Term) -> Term:
    if _foldable(a, b) and b.payload != 0:
        return number(a.payload / b.payload)
    return a if is_number(b, 1) else _make("div", None, (a, b))


def neg(a: Term) -> Term:
    return number(-a.payload) if is_number(a) else _make("neg", None, (a,))


def power(a: Term, b: Term) -> Term:
    """`a**b`; an integer exponent written as a number means repeated multiplication."""
    if is_number(a) and is_number(b) and b.payload.q == 1 and (a.payload != 0 or b.payload >= 0):
        exponent = int(b.payload.p)
        if abs(exponent) * max(1, a.payload.height_bits()) <= _FOLD_BITS:
            return number(a.payload**exponent)
    return a if is_number(b, 1) else _make("pow", None, (a, b))


def call(name: str, *args: Term) -> Term:
    """A function of the grammar; `Min` and `Max` take any number of arguments."""
    if name not in FUNCTIONS:
        raise BoundcheckError(
            f"unknown function {name!r}; the grammar has {', '.join(sorted(FUNCTIONS))}"
        )
    if name in ("Min", "Max"):
        if not args:
            raise BoundcheckError(f"{name}() needs at least one argument")
        folded = args[0]
        for other in args[1:]:
            folded = _make("call", name, (folded, other))
        return folded
    if len(args) != FUNCTIONS[name]:
        raise BoundcheckError(f"{name} takes {FUNCTIONS[name]} argument, not {len(args)}")
    return _make("call", name, args)


def activate(activation: HasParameters, t: Term) -> Term:
    """`activation` applied to `t`; its parameters become operands, so they may be symbols."""
    return _make("activate", type(activation), (t, *(term(p) for p in activation.parameters)))


def integral(body: Term, name: str, lower: Term, upper: Term) -> Term:
    """`Integral(body, (name, lower, upper))`."""
    return _make("integral", Binder(name, body), (lower, upper))


def summation(body: Term, name: str, lower: Term, upper: Term) -> Term:
    """`Sum(body, (name, lower, upper))` over the integers from `lower` to `upper`."""
    return _make("sum", Binder(name, body), (lower, upper))


def postorder(*roots: Term, done: Container[Term] = ()) -> Iterator[Term]:
    """Every node below `roots` once, operands first: the straight-line program.

    Nodes in `done`, and what is only below them, are left out.
    """
    count = 0
    for node in walk(*roots, done=done):
        count += 1
        if count == _NODES:
            spend(1.5 * _NODES)
            count = 0
        yield node
    spend(2 + 1.5 * count)


def walk(*roots: Term, done: Container[Term] = ()) -> Iterator[Term]:
    """As `postorder`, without accounting for the work."""
    seen: set[Term] = set()
    stack: list[tuple[Term, bool]] = [(r, False) for r in reversed(roots) if r not in done]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((a, False) for a in reversed(node.args) if a not in seen and a not in done)


def program(root: Term) -> tuple[Term, ...]:
    """`postorder(root)`, for a term that is evaluated at many points; the
    last ones are remembered."""
    nodes = _program(root)
    spend(2 + 0.2 * len(nodes))
    return nodes


@lru_cache(maxsize=512)
def _program(root: Term) -> tuple[Term, ...]:
    return tuple(walk(root))


def rebuild(node: Term, args: tuple[Term, ...]) -> Term:
    """`node` with other operands."""
    makers: dict[str, Callable[..., Term]] = {
        "add": add,
        "sub": sub,
        "mul": mul,
        "div": div,
        "neg": neg,
        "pow": power,
    }
    if node.op in makers:
        return makers[node.op](*args)
    return _make(node.op, node.payload, args)


def replaced(root: Term, values: Mapping[Term, Term]) -> Term:
    """`root` with some of its sub-terms replaced by others; those in bodies of sums stay."""
    done: dict[Term, Term] = dict(values)
    for node in postorder(root, done=done):
        done[node] = rebuild(node, tuple(done[a] for a in node.args)) if node.args else node
    return done[root]


def rebuild_node(op: str, payload: Payload, args: tuple[Term, ...]) -> Term:
    """The node of an operation that is known by its name, without folding numbers."""
    return _make(op, payload, args)


def substitute(roots: Iterable[Term], values: dict[str, Term]) -> tuple[Term, ...]:
    """`roots` with symbols replaced; a bound name is never captured.

    Raises:
        BoundcheckError: a replacement contains a name that is bound where it would be put.
    """
    return _substituted(tuple(roots), values, {})


def _substituted(
    roots: tuple[Term, ...], values: dict[str, Term], known: dict[frozenset[str], dict[Term, Term]]
) -> tuple[Term, ...]:
    """Bodies may be shared, too: for each set of names that is replaced, what has
    become of the nodes so far."""
    done = known.setdefault(frozenset(values), {})
    for node in postorder(*roots, done=done):
        if not node.free & values.keys():
            done[node] = node
        elif node.op == "symbol":
            done[node] = values[node.payload]
        elif isinstance(node.payload, Binder):
            binder = node.payload
            inner = {k: v for k, v in values.items() if k != binder.name and k in binder.body.free}
            for name, value in inner.items():
                if binder.name in value.free:
                    raise BoundcheckError(
                        f"{name} cannot be replaced by {value}: {binder.name} is bound there; "
                        "rename the bound variable"
                    )
            (body,) = _substituted((binder.body,), inner, known)
            done[node] = _make(
                node.op, Binder(binder.name, body), tuple(done[a] for a in node.args)
            )
        else:
            done[node] = rebuild(node, tuple(done[a] for a in node.args))
    return tuple(done[r] for r in roots)


OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""The negation of an inequality sign."""


@dataclass(frozen=True)
class Relation:
    """`left op right` with op one of `<`, `<=`, `>`, `>=`, `==`."""

    left: Term
    op: str
    right: Term

    @property
    def free(self) -> frozenset[str]:
        return self.left.free | self.right.free

    @property
    def strict(self) -> bool:
        return self.op in ("<", ">")

    def gap(self) -> Term:
        """The term that has to be >= 0, > 0 or == 0."""
        return sub(self.right, self.left) if self.op in ("<", "<=") else sub(self.left, self.right)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"the relation {self} has no truth value; a chain such as 0 < x < 1 has to be written "
            "as two relations"
        )

    def subs(self, values: dict[str, Term]) -> Relation:
        left, right = substitute((self.left, self.right), values)
        return Relation(left, self.op, right)

    def __str__(self) -> str:
        return f"{self.left} {self.op} {self.right}"
