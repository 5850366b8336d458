"""Gates: SignReLU networks that compute 1/x, x², xy, y/x and a clip exactly on their domain.

arXiv:2601.21242 claims a division gate; its form there is not known here, and all gates below are
derived. Every claim holds for all values of the parameters, which are symbols.
"""

from boundcheck import (
    Box,
    Q,
    claim,
    fails,
    gates,
    identity,
    inequality,
    shape,
    symbols,
    uses,
)
from boundcheck.math import Max, Min, oo

SOURCE = "derived here"
DIVISION = "arXiv:2601.21242 claims a division gate; this form is derived here"

c, C, B, s = symbols("c C B s")
x, y = symbols("x y")
ORDERED = [c > 0, c <= C, B >= 0]
RECTANGLE = Box(x=(c, C), y=(-B, B))


@claim(source=SOURCE)
def identity_gate(B, t, a):
    """t = ρ_α(t + B) - B for t >= -B, with one neuron."""
    gate = gates.identity(B, a)
    yield identity(gate(t), t, on=Box(B=(-oo, oo), t=(-B, oo)), given=[a > 0])
    yield shape(gate, depth=1, widths=(1,))


@claim(source=SOURCE)
def reciprocal_gate(c, t, a):
    """1/t = (1 + ρ_α(1 - t/c)/α)/c for t >= c > 0, with one neuron."""
    gate = gates.reciprocal(c, a)
    yield identity(gate(t), 1 / t, on=Box(t=(c, oo)), given=[a > 0, c > 0])
    yield shape(gate, depth=1, widths=(1,))


@claim(source=SOURCE)
def reciprocal_constant_is_largest(c, k, t):
    """A reciprocal neuron with a constant above c gives less than 1/c at t = c."""
    given = [c > 0, k > c]
    yield inequality(gates.reciprocal(k)(c), "<", 1 / c, given=given)
    yield fails(
        identity(gates.reciprocal(k)(t), 1 / t, on=Box(t=(c, oo)), given=given),
        at={t: c},
        given=given,
    )


@claim(source=SOURCE)
def square_gate(s, W, w):
    """w² = s² - 2s/(1/(s+w) + 1/(s-w)) for |w| <= W < s, with hidden widths 2, 1."""
    gate = gates.square(s, W)
    yield identity(gate(w), w**2, on=Box(w=(-W, W)), given=[W >= 0, s > W])
    yield shape(gate, depth=2, widths=(2, 1))
    yield inequality(
        1 / (s + w) + 1 / (s - w), ">=", 2 / s, on=Box(w=(-W, W)), given=[W >= 0, s > W]
    )


@claim(source=SOURCE)
def product_gate(s, W, x, y):
    """xy for |x+y| <= 2W, |x-y| <= 2W, W < s, with hidden widths 4, 2."""
    gate = gates.product(s, W)
    diamond = [W >= 0, s > W, x + y <= 2 * W, x + y >= -2 * W, x - y <= 2 * W, x - y >= -2 * W]
    yield identity(gate(x, y), x * y, on=Box(x=(-oo, oo), y=(-oo, oo)), given=diamond)
    yield shape(gate, depth=2, widths=(4, 2))


@claim(source=SOURCE)
def product_gate_on_rectangles(X, Y, s):
    """xy for |x| <= X, |y| <= Y: the product gate with W = (X+Y)/2."""
    gate = gates.product(s, (X + Y) / 2)
    yield identity(
        gate(x, y), x * y, on=Box(x=(-X, X), y=(-Y, Y)), given=[X >= 0, Y >= 0, s > (X + Y) / 2]
    )


@claim(source=DIVISION)
def division_gate():
    """y/x for c <= x <= C, |y| <= B, with six neurons in hidden widths 4, 2; any s > B + C."""
    gate = gates.division(c, C, B, s)
    yield identity(gate(x, y), y / x, on=RECTANGLE, given=[*ORDERED, s > B + C])
    yield shape(gate, depth=2, widths=(4, 2))


@claim(source=SOURCE)
def division_gate_constants(e):
    """The constants of the division gate's reciprocals are the exact minima of their
    arguments: none may be larger."""
    given = [*ORDERED, s > B + C]
    arguments = [
        s + y,
        s + y + x,
        s - y - x,
        s - y,
        1 / (s + y) - 1 / (s + y + x),
        1 / (s - y - x) - 1 / (s - y),
    ]
    corners = [(c, -B), (c, -B), (C, B), (c, B), (c, B), (c, -B)]
    for k, (argument, constant, (at_x, at_y)) in enumerate(
        zip(arguments, gates.division_constants(c, C, B, s), corners, strict=True)
    ):
        if k not in (0, 3):  # s + y, s - y >= s - B is the range of y
            yield inequality(argument, ">=", constant, on=RECTANGLE, given=given)
        if k != 2:  # s - B - C > 0 is a hypothesis
            yield inequality(constant, ">", 0, given=given)
        larger = inequality(argument, ">=", constant + e, on=RECTANGLE, given=[*given, e > 0])
        yield fails(larger, at={x: at_x, y: at_y}, given=[*given, e > 0])


