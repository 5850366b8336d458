"""Texts as LaTeX in pure ASCII: what must be escaped, and the letters and signs
that pdflatex does not know."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "[": "{[}",  # after the end of a row, a bracket would begin an optional argument,
    "]": "{]}",
    "*": "{*}",  # and a star would belong to it
    "`": "{`}",  # not the ligatures ?`, `` and "
    '"': "{''}",
}
_MATHEMATICS = {
    **{
        "≤": r"\le",
        "≥": r"\ge",
        "≠": r"\ne",
        "≈": r"\approx",
        "≡": r"\equiv",
        "∼": r"\sim",
        "≪": r"\ll",
        "≫": r"\gg",
    },
    **{
        "±": r"\pm",
        "×": r"\times",
        "·": r"\cdot",
        "⋅": r"\cdot",
        "∘": r"\circ",
        "−": "-",
        "⁄": "/",
        "∗": "*",
    },
    **{
        "∞": r"\infty",
        "∂": r"\partial",
        "∇": r"\nabla",
        "∫": r"\int",
        "∑": r"\sum",
        "∏": r"\prod",
        "√": r"\surd",
    },
    **{
        "→": r"\to",
        "←": r"\leftarrow",
        "↦": r"\mapsto",
        "⇒": r"\Rightarrow",
        "⇔": r"\Leftrightarrow",
    },
    **{
        "∈": r"\in",
        "∉": r"\notin",
        "⊂": r"\subset",
        "⊆": r"\subseteq",
        "∪": r"\cup",
        "∩": r"\cap",
        "∅": r"\emptyset",
    },
    **{
        "∀": r"\forall",
        "∃": r"\exists",
        "∧": r"\wedge",
        "∨": r"\vee",
        "¬": r"\neg",
        "‖": r"\|",
        "∥": r"\|",
    },
    **{
        "⌈": r"\lceil",
        "⌉": r"\rceil",
        "⌊": r"\lfloor",
        "⌋": r"\rfloor",
        "⟨": r"\langle",
        "⟩": r"\rangle",
        "′": "'",
    },
    **{
        "ℝ": r"\mathbf{R}",
        "ℕ": r"\mathbf{N}",
        "ℤ": r"\mathbf{Z}",
        "ℚ": r"\mathbf{Q}",
        "ℂ": r"\mathbf{C}",
    },
    **{
        "ϑ": r"\vartheta",
        "ϕ": r"\phi",
        "ϵ": r"\epsilon",
        "ς": r"\varsigma",
        "°": r"^{\circ}",
        "ℓ": r"\ell",
    },
}
_WORDS = {
    **{
        "ß": r"\ss{}",
        "ø": r"\o{}",
        "Ø": r"\O{}",
        "æ": r"\ae{}",
        "Æ": r"\AE{}",
        "œ": r"\oe{}",
        "ł": r"\l{}",
    },
    **{
        "ı": r"\i{}",
        "§": r"\S{}",
        "–": "--",
        "—": "---",
        "…": r"\dots{}",
        "‘": "{`}",
        "’": "'",
        "“": "{``}",
    },
    **{"”": "{''}", "\N{NO-BREAK SPACE}": "~"},
}
_ACCENTS = {
    **{
        "\u0300": ("`", "grave"),
        "\u0301": ("'", "acute"),
        "\u0302": ("^", "hat"),
        "\u0303": ("~", "tilde"),
    },
    **{
        "\u0304": ("=", "bar"),
        "\u0306": ("u", "breve"),
        "\u0307": (".", "dot"),
        "\u0308": ('"', "ddot"),
    },
    **{
        "\u030a": ("r", "mathring"),
        "\u030c": ("v", "check"),
        "\u030b": ("H", ""),
        "\u0327": ("c", ""),
    },
}
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)")
GREEK = re.findall(
    r"\w+",
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega",
)
_LATIN = dict(  # the others look like these
    zip(
        re.findall(
            r"\w+", "Alpha Beta Epsilon Zeta Eta Iota Kappa Mu Nu Omicron Rho Tau Chi omicron"
        ),
        "ABEZHIKMNOPTXo",
    )
)
_SHAPES = {"<super>": "^{{{}}}", "<sub>": "_{{{}}}", "<fraction>": "{}"}


def escaped(text: str) -> str:
    r"""The text in LaTeX, for text mode, in pure ASCII.

    Greek letters, accents, sub- and superscripts, fractions and the usual signs of mathematics
    become themselves; any other character its number, as `U+1F600`. Line ends become spaces.
    """
    found: list[str] = []
    for c in _decomposed(text):
        if c in _ACCENTS and found and (accented := _accented(found[-1], *_ACCENTS[c])):
            found[-1] = accented
        elif c == "-" and found and found[-1].endswith("-"):
            found.append("{}-")  # two hyphens would become a dash
        else:
            found.append(_letter(c))
    return "".join(found)


def _decomposed(text: str) -> str:
    """Letters and their accents apart, except for signs that have an entry of their own."""
    single = unicodedata.normalize("NFC", text)
    return "".join(
        c if c in _MATHEMATICS or c in _WORDS else unicodedata.normalize("NFD", c) for c in single
    )


def _letter(c: str) -> str:
    if c in _SPECIAL or c in _WORDS:
        return _SPECIAL.get(c) or _WORDS[c]
    if c.isascii() and c.isprintable():
        return c
    if c.isspace():
        return " "
    code = _mathematics(c)
    return rf"\texttt{{U+{ord(c):04X}}}" if code is None else rf"\ensuremath{{{code}}}"


def _mathematics(c: str) -> str | None:
    """The character in mathematical mode."""
    if c.isascii():
        return c if c.isalnum() or c in "+-=()" else None
    if c in _MATHEMATICS:
        return _MATHEMATICS[c]
    if greek := _GREEK.fullmatch(unicodedata.name(c, "")):
        name = greek[2].replace("LAMDA", "LAMBDA")
        name = name.lower() if greek[1] == "SMALL" else name.capitalize()
        return (
            rf"\mathrm{{{_LATIN[name]}}}"
            if name in _LATIN
            else f"\\{name}"
            if name in GREEK
            else None
        )
    kind, *codes = unicodedata.decomposition(c).split() or [""]
    parts = [_mathematics(chr(int(code, 16))) for code in codes] if kind in _SHAPES else []
    return (
        _SHAPES[kind].format("".join(p for p in parts if p))
        if parts and None not in parts
        else None
    )


def _accented(before: str, text: str, mathematical: str) -> str:
    """A Latin letter or a sign of mathematics with an accent; empty for others."""
    if before.isascii() and before.isalpha():
        return rf"\{text}{{{before}}}"
    inside = re.fullmatch(r"\\ensuremath\{(.*)\}", before)
    return rf"\ensuremath{{\{mathematical}{{{inside[1]}}}}}" if inside and mathematical else ""
