"""Numbers for people: decimal texts that enclose, rounded outward."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, ctx, fmpq, fmpz

from boundcheck.enclosure.intervals.interval import Interval, IntervalLike, interval


@dataclass(frozen=True)
class Enclosure:
    """Exact ends of an interval that contains a number; None is infinite.

    >>> third = Enclosure(fmpq(1, 3), fmpq(1, 3))
    >>> print(third, third.text(2), third.upper, third.as_json(3))
    [0.3333333333, 0.3333333334] [0.33, 0.34] 1/3 {'lower': '0.333', 'upper': '0.334'}
    """

    lower: fmpq | None
    upper: fmpq | None

    def as_json(self, digits: int = 12) -> dict[str, str]:
        """`{"lower": ..., "upper": ...}` as decimal texts, rounded down and up."""
        low = "-oo" if self.lower is None else decimal_text(self.lower, digits, up=False)
        high = "oo" if self.upper is None else decimal_text(self.upper, digits, up=True)
        return {"lower": low, "upper": high}

    def text(self, digits: int = 10) -> str:
        """`[lower, upper]`, rounded outward, or one number where the two agree."""
        ends = self.as_json(digits)
        return (
            ends["lower"]
            if ends["lower"] == ends["upper"]
            else f"[{ends['lower']}, {ends['upper']}]"
        )

    def __str__(self) -> str:
        return self.text()


def enclosure(value: IntervalLike) -> Enclosure:
    """The enclosure that an exact number, a ball or an interval is."""
    if isinstance(value, Interval):
        return Enclosure(
            *(None if isinstance(e, float) else e.fmpq() for e in (value.lower, value.upper))
        )
    if isinstance(value, arb):
        return enclosure(interval(value))
    return Enclosure(fmpq(value), fmpq(value))


def decimal_text(q: fmpq, digits: int, *, up: bool) -> str:
    """`q` with `digits` significant digits, rounded towards +oo or -oo;
    exact where that is short."""
    if q == 0:
        return "0"
    size = abs(q)
    exponent = len(str(size.p)) - len(str(size.q))  # within one of the decimal exponent
    if size < fmpq(10) ** exponent:
        exponent -= 1
    unit = fmpq(10) ** (exponent - digits + 1)
    scaled = q / unit
    count = scaled.ceil() if up else scaled.floor()
    return _layout(count, exponent - digits + 1)


_EXACT_BITS = 100_000  # longer numbers take too long, or do not fit into memory, as rationals


def ball_text(x: arb, digits: int, *, up: bool) -> str:
    """The upper or lower end of a ball as `decimal_text`, rounded outward, even where its
    exponent has many digits."""
    with ctx.workprec(4 * digits + 512):  # far more than exponents of balls have
        end = x.upper() if up else x.lower()
        if not end.is_finite():
            return "oo" if up else "-oo"
        if end == 0 or abs(end.man_exp()[1]) < _EXACT_BITS:
            return decimal_text(end.fmpq(), digits, up=up)
        unit = (
            (abs(end).log() / arb(10).log()).mid().floor().unique_fmpz() - digits + 1
        )  # any integer would do
        scaled = end / arb(10) ** unit
        count = (scaled.upper().ceil() if up else scaled.lower().floor()).unique_fmpz()
        return _layout(count, int(unit))


def _layout(count: fmpz, exponent: int) -> str:
    text = str(abs(count)).rstrip("0")
    exponent += len(str(abs(count))) - len(text)
    sign = "-" if count < 0 else ""
    point = len(text) + exponent  # digits before the decimal point
    if not text:
        return "0"
    if 0 < point <= 15:
        padded = text.ljust(point, "0")
        return sign + padded[:point] + ("." + padded[point:] if len(padded) > point else "")
    if -4 < point <= 0:
        return f"{sign}0.{'0' * -point}{text}"
    return f"{sign}{text[0]}{'.' + text[1:] if len(text) > 1 else ''}e{point - 1:+d}"
