"""Rules for networks: what there is, by layers.

A network of an activation rho has finitely many hidden layers, each of finitely many neurons
rho(affine form in finitely many values of the layer before, or of the input x(0), x(1), ...), and
outputs 0, 1, 2, ..., each an affine form in finitely many values of the last layer. `depth` is the
number of hidden layers, `width` the largest number of neurons of one (0 without any), and
`value(N, i, x)` the output i at the input x. Weights are real numbers.
"""

from __future__ import annotations

from boundcheck.theorems.kernel.existence import exists, fresh, known_from, total
from boundcheck.theorems.kernel.sequent import Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.binding import Lambda, closing
from boundcheck.theorems.language.expr import Expr, made, number
from boundcheck.theorems.language.formulas import conjunction, for_all, there_is
from boundcheck.theorems.language.sorts import NAT, REAL, network, seq

ONE = number(1)


def depth(n: Expr) -> Expr:
    """The number of hidden layers."""
    return made("depth", None, (n,))


def width(n: Expr) -> Expr:
    """The number of neurons of the largest hidden layer."""
    return made("width", None, (n,))


def value(n: Expr, i: Expr, x: Expr) -> Expr:
    """The output i at the input x."""
    return made("value", None, (n, i, x))


def _weights(known: tuple[Theorem, ...], *functions: tuple[Lambda, int]) -> None:
    terms = known_from(known)
    for f, count in functions:
        demand(
            f.sorts == (NAT,) * count, lambda: f"weights are numbered by {count} natural numbers"
        )
        demand(total(f, known, terms), lambda: f"that the weights {f.body!r} exist is not shown")


def _network(*networks: Expr) -> str:
    for n in networks:
        demand(n.sort.kind == "network", lambda: f"{n!r} is no network")
        demand(n.sort == networks[0].sort, "the two networks have different activations")
        demand(exists(n), lambda: f"that {n!r} exists is not shown")
    return networks[0].sort.name


def _number(t: Expr, known: tuple[Theorem, ...]) -> None:
    demand(t.sort == NAT, lambda: f"{t!r} is no natural number")
    demand(exists(t, known_from(known)), lambda: f"that {t!r} exists is not shown")


@rule
def input_network(*, activation: str) -> Sequent:
    """There is N with depth(N) == 0, width(N) == 0 and value(N, i, x) == x(i) for all i and x.

    No hidden layer; output i is the affine form x(i).
    """
    new = fresh(network(activation), ())
    i = fresh(NAT, (new,))
    x = fresh(seq(REAL), (new, i))
    values = for_all((i, x), value(new, i, x).eq(x(i)))
    return Sequent((), there_is(new, conjunction(depth(new).eq(0), width(new).eq(0), values)))


def _row(
    base: Expr, ends: tuple[Expr, Expr], x: Expr, weight: Lambda, offset: Expr, *place: Expr
) -> Expr:
    """offset + Sum(weight(place, k)*value(base, k, x), (k, a, b))."""
    k = fresh(NAT, (base, *ends, x, weight.body, offset, *place))
    term = weight(*place, k) * value(base, k, x)
    return offset + closing("sum", k, term, *ends, hint="k")


