"""Laws of exponents, proved for all values of the symbols; and their false relatives."""

import pytest

from boundcheck import IllPosed, Proved, Refuted, prove
from boundcheck.checking.certificate import certificate, replay
from boundcheck.claims.comparison import stated

REAL = "x in (-oo,oo), y in (-oo,oo)"
TRUE = [
    # 0 to a positive power is 0
    ("0**p == 0", "", "p > 0"),
    ("0 <= x**p", "", "x >= 0, p > 0"),
    ("0 < x**p", "p in (-oo,oo)", "x > 0"),
    ("x**p <= 1", "x in [0,1]", "p > 0"),
    ("1 <= x**p", "", "x >= 1, p >= 0"),
    ("x**p*(1-x)**(1-p) <= 1", "x in [0,1], p in (0,1)", ""),
    # exponents are added and multiplied
    ("K**(l+1) == K*K**l", "", "K >= 1, l >= 0"),
    ("K**(l+1) == K*K**l", "", "K >= 0, l > 0"),
    ("G*(G**l*a) <= G**(l+1)*a", "", "G >= 1, l >= 0, a >= 0"),
    ("G*(G**l*a + b) <= G**(l+1)*(a + b)", "", "G >= 1, l >= 0, a >= 0, b >= 0"),
    ("K**(l+1) <= K**(l+2)", "", "K >= 1, l >= 0"),
    ("x**p*x**p == x**(2*p)", "", "x >= 0, p > 0"),
    ("x**p*x**q == x**(p+q)", "", "x >= 0, p > 0, q > 0"),
    ("Abs(x)**p == Abs(x)*Abs(x)**(p-1)", "x in (-oo,oo)", "p > 1"),
    ("(x*y)**p == x**p*y**p", "", "x >= 0, y >= 0, p > 0"),
    ("(x*y)**p == x**p*y**p", "p in (-oo,oo)", "x > 0, y > 0"),
    ("(x/y)**p == x**p/y**p", "", "x >= 0, y > 0, p > 0"),
    ("(x**p)**q == x**(p*q)", "", "x >= 0, p > 0, q > 0"),
    ("(x**p)**q == x**(p*q)", "p in (-oo,oo), q in (-oo,oo)", "x > 0"),
    ("(x**p)**(1/p) == x", "", "x >= 0, p > 0"),
    ("sqrt(x)**p == x**(p/2)", "", "x >= 0, p > 0"),
    ("4**p == 2**p*2**p", "p in (-oo,oo)", ""),
    ("exp(p*log(x)) == x**p", "p in (-oo,oo)", "x > 0"),
    # powers compare
    ("x**p <= y**p", "", "x >= 0, x <= y, p > 0"),
    ("x**p < y**p", "", "x >= 0, x < y, p > 0"),
    ("x**(-p) >= y**(-p)", "", "x > 0, x <= y, p > 0"),
    ("x**p <= x**q", "p in (-oo,oo), q in (-oo,oo)", "x >= 1, p <= q"),
    ("x**q <= x**p", "x in [0,1]", "p > 0, p <= q"),
    # rates
    ("(N/n)**(1/2 + 3/(2*d)) >= (N/m)**(1/2 + 3/(2*d))", "", "N > 0, n > 0, n <= m, d >= 1"),
    ("n**(-1/2 - 3/(2*d)) <= n**(-1/2)", "", "n >= 1, d >= 1"),
    (
        "k**(-(d+3)/2) <= (G/n)**((d+3)/(2*d))",
        "",
        "n <= G*k**d, k >= 1, d >= 1, n > 0, G > 0",
    ),
    # convexity
    ("(1+x)**p >= 1 + p*x", "", "x >= -1, p >= 1"),
    ("(1+x)**p <= 1 + p*x", "", "x >= -1, p > 0, p <= 1"),
    ("(x+y)**p <= 2**(p-1)*(x**p + y**p)", "", "x >= 0, y >= 0, p >= 1"),
    ("Abs(x+y)**p <= 2**(p-1)*(Abs(x)**p + Abs(y)**p)", REAL, "p >= 1"),
    ("(x+y)**p <= x**p + y**p", "", "x >= 0, y >= 0, p > 0, p <= 1"),
    ("(x+y)**p >= x**p + y**p", "", "x >= 0, y >= 0, p >= 1"),
    ("a*b <= a**p/p + b**q/q", "", "a >= 0, b >= 0, p > 1, q == p/(p-1)"),
    ("a**t*b**(1-t) <= t*a + (1-t)*b", "t in (0,1)", "a >= 0, b >= 0"),
    # exponentials
    ("(1 - 1/n)**n <= exp(-1)", "", "n >= 1"),
    ("(1 - x)**n <= exp(-n*x)", "x in [0,1]", "n >= 1"),
    ("(1 + x/n)**n <= exp(x)", "", "x >= 0, n > 0"),
]  # fmt: skip
FALSE = [
    ("x**p <= y**p", "p in (-oo,oo)", "x > 0, x <= y"),
    ("x**p > 0", "", "x >= 0, p > 0"),
    ("x > 0", "p in (0,oo), x in (-oo,oo)", "x**p <= 1"),  # x = 0 satisfies it
    ("x**p >= 1", "p in (0,1], x in [0,1]", ""),
    ("0**p + 1/2 >= 1", "p in (0,1]", ""),
    ("K**(l+1) <= K*K**l/2", "", "K >= 1, l >= 0"),
    ("x**p*x**q == x**(p*q)", "", "x >= 0, p > 0, q > 0"),
    ("x**p <= x**q", "", "x >= 0, p > 0, p <= q"),
    ("(1+x)**p >= 1 + p*x", "", "x >= -1, p > 0"),
    ("(x+y)**p <= x**p + y**p", "", "x >= 0, y >= 0, p > 0"),
    ("Abs(x+y)**p <= 2**(p-1)*(Abs(x)**p + Abs(y)**p)", REAL, "p > 0"),
    ("Abs(x+y)**p <= Abs(x)**p + Abs(y)**p", REAL, "p >= 1"),
    ("a*b <= a**p/p + b**q/q", "", "a >= 0, b >= 0, p > 1, q > 1"),
    ("(1 - 1/n)**n <= exp(-1) - 1/1000", "", "n >= 1"),
]
NOWHERE = [
    ("x**p <= y**p", "p in (-oo,oo)", "x >= 0, x <= y"),
    ("0**p == 0", "", "p >= 0"),
    ("x**p >= 0", "x in (-oo,oo)", "p > 0"),
    ("x**p >= 0", "x in (-oo,oo)", "p == 2"),
    ("x**p >= 1", "x in [0,1]", "p == 0"),
    ("x**sin(0) <= 1", "x in [-1,1]", ""),
    ("(x**p)**q == x**(p*q)", "x in (-oo,oo)", "p > 0, q > 0"),
    ("(x**2)**(p/2) == x**p", "x in (-oo,oo)", "p > 0"),
    ("(x*y)**p == x**p*y**p", REAL, "p > 0"),
    ("K**(l+1) == K*K**l", "l in (-oo,oo)", "K >= 0"),
    ("x**p/x == x**(p-1)", "", "x >= 0, p > 1"),
    ("log(x**p) == p*log(x)", "", "x >= 0, p > 0"),
    ("1/x >= 1", "p in (0,oo), x in (-oo,oo)", "x**p <= 1"),
]


