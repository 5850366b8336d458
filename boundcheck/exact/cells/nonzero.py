"""Whether of some products of coordinates one is certainly not zero, where sums of
other products are positive.

A sum of products that is positive has a product that is not zero, and then none of its coordinates
is zero. So if every one of `products` had a coordinate that is zero, these zeros Z would
leave in each sum a product without any of them. Whether there is such a Z is a search as for
a satisfying assignment: what is forced first, then one coordinate after the other, zero or not.
Sets of coordinates are the bits of a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from boundcheck.exact.terms.work import spend

_MOST_NODES = 300


def always_one(products: Iterable[int], known: int, sums: Sequence[Iterable[int]]) -> bool:
    """Whether one of the products is certainly not zero, given that the coordinates in
    `known` are not.

    False also where the search would be too long.
    """
    alternatives = [frozenset(s) for s in sums]
    wanted = sorted(set(products))
    todo, nodes = [(0, known)], 0
    while todo:
        nodes += 1
        if nodes > _MOST_NODES:
            return False
        zero, nonzero = todo.pop()
        forced = _forced(wanted, alternatives, zero, nonzero)
        if forced is None:
            continue
        zero, nonzero = forced
        left = [t & ~nonzero for t in wanted if not t & zero]
        if not left:
            return False
        smallest = min(left, key=lambda t: (t.bit_count(), t))
        bit = smallest & -smallest
        todo += [(zero, nonzero | bit), (zero | bit, nonzero)]
    return True


def _forced(
    wanted: Sequence[int], sums: Sequence[frozenset[int]], zero: int, nonzero: int
) -> tuple[int, int] | None:
    """The zeros and the others with what follows from them; None where they contradict each other.

    The last product of a sum that has no zero yet keeps its coordinates; the last coordinate
    of a product is its zero.
    """
    while True:
        spend(1 + 0.1 * (len(wanted) + sum(map(len, sums))))
        before = zero, nonzero
        for s in sums:
            left = [t for t in s if not t & zero]
            if not left:
                return None
            if len(left) == 1:
                nonzero |= left[0]
        for t in wanted:
            rest = t & ~nonzero
            if not t & zero:
                if not rest:
                    return None
                if not rest & (rest - 1):
                    zero |= rest
        if zero & nonzero:
            return None
        if (zero, nonzero) == before:
            return zero, nonzero
