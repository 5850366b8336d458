"""The networks of the ratio theorem: their depths and widths, for every width n of the shallow
layer and every dimension.

A shallow layer of n neurons gives g2 and g1, a layer of clips brings them to [c, C] and [-B, B],
a division gate divides, and an output clip to [-b, b] is needed for some of the bounds; B = bC.
Depth counts hidden layers.
"""

import itertools
from contextlib import ExitStack

from boundcheck import Reading, symbols, theorem
from boundcheck.math import Abs, Max
from boundcheck.theorems.author.words import Forall, ThereIs, depth, signrelu, value, width
from boundcheck.theorems.language.sorts import REAL

SOURCE = (
    "arXiv:2601.21242 claims depth 7 and width O(n+9); the network and its exact sizes are "
    "derived here"
)


def clip(low, high, M, v):
    """The clip gate of scale M at v."""
    return low + signrelu(M * (v - low)) / M - signrelu(M * (v - high)) / M


class Behind:
    """Networks behind a network A with one hidden layer of at most n neurons."""

    def __init__(self, t):
        self.t = t
        self.b, self.c, self.C, self.M = t.real("b c C M")
        self.n, self.x = t.nat("n"), t.sequence("x", REAL)
        self.N, self.A = t.network("N A", "signrelu")
        self.bounds = t.given(self.b >= 0, self.c > 0, self.c <= self.C, self.M > 0)
        self.deep, self.wide = t.given(depth(self.A).eq(1), width(self.A) <= self.n)
        self.B = self.b * self.C
        t.show(self.B >= 0, by=self.bounds)
        t.show(-self.B <= self.B, by=self.bounds)
        *_, self.inside = t.use("ratio.smooth_clip_costs_little")

    def named(self, layers, output, domain=()):
        """There is a network with so many hidden layers and this output."""
        computes = Forall(self.x, value(self.N, 0, self.x).eq(output), given=domain)
        size = depth(self.N).eq(layers), width(self.N) <= Max(self.n, 4)
        return ThereIs(self.N, *size, computes)

    def bare(self):
        """The division gate on the outputs of A, where they lie on its box."""
        t, y, z = self.t, value(self.A, 0, self.x), value(self.A, 1, self.x)
        with t.obtain(t.use("division.division_behind", {"B": self.B}), "D") as gate:
            D, (deeper, wider, _) = gate.value, gate.facts
            t.show(depth(D).eq(3), by=[self.deep, deeper])
            t.show(width(D) <= Max(self.n, 4), by=[self.wide, wider])
            t.witness(self.named(3, z / y, [self.c <= y, y <= self.C, Abs(z) <= self.B]), D)
        return gate.fact

    def clipped(self, gate, output_clip, names):
        """A division gate between clips, and an output clip where it is asked for."""
        t, x, layers = self.t, self.x, []
        y, z = value(self.A, 0, x), value(self.A, 1, x)
        with ExitStack() as scopes:

            def put(name, theorem, base, **values):
                found = t.use(theorem, {"A": base, **values})
                layers.append(scopes.enter_context(t.obtain(found, name)))
                return layers[-1]

            ends = {"a": self.c, "b": self.C, "c": -self.B, "C": self.B}
            clips = put(names[0], "clipping.clips_behind", self.A, **ends)
            first, second = clips.facts[2:]
            division = put(names[1], gate, clips.value, B=self.B)
            with t.let(x) as last:
                lower = t.rewrite(t.symmetric(first(x)), self.inside(self.c, self.C, self.M, y))
                upper = t.rewrite(t.symmetric(second(x)), self.inside(-self.B, self.B, self.M, z))
                t.show(Abs(value(clips.value, 1, x)) <= self.B, by=upper)
                quotient = division.facts[2](x, by=[lower, upper])
                t.rewrite(second(x), t.rewrite(first(x), quotient))
            if output_clip:
                ends = {"c": -self.b, "C": self.b}
                out, before = (
                    put(names[2], "clipping.clip_behind", division.value, **ends),
                    last.fact,
                )
                with t.let(x) as last:
                    t.rewrite(before(x), out.facts[2](x))
            top, sizes = layers[-1].value, [f for each in layers for f in each.facts[:2]]
            hidden = 1 + (4 if "textbook" in gate else 3) + output_clip
            t.show(depth(top).eq(hidden), by=[self.deep, *sizes])
            t.show(width(top) <= Max(self.n, 4), by=[self.wide, *sizes])
            t.witness(self.named(hidden, last.fact(x).formula.args[1]), top)
        return layers[0].fact


@theorem(source=SOURCE)
def few_layers(t):
    """3 hidden layers without clips, 4 with them, 5 with the textbook gate, one more with the
    output clip; at most max(n, 4) neurons in each."""
    new = Behind(t)
    gates = ("division.division_behind", "division_variants.textbook_behind")
    kinds = itertools.product(gates, (False, True))
    names = ("EFG", "HIJ", "KLP", "QRS")
    facts = [
        new.bare(),
        *(new.clipped(*kind, each) for kind, each in zip(kinds, names, strict=True)),
    ]
    return t.together(*facts)


@theorem(
    source=SOURCE,
    label="P",
    reading=Reading(
        "P2",
        "the architecture: 7 hidden layers, a shallow layer of n neurons; the bound is the width",
        Max(symbols("n"), 4),
    ),
)
def depth_seven(t):
    """Some networks with exactly 7 hidden layers, and of width max(n, 4) <= n + 9 at most, have the
    quotient of the clipped outputs of A as their output, and the same with the output clip. Depth 7
    is not needed: see `few_layers`."""
    new = Behind(t)
    values = {"mass": new.C}
    plain = t.use("ratio_networks.quotient", values)
    clipped = t.use("ratio_networks.clipped_quotient", values)
    return t.together(plain, clipped, t.show(Max(new.n, 4) <= new.n + 9))
