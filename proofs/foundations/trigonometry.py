"""Sines and cosines of sums."""

from boundcheck import theorem
from boundcheck.math import cos, sin
from boundcheck.theorems.author.words import And, Integral, function
from boundcheck.theorems.language.expr import number

SOURCE = "textbooks of analysis; this proof is derived here"


@theorem(source=SOURCE)
def addition(t):
    """cos(a + b) = cos(a) cos(b) - sin(a) sin(b) and sin(a + b) = sin(a) cos(b) + cos(a) sin(b).

    What is said holds for sb in place of b at s = 0, and its derivative in s is 0.
    """
    a, b, s = t.real("a b s")
    rest, zero = a + b - s * b, Integral(0, (s, 0, 1))
    t.integral_exists(zero, 1)
    nothing = t.integrate(zero.eq(0))
    start = t.show(And(cos(number(0)).eq(1), sin(number(0)).eq(0)))
    known = []
    for f, g, sign in ((cos, sin, -1), (sin, cos, 1)):
        one = f(rest) * cos(s * b) + sign * g(rest) * sin(s * b)
        found = t.primitive(zero, function(s, one))
        found = t.replace(found, (a + b - b, a), (a + b - 0 * b, a + b), (0 * b, 0))
        parts = [f(a + b), f(a), g(a), cos(b), sin(b), cos(number(0)), sin(number(0))]
        goal = f(a + b).eq(f(a) * cos(b) + sign * g(a) * sin(b))
        known.append(t.show(goal, by=[found, nothing, start], opaque=parts))
    return t.together(*known)


@theorem(source=SOURCE)
def differences(t):
    """The same for a - b."""
    a, b = t.real("a b")
    minus = t.show(And(cos(-b).eq(cos(b)), sin(-b).eq(-sin(b))))
    cosine, sine = t.use("trigonometry.addition", {"b": -b})
    known = []
    for fact in (cosine, sine):
        fact = t.replace(fact, (a + -b, a - b))
        parts = [cos(-b), sin(-b), cos(a), sin(a), cos(b), sin(b), fact.left]
        f, g, sign = (cos, sin, 1) if fact.left == cos(a - b) else (sin, cos, -1)
        goal = f(a - b).eq(f(a) * cos(b) + sign * g(a) * sin(b))
        known.append(t.show(goal, by=[fact, minus], opaque=parts))
    return t.together(*known)
