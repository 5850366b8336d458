"""Gradient descent on a convex function, in any dimension."""

from boundcheck import theorem
from boundcheck.theorems.author.words import Forall, dot, function, sequence, sq


@theorem(source="folklore; this proof is derived here")
def gradient_descent(t):
    """After n steps of length 1/L a convex L-smooth function is within L|x0 - x*|²/(2n) of its
    value at any x*, so of its minimum."""
    H = t.vectors("H")
    f, g = t.function("f", H), t.function("g", H, to=H)
    x, xs, u, v = t.sequence("x", H), *t.variable("xs u v", H)
    L, n = t.real("L"), t.nat("n")
    t.given(L > 0)
    convex = t.given(Forall([u, v], f(v) >= f(u) + dot(g(u), v - u)))
    smooth = t.given(Forall([u, v], f(v) <= f(u) + dot(g(u), v - u) + L / 2 * sq(v - u)))
    step = t.given(Forall(n, x(n + 1).eq(x(n) - g(x(n)) / L)))

    potential = n * (f(x(n)) - f(xs)) + L / 2 * sq(x(n) - xs)
    with t.induct(potential <= L / 2 * sq(x(0) - xs), n) as falls:
        t.show(falls.goal, by=[falls.hypothesis, step(n), smooth(x(n), x(n + 1)), convex(x(n), xs)])
    with t.let(n, given=[n >= 1]) as rate:
        t.show(f(x(n)) - f(xs) <= L * sq(x(0) - xs) / (2 * n), by=falls(n))
    t.example(f=function(u, 0), g=function(u, 0 * u), x=sequence(n, xs), L=1)
    return rate.fact
