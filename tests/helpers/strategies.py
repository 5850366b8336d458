"""What the property tests draw from."""

import itertools

from flint import fmpq
from hypothesis import strategies as st

from boundcheck import LeakyReLU, Network, ReLU, SignReLU
from boundcheck.exact.terms import term as t
from boundcheck.exact.terms.rational import fraction

SPECIAL = [
    fmpq(0),
    fmpq(1),
    fmpq(-1),
    fmpq(1, 2),
    fmpq(-1, 2),
    fmpq(2),
    fmpq(1, 10**9),
    fmpq(-(10**9)),
    fmpq(1, 3),
]


def rationals(bound: int = 50):
    """Small rationals, with the special ones often."""
    plain = st.builds(fmpq, st.integers(-bound, bound), st.integers(1, 12))
    return st.one_of(st.sampled_from(SPECIAL), plain)


def terms(names=("x", "y"), functions=(), max_leaves=12, division=True):
    """Random expressions over + - * / and small powers, Abs, Min, Max, activations and
    `functions`."""
    leaves = st.one_of(rationals(5).map(t.number), st.sampled_from(names).map(t.symbol))

    def grow(inner):
        pairs = st.tuples(inner, inner)
        made = [
            pairs.map(lambda p: t.add(*p)),
            pairs.map(lambda p: t.sub(*p)),
            pairs.map(lambda p: t.mul(*p)),
            inner.map(t.neg),
            st.tuples(inner, st.integers(0, 3)).map(lambda p: t.power(p[0], t.number(p[1]))),
            inner.map(lambda a: t.call("Abs", a)),
            pairs.map(lambda p: t.call("Min", *p)),
            pairs.map(lambda p: t.call("Max", *p)),
            inner.map(lambda a: t.activate(SignReLU(), a)),
            inner.map(lambda a: t.activate(SignReLU(3), a)),
            inner.map(lambda a: t.activate(ReLU(), a)),
            inner.map(lambda a: t.activate(LeakyReLU("1/10"), a)),
        ]
        if division:
            made.append(pairs.map(lambda p: t.div(*p)))
        if functions:
            made.append(st.tuples(st.sampled_from(functions), inner).map(lambda p: t.call(*p)))
        return st.one_of(made)

    return st.recursive(leaves, grow, max_leaves=max_leaves)


@st.composite
def networks(draw, depth=2, activation=None):
    sizes = [draw(st.integers(1, 3)) for _ in range(depth + 2)]
    layers = [
        (
            [[fraction(draw(rationals(4))) for _ in range(m)] for _ in range(n)],
            [fraction(draw(rationals(4))) for _ in range(n)],
        )
        for m, n in itertools.pairwise(sizes)
    ]
    return Network.from_layers(layers, activation or SignReLU(draw(st.sampled_from([1, 2, "1/3"]))))
