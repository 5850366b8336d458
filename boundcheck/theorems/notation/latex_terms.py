"""Terms in LaTeX: fractions, sums, brackets as tall as what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from boundcheck.theorems.notation.latex_names import letters
from boundcheck.theorems.notation.phrases import Phrase

ANY, IMPLIES, AND, RELATION, SUM, SIGN, PRODUCT, POWER, ATOM = range(9)
"""How much an expression holds together."""

_LEVELS = {
    "forall": ANY,
    "exists": ANY,
    "implies": IMPLIES,
    "and": AND,
    "relation": RELATION,
    "member": RELATION,
    "defined": RELATION,
    "terms": SUM,
    "minus": SIGN,
    "factors": PRODUCT,
    "power": POWER,
    "mean": POWER,
    "prob": POWER,
    "iid": POWER,
    "joint": SUM,
    "independent": PRODUCT,
}
_AROUND = {
    "Abs": (r"\lvert", r"\rvert"),
    "floor": (r"\lfloor", r"\rfloor"),
    "ceiling": (r"\lceil", r"\rceil"),
}
_NORM, _SQUARE = (r"\lVert", r"\rVert"), ("[", "]")
_FUNCTIONS = {
    **{f: f"\\{f}" for f in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"a{f}": rf"\arc{f}" for f in ("sin", "cos", "tan")},
    "gamma": r"\Gamma",
    "loggamma": r"\log\Gamma",
    "sign": r"\operatorname{sgn}",
    "relu": r"\operatorname{ReLU}",
    "signrelu": r"\operatorname{SignReLU}",
    "Min": r"\min",
    "Max": r"\max",
}
_BIG = {"sum": r"\sum", "product": r"\prod", "largest": r"\max", "smallest": r"\min"}
BIG_SIGNS = (*_BIG.values(), r"\int")
OPEN = (*_BIG, "integral")
"""What reaches as far to the right as it can."""

TALL = re.compile(r"\\(frac|sum|prod|int|sqrt|max_|min_|bigotimes)")


def brackets(inside: str, left: str = "(", right: str = ")") -> str:
    """Brackets that are as tall as what they hold."""
    if TALL.search(inside):
        left, right = rf"\left{left}", rf"\right{right}"
    before = " " if left[-1].isalpha() else ""
    after = " " if right.startswith("\\") else ""
    return f"{left}{before}{inside}{after}{right}"


@dataclass(frozen=True)
class Shell:
    """Brackets around a part, with what stands before and after them."""

    before: str
    signs: tuple[str, str]
    inside: Phrase
    after: str = ""


class TermTypesetter:
    """Typesets the terms of one theorem."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._indexed = {  # x_{0} is a symbol here, so that the value of x at 0 is x(0)
            n.partition("_")[0] for n in map(letters, _names(phrases)) if "_" in n
        }

    def inline(self, p: Phrase, words: bool = False) -> str:
        """A phrase, its outermost quantifiers and connectives in words if wanted."""
        raise NotImplementedError

    def part(self, p: Phrase, level: int, words: bool = False) -> str:
        """A phrase where a level is asked for."""
        if self.level(p) < level:
            return brackets(self.inline(p))
        return self.inline(p, words)

    def operand(self, p: Phrase) -> str:
        """A term of a sum behind its sign."""
        found = self.part(p, PRODUCT)
        return brackets(found) if found.startswith("-") else found

    def level(self, p: Phrase) -> int:
        """How much a phrase holds together."""
        if p.head == "number":
            return SIGN if p.data < 0 else ATOM if p.data.denominator == 1 else PRODUCT
        if p.head == "factors" and self.level(p.parts[0]) == SIGN:
            return SIGN
        if p.head == "and" and p.parts[-1].head in ("forall", "exists"):
            return ANY
        if p.head in OPEN or (p.head == "call" and p.data in ("factorial", "loggamma", "exp")):
            return PRODUCT
        if _is_square(p):
            return POWER
        return _LEVELS.get(p.head, ATOM)

    def _factors(self, p: Phrase) -> str:
        """A chain of products and quotients, as fractions."""
        minus = p.parts[0].head == "minus" and "/" in p.data
        row: list[Phrase | str] = [p.parts[0].parts[0] if minus else p.parts[0]]
        for sign, a in zip(p.data, p.parts[1:], strict=True):
            if sign == "*":
                row.append(a)
                continue
            last = [row.pop()] if isinstance(row[-1], Phrase) and row[-1].head in OPEN else []
            first = [row.pop(0)] if len(row) > 1 and _is_quotient(row[0]) else []
            above = self._row(row, alone=True) if row else "1"
            row = [*first, rf"\frac{{{above}}}{{{self.inline(a)}}}", *last]
        return ("-" if minus else "") + self._row(row, alone=False)

    def _row(self, row: list[Phrase | str], alone: bool) -> str:
        """Factors beside each other; one that is alone needs no brackets."""
        if alone and len(row) == 1 and isinstance(row[0], Phrase):
            return self.exponent(row[0]) if row[0].head == "number" else self.inline(row[0])
        found = ""
        for k, a in enumerate(row):
            if isinstance(a, str):
                shown = a
            elif a.head in OPEN and k < len(row) - 1:
                shown = brackets(self.inline(a))
            else:
                shown = self.part(a, PRODUCT if k else SIGN)
            if k and shown.startswith("-"):
                shown = brackets(shown)
            found += (_between(row[k - 1], shown) if k else "") + shown
        return found

    def exponent(self, p: Phrase) -> str:
        """A phrase as an exponent, where fractions would be too small."""
        if p.head == "number":
            return str(p.data)
        if p.head == "factors" and p.data == ("/",):
            return f"{self.part(p.parts[0], PRODUCT)}/{self.part(p.parts[1], POWER)}"
        return self.inline(p)

    def _term(self, p: Phrase) -> str:
        parts = p.parts
        if shell := self.shell(p):
            return shell.before + brackets(self.inline(shell.inside), *shell.signs) + shell.after
        match p.head:
            case "name":
                return letters(p.data)
            case "number":
                return _number(p.data)
            case "constant":
                return r"\pi" if p.data == "pi" else r"\mathrm{e}"
            case "call":
                return self._call(p.data, parts)
            case "apply":
                return f"{self.part(parts[0], ATOM)}{self._list(parts[1:])}"
            case "at":
                base, place = self.part(parts[0], ATOM), self.inline(parts[1])
                plain = "_" not in base and base not in self._indexed and parts[0].head == "name"
                return rf"{base}_{{{place}}}" if plain else f"{base}{brackets(place)}"
            case "dot":
                return brackets(", ".join(map(self.inline, parts)), r"\langle", r"\rangle")
            case "pair":
                return self._list(parts)
            case "value":
                number, x = self.inline(parts[1]), self.inline(parts[2])
                return rf"{self.part(parts[0], ATOM)}{brackets(x)}_{{{number}}}"
        if not p.names:
            words = {"first": r"\operatorname{pr}_1", "second": r"\operatorname{pr}_2"}
            return words.get(p.head, rf"\operatorname{{{p.head}}}") + self._list(parts)
        return self._binding(p)

    def shell(self, p: Phrase) -> Shell | None:
        """What stands around the one long part of a term: its brackets and what is outside them."""
        *outside, inside = p.parts or (p,)
        match p.head:
            case "mean" | "prob":
                law = self.part(outside[0], SUM)
                sign = r"\mathbb{E}" if p.head == "mean" else r"\mathbb{P}"
                return Shell(rf"{sign}_{{{letters(p.names[0])} \sim {law}}}", _SQUARE, inside)
            case "norm":
                law, f = self.part(outside[0], POWER), self._function(inside, p.names[0])
                point = "" if f else rf"(\mathrm{{d}}{letters(p.names[0])})"
                space = rf"_{{L^{{{self.exponent(outside[1])}}}({law}{point})}}"
                return Shell("", _NORM, inside.parts[0] if f else inside, space)
            case "call" if p.data in _AROUND:
                return Shell("", _AROUND[p.data], inside)
            case "call" if p.data == "sqrt" and _is_square(inside):
                return Shell("", _AROUND["Abs"], inside.parts[0])
            case "dot" if _is_square(p):
                return Shell("", _AROUND["Abs"], inside, "^2")
            case "natceil":
                return Shell("", _AROUND["ceiling"], inside, "_+")
            case "ind":
                return Shell(r"\mathbf{1}", (r"\{", r"\}"), inside)
        return None

    def _binding(self, p: Phrase) -> str:
        *outside, body = p.parts
        x = letters(p.names[0])
        match p.head:
            case "sum" | "product":
                low, high = map(self.inline, outside)
                return rf"{_BIG[p.head]}_{{{x}={low}}}^{{{high}}} {self._reached(body)}"
            case "largest" | "smallest":
                low, high = (self.part(e, SUM) for e in outside)
                ends = rf"{low} \le {x} \le {high}"
                return rf"{_BIG[p.head]}_{{{ends}}} {self._reached(body)}"
            case "integral":
                low, high = map(self.inline, outside)
                return rf"\int_{{{low}}}^{{{high}}} {self._reached(body)} \,\mathrm{{d}}{x}"
            case "joint":
                law, kernel = self.part(outside[0], POWER), self._function(body, p.names[0])
                if kernel:
                    return rf"{law} \otimes {kernel}"
                return rf"{law}(\mathrm{{d}}{x}) \otimes {self.part(body, POWER)}"
            case "independent":
                return rf"\bigotimes_{{{x}=0}}^{{\infty}} {self.part(body, POWER)}"
        return rf"{brackets(self.inline(body))}_{{{x} \ge 0}}"

    def _reached(self, body: Phrase) -> str:
        found = self.part(body, PRODUCT)
        return brackets(found) if found.startswith("-") else found

    def _function(self, body: Phrase, x: str) -> str:
        """f, where the body is f(x)."""
        if body.head == "apply" and body.parts[1:] == (Phrase("name", x),):
            return self.inline(body.parts[0])
        return ""

    def _call(self, name: str, args: tuple[Phrase, ...]) -> str:
        inside = ", ".join(map(self.inline, args))
        match name:
            case "sqrt":
                return rf"\sqrt{{{inside}}}"
            case "cbrt":
                return rf"\sqrt[3]{{{inside}}}"
            case "factorial":
                return f"{self.part(args[0], ATOM)}!"
        return _FUNCTIONS.get(name, rf"\operatorname{{{name}}}") + brackets(inside)

    def _list(self, parts: tuple[Phrase, ...]) -> str:
        return brackets(", ".join(map(self.inline, parts)))


def _is_quotient(p: Phrase | str) -> bool:
    return isinstance(p, Phrase) and p.head == "number" and p.data.denominator != 1


def _is_square(p: Phrase) -> bool:
    """Whether it is the inner product of a vector with itself."""
    return p.head == "dot" and p.parts[0] == p.parts[1]


def _names(phrases: Iterable[Phrase]) -> Iterable[str]:
    for p in phrases:
        yield from p.names
        if p.head == "name":
            yield p.data
        yield from _names(p.parts)


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _between(before: Phrase | str, after: str) -> str:
    """What stands between two factors."""
    number = isinstance(before, Phrase) and before.head == "number"
    if after[0].isdigit() or (number and after.startswith(r"\frac")):
        return r" \cdot "
    if after.startswith(("(", r"\left(")):
        return " " if number else r" \cdot "
    return " " if number or after.startswith(BIG_SIGNS) else r"\, "
