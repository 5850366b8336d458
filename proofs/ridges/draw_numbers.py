"""How many draws each stratum gets: in proportion to its mass, rounded up, and at least one."""

from boundcheck import theorem
from boundcheck.math import Max
from boundcheck.theorems.author.words import And, Forall, Sum, function, natceil
from boundcheck.theorems.language.expr import expr, number
from boundcheck.theorems.language.sorts import NAT

SOURCE = "folklore; derived here"


@theorem(source=SOURCE)
def rounded_up(t):
    """The least natural number n >= 1 with n >= y is at most y + 1, for y >= 0."""
    y = t.real("y")
    t.given(y >= 0)
    t.example(y=1)
    n = natceil(Max(1, y))
    least = t.show(Max(expr(1), y) >= 0)
    above, below = t.derive("nat_ceiling", least, term=Max(expr(1), y))
    with t.suppose(y <= number(1)) as small:
        one = t.show(n < 2, by=[below, *small.facts])
        next_one = t.derive("next_number", one)
        t.show(n <= y + 1, by=next_one)
    with t.suppose(number(1) < y) as large:
        t.show(n <= y + 1, by=[below, *large.facts])
    most = t.cases(y, 1, small, large)
    return t.together(t.show(And(n >= 1, n >= y), by=above), most)


def draws(m, a):
    """How many draws a stratum of the mass m gets, if a draws are made for the mass 1."""
    return natceil(Max(1, Max(0, a * m)))


@theorem(source=SOURCE)
def numbers_of_draws(t):
    """n(j) >= 1, n(j) are S + C in all, and m(j)/n(j) is at most V/S, where a = S/V."""
    m, (V, a), (S, C, j) = t.function("m", NAT), t.real("V a"), t.nat("S C j")
    _positive, _some, masses, signs, whole = t.given(
        V > 0,
        S >= 1,
        Sum(m(j), (j, 1, C)) <= V,
        Forall(j, m(j) >= 0, given=[j >= 1, j <= C]),
        (a * V).eq(S),
    )
    t.example(V=1, S=1, C=1, a=1, m=function(j, 1))
    large = t.show(a > 0, by=whole)
    count = draws(m(j), a)
    with t.let(j) as each:
        t.show(Max(0, a * m(j)) >= 0)
        t.use("draw_numbers.rounded_up", {"y": Max(0, a * m(j))})
    with t.let(j) as ones:
        one, _, _ = each.fact(j)
        t.show(count >= 1, by=one)
    with t.let(j, given=[j >= 1, j <= C]) as inside:
        _, above, below = each.fact(j)
        sign = signs(j)
        t.together(
            t.show(S * m(j) <= V * count, by=[above, sign, whole, large]),
            t.show(count <= a * m(j) + 1, by=[below, sign, large]),
        )
    total, row = Sum(count, (j, 1, C)), Sum(expr(1), (j, 1, C))
    sums = t.add_up(total <= a * masses.left + row, by=inside.fact)
    most = t.show(a * masses.left <= S, by=[masses, whole, large])
    size = t.show(total <= S + C, by=[sums, most, t.count(row)])
    with t.let(j, given=[j >= 1, j <= C]) as enough:
        first, _ = inside.fact(j)
        t.show(first.formula)
    return t.together(ones.fact, enough.fact, size)
