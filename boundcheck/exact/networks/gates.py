"""Gates: small SignReLU networks that compute exactly on their domain.

Everything is built from one neuron, the reciprocal 1/t = (1 + ρ(1 - t/κ)/α)/κ for t >= κ > 0. The
constant κ of each one is the exact lower bound of its argument on the gate's domain: any larger one
breaks the gate at the corner where the bound is attained. All parameters may be symbols; where
they are numbers, the conditions that make the gate exact are checked.
"""

from __future__ import annotations

from collections.abc import Sequence

from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import MatrixLike, VectorLike, affine
from boundcheck.exact.networks.network import Network, linear
from boundcheck.exact.terms.activation import SignReLU
from boundcheck.exact.terms.term import Term, TermLike, is_number, number, term

HALF = number("1/2")


def identity(B: TermLike, alpha: TermLike = 1) -> Network:
    """t = ρ(t + B) - B, exact for t >= -B. One hidden layer of width 1. [D]

    >>> print(identity(2)(-2), identity(2)(5))
    -2 5
    """
    return _neurons([[1]], [B], [[1]], [-term(B)], alpha)


def reciprocal(c: TermLike, alpha: TermLike = 1) -> Network:
    """1/t = (1 + ρ_α(1 - t/c)/α)/c, exact for t >= c > 0. One hidden layer of width 1. [D]

    Raises:
        BoundcheckError: c is a number that is not positive.

    >>> print(reciprocal("1/10")(3), reciprocal("1/10")(0))
    1/3 20
    """
    return reciprocals([c], alpha)


def reciprocals(constants: Sequence[TermLike], alpha: TermLike = 1) -> Network:
    """(t_1, ..., t_m) ↦ (1/t_1, ..., 1/t_m), exact for t_i >= κ_i > 0,
    `constants` being the κ_i. One hidden layer of width m. [D]

    Raises:
        BoundcheckError: a κ_i is a number that is not positive.

    >>> print(*reciprocals([1, "1/2"])(4, 3))
    1/4 1/3
    """
    kappas = [_positive(k, "the constant of a reciprocal") for k in constants]
    m = len(kappas)

    def diagonal(entries: list[Term]) -> list[list[TermLike]]:
        return [[entries[i] if i == j else 0 for j in range(m)] for i in range(m)]

    return _neurons(
        diagonal([-1 / k for k in kappas]),
        [1] * m,
        diagonal([1 / (k * term(alpha)) for k in kappas]),
        [1 / k for k in kappas],
        alpha,
    )


def square(s: TermLike, W: TermLike) -> Network:
    """w² = s² - 2s/(1/(s+w) + 1/(s-w)), exact for |w| <= W < s. Hidden widths 2, 1. [D]

    Raises:
        BoundcheckError: numbers with W < 0 or s <= W.

    >>> print(square(2, 1)("2/3"), square(2, 1).shape)
    4/9 1 -> 2 -> 1 -> 1
    """
    s, W = term(s), _not_negative(W, "W")
    _ordered(W, s, "W < s")
    halves = linear([[1], [-1]], [s, s]).then(reciprocals([s - W] * 2))
    return (
        halves.then(linear([[1, 1]])).then(reciprocals([2 / s])).then(linear([[-2 * s]], [s * s]))
    )


def product(s: TermLike, W: TermLike) -> Network:
    """xy = S(w₂) - S(w₁) with S(w) = 2s/(1/(s+w) + 1/(s-w)), w₁ = (x+y)/2 and w₂ = (x-y)/2. [D]

    Exact where |w₁|, |w₂| <= W < s. Hidden widths 4, 2.

    Raises:
        BoundcheckError: numbers with W < 0 or s <= W.

    >>> print(product(2, 1)("1/3", "-1/2"), product(2, 1).shape)
    -1/6 2 -> 4 -> 2 -> 1
    """
    s, W = term(s), _not_negative(W, "W")
    _ordered(W, s, "W < s")
    sums = linear([[HALF, HALF], [-HALF, -HALF], [HALF, -HALF], [-HALF, HALF]], [s] * 4).then(
        reciprocals([s - W] * 4)
    )
    means = sums.then(linear([[1, 1, 0, 0], [0, 0, 1, 1]])).then(reciprocals([2 / s] * 2))
    return means.then(linear([[-2 * s, 2 * s]]))


def division_constants(c: TermLike, C: TermLike, B: TermLike, s: TermLike) -> list[Term]:
    """The largest constants of the six reciprocals of `division`: the exact
    minima of their arguments. [D]

    s - B, s - B + c, s - B - C, s - B in the first layer; c/((s+B)(s+B+c)) and
    c/((s+B)(s+B-c)) in the second.

    >>> from boundcheck import symbols
    >>> print(*division_constants(*symbols("c C B s")), sep=", ")
    s - B, s - B + c, s - B - C, s - B, c/((s + B)*(s + B + c)), c/((s + B)*(s + B - c))
    """
    c, C, B, s = term(c), term(C), term(B), term(s)
    second = [c / ((s + B) * (s + B + c)), c / ((s + B) * (s + B - c))]
    return [s - B, s - B + c, s - B - C, s - B, *second]


