"""Gates: SignReLU networks that compute 1/x, x², xy, y/x and a clip exactly on their domain.

arXiv:2601.21242 claims a division gate; its form there is not known here, and all gates below are
derived. Every claim holds for all values of the parameters, which are symbols. Here are the values
of the networks of `gates` with all their weights; `division.py` and `clipping.py` have the gates
behind any network, with their depths and widths.
"""

from boundcheck import Box, Q, SignReLU, claim, gates, identity, shape, symbols, theorem
from boundcheck.math import oo
from boundcheck.theorems.author.words import And, signrelu
from boundcheck.theorems.language.expr import expr

SOURCE = "derived here"
DIVISION = "arXiv:2601.21242 claims a division gate; this form is derived here"

c, C, B, s = symbols("c C B s")
x, y = symbols("x y")
ORDERED = [c > 0, c <= C, B >= 0]
RECTANGLE = Box(x=(c, C), y=(-B, B))


@claim(source=SOURCE)
def identity_gate(B, t, a):
    """t = ρ_α(t + B) - B for t >= -B."""
    yield identity(gates.identity(B, a)(t), t, on=Box(B=(-oo, oo), t=(-B, oo)), given=[a > 0])


@claim(source=SOURCE)
def reciprocal_gate(c, t, a):
    """1/t = (1 + ρ_α(1 - t/c)/α)/c for t >= c > 0."""
    yield identity(gates.reciprocal(c, a)(t), 1 / t, on=Box(t=(c, oo)), given=[a > 0, c > 0])


@claim(source=SOURCE)
def square_gate(s, W, w):
    """w² = s² - 2s/(1/(s+w) + 1/(s-w)) for |w| <= W < s."""
    yield identity(gates.square(s, W)(w), w**2, on=Box(w=(-W, W)), given=[W >= 0, s > W])


@claim(source=SOURCE)
def product_gate(s, W, x, y):
    """xy for |x+y| <= 2W, |x-y| <= 2W, W < s."""
    gate = gates.product(s, W)
    diamond = [W >= 0, s > W, x + y <= 2 * W, x + y >= -2 * W, x - y <= 2 * W, x - y >= -2 * W]
    yield identity(gate(x, y), x * y, on=Box(x=(-oo, oo), y=(-oo, oo)), given=diamond)


@claim(source=SOURCE)
def product_gate_on_rectangles(X, Y, s):
    """xy for |x| <= X, |y| <= Y: the product gate with W = (X+Y)/2."""
    gate = gates.product(s, (X + Y) / 2)
    yield identity(
        gate(x, y), x * y, on=Box(x=(-X, X), y=(-Y, Y)), given=[X >= 0, Y >= 0, s > (X + Y) / 2]
    )


@claim(source=DIVISION)
def division_gate():
    """y/x for c <= x <= C, |y| <= B, by six neurons; any s > B + C."""
    gate = gates.division(c, C, B, s)
    yield identity(gate(x, y), y / x, on=RECTANGLE, given=[*ORDERED, s > B + C])


@claim(source=DIVISION)
def division_gate_size():
    """Its hidden layers have 4 and 2 neurons; with zeros left out there are 19 parameters."""
    yield shape(gates.division(c, C, B, s), depth=2, widths=(4, 2), max_parameters=19)


class Rectangle:
    """The symbols of the division gate, its six constants, and for each of them the corner of the
    rectangle c <= x <= C, |y| <= B where it is attained."""

    def __init__(self, t):
        c, C, B, self.s = t.real("c C B s")
        self.given = list(t.given(c > 0, c <= C, B >= 0, self.s > B + C))
        t.example(c=1, C=1, B=1, s=3)
        self.constants = [t.quoted(k) for k in gates.division_constants(*symbols("c C B s"))]
        self.corners = [(c, -B), (c, -B), (C, B), (c, B), (c, B), (c, -B)]
        self.x, self.y = t.real("x y")
        self.inside = [c <= self.x, self.x <= C, -B <= self.y, self.y <= B]

    def arguments(self, x, y):
        """What the six neurons of the division gate are the reciprocals of."""
        first = [self.s + y, self.s + y + x, self.s - y - x, self.s - y]
        return [*first, 1 / first[0] - 1 / first[1], 1 / first[2] - 1 / first[3]]


@theorem(source=SOURCE)
def division_gate_constants(t):
    """The constants of the division gate's reciprocals are the exact minima of their arguments:
    none may be larger. They are positive."""
    gate = Rectangle(t)
    with t.let(gate.x, gate.y, given=gate.inside) as everywhere:
        u = gate.arguments(gate.x, gate.y)
        known = [*gate.given, *everywhere.facts]
        known += [t.show(v > 0, by=known) for v in u[:4]]
        goals = [v >= k for v, k in zip(u, gate.constants, strict=True)]
        for goal in goals:
            t.show(goal, by=known)
        t.show(And(*goals))
    parts = [everywhere.fact.formula]
    for i, (k, corner) in enumerate(zip(gate.constants, gate.corners, strict=True)):
        u = gate.arguments(*corner)
        known = [*gate.given, *(t.show(v > 0, by=gate.given) for v in u[:4])]
        attained = [] if u[i] == k else [u[i].eq(k)]  # the third is its argument as it is written
        for part in (*attained, k > 0):
            t.show(part, by=known)
            parts.append(part)
    return t.show(And(*parts))


def neuron(k, u):
    """A neuron that is 1/u for u >= k."""
    return (1 + signrelu(1 - u / k)) / k


@theorem(source=SOURCE)
def neuron_falls(t):
    """A reciprocal neuron is 1/u for u >= k, and falls everywhere."""
    k, u, v = t.real("k u v")
    t.given(k > 0)
    t.example(k=1)
    with t.let(u, given=[u >= k]) as exact:
        t.show(neuron(k, u).eq(1 / u))
    with t.let(u, v, given=[u < v]) as falls:
        t.show(neuron(k, v) < neuron(k, u))
    return t.together(exact.fact, falls.fact)


