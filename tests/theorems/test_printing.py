"""How terms and formulas are printed: texts and LaTeX of every head, names, brackets, layout."""

import re

import pytest
from expressions import NAMES, POINTS, expressions, formulas
from hypothesis import given
from hypothesis import strategies as st

from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import Expr, constant, made, number, symbol
from boundcheck.theorems.language.formulas import (
    conjunction,
    defined,
    for_all,
    implication,
    member,
    there_is,
)
from boundcheck.theorems.language.heads import CALLS, HEADS
from boundcheck.theorems.language.reading import declared_in, read
from boundcheck.theorems.language.sorts import (
    NAT,
    REAL,
    function,
    law,
    network,
    pair,
    seq,
    space,
    vec,
)
from boundcheck.theorems.notation.latex_names import letters
from boundcheck.theorems.notation.latex_text import latex
from boundcheck.theorems.notation.names import WORDS, is_name, names_of
from boundcheck.theorems.notation.phrases import phrase
from boundcheck.theorems.notation.plain_text import text
from boundcheck.theorems.notation.text_layout import laid_out

X, Y, H = space("X"), space("Y"), vec("H")
a, b, c, p, t = (symbol(name, REAL) for name in "abcpt")
j, k, m, n = (symbol(name, NAT) for name in "jkmn")
x, y = symbol("x", X), symbol("y", Y)
u, v = symbol("u", H), symbol("v", H)
f, g = symbol("f", function((X,), REAL)), symbol("g", function((X, REAL), REAL))
pi, nu = symbol("pi", law(X)), symbol("nu", law(Y))
K = symbol("K", function((X,), law(Y)))
s, r = symbol("s", seq(X)), symbol("r", seq(REAL))
q = symbol("q", pair(X, Y))
N = symbol("N", network("signrelu"))


def mean(body, variable, over):
    return closing("mean", variable, body, over)


def over_range(head, body):
    return closing(head, j, body, number(1), n)


def call(name, *args):
    return made("call", name, args)


def ind(formula):
    return made("ind", None, (formula,))


def samples(of=pi):
    return closing("independent", j, of)