@rule
def hidden_layer(
    *known: Theorem,
    base: Expr,
    inputs: Expr,
    neurons: Expr,
    weights: Lambda,
    biases: Lambda,
    outer: Lambda,
    offsets: Lambda,
    first: Expr = ONE,
) -> Sequent:
    """There is N with depth(N) == depth(base) + 1, width(N) == Max(width(base), n), and for all i
    and x value(N, i, x) == offset(i) + Sum(outer(i, j)*rho(bias(j) + Sum(weight(j, k)*value(base,
    k, x), (k, a, m))), (j, 1, n)).

    One more hidden layer of n neurons on the outputs a..m of the base, which are finitely many
    affine forms in its last layer: so are the arguments of rho. `first` is a, 1 where it is not
    given. All weights exist.
    """
    activation = _network(base)
    _number(first, known)
    _number(inputs, known)
    _number(neurons, known)
    _weights(known, (weights, 2), (biases, 1), (outer, 2), (offsets, 1))
    avoid = [base, first, inputs, neurons]
    avoid += [f.body for f in (weights, biases, outer, offsets)]
    new = fresh(network(activation), avoid)
    i = fresh(NAT, (new, *avoid))
    x = fresh(seq(REAL), (i, new, *avoid))
    j = fresh(NAT, (i, x, new, *avoid))
    neuron = made("call", activation, (_row(base, (first, inputs), x, weights, biases(j), j),))
    whole = offsets(i) + closing("sum", j, outer(i, j) * neuron, ONE, neurons, hint="j")
    found = conjunction(
        depth(new).eq(depth(base) + 1),
        width(new).eq(made("call", "Max", (width(base), neurons))),
        for_all((i, x), value(new, i, x).eq(whole)),
    )
    return Sequent(all_hyps(known), there_is(new, found))


@rule
def readout(
    *known: Theorem,
    base: Expr,
    inputs: Expr,
    outer: Lambda,
    offsets: Lambda,
    first: Expr = ONE,
) -> Sequent:
    """There is N with the depth and the width of the base, and for all i and x
    value(N, i, x) == offset(i) + Sum(outer(i, k)*value(base, k, x), (k, a, m)).

    Affine forms of affine forms in the last layer. `first` is a, 1 where it is not given. All
    weights exist.
    """
    activation = _network(base)
    _number(first, known)
    _number(inputs, known)
    _weights(known, (outer, 2), (offsets, 1))
    avoid = (base, first, inputs, outer.body, offsets.body)
    new = fresh(network(activation), avoid)
    i = fresh(NAT, (new, *avoid))
    x = fresh(seq(REAL), (i, new, *avoid))
    found = conjunction(
        depth(new).eq(depth(base)),
        width(new).eq(width(base)),
        for_all((i, x), value(new, i, x).eq(_row(base, (first, inputs), x, outer, offsets(i), i))),
    )
    return Sequent(all_hyps(known), there_is(new, found))


@rule
def pad(deep: Theorem, *, base: Expr) -> Sequent:
    """From depth(base) >= 1: there is N with one more hidden layer, the same width and the same
    values.

    The last hidden layer is repeated: its values h are above -1 (ReLU: at least 0), so that
    h = rho(h + 1) - 1 (ReLU: h = rho(h)).
    """
    activation = _network(base)
    demand(deep.concl == (depth(base) >= 1), lambda: f"{deep.concl!r} is not {depth(base) >= 1!r}")
    new = fresh(network(activation), (base,))
    i = fresh(NAT, (new, base))
    x = fresh(seq(REAL), (i, new, base))
    found = conjunction(
        depth(new).eq(depth(base) + 1),
        width(new).eq(width(base)),
        for_all((i, x), value(new, i, x).eq(value(base, i, x))),
    )
    return Sequent(deep.hyps, there_is(new, found))


@rule
def beside(same: Theorem, *, first: Expr, second: Expr) -> Sequent:
    """From depth(A) == depth(B): there is N of that depth, with width(N) <= width(A) + width(B) and
    for all i and x value(N, 2*i, x) == value(A, i, x), value(N, 2*i + 1, x) == value(B, i, x).

    Layer by layer side by side, on the same input; a layer has at most as many neurons as the
    largest layers of both.
    """
    activation = _network(first, second)
    demand(same.concl == depth(first).eq(depth(second)), lambda: f"{same.concl!r}: other depths")
    new = fresh(network(activation), (first, second))
    i = fresh(NAT, (new, first, second))
    x = fresh(seq(REAL), (i, new, first, second))
    even, odd = number(2) * i, number(2) * i + 1
    found = conjunction(
        depth(new).eq(depth(first)),
        width(new) <= width(first) + width(second),
        for_all((i, x), value(new, even, x).eq(value(first, i, x))),
        for_all((i, x), value(new, odd, x).eq(value(second, i, x))),
    )
    return Sequent(same.hyps, there_is(new, found))
