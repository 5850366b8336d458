"""The networks of the ratio theorem: depths and widths, for every width n of the shallow
layer and every dimension d.

A shallow layer of n neurons gives g1 and g2, a layer of clips brings them to [-B, B] and [c, C],
a division gate divides, and an output clip to [-b, b] is needed for some of the bounds.
Depth counts hidden layers.
"""

from boundcheck import Reading, Shape, claim, gates, shape, symbols, uses
from boundcheck.math import Max

SOURCE = (
    "arXiv:2601.21242 claims depth 7 and width O(n+9); the network and its exact sizes are "
    "derived here"
)

b, c, s, B, C, M, d, n = symbols("b c s B C M d n")
SIZES = [n >= 1, d >= 1]

SHALLOW = Shape.of(d, [n], 2)
CLIPS = gates.clip(c, C, M).beside(gates.clip(-B, B, M)).shape
COMPACT, TEXTBOOK = gates.division(c, C, B, s).shape, gates.division_textbook(c, C, B, s).shape
OUTPUT_CLIP = gates.clip(-b, b, M).shape
CLIPPED, CLIPPED_TEXTBOOK = SHALLOW.then(CLIPS).then(COMPACT), SHALLOW.then(CLIPS).then(TEXTBOOK)


@claim(source=SOURCE)
def few_layers():
    """3 hidden layers without clips, 4 with them, 5 with the textbook gate, one
    more with the output clip."""
    yield shape(SHALLOW.then(COMPACT), depth=3, widths=(n, 4, 2), inputs=d, outputs=1, given=SIZES)
    yield shape(
        CLIPPED, depth=4, affine_maps=5, widths=(n, 4, 4, 2), inputs=d, outputs=1, given=SIZES
    )
    yield shape(CLIPPED.then(OUTPUT_CLIP), depth=5, widths=(n, 4, 4, 2, 2), given=SIZES)
    yield shape(CLIPPED_TEXTBOOK, depth=5, widths=(n, 4, 2, 4, 2), given=SIZES)
    yield shape(CLIPPED_TEXTBOOK.then(OUTPUT_CLIP), depth=6, widths=(n, 4, 2, 4, 2, 2), given=SIZES)


@claim(
    source=SOURCE,
    label="P",
    reading=Reading(
        "P2",
        "the architecture: 7 hidden layers, the first of n neurons; the bound is the width",
        Max(n, 4),
    ),
)
def depth_seven():
    """Each of them padded has a depth of exactly 7 and the width max(n, 4) <= n + 9.
    Depth 7 is not needed.

    Padding changes no value: h = ρ(h + 1) - 1 for the values h of a hidden
    layer, which are above -1.
    """
    yield uses("activation.padding")
    yield uses("activation.bounded_below")
    for network in (
        CLIPPED,
        CLIPPED.then(OUTPUT_CLIP),
        CLIPPED_TEXTBOOK,
        CLIPPED_TEXTBOOK.then(OUTPUT_CLIP),
    ):
        yield shape(
            network.padded(7),
            depth=7,
            width=Max(n, 4),
            max_width=n + 9,
            inputs=d,
            outputs=1,
            given=SIZES,
        )