EVERY_HEAD = [
    (a + b, "a + b", "a + b"),
    (a - b, "a - b", "a - b"),
    (a * b, "a*b", r"a\, b"),
    (-a, "-a", "-a"),
    (a / b, "a/b", r"\frac{a}{b}"),
    (a**n, "a**n", "a^{n}"),
    (a**p, "a**p", "a^{p}"),
    (number(3) / 2, "3/2", r"\frac{3}{2}"),
    (constant("pi") + constant("E"), "pi + E", r"\pi + \mathrm{e}"),
    (call("Abs", a), "Abs(a)", r"\lvert a \rvert"),
    (call("sqrt", a + 1), "sqrt(a + 1)", r"\sqrt{a + 1}"),
    (call("cbrt", a), "cbrt(a)", r"\sqrt[3]{a}"),
    (call("exp", -a), "exp(-a)", r"\exp(-a)"),
    (call("asin", a), "asin(a)", r"\arcsin(a)"),
    (call("floor", a), "floor(a)", r"\lfloor a \rfloor"),
    (call("ceiling", a), "ceiling(a)", r"\lceil a \rceil"),
    (call("sign", a), "sign(a)", r"\operatorname{sgn}(a)"),
    (call("erf", a), "erf(a)", r"\operatorname{erf}(a)"),
    (call("gamma", a), "gamma(a)", r"\Gamma(a)"),
    (call("loggamma", a), "loggamma(a)", r"\log\Gamma(a)"),
    (call("factorial", a + b), "factorial(a + b)", "(a + b)!"),
    (call("Max", call("Max", a, b), c), "Max(a, b, c)", r"\max(a, b, c)"),
    (call("Max", a, call("Max", b, c)), "Max(a, Max(b, c))", r"\max(a, \max(b, c))"),
    (call("relu", a), "relu(a)", r"\operatorname{ReLU}(a)"),
    (call("signrelu", a), "signrelu(a)", r"\operatorname{SignReLU}(a)"),
    (made("natceil", None, (a,)), "natceil(a)", r"\lceil a \rceil_+"),
    (f(x), "f(x)", "f(x)"),
    (g(x, a), "g(x, a)", "g(x, a)"),
    (u + v, "u + v", "u + v"),
    (u - v, "u - v", "u - v"),
    (-u, "-u", "-u"),
    (a * u, "a*u", r"a\, u"),
    (made("dot", None, (u, v)), "dot(u, v)", r"\langle u, v \rangle"),
    (made("dot", None, (u, u)), "dot(u, u)", r"\lvert u \rvert^2"),
    (call("sqrt", made("dot", None, (u, u))), "sqrt(dot(u, u))", r"\lvert u \rvert"),
    (s(k), "s(k)", "s_{k}"),
    (made("pair", None, (x, y)), "pair(x, y)", "(x, y)"),
    (made("first", None, (q,)), "first(q)", r"\operatorname{pr}_1(q)"),
    (made("second", None, (q,)), "second(q)", r"\operatorname{pr}_2(q)"),
    (closing("sequence", j, a**j), "sequence(j, a**j)", r"(a^{j})_{j \ge 0}"),
    (mean(f(x), x, pi), "Mean(f(x), (x, pi))", r"\mathbb{E}_{x \sim \pi}[f(x)]"),
    (
        mean(ind(f(x) <= a), x, pi),
        "Prob(f(x) <= a, (x, pi))",
        r"\mathbb{P}_{x \sim \pi}[f(x) \le a]",
    ),
    (closing("norm", x, f(x), pi, p), "Norm(f(x), p, (x, pi))", r"\lVert f \rVert_{L^{p}(\pi)}"),
    (
        closing("norm", x, f(x) - a, pi, number(2)),
        "Norm(f(x) - a, 2, (x, pi))",
        r"\lVert f(x) - a \rVert_{L^{2}(\pi(\mathrm{d}x))}",
    ),
    (over_range("sum", r(j)), "Sum(r(j), (j, 1, n))", r"\sum_{j=1}^{n} r_{j}"),
    (over_range("product", r(j)), "Product(r(j), (j, 1, n))", r"\prod_{j=1}^{n} r_{j}"),
    (over_range("largest", r(j)), "Largest(r(j), (j, 1, n))", r"\max_{1 \le j \le n} r_{j}"),
    (over_range("smallest", r(j)), "Smallest(r(j), (j, 1, n))", r"\min_{1 \le j \le n} r_{j}"),
    (
        closing("integral", t, t**2, a, b),
        "Integral(t**2, (t, a, b))",
        r"\int_{a}^{b} t^{2} \,\mathrm{d}t",
    ),
    (ind(a <= b), "Ind(a <= b)", r"\mathbf{1}\{a \le b \}"),
    (closing("joint", x, K(x), pi), "joint(pi, (x, K(x)))", r"\pi \otimes K"),
    (samples(), "pi^oo", r"\pi^{\infty}"),
    (samples(K(s(j))), "independent(j, K(s(j)))", r"\bigotimes_{j=0}^{\infty} K(s_{j})"),
    (made("depth", None, (N,)), "depth(N)", r"\operatorname{depth}(N)"),
    (made("width", None, (N,)), "width(N)", r"\operatorname{width}(N)"),
    (made("value", None, (N, k, r)), "value(N, k, r)", "N(r)_{k}"),
    (a <= b, "a <= b", r"a \le b"),
    (a.eq(b), "a == b", "a = b"),
    (member(x, pi), "x in pi", r"x \in \mathcal{S}_{\pi}"),
    (member(s, samples()), "s in pi^oo", r"s \in \mathcal{S}_{\pi^{\infty}}"),
    (defined(1 / a), "exists(1/a)", r"\frac{1}{a} \text{ exists}"),
    (conjunction(a <= b, b < c), "a <= b and b < c", r"a \le b \text{ and } b < c"),
    (
        implication([a <= b, b <= c], a <= c),
        "a <= b implies b <= c implies a <= c",
        r"a \le b \Rightarrow b \le c \Rightarrow a \le c",
    ),
    (
        for_all([a, b], (a - b) ** 2 >= 0),
        "for all a, b : Real. (a - b)**2 >= 0",
        r"\forall a, b \in \mathbb{R}\colon (a - b)^{2} \ge 0",
    ),
    (
        for_all(x, f(x) <= b, [member(x, pi)]),
        "for all x in pi. f(x) <= b",
        r"\forall x \in \mathcal{S}_{\pi}\colon f(x) \le b",
    ),
    (
        for_all(j, r(j) <= b, [number(1) <= j, j <= n]),
        "for all j in 1..n. r(j) <= b",
        r"\forall j \in \{1, \dots, n\}\colon r_{j} \le b",
    ),
    (
        there_is(N, conjunction(made("depth", None, (N,)) <= 3, made("width", None, (N,)) <= n)),
        "there is N : Network(signrelu). depth(N) <= 3 and width(N) <= n",
        r"\exists N \in \mathcal{N}_{\mathrm{SignReLU}}\colon "
        r"\operatorname{depth}(N) \le 3 \text{ and } \operatorname{width}(N) \le n",
    ),
]