@claim(source=SOURCE)
def division_gate_constants_are_largest(v, e):
    """With any of the six constants larger, the gate is wrong at the corner where
    that constant is attained.

    First layer: a larger constant makes the neuron's value v smaller than the reciprocal
    that it should be (reciprocal_constant_is_largest), and whatever smaller value it
    is, the output is wrong.
    """
    yield uses("gates.reciprocal_constant_is_largest")
    given = [*ORDERED, B > 0, s > B + C]
    tight = gates.division_constants(c, C, B, s)
    corners = [(c, -B), (c, -B), (C, B), (c, B), (c, B), (c, -B)]
    for k, sign in enumerate([">", "<", "<", ">"]):
        at_x, at_y = corners[k]
        values = [1 / (s + at_y), 1 / (s + at_y + at_x), 1 / (s - at_y - at_x), 1 / (s - at_y)]
        right, values[k] = values[k], v
        first = gates.reciprocal(tight[4])(values[0] - values[1])
        second = gates.reciprocal(tight[5])(values[2] - values[3])
        yield inequality(
            (first - second) / (4 * s) - Q(1, 2), sign, at_y / at_x, given=[*given, v < right]
        )
    for k in (4, 5):
        larger = [*tight[:k], tight[k] * (1 + e), *tight[k + 1 :]]
        gate = gates.division(c, C, B, s, larger)
        wrong = identity(gate(x, y), y / x, on=RECTANGLE, given=[*given, e > 0])
        yield fails(wrong, at=dict(zip((x, y), corners[k], strict=True)), given=[*given, e > 0])


@claim(source=DIVISION)
def division_gate_textbook():
    """y/x as y·(1/x): reciprocal beside identity, then the product gate; widths 2,
    4, 2, any s > (B + 1/c)/2."""
    gate = gates.division_textbook(c, C, B, s)
    yield identity(gate(x, y), y / x, on=RECTANGLE, given=[*ORDERED, s > (B + 1 / c) / 2])
    yield shape(gate, depth=3, widths=(2, 4, 2))


@claim(source=SOURCE)
def padded_division_gate():
    """The division gate padded to seven hidden layers still divides."""
    gate = gates.division(c, C, B, s).padded(7)
    yield identity(gate(x, y), y / x, on=RECTANGLE, given=[*ORDERED, s > B + C])
    yield shape(gate, depth=7, widths=(4, 2, 2, 2, 2, 2, 2))


@claim(source=SOURCE)
def clip_gate(c, C, M, t):
    """0 <= clip_M - clip <= (C-c)/(1+M(C-c)) < 1/M, and c < clip_M <= C."""
    smooth, hard = gates.clip(c, C, M)(t), Min(C, Max(c, t))
    given, line = [c < C, M > 0], Box(t=(-oo, oo))
    yield inequality(smooth, ">=", hard, on=line, given=given)
    yield inequality(smooth - hard, "<=", (C - c) / (1 + M * (C - c)), on=line, given=given)
    yield inequality((C - c) / (1 + M * (C - c)), "<", 1 / M, given=given)
    yield inequality(smooth, ">", c, on=line, given=given)
    yield inequality(smooth, "<=", C, on=line, given=given)
    yield shape(gates.clip(c, C, M), depth=1, widths=(2,))


@claim(source=SOURCE)
def clip_gate_is_monotone(c, C, M, t, u):
    """clip_M is non-decreasing and 1-Lipschitz."""
    clip = gates.clip(c, C, M)
    given, pairs = [c < C, M > 0], Box(t=(-oo, u), u=(-oo, oo))
    yield inequality(clip(t), "<=", clip(u), on=pairs, given=given)
    yield inequality(clip(u) - clip(t), "<=", u - t, on=pairs, given=given)


@claim(source=SOURCE)
def clip_gate_defect_is_exact(c, C, M):
    """The largest distance between clip_M and the clip is attained at t = c."""
    yield identity(gates.clip(c, C, M)(c) - c, (C - c) / (1 + M * (C - c)), given=[c < C, M > 0])


@claim(source=SOURCE)
def division_after_clip(M, t):
    """A clip to [c, C] feeds the division gate: all its values lie on the gate's box,
    so c itself may be used."""
    denominator = gates.clip(c, C, M)(t)
    quotient = gates.division(c, C, B, s)(denominator, y)
    given = [c > 0, c < C, B >= 0, s > B + C, M > 0]
    yield identity(quotient, y / denominator, on=Box(t=(-oo, oo), y=(-B, B)), given=given)


@claim(source="an instance of gates.division_gate")
def division_gate_example():
    """c = 1/2, C = 2, B = 1, s = 6: a network with rational weights."""
    gate = gates.division(Q(1, 2), 2, 1, 6)
    yield identity(gate(x, y), y / x, on="x in [1/2, 2], y in [-1, 1]")
    yield shape(gate, depth=2, widths=(4, 2), max_parameters=19)
