"""Exact zero test for closed algebraic expressions, by a separation bound.

Write E = U/L with U and L algebraic integers, following the operations: an integer n is n/1,
sums and products as for fractions, a k-th root is root(U)/root(L), and sin, cos, tan of rational
multiples of pi are quotients of sums of roots of unity. Let u and l bound |U| and |L| together with
all their conjugates, and let D bound the degree of a field that contains U: the product of k² over
the distinct k-th roots and of the order of the root of unity. If E is not zero, the norm of U is a
non-zero integer, so |U| >= u^(1-D), and |E| = |U|/|L| >= 1/(u^(D-1) l). A ball that contains 0 and
is smaller proves E = 0.

Where L is an integer, root(U/L) = root(U L^(k-1))/|L| adjoins one root instead of two,
and costs a factor k instead of k². That is so below roots as long as nothing is divided
by an irrational number.

(The bound of Burnikel, Fleischer, Mehlhorn and Schirra, Algorithmica 27, 2000, with roots of unity
added; the argument above is complete.)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

from flint import arb, fmpq

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.forms import expanded
from boundcheck.exact.algebra.normal import normal
from boundcheck.exact.algebra.rational_function import degree
from boundcheck.exact.cells.scene import Branch, Scene, Undefined
from boundcheck.exact.terms.term import Term, constant, postorder
from boundcheck.exact.terms.work import OutOfBudget

MAX_BITS = 60_000
_MAX_PRODUCT = 20_000


@dataclass(frozen=True)
class _Size:
    """Logarithms to base 2, rounded up, of the bounds u and l; `whole` where L (and U)
    is an integer."""

    u: int
    l: int  # noqa: E741 - the letter of the paper
    whole_l: bool = False
    whole_u: bool = False


def is_zero(root: Term) -> bool | None:
    """Whether a closed algebraic expression is exactly zero; None where the bound is out of reach.

    Raises:
        Unsupported: the expression is not algebraic in a way that this test knows.
    """
    sizes: dict[Term, _Size] = {}
    degree_bound, order = 1, 1
    hidden = _inside_waves(root)
    for node in postorder(root):
        if node.op == "constant" or node in hidden:
            continue
        wave = _turn(node) if node.op == "call" and node.payload in ("sin", "cos", "tan") else None
        if wave is not None:
            order = lcm(order, 2 * int(wave.q), 4)
            sizes[node] = _Size(1, 1)
            continue
        sizes[node], root_degree = _size(node, [sizes.get(a) for a in node.args])
        degree_bound *= root_degree
    if root not in sizes:
        raise Unsupported(f"{root} is not algebraic")
    size = sizes[root]
    separation = size.u * (degree_bound * order - 1) + size.l
    if separation > MAX_BITS:
        return None
    bits = separation + 64
    while bits <= 4 * MAX_BITS:
        try:
            value = at_point(root, {}, bits)
        except Unclear:
            bits *= 2
            continue
        if isinstance(value, fmpq):
            return bool(value == 0)
        if not value.contains(0):
            return False
        if abs(value) < fmpq(1, 2) ** separation:
            return True
        bits *= 2
    return None


def _inside_waves(root: Term) -> set[Term]:
    """Nodes that occur only as multiples of pi inside sin, cos and tan."""
    waves = [
        n
        for n in postorder(root)
        if n.op == "call" and n.payload in ("sin", "cos", "tan") and _turn(n) is not None
    ]
    inner = {m for w in waves for m in postorder(w) if m is not w}
    outer: set[Term] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in outer:
            outer.add(node)
            if node not in waves:
                stack.extend(node.args)
    return inner - outer


def _turn(node: Term) -> fmpq | None:
    """q where the argument is q*pi."""
    argument = node.args[0]
    scene = Scene((argument,), ())
    try:
        value = scene.value(argument, scene.cover(())[0])
    except (Unsupported, Branch, Undefined, OutOfBudget):
        return None
    pi = 0 if constant("pi") in scene.unknowns else None  # the only unknown here
    if len(scene.unknowns) > 1:
        return None
    if value.is_zero():
        return fmpq(0)
    if (
        pi is None
        or not value.den.is_one()
        or len(value.num) != 1
        or degree(value.num, pi) != 1
        or value.num.total_degree() != 1
    ):
        return None
    return value.num.leading_coefficient()


def _bits(n: fmpq) -> int:
    return int(abs(n).p).bit_length()


def _size(node: Term, args: list[_Size | None]) -> tuple[_Size, int]:
    """The size of a node, and the factor that it adds to the degree."""
    known = [a for a in args if a is not None]
    if len(known) != len(args):
        raise Unsupported(f"{node} is not algebraic")
    if node.op == "rational":
        q = node.payload
        return _Size(max(0, _bits(q)), int(q.q).bit_length(), True, True), 1
    if node.op == "neg":
        return known[0], 1
    if node.op == "pow":
        return _power_size(node, known[0])
    if node.op == "call" and node.payload in ("sqrt", "cbrt"):
        return _root_size(known[0], 1, 2 if node.payload == "sqrt" else 3)
    if node.op not in ("add", "sub", "mul", "div"):
        raise Unsupported(f"{node} is not algebraic")
    a, b = known
    if node.op == "div":
        b = _inverse(b)
    whole_l = a.whole_l and b.whole_l
    whole_u = a.whole_u and b.whole_u
    if node.op in ("mul", "div"):
        return _Size(a.u + b.u, a.l + b.l, whole_l, whole_u), 1
    return _Size(max(a.u + b.l, a.l + b.u) + 1, a.l + b.l, whole_l, whole_l and whole_u), 1


def _inverse(a: _Size) -> _Size:
    return _Size(a.l, a.u, a.whole_u, a.whole_l)


def _power_size(node: Term, base: _Size) -> tuple[_Size, int]:
    exponent = node.args[1]
    if exponent.op != "rational" or max(abs(exponent.payload).p, exponent.payload.q) > 64:
        raise Unsupported(f"the power {node} is not algebraic in a way that is known")
    size, factor = _root_size(base, int(abs(exponent.payload).p), int(exponent.payload.q))
    return (size if exponent.payload > 0 else _inverse(size)), factor


def _root_size(base: _Size, n: int, k: int) -> tuple[_Size, int]:
    """(U/L)^(n/k), and the degree that it adds: k for root(U^n L^(n(k-1)))/|L|^n,
    k² for root(U^n)/root(L^n)."""
    u, l = base.u * n, base.l * n  # noqa: E741
    if k == 1:
        return _Size(u, l, base.whole_l, base.whole_u), 1
    if base.whole_l:
        return _Size(-(-(u + (k - 1) * l) // k), l, whole_l=True), k
    return _Size(-(-u // k), -(-l // k)), k**2


# -- sums of arcs ----------------------------------------------------------------------------------


def arcs_cancel(root: Term) -> bool:
    """Whether a closed expression is a sum of rational multiples of atan(p/q) and of
    pi that is exactly zero.

    Times a common denominator it is S = Σ n_k atan(p_k/q_k) + n π with integers n_k, n.
    The Gaussian integer ∏ (q_k + i p_k)^n_k (with q_k - i p_k where n_k < 0) has the argument Σ n_k
    atan(p_k/q_k) modulo 2π. Where it is real S is a multiple of π, and S = 0 where
    moreover |S| < 3, by a ball.
    """
    try:
        leaves, value, _ = expanded(normal(root))
    except Unsupported:
        return False
    if value.is_zero():
        return True
    if not value.den.is_one() or value.num.total_degree() != 1:
        return False
    sums: list[tuple[Term, fmpq]] = []
    for exponents, c in value.num.terms():
        if sum(exponents) != 1:
            return False
        sums.append((leaves[list(exponents).index(1)], c))
    arcs = [(leaf, c) for leaf, c in sums if leaf is not constant("pi")]
    if not all(
        a.op == "call" and a.payload == "atan" and a.args[0].op == "rational" for a, _ in arcs
    ):
        return False
    scale = lcm(*(int(c.q) for _, c in sums))
    powers = [(a.args[0].payload, int((c * scale).p)) for a, c in arcs]
    if sum(abs(n) * q.height_bits() for q, n in powers) > _MAX_PRODUCT:
        return False
    x, y = 1, 0
    for q, n in powers:
        p = int(q.p) if n > 0 else -int(q.p)
        for _ in range(abs(n)):
            x, y = x * int(q.q) - y * p, x * p + y * int(q.q)
    try:
        return y == 0 and bool(abs(arb(at_point(root, {}, 128)) * scale) < 3)
    except Unclear:
        return False