@pytest.mark.parametrize(("e", "plain", "typeset"), EVERY_HEAD, ids=[p for _, p, _ in EVERY_HEAD])
def test_every_head(e, plain, typeset):
    assert text(e) == plain
    assert latex(e) == typeset
    assert read(plain, declared_in(e)) == e


def test_there_is_an_example_of_every_head():
    seen, todo = set(), [e for e, _, _ in EVERY_HEAD]
    while todo:
        e = todo.pop()
        seen.add(e.head)
        todo += e.args
    assert HEADS.keys() <= seen


def test_no_function_of_the_grammar_is_a_name():
    assert CALLS.keys() | (HEADS.keys() & {"joint", "sequence", "depth", "width"}) <= WORDS


# -- brackets --------------------------------------------------------------------------------------

minus = -a
BRACKETS = [
    (a - (b - c), "a - (b - c)", "a - (b - c)"),
    (a - b - c, "a - b - c", "a - b - c"),
    (a + (b + c), "a + (b + c)", "a + (b + c)"),
    ((a + b) * c, "(a + b)*c", r"(a + b)\, c"),
    (a * (b + c), "a*(b + c)", r"a \cdot (b + c)"),
    (2 * (b + c), "2*(b + c)", "2 (b + c)"),
    (a * 2, "a*2", r"a \cdot 2"),
    (a / (b / c), "a/(b/c)", r"\frac{a}{\frac{b}{c}}"),
    (a / b / c, "a/b/c", r"\frac{\frac{a}{b}}{c}"),
    (a * (b * c), "a*(b*c)", r"a\, b\, c"),
    (-(a * b), "-(a*b)", r"-a\, b"),
    (-a * b, "-a*b", r"-a\, b"),
    (-(a**2), "-a**2", "-a^{2}"),
    ((-a) ** 2, "(-a)**2", "(-a)^{2}"),
    (-minus, "-(-a)", "-(-a)"),
    (a + (-b), "a + (-b)", "a + (-b)"),
    (a - -b * c, "a - (-b*c)", r"a - (-b\, c)"),
    (a + number(-2), "a + (-2)", "a + (-2)"),
    (a * number(-2), "a*(-2)", r"a \cdot (-2)"),
    (number(-2) ** k, "(-2)**k", "(-2)^{k}"),
    ((number(1) / 2) ** k, "(1/2)**k", r"\left(\frac{1}{2} \right)^{k}"),
    (a * (number(1) / 2), "a*(1/2)", r"a\, \frac{1}{2}"),
    (number(1) / 2 * a, "1/2*a", r"\frac{1}{2} a"),
    (number(1) / 2 * a / b, "1/2*a/b", r"\frac{1}{2} \cdot \frac{a}{b}"),
    (-a / b, "-a/b", r"-\frac{a}{b}"),
    ((a**n) ** m, "(a**n)**m", "(a^{n})^{m}"),
    (a ** (n**m), "a**(n**m)", "a^{n^{m}}"),
    (a ** (n + 1), "a**(n + 1)", "a^{n + 1}"),
    (a ** (1 / p), "a**(1/p)", "a^{1/p}"),
    (a ** (number(1) / 2), "a**(1/2)", "a^{1/2}"),
    (f(x) ** 2, "f(x)**2", "f(x)^{2}"),
    (mean(f(x), x, pi) ** 2, "Mean(f(x), (x, pi))**2", r"(\mathbb{E}_{x \sim \pi}[f(x)])^{2}"),
    (over_range("sum", r(j) + 1) * a, "Sum(r(j) + 1, (j, 1, n))*a", None),
    (
        over_range("sum", r(j) + 1) / n,
        "Sum(r(j) + 1, (j, 1, n))/n",
        r"\frac{1}{n} \sum_{j=1}^{n} (r_{j} + 1)",
    ),
    (a / 2 * u, "a/2*u", r"\frac{a}{2}\, u"),
    (a * (b * u), "a*(b*u)", r"a\, b\, u"),
    (
        made("and", None, (a < b, conjunction(b < c, a < c))),
        "a < b and (b < c and a < c)",
        r"a < b \text{ and } (b < c \text{ and } a < c)",
    ),
    (
        implication([implication([a < b], b < c)], a < c),
        "(a < b implies b < c) implies a < c",
        None,
    ),
    (implication([conjunction(a < b, b < c)], a < c), "a < b and b < c implies a < c", None),
    (conjunction(for_all(a, a < 2), a < b), "(for all a2 : Real. a2 < 2) and a < b", None),
    (conjunction(a < b, for_all(c, c < a)), "a < b and for all c : Real. c < a", None),
    (
        implication([conjunction(a < b, for_all(c, c < a))], a < b),
        "(a < b and for all c : Real. c < a) implies a < b",
        None,
    ),
    (
        conjunction(a < b, conjunction(b < c, for_all(c, c < a))),
        "a < b and (b < c and for all c2 : Real. c2 < a)",
        None,
    ),
    (implication([a < b], for_all(c, c < a)), "a < b implies for all c : Real. c < a", None),
    (
        for_all(x, for_all(a, a < b, [f(x) < a]), [member(x, pi)]),
        "for all x in pi, a : Real. f(x) < a implies a < b",
        None,
    ),
]