@pytest.mark.parametrize(("text", "on", "given"), TRUE)
def test_laws_are_proved(text, on, given):
    """With certificates that are accepted."""
    s = stated(text, on, given)
    verdict = prove(s)
    assert isinstance(verdict, Proved), verdict
    assert replay(certificate(s, verdict)).statement == s


@pytest.mark.parametrize(("text", "on", "given"), FALSE)
def test_false_relatives_are_refuted(text, on, given):
    assert isinstance(prove(stated(text, on, given)), Refuted)


@pytest.mark.parametrize(("text", "on", "given"), NOWHERE)
def test_powers_without_a_value_are_ill_posed(text, on, given):
    assert isinstance(prove(stated(text, on, given)), IllPosed)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("(exp(h)*(1+q) + exp(-h)*(1-q))/2 <= exp(q*h + h**2/2)", "q in [-1,1], h in [0,oo)"),
        ("(exp(h)*(1+q) + exp(-h)*(1-q))/2 <= exp(q*h + h**2/2)", "q in [-1,1], h in (-oo,oo)"),
        ("exp(-h)*(1-q)/2 + exp(h)*(1+q)/2 - exp(q*h + h**2/2) <= 0", "q in [-1,1], h in [0,oo)"),
        ("exp(-q*h)*(exp(h)*(1+q) + exp(-h)*(1-q))/2 <= exp(h**2/2)", "q in [-1,1], h in [0,oo)"),
        ("exp(u) >= exp(v)*(1 + u - v)", "u in (-oo,oo), v in (-oo,oo)"),
    ],
)
def test_what_an_exponential_step_costs(text, on):
    """Units of work, which are the same on every machine."""
    verdict = prove(text, on)
    assert isinstance(verdict, Proved)
    assert verdict.work < 0.4
