"""Networks as such: deeper ones of the same width and with the same values."""

from boundcheck import theorem
from boundcheck.theorems.author.words import And, Forall, ThereIs, depth, value, width
from boundcheck.theorems.language.sorts import REAL

SOURCE = "derived here"


@theorem(source=SOURCE)
def padded(t):
    """Any number of hidden layers more, of the same width, for a network that has one.

    A hidden value h is above -1, so that h = ρ(h + 1) - 1: the last layer can be repeated.
    """
    (n, i), x, (N, A) = t.nat("n i"), t.sequence("x", REAL), t.network("N A", "signrelu")
    deep = t.given(depth(A) >= 1)

    def with_more(n):
        same = Forall([i, x], value(N, i, x).eq(value(A, i, x)))
        return ThereIs(N, depth(N).eq(depth(A) + n), width(N).eq(width(A)), same)

    with (
        t.induct(with_more(n), n, base=t.witness(with_more(0), A)) as deeper,
        t.obtain(deeper.hypothesis, "B") as before,
    ):
        B = before.value
        hidden = t.show(depth(B) >= 1, by=[before.facts[0], deep])
        with t.obtain(t.derive("pad", hidden, base=B), "C") as after:
            C = after.value
            size = And(depth(C).eq(depth(A) + (n + 1)), width(C).eq(width(A)))
            t.show(size, by=[*before.facts[:2], *after.facts[:2]])
            with t.let(i, x):
                t.rewrite(before.facts[2](i, x), after.facts[2](i, x))
            t.witness(with_more(n + 1), C)
    return deeper.fact