@theorem(source=SOURCE)
def reciprocal_constant_is_largest(t):
    """A reciprocal neuron with a constant above c gives less than 1/c at t = c."""
    c, k = t.real("c k")
    t.given(c > 0, k > c)
    t.example(c=1, k=2)
    return t.show(neuron(k, c) < 1 / c)


def wrong_at_a_corner(t, gate, k, i):
    """For all k above constant i: the gate with k in its place is not y/x at its corner."""
    (x, y), K = gate.corners[i], gate.constants
    u, changed = gate.arguments(x, y), [*K[:i], k, *K[i + 1 :]]
    first = [neuron(*each) for each in zip(changed[:4], u[:4], strict=True)]
    last = [first[0] - first[1], first[2] - first[3]]
    outer = [neuron(*each) for each in zip(changed[4:], last, strict=True)]
    whole = [u[0] * u[1] / x, u[2] * u[3] / x]
    output, opaque = (outer[0] - outer[1]) / (4 * gate.s) - expr("1/2"), [*first, *outer]

    def exact(j, v, known, hidden=()):
        """Neuron j is 1/v, as v is at least its constant."""
        t.show(v >= K[j], by=known, opaque=hidden)
        equal, _ = t.use("gates.neuron_falls", {"k": K[j]})
        return equal(v)

    def too_large(v, known, hidden=()):
        """k is larger than v, so that its neuron is less than 1/v."""
        t.show(v > 0, by=known, opaque=hidden)
        t.show(k > v, by=known, opaque=hidden)
        return t.use("gates.reciprocal_constant_is_largest", {"c": v})

    with t.let(k, given=[k > K[i]]) as larger:
        known = [*gate.given, *larger.facts, t.show(x > 0, by=gate.given)]
        sizes = [t.show(v > 0, by=known) for v in (*u[:4], *K, gate.s)]
        known += sizes
        values = [too_large(u[j], known) if j == i else exact(j, u[j], known) for j in range(4)]
        found = []
        for m, (v, out, right) in enumerate(zip(last, outer, u[4:], strict=True)):
            pair = [*values[2 * m : 2 * m + 2], *sizes[2 * m : 2 * m + 2]]
            inverse = [*opaque, 1 / u[2 * m], 1 / u[2 * m + 1]]
            ideal = t.show((1 / right).eq(whole[m]), by=[*sizes[2 * m : 2 * m + 2], known[5]])
            bound = right.eq(K[4 + m]) if i == 4 + m else right >= K[4 + m]
            least = t.show(bound, by=known)
            positive = t.show(right > 0, by=[least, sizes[8 + m]], opaque=[right, K[4 + m]])
            if i // 2 == m:
                rises = i == 2 * m
                ends = (v, right) if rises else (right, v)
                t.show(ends[0] < ends[1], by=pair, opaque=inverse)
                equal, falls = t.use("gates.neuron_falls", {"k": K[4 + m]})
                facts = [equal(right), falls(*ends)]
                goal = out > whole[m] if rises else out < whole[m]
            else:
                same = t.show(v.eq(right), by=pair, opaque=inverse)
                more = [same, least, positive, larger.facts[0]]
                less = i == 4 + m
                near = [*opaque, right, K[4 + m]]
                facts = [too_large(v, more, near) if less else exact(4 + m, v, more, near), same]
                goal = out < whole[m] if less else out.eq(whole[m])
            hidden = [*opaque, neuron(K[4 + m], right), right, whole[m]]
            found.append(t.show(goal, by=[*facts, ideal, positive], opaque=hidden))
        ideal = (whole[0] - whole[1]) / (4 * gate.s) - expr("1/2")
        found += [t.show(ideal.eq(y / x), by=[known[5], sizes[-1]]), sizes[-1]]
        goal = output > y / x if i in (0, 3, 5) else output < y / x
        t.show(goal, by=found, opaque=[*outer, *whole, y / x])
    return larger.fact


@theorem(source=SOURCE)
def division_gate_constants_are_largest(t):
    """With any of the six constants larger, the gate is wrong at the corner where that constant is
    attained.

    A larger constant makes the neuron smaller than the reciprocal that it should be. In the first
    layer that moves the argument of a last neuron, which falls everywhere.
    """
    gate, k = Rectangle(t), t.real("k")
    parts = [wrong_at_a_corner(t, gate, k, i) for i in range(6)]
    return t.show(And(*(part.formula for part in parts)))


@claim(source=DIVISION)
def division_gate_textbook():
    """y/x as y·(1/x): reciprocal beside identity, then the product gate; any s > (B + 1/c)/2."""
    gate = gates.division_textbook(c, C, B, s)
    yield identity(gate(x, y), y / x, on=RECTANGLE, given=[*ORDERED, s > (B + 1 / c) / 2])


@claim(source=SOURCE)
def padded_division_gate():
    """The division gate padded to seven hidden layers still divides."""
    gate = gates.division(c, C, B, s).padded(7)
    yield identity(gate(x, y), y / x, on=RECTANGLE, given=[*ORDERED, s > B + C])


@claim(source=SOURCE)
def clip_gate(c, C, M, t):
    """clip_M(t) = c + ρ_M(t - c) - ρ_M(t - C) with ρ_M(t) = ρ(Mt)/M; see `clipping.py`."""
    rho = SignReLU()
    smooth = c + rho(M * (t - c)) / M - rho(M * (t - C)) / M
    yield identity(gates.clip(c, C, M)(t), smooth, on=Box(t=(-oo, oo)), given=[c < C, M > 0])


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
