"""The words that theorems are written in: quantifiers, means, norms, sums, networks.

Each takes its bound variable as a symbol, as in `Mean(u, (x, pi))` or `Sum(u, (j, 1, n))`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import fraction
from boundcheck.exact.terms.term import Term, postorder
from boundcheck.theorems.language import formulas
from boundcheck.theorems.language.binding import Lambda, abstracted, closing
from boundcheck.theorems.language.expr import Expr, ExprLike, constant, expr, made, number, power
from boundcheck.theorems.language.sorts import NAT

Variables: TypeAlias = Expr | Iterable[Expr]


def Forall(variables: Variables, body: Expr, given: Iterable[Expr] = ()) -> Expr:
    """For all values of the variables for which all of `given` hold."""
    return formulas.for_all(variables, body, given)


def ThereIs(variable: Expr, *body: Expr) -> Expr:
    """There is a value of the variable with all of `body`."""
    return formulas.there_is(variable, formulas.conjunction(*body))


def And(*parts: Expr) -> Expr:
    """All of the formulas."""
    return formulas.conjunction(*parts)


def Implies(*parts: Expr) -> Expr:
    """If all but the last formula hold, so does the last."""
    return formulas.implication(parts[:-1], parts[-1])


def Exists(t: Expr) -> Expr:
    """The term exists: a mean is finite, a quotient has a divisor other than 0."""
    return formulas.defined(t)


def In(x: Expr, law: Expr) -> Expr:
    """x is a point of the set that the law lives on."""
    return formulas.member(x, law)


def LivesOn(law: Expr, x: Expr, body: Expr) -> Expr:
    """The law lives on the x with `body`."""
    return formulas.for_all(x, body, [formulas.member(x, law)])


def Mean(u: ExprLike, over: tuple[Expr, Expr]) -> Expr:
    """The mean of u over (x, law)."""
    x, law = over
    return closing("mean", x, expr(u), law)


def Prob(event: Expr, over: tuple[Expr, Expr]) -> Expr:
    """The probability of a formula over (x, law): the mean of its indicator."""
    return Mean(Ind(event), over)


def Ind(event: Expr) -> Expr:
    """1 where the formula is true and 0 where it is false."""
    return made("ind", None, (event,))


def Norm(u: ExprLike, p: ExprLike, over: tuple[Expr, Expr]) -> Expr:
    """The norm of u in L^p over (x, law)."""
    x, law = over
    return closing("norm", x, expr(u), law, expr(p))


def _range(head: str, u: ExprLike, over: tuple[Expr, ExprLike, ExprLike]) -> Expr:
    j, low, high = over
    return closing(head, j, expr(u), expr(low), expr(high))


def Sum(u: ExprLike, over: tuple[Expr, ExprLike, ExprLike]) -> Expr:
    """The sum of u over (j, a, b): j = a, ..., b."""
    return _range("sum", u, over)


def Product(u: ExprLike, over: tuple[Expr, ExprLike, ExprLike]) -> Expr:
    """The product of u over (j, a, b)."""
    return _range("product", u, over)


def Largest(u: ExprLike, over: tuple[Expr, ExprLike, ExprLike]) -> Expr:
    """The largest value of u over (j, a, b)."""
    return _range("largest", u, over)


def Smallest(u: ExprLike, over: tuple[Expr, ExprLike, ExprLike]) -> Expr:
    """The smallest value of u over (j, a, b)."""
    return _range("smallest", u, over)


def Integral(u: ExprLike, over: tuple[Expr, ExprLike, ExprLike]) -> Expr:
    """The integral of u over (t, a, b)."""
    return _range("integral", u, over)


def independent(j: Expr, law: Expr) -> Expr:
    """The law of s(0), s(1), ..., independent, s(j) drawn by law(j)."""
    return closing("independent", j, law)


def samples(law: Expr) -> Expr:
    """The law of independent s(0), s(1), ..., each drawn by the same law."""
    return made("independent", NAT, (law,), "j")


def joint(law: Expr, kernel: tuple[Expr, Expr]) -> Expr:
    """The law of pairs (X, Y), X drawn by `law` and Y by K(X); the kernel is given as (x, K(x))."""
    x, conditional = kernel
    return closing("joint", x, conditional, law)


def pair(x: Expr, y: Expr) -> Expr:
    """The pair."""
    return made("pair", None, (x, y))


def first(p: Expr) -> Expr:
    """The first half of a pair."""
    return made("first", None, (p,))


def second(p: Expr) -> Expr:
    """The second half of a pair."""
    return made("second", None, (p,))


def sequence(j: Expr, body: ExprLike) -> Expr:
    """The sequence whose place j is `body`."""
    return closing("sequence", j, expr(body))


def dot(u: Expr, v: Expr) -> Expr:
    """The inner product."""
    return made("dot", None, (u, v))


def sq(u: Expr) -> Expr:
    """The square of the norm of a vector."""
    return dot(u, u)


def natceil(t: ExprLike) -> Expr:
    """The least natural number that is at least t."""
    return made("natceil", None, (expr(t),))


def relu(t: ExprLike) -> Expr:
    """max(t, 0)."""
    return made("call", "relu", (expr(t),))


def signrelu(t: ExprLike) -> Expr:
    """t for t >= 0 and t/(1 - t) for t < 0."""
    return made("call", "signrelu", (expr(t),))


def depth(n: Expr) -> Expr:
    """The number of hidden layers of a network."""
    return made("depth", None, (n,))


def width(n: Expr) -> Expr:
    """The number of neurons of the largest hidden layer of a network."""
    return made("width", None, (n,))


def value(n: Expr, i: ExprLike, x: Expr) -> Expr:
    """The output i of a network at the input x, a sequence of numbers."""
    return made("value", None, (n, expr(i), x))


def function(variables: Variables, body: ExprLike) -> Lambda:
    """The function that takes the variables to the body."""
    names = (variables,) if isinstance(variables, Expr) else tuple(variables)
    return abstracted(names, expr(body))


_OPERATIONS = ("add", "sub", "mul", "div", "neg")


def read(formula: Term, names: Mapping[str, ExprLike]) -> Expr:
    """A formula of `boundcheck.theory` with terms in the places of its symbols.

    Raises:
        BoundcheckError: a symbol without a term, or an operation that theorems do not have.
    """
    done: dict[Term, Expr] = {}
    for node in postorder(formula):
        args = tuple(done[a] for a in node.args)
        if node.op == "rational":
            done[node] = number(fraction(node.payload))
        elif node.op == "constant":
            done[node] = constant(node.payload)
        elif node.op == "symbol":
            if node.payload not in names:
                raise BoundcheckError(f"the formula has {node.payload}, for which no term is given")
            done[node] = expr(names[node.payload])
        elif node.op in _OPERATIONS:
            done[node] = made(node.op, None, args)
        elif node.op == "pow":
            done[node] = power(*args)
        elif node.op == "call":
            done[node] = made("call", node.payload, args)
        else:
            raise BoundcheckError(f"theorems have no {node.op}")
    return done[formula]
