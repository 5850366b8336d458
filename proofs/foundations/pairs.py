"""Pairs of natural numbers, counted: the pair of e + 1 and k + 1, k < G, has the number Ge + k + 1.

The number m = Ge + k + 1 gives back its pair: row(m) = ⌈m/G⌉ = e + 1, and column(m) = m -
G(row(m) - 1) = k + 1.
"""

from boundcheck import theorem
from boundcheck.theorems.author.words import And, Implies, Sum, ThereIs, natceil
from boundcheck.theorems.language.expr import expr
from boundcheck.theorems.language.sorts import NAT

SOURCE = "folklore"


def row(m, part):
    """The first number of the pair with the number m; part is 1/G."""
    return natceil(m * part)


def column(m, G, part):
    """The second number, as a natural number for all m."""
    return natceil(m - G * (row(m, part) - 1))


@theorem(source=SOURCE)
def ceiling_of_a_natural_number(t):
    """⌈y⌉ = n if y = n."""
    y, n = t.real("y"), t.nat("n")
    same = t.given(y.eq(n))
    t.example(y=1, n=1)
    some = t.show(y >= 0, by=same)
    above, below = t.derive("nat_ceiling", some, term=y)
    least = t.derive("next_number", t.show(natceil(y) < n + 1, by=[below, same]))
    return t.show(natceil(y).eq(n), by=[least, above, same])


@theorem(source=SOURCE)
def numbers_of_pairs(t):
    """row(Ge + k + 1) = e + 1 and column(Ge + k + 1) = k + 1."""
    (G, e, k), part = t.nat("G e k"), t.real("part")
    t.given(k + 1 <= G, (part * G).eq(1))
    t.example(k=0, G=1, part=1)
    m = G * e + (k + 1)
    first = t.use("nets.number_of_a_block")
    inner = m - G * (row(m, part) - 1)
    t.show(inner.eq(k + 1), by=first)
    second = t.use("pairs.ceiling_of_a_natural_number", {"y": inner, "n": k + 1})
    return t.together(first, second)


@theorem(source=SOURCE)
def sum_over_pairs(t):
    """The sum over the numbers of all pairs is the sum over the pairs."""
    u, (G, n, m, r, c), part = t.function("u", NAT, NAT), t.nat("G n m r c"), t.real("part")
    t.given((part * G).eq(1))
    t.example(G=1, part=1)

    def by_number(last):
        return Sum(u(row(m, part), column(m, G, part)), (m, 1, last))

    def by_pair(n):
        return Sum(Sum(u(r, c), (c, 1, G)), (r, 1, n))

    base = [t.empty(by_number(G * expr(0))), t.empty(by_pair(expr(0)))]
    with t.induct(by_number(G * n).eq(by_pair(n)), n, base=base) as blocks:

        def up_to(r):
            return Sum(u(n + 1, c), (c, 1, r))

        def claim(r):
            return Implies(r <= G, by_number(G * n + r).eq(by_pair(n) + up_to(r)))

        zero = t.replace(blocks.hypothesis, (G * n, G * n + 0))
        first = t.show(claim(expr(0)).args[1], by=[zero, t.empty(up_to(expr(0)))])
        with t.induct(claim(r), r, base=first) as block, t.suppose(r + 1 <= G) as small:
            before = block.hypothesis(by=t.show(r <= G, by=small.facts))
            more, longer = t.unroll(by_number(G * n + r + 1)), t.unroll(up_to(r + 1))
            more = t.replace(more, (G * n + r + 1, G * n + (r + 1)))
            one, other = t.use("pairs.numbers_of_pairs", {"e": n, "k": r})
            more = t.rewrite(one, t.rewrite(other, more))
            t.show(claim(r + 1).args[1], by=[more, longer, before])
        last = block(G, by=t.show(G <= G))  # noqa: PLR0124
        whole = t.replace(last, (G * n + G, G * (n + 1)))
        t.show(blocks.goal, by=[whole, t.unroll(by_pair(n + 1))])
    return blocks.fact


@theorem(source=SOURCE)
def number_of_a_pair(t):
    """Every pair of i <= n and j <= G has a number of at most nG."""
    (G, n, i, j, m), part = t.nat("G n i j m"), t.real("part")
    t.given((part * G).eq(1))
    some, most, other, within = t.given(i >= 1, i <= n, j >= 1, j <= G)
    t.example(G=1, n=1, i=1, j=1, part=1)
    with (
        t.obtain(t.derive("zero_or_next", some, value=i), "e0") as first,
        t.obtain(t.derive("zero_or_next", other, value=j), "k0") as second,
    ):
        e, k, (row_is,), (column_is,) = first.value, second.value, first.facts, second.facts
        here = G * e + (k + 1)
        rows, columns = t.use(
            "pairs.numbers_of_pairs", {"e": e, "k": k}, by=t.rewrite(column_is, within)
        )
        numbers = [t.show(rows.left.eq(i), by=[rows, row_is])]
        numbers.append(t.show(columns.left.eq(j), by=[columns, column_is]))
        t.show(here >= 1)
        t.show(here <= n * G, by=[most, within, row_is, column_is])
        t.together(*numbers)
        numbered = And(row(m, part).eq(i), column(m, G, part).eq(j))
        t.witness(ThereIs(m, m >= 1, m <= n * G, numbered), here)
    return first.fact
