"""Powers with variable exponents in normal form: the same values where both have one, at 0 too."""

import pytest
from containments import tried
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import DomainError, Unsupported
from boundcheck.exact.algebra.normal import normal, vanishes
from boundcheck.exact.terms import term as t
from boundcheck.exact.terms.parser import parse_term

BASES = (
    "x", "y", "x*y", "x/y", "x+y", "1-x", "x-y", "z", "x*z", "z**2", "2", "1/12", "6*x", "0",
    "sqrt(x)", "cbrt(y)", "x**p", "x**(p-1)", "exp(x)", "E", "Abs(z)",
    "sqrt(x)*sqrt(y) - sqrt(x*y)", "x*y - y*x", "log(y)", "sin(0)",
)  # fmt: skip
EXPONENTS = (
    "p", "q", "p+1", "p-1", "1-p", "2*p", "p/2", "-p", "p*q", "1/p", "p/(p-1)", "1/(p-1)", "q/p",
    "(p+q)/2", "p+q-2", "sqrt(2)", "3/2", "1/3", "2", "-1", "0", "x", "p-p", "2+p-p",
)  # fmt: skip
known = (t.symbol("x"), t.symbol("y"))
atoms = st.one_of(
    st.tuples(st.sampled_from(BASES), st.sampled_from(EXPONENTS)).map(
        lambda b: f"({b[0]})**({b[1]})"
    ),
    st.sampled_from(BASES),
    st.sampled_from(
        ["exp(p*log(x))", "exp(log(x)/2)", "sqrt(x**p)", "cbrt(x**(p+1)*y)", "log(x**p*y)"]
    ),
)
coordinates = st.sampled_from([fmpq(0), fmpq(1), fmpq(1, 4), fmpq(2), fmpq(3, 2), fmpq(1, 1000)])
exponents = st.sampled_from([fmpq(n, 4) for n in (-6, -4, -1, 0, 1, 2, 3, 4, 5, 8, 12)])


def _grown(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        *(pairs.map(lambda p, o=o: f"({p[0]}) {o} ({p[1]})") for o in "+-**/"),
        inner.map(lambda a: f"sqrt({a})"),
        inner.map(lambda a: f"Abs({a})"),
        inner.map(lambda a: f"({a})**2"),
    )


texts = st.recursive(atoms, _grown, max_leaves=5)


def _value(root, point, bits):
    try:
        return arb(at_point(root, point, bits))
    except (DomainError, Unclear, Unsupported):
        return None


def _agree(root, form, point):
    """Whether both values agree where both are seen to exist."""
    for bits in (80, 400, 2000):
        one, two = _value(root, point, bits), _value(form, point, bits)
        if one is None or two is None:
            return None
        if not one.overlaps(two):
            return False
    return True


@given(
    texts, st.booleans(), coordinates, coordinates, coordinates, st.booleans(), exponents, exponents
)
def test_normal_forms_have_the_same_values(text, knows, x, y, z, turned, p, q):
    root = parse_term(text)
    try:
        form = normal(root, lambda u: knows and u in known)
    except Unsupported:
        return
    point = {"x": x, "y": y, "z": -z if turned else z, "p": p, "q": q}
    agree = _agree(root, form, point)
    tried(agree is not None)
    assert agree is not False, str(form)


SAME = [
    ("K*K**l", "K**(l+1)"),
    ("x**p*x**p", "x**(2*p)"),
    ("x**p*x**q/x", "x**(p+q-1)"),
    ("(x*y)**p", "x**p*y**p"),
    ("(x/y)**p", "x**p*y**(-p)"),
    ("(x**p)**q", "x**(p*q)"),
    ("(x**p)**(1/p)", "x"),
    ("x**(p/2)*x**(p/2)", "x**p"),
    ("sqrt(x)**p", "x**(p/2)"),
    ("sqrt(x**p*x)", "x**((p+1)/2)"),
    ("x**(p/(p-1))", "x*x**(1/(p-1))"),
    ("(N/n)**(1/2+3/(2*d))", "N**((d+3)/(2*d))/n**((d+3)/(2*d))"),
    ("(k**d)**((d+3)/(2*d))", "k**((d+3)/2)"),
    ("4**p", "2**p*2**p"),
    ("(1/12)**p*3**p", "2**(-2*p)"),
    ("2**(p-1)*2", "2**p"),
    ("exp(x)**p", "exp(p*x)"),
    ("E**p*E**q", "exp(p+q)"),
    ("exp(p*log(x))", "x**p"),
    ("(1-x)**p*(1-x)", "(1-x)**(p+1)"),
    ("(2-2*x)**p", "2**p*(1-x)**p"),
    ("0**p", "0"),
    ("(x-x)**p*3", "0"),
    ("2**sqrt(2)*2**(1-sqrt(2))", "2"),
    ("Abs(z)**p", "Abs(z)*Abs(z)**(p-1)"),
    ("(z*w)**p*z*w", "(z*w)**p*w*z"),
    ("log(x**p*y**q)", "p*log(x) + q*log(y)"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_laws_of_exponents(one, other):
    positive = {"x", "y", "K", "N", "n", "k"}
    gap = t.sub(parse_term(one), parse_term(other))
    assert normal(gap, lambda u: str(u) in positive) is t.number(0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x**p*x**q", "x**(p*q)"),
        ("x**p*y**q", "(x*y)**(p+q)"),
        ("x**p + x**q", "x**(p+q)"),
        ("(x+y)**p", "x**p + y**p"),
        ("(z*w)**p", "z**p*w**p"),  # z and w may both be negative
        ("(z**2)**p", "z**(2*p)"),
        ("(-x)**p", "-x**p"),
        ("x**(p/2)", "x**p"),
        ("0**0", "0"),
    ],
)
def test_what_is_no_law(one, other):
    assert not vanishes(t.sub(parse_term(one), parse_term(other)))


def test_a_normal_form_is_its_own():
    for one, other in SAME:
        for text in (one, other):
            form = normal(parse_term(text))
            assert normal(form) is form


def test_a_base_that_vanishes_for_all_values_is_not_taken_apart():
    """u = sqrt(x)*sqrt(y) - sqrt(x*y) is 0 for all x, y >= 0, and v u is 0 in normal form where v
    is the sum: then v + u**p/u would be u**(p-1), which is 0, while v is not."""
    text = "sqrt(x)*sqrt(y) + sqrt(x*y) + (sqrt(x)*sqrt(y) - sqrt(x*y))**(p-1)"
    form = normal(parse_term(text))
    assert _value(form, {"x": fmpq(1), "y": fmpq(1), "p": fmpq(3)}, 80).overlaps(arb(2))


@pytest.mark.parametrize("text", ["x**(p+1000)", "(x+y)**(p+10**9)", "x**(10**9*p)", "x**(-p-500)"])
def test_long_products_are_not_written_out(text):
    assert sum(1 for _ in t.postorder(normal(parse_term(text)))) < 12