@pytest.mark.parametrize(("e", "plain", "typeset"), BRACKETS, ids=[p for _, p, _ in BRACKETS])
def test_brackets(e, plain, typeset):
    assert text(e) == plain
    assert read(plain, declared_in(e)) == e
    assert typeset is None or latex(e) == typeset


def test_powers():
    """`**` with an exponent of sort Nat, or a literal integer, is repeated multiplication; `^` says
    that a real power is meant all the same."""
    real = [made("rpow", None, (a, e)) for e in (number(2), number(-2), n, n + 1, -a, p)]
    assert list(map(text, real)) == ["a^2", "a^(-2)", "a^n", "a^(n + 1)", "a**(-a)", "a**p"]
    assert [read(text(e), declared_in(e)) for e in real] == real
    assert read("a**2", declared_in(a)) == made("npow", None, (a, number(2)))
    assert read("a**-2", declared_in(a)) == 1 / a**2
    assert read("a^p", declared_in(a, p)) == a**p


# -- quantifiers -----------------------------------------------------------------------------------


def in_pi(variable):
    return member(variable, pi)


x1, x2 = symbol("x1", X), symbol("x2", X)
one, two, three = f(x) <= a, f(x) <= b, f(x) <= c

QUANTIFIED = [
    (there_is(x, conjunction(in_pi(x), one)), "there is x in pi. f(x) <= a"),
    (there_is(x, in_pi(x)), "there is x : X. x in pi"),
    (
        there_is(x, conjunction(in_pi(x), one, two)),
        "there is x in pi. f(x) <= a and f(x) <= b",
    ),
    (
        there_is(x, conjunction(in_pi(x), conjunction(one, two))),
        "there is x in pi. (f(x) <= a and f(x) <= b)",
    ),
    (
        there_is(x, conjunction(in_pi(x), conjunction(one, two), three)),
        "there is x in pi. (f(x) <= a and f(x) <= b) and f(x) <= c",
    ),
    (
        there_is(x, conjunction(one, in_pi(x))),
        "there is x : X. f(x) <= a and x in pi",
    ),
    (
        for_all([x1, x2], f(x1) <= f(x2), [in_pi(x1), in_pi(x2)]),
        "for all x1, x2 : X. x1 in pi implies x2 in pi implies f(x1) <= f(x2)",
    ),
    (
        for_all(x1, for_all(x2, f(x1) <= f(x2), [in_pi(x2)]), [in_pi(x1)]),
        "for all x1, x2 in pi. f(x1) <= f(x2)",
    ),
    (
        there_is(x1, conjunction(in_pi(x1), there_is(x2, conjunction(in_pi(x2), f(x1) < f(x2))))),
        "there are x1, x2 in pi. f(x1) < f(x2)",
    ),
    (
        for_all(x, for_all(y, a <= b, [member(y, K(x))]), [in_pi(x)]),
        "for all x in pi, y in K(x). a <= b",
    ),
    (
        for_all(j, for_all(k, r(j) <= r(k), [number(1) <= k, k <= j]), [number(1) <= j, j <= n]),
        "for all j in 1..n, k in 1..j. r(j) <= r(k)",
    ),
    (
        for_all(j, r(j) <= a, [number(1) <= j, j <= j + 1]),
        "for all j : Nat. 1 <= j implies j <= j + 1 implies r(j) <= a",
    ),
    (
        there_is(j, conjunction(number(1) <= j, j <= n, r(j) <= a, r(j) >= b)),
        "there is j in 1..n. r(j) <= a and r(j) >= b",
    ),
    (for_all(j, a <= b, [number(1) <= j]), "for all j : Nat. 1 <= j implies a <= b"),
    (for_all(a, a <= b, [number(1) <= a, a <= n]), None),
    (
        for_all(nu, for_all(y, a <= b, [member(y, nu)])),
        "for all nu : Law(Y), y in nu. a <= b",
    ),
]


