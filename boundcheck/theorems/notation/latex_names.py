"""Names as mathematicians write them: sigma0 is a letter with a subscript."""

from __future__ import annotations

import re

from boundcheck.exact.terms.letters import GREEK

_SHAPES = {"epsilon": "varepsilon", "phi": "varphi", "lamda": "lambda", "lam": "lambda"}
_ACCENTS = {"hat": "hat", "bar": "bar", "tilde": "tilde", "dot": "dot"}
_PARTS = re.compile(r"([A-Za-z]+)([0-9]*)(?:_+(.*))?", re.DOTALL)


def letters(name: str) -> str:
    r"""A name in mathematical mode; names that look alike are the same.

    >>> print(*map(letters, ("x", "f0", "f_0", "x_max", "sigmabar", "err", "x_i_2")))
    x f_{0} f_{0} x_{\mathit{max}} \bar{\sigma} \mathit{err} x_{i,2}
    """
    match = _PARTS.fullmatch(name)
    if match is None:  # a variable that a rule made, or one that no binder binds
        mark = r"\diamond" if name.startswith("·") else r"\ast"
        return rf"{mark}_{{{name[1:]}}}"
    below = [match[2], *(match[3] or "").split("_")]
    subscript = ",".join(_glyph(b) for b in below if b)
    return _glyph(match[1]) + (f"_{{{subscript}}}" if subscript else "")


def _glyph(word: str) -> str:
    if len(word) == 1 or word.isdigit():
        return word
    if word in _SHAPES or word in GREEK:
        return f"\\{_SHAPES.get(word, word)}"
    for ending, accent in _ACCENTS.items():
        stem = word.removesuffix(ending)
        if stem != word and stem and not _glyph(stem).startswith(r"\mathit"):
            return rf"\{accent}{{{_glyph(stem)}}}"
    return rf"\mathit{{{word}}}"
