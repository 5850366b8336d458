"""What is certainly not zero: against all assignments of zeros."""

from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st
from within import within

from boundcheck import Proved, prove
from boundcheck.exact.cells import nonzero
from boundcheck.exact.cells.nonzero import always_one

N = 4
bits = st.integers(0, 2**N - 1)


def by_all_zeros(products, known, sums):
    """For each set of zeros without the known ones: if each sum keeps a product,
    one of `products` is kept."""
    for zeros in (sum(b << k for k, b in enumerate(z)) for z in product((0, 1), repeat=N)):
        possible = not zeros & known and all(any(not t & zeros for t in s) for s in sums)
        if possible and all(t & zeros for t in products):
            return False
    return True


@given(
    st.lists(bits, min_size=1, max_size=4),
    bits,
    st.lists(st.lists(bits, min_size=1, max_size=4), max_size=4),
)
def test_it_is_what_all_assignments_say(products, known, sums):
    assert always_one(products, known, sums) == by_all_zeros(products, known, sums)


def test_no_products_need_sums_that_contradict_each_other():
    assert not always_one([], 0, [])
    assert by_all_zeros([], 0, []) == always_one([], 0, [])
    assert not always_one([], 0, [[1]])


def test_a_long_search_ends_without_an_answer(monkeypatch):
    """False is always sound."""
    pairs, sums = [0b0011, 0b1100], [[0b0101, 0b1010], [0b0110, 0b1001]]
    assert always_one(pairs, 0, sums)
    monkeypatch.setattr(nonzero, "_MOST_NODES", 1)
    assert not always_one(pairs, 0, sums)


def test_many_terms_and_constraints_keep_their_budget():
    """An Ackley function in 9 variables, a quadratic in 10, a minimum under 22 constraints:
    these once took minutes."""
    names = [f"x{k}" for k in range(10)]
    nine, box = names[:9], ", ".join(f"{n} in [-5,5]" for n in names[:9])
    squares, waves = "+".join(f"{n}**2" for n in nine), "+".join(f"cos(2*pi*{n})" for n in nine)
    ackley = f"20 + E - 20*exp(-0.2*sqrt(({squares})/9)) - exp(({waves})/9) >= -1/10"
    quadratic = "+".join(f"({a} - {b})**2" for a, b in pairwise(names)) + "+ x0**2 >= x3/10**6 - 1"
    constraints = [f"t <= {k + 1}*y{k} + y{(k + 1) % 22}" for k in range(22)]
    positive = [f"y{k} > 0" for k in range(22)]
    for text, on, given_ in (
        (ackley, box, ()),
        (quadratic, ", ".join(f"{n} in [-3,3]" for n in names), ()),
        ("t <= 400", "t in [0,oo)", [*constraints, *positive, "y0 + y1 <= 1"]),
    ):
        verdict = prove(text, on, given=given_, budget=1)
        assert verdict.work <= 1.2, text


def test_short_questions_are_answered_within_little_work():
    assert within(0.001, always_one, [1, 2], 0, [[1, 2]]) is True
    assert isinstance(prove("x + y > 0", "x in [0,oo), y in [0,oo)", given="x*y > 0"), Proved)