@pytest.mark.parametrize(("e", "plain"), QUANTIFIED)
def test_quantifiers(e, plain):
    assert plain is None or text(e) == plain
    assert read(text(e), declared_in(e)) == e


# -- names -----------------------------------------------------------------------------------------


def test_a_free_variable_is_not_captured():
    e = for_all(y, f(x) <= a).args[0]
    free = symbol("x", X)
    bound_x = closing("forall", symbol("z", X), f(symbol("z", X)) <= f(free), hint="x")
    assert text(bound_x) == "for all x2 : X. f(x2) <= f(x)"
    assert text(e) == "f(x) <= a"


def test_nested_binders_of_one_name():
    inner = mean(f(x) * a, x, pi)
    outer = closing("mean", symbol("z", X), inner + f(symbol("z", X)), pi, hint="x")
    assert text(outer) == "Mean(Mean(f(x2)*a, (x2, pi)) + f(x), (x, pi))"
    side_by_side = mean(f(x), x, pi) + mean(f(x), x, pi)
    assert text(side_by_side) == "Mean(f(x), (x, pi)) + Mean(f(x), (x, pi))"


def test_one_name_of_two_sorts():
    real, natural, point = symbol("x", REAL), symbol("x", NAT), symbol("x", X)
    e = conjunction(real <= natural, f(point) <= real)
    assert text(e) == "x2 <= x and f(x3) <= x2"
    assert latex(e) == r"x_{2} \le x \text{ and } f(x_{3}) \le x_{2}"