def division(
    c: TermLike,
    C: TermLike,
    B: TermLike,
    s: TermLike | None = None,
    constants: Sequence[TermLike] | None = None,
) -> Network:
    """(x, y) ↦ y/x = (R₁ - R₂)/(4s) - 1/2, exact for c <= x <= C and |y| <= B, with s > B + C. [D]

    R₁ = 1/(1/(s+y) - 1/(s+y+x)) and R₂ = 1/(1/(s-y-x) - 1/(s-y)). Hidden widths 4, 2:
    the compact gate, six neurons. Its rounding errors grow like 1/c²; `division_textbook` is larger
    and steadier.

    Args:
        s: a number above B + C; the default is 2(B + C).
        constants: the constants of the six reciprocals, by default the largest possible ones.

    Raises:
        BoundcheckError: numbers that violate 0 < c <= C, B >= 0 or s > B + C.

    >>> from boundcheck import identity, prove, symbols
    >>> x, y = symbols("x y")
    >>> gate = division("1/2", 1, 1)
    >>> print(gate("3/4", "-1/2"), gate.shape)
    -2/3 2 -> 4 -> 2 -> 1
    >>> prove(identity(gate(x, y), y / x, on="x in [1/2,1], y in [-1,1]")).name
    'proved'
    """
    c, C, B = _division_domain(c, C, B)
    s = 2 * (B + C) if s is None else term(s)
    _ordered(B + C, s, "B + C < s")
    kappas = division_constants(c, C, B, s) if constants is None else constants
    first = linear([[0, 1], [1, 1], [-1, -1], [0, -1]], [s] * 4).then(reciprocals(kappas[:4]))
    second = first.then(linear([[1, -1, 0, 0], [0, 0, 1, -1]])).then(reciprocals(kappas[4:]))
    quarter = 1 / (4 * s)
    return second.then(linear([[quarter, -quarter]], [-HALF]))


def division_textbook(c: TermLike, C: TermLike, B: TermLike, s: TermLike | None = None) -> Network:
    """(x, y) ↦ y · (1/x): the reciprocal of x beside the identity on y, then the product gate. [D]

    Exact for c <= x <= C and |y| <= B, with s > (B + 1/c)/2. Hidden widths 2, 4, 2.

    Args:
        s: a number above (B + 1/c)/2; the default is B + 1/c.

    Raises:
        BoundcheckError: numbers that violate 0 < c <= C, B >= 0 or the bound on s.

    >>> gate = division_textbook("1/2", 1, 1)
    >>> print(gate("3/4", "-1/2"), gate.shape)
    -2/3 2 -> 2 -> 4 -> 2 -> 1
    """
    c, C, B = _division_domain(c, C, B)
    W = (B + 1 / c) / 2
    s = 2 * W if s is None else term(s)
    return reciprocal(c).beside(identity(B)).then(product(s, W))


def clip(c: TermLike, C: TermLike, M: TermLike) -> Network:
    """clip_M(t) = c + ρ_M(t-c) - ρ_M(t-C) with ρ_M(t) = ρ(Mt)/M: a smooth clip
    to [c, C], c < C, M > 0.

    0 <= clip_M - clip < 1/M, and all values lie in (c, C]. One hidden layer of width 2. [D]

    Raises:
        BoundcheckError: numbers with c >= C or M <= 0.

    >>> gate = clip(0, 1, 2**10)
    >>> print(gate(-5), gate("1/2"), gate(5))
    1/31468545 257/513 1
    """
    c, C, M = term(c), term(C), _positive(M, "M")
    _ordered(c, C, "c < C")
    return _neurons([[M], [M]], [-M * c, -M * C], [[1 / M, -1 / M]], [c], 1)


def _neurons(
    first: MatrixLike, bias: VectorLike, second: MatrixLike, shift: VectorLike, alpha: TermLike
) -> Network:
    return Network([affine(first, bias), affine(second, shift)], SignReLU(alpha))


def _division_domain(c: TermLike, C: TermLike, B: TermLike) -> tuple[Term, Term, Term]:
    c, C, B = _positive(c, "c"), term(C), _not_negative(B, "B")
    if is_number(c) and is_number(C) and C.payload < c.payload:
        raise BoundcheckError(f"c = {c} and C = {C}; the division gate needs c <= C")
    return c, C, B


def _positive(value: TermLike, name: str) -> Term:
    t = term(value)
    if is_number(t) and t.payload <= 0:
        raise BoundcheckError(f"{name} is {t}; it must be positive")
    return t


def _not_negative(value: TermLike, name: str) -> Term:
    t = term(value)
    if is_number(t) and t.payload < 0:
        raise BoundcheckError(f"{name} is {t}; it must not be negative")
    return t


def _ordered(low: Term, high: Term, rule: str) -> None:
    if is_number(low) and is_number(high) and low.payload >= high.payload:
        raise BoundcheckError(f"{low} < {high} does not hold; the gate needs {rule}")
