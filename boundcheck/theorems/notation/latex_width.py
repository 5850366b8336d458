"""About how wide a formula in LaTeX is, so that long ones are broken."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\(?:text|operatorname|math[a-z]+)\{[^{}]*\}|\\[a-zA-Z]+|\\.|\S", re.DOTALL)
_NOTHING = re.compile(r"left|right|[bB]igg?[lr]|hat|bar|tilde|dot|colon|displaystyle")
_WIDE = ("le", "ge", "in", "to", "times", "otimes", "cdot", "sim", "Rightarrow", "sum", "prod")


def measure(code: str) -> float:
    r"""The width in letters.

    >>> measure(r"\frac{a + b}{2} \le \sigma^{2}")
    9.1
    """
    tokens = _TOKEN.findall(code)
    tokens.reverse()
    total = 0.0
    while tokens:
        total += _next(tokens)
    return round(total, 1)


def _next(tokens: list[str]) -> float:
    token = tokens.pop()
    match token:
        case "{":
            total = 0.0
            while tokens and tokens[-1] != "}":
                total += _next(tokens)
            if tokens:
                tokens.pop()
            return total
        case "^" | "_":
            return 0.7 * _next(tokens) if tokens else 0.0
        case r"\frac":
            return max(_next(tokens), _next(tokens))
        case "+" | "-" | "=" | "<" | ">":
            return 2.7
        case r"\,":
            return 0.3
    if token.endswith("}") and token.startswith("\\") and token[1].isalpha():
        return float(len(token[token.index("{") :]) - 2)
    name = token[1:]
    if not name:
        return 1.4 if token.isupper() else 1.0
    if _NOTHING.fullmatch(name):
        return 0.0
    return 2.7 if name in _WIDE else len(name) if name in _FUN else 1.0


_FUN = ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan")