def test_the_constant_keeps_its_name():
    e = mean(f(x) * constant("pi"), x, pi)
    assert text(e) == "Mean(f(x)*pi, (x, pi2))"
    assert text(mean(f(x), x, pi) * constant("E")) == "Mean(f(x), (x, pi))*E"


@pytest.mark.parametrize("name", ["Mean", "for", "exp", "a b", "", "x <= 1 and y", "·3", "é", "1x"])
def test_names_that_are_none(name):
    """What an expression shows is what it says, whatever its symbols are called."""
    assert not is_name(name)
    e = symbol(name, REAL) <= symbol("y", REAL)
    shown = text(e).split(" <= ")
    assert len(shown) == 2
    assert is_name(shown[0]) or shown[0] == name == "·3"
    other = symbol(name, REAL) <= symbol(shown[0], NAT)
    assert len(set(text(other).split(" <= "))) == 2


def test_a_space_called_as_a_sort():
    e = for_all(symbol("x", space("Real")), for_all(symbol("y", REAL), a <= b))
    assert text(e) == "for all x : Real2, y : Real. a <= b"


def test_names_in_latex_that_look_alike():
    e = symbol("f0", REAL) <= symbol("f_0", REAL)
    assert text(e) == "f0 <= f_0"
    assert latex(e) == r"f_{0} \le f_{0,2}"
    e = symbol("x0", REAL) <= symbol("x", seq(REAL))(0)
    assert latex(e) == r"x_{0} \le x(0)"
    e = for_all(symbol("X", X), a <= b)
    assert latex(e) == r"\forall X_{2} \in X\colon a \le b"
    e = symbol("Gamma", function((REAL,), REAL))(a) <= call("gamma", a)
    assert latex(e) == r"\Gamma_{2}(a) \le \Gamma(a)"


@given(expressions(clashing=True))
def test_what_differs_has_different_names(e):
    for spelled in (str, letters):
        names = names_of([e], spelled)
        shown = [spelled(n) for n in names.symbols.values()]
        assert len(set(shown)) == len(names.symbols)


def test_what_lies_outside_its_binders_is_shown():
    body = for_all(x, for_all(y, f(x) <= a, [member(y, K(x))])).args[0]
    assert text(body) == "for all y in K(#0). f(#0) <= a"
    assert text(body.args[0]) == "#0 in K(#1) implies f(#1) <= a"


# -- size ------------------------------------------------------------------------------------------


def test_a_long_sum_is_printed():
    total = a
    for i in range(3000):
        total = total + symbol(f"c{i}", REAL)
    assert read(text(total), declared_in(total)) == total
    assert latex(total).count("+") == 3000


def test_what_is_enormous_is_abbreviated():
    e = a
    for _ in range(18):
        e = e * e
    assert text(e) == "<expression of more than 20000 nodes>"
    assert "20000" in latex(e)
    deep, h = a, symbol("h", function((REAL,), REAL))
    for _ in range(900):
        deep = h(deep)
    assert text(deep) == "<expression nested too deep>"
    assert "too deep" in latex(deep)


@given(formulas(depth=5), st.sampled_from([12, 40, 80]))
def test_broken_lines_are_the_same_text(e, width):
    said = phrase(e, names_of([e]))
    lines = laid_out(said, width)
    assert "".join("".join(lines).split()) == "".join(text(e).split())
    assert read("\n".join(lines), declared_in(e)) == read(text(e), declared_in(e))


@given(expressions())
def test_latex_is_balanced(e):
    code = latex(e)
    assert code.isascii()
    depth = 0
    for character in code.replace(r"\{", "").replace(r"\}", ""):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"\\left\W", code)) == len(re.findall(r"\\right\W", code))
    assert e._repr_latex_() == rf"$\displaystyle {code}$"


def test_the_strategies_draw_from_these():
    assert all(map(is_name, NAMES))
    assert all(isinstance(symbol("x", s), Expr) for s in POINTS)
