r"""Tables as LaTeX for a document that loads `booktabs` and `siunitx`, and
nothing else; pure ASCII.

Numbers are those of the other formats, digit for digit: in S columns where a column has
numbers only, else in `\num`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.exact.terms.letters import escaped
from boundcheck.report.typeset.table import Cell, Formula, Stated, Table, ends

_TALL = re.compile(r"\\(frac|sum|prod|sqrt)")
_QUOTIENT = re.compile(r"-?[0-9]+/[0-9]+")
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(e([+-]?)0*([0-9]+))?")
_BEFORE_POINT = 7
_LONG_HEADER, _LONG_TEXT, _BROAD = (
    12,
    24,
    80,
)  # characters: longer headers are stacked, longer texts broken
_SIZES = (
    (60, ""),
    (70, r"\small"),
    (85, r"\footnotesize"),
    (140, r"\scriptsize\setlength{\tabcolsep}{3pt}"),
    (10**9, r"\tiny\setlength{\tabcolsep}{2pt}"),
)


def latex(table: Table) -> str:
    r"""A `table` with rules of booktabs, the title as its caption, the label
    `tab:NAME`, and the notes below it.

    The last note has the version and the parameters. Compiles under pdflatex after
    `\usepackage{booktabs}` and `\usepackage{siunitx}`.
    """
    columns = [[row[j] for row in table.rows] for j in range(len(table.columns))]
    kinds = [_kind(cells) for cells in columns]
    widths = [_seen(name, cells) for name, cells in zip(table.columns, columns, strict=True)]
    spec, size = _layout(kinds, widths)
    heads = [_header(name) for name in table.columns]
    lines = [
        rf"% {_comment(table.origin)}",
        r"% \usepackage{booktabs} and \usepackage{siunitx} are all that it needs",
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escaped(table.title)}}}",
        rf"\label{{tab:{table.label or table.name}}}",
        r"\smallskip",  # article leaves no room below a caption
        size,
        r"\makebox[\linewidth]{%",  # a wide table reaches into both margins
        rf"\begin{{tabular}}{{{spec}}}",
        r"\toprule",
        _line(heads),
        r"\midrule",
        *_rows(
            [
                _line([_cell(c, kind) for c, kind in zip(row, kinds, strict=True)])
                for row in table.rows
            ]
        ),
        r"\bottomrule",
        r"\end{tabular}}",
        *(
            rf"\par\smallskip{{\footnotesize\raggedright {_breakable(n)}\par}}"
            for n in (*table.notes, table.origin)
        ),
        r"\end{table}",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _layout(kinds: Sequence[str], widths: Sequence[int]) -> tuple[str, str]:
    """The argument of `tabular`, and the size of its letters: columns of long texts
    share what the others leave."""
    texts = sum(width for kind, width in zip(kinds, widths, strict=True) if kind == "p")
    rigid = sum(width + 2 for kind, width in zip(kinds, widths, strict=True) if kind != "p")
    needed = rigid + (_LONG_TEXT + 2) * kinds.count("p")
    most, size = next(entry for entry in _SIZES if needed <= entry[0])
    free = 0.16 if most == _SIZES[-1][0] else max(0.5, 0.95 - rigid / min(most, 110))  # of a line
    columns = (
        rf">{{\raggedright\arraybackslash}}p{{{min(free / texts, 0.01) * width:.2f}\linewidth}}"
        if kind == "p"
        else kind
        for kind, width in zip(kinds, widths, strict=True)
    )
    return "".join(columns), size


def _seen(name: str, cells: Sequence[Cell]) -> int:
    """About how many characters wide a column is."""
    return max(min(max([_width(c) for c in cells], default=0), _BROAD), *map(len, _stacked(name)))


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"


def _rows(lines: Sequence[str]) -> list[str]:
    """With room between them where formulas are tall: fractions and limits of sums would touch."""
    between = [r"\addlinespace[3pt]"] if any(_TALL.search(line) for line in lines) else []
    return [part for line in lines for part in (*between, line)][len(between) :]


def _header(name: str) -> str:
    r"""In braces, so that it may stand above an S column; a long one in several lines."""
    stacked = r"\\".join(map(escaped, _stacked(name)))
    return rf"{{\shortstack{{{stacked}}}}}" if r"\\" in stacked else f"{{{stacked}}}"


def _stacked(name: str) -> list[str]:
    """Broken at spaces into lines of at most some characters, where that is possible."""
    lines = [""]
    for word in name.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= _LONG_HEADER:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _kind(cells: Sequence[Cell]) -> str:
    """The type of a column: S for numbers alone that differ little in size, p for long texts
    (its width comes later), l for short ones, else r."""
    filled = [c for c in cells if c != ""]
    numbers = [_NUMBER.fullmatch(str(c)) for c in filled if isinstance(c, (str, int))]
    found = [n.groups() for n in numbers if n]
    if (
        filled
        and len(found) == len(filled)
        and all(len(n[1]) <= _BEFORE_POINT and not n[3] for n in found)
    ):
        return _aligned(found)
    if any(isinstance(c, (str, Stated)) and _width(c) > _LONG_TEXT for c in filled):
        return "p"
    quotients = any(_QUOTIENT.fullmatch(str(c)) for c in filled)
    right = (
        any(numbers) or quotients or (not numbers and any(isinstance(c, Enclosure) for c in filled))
    )
    return "r" if right else "l"


def _aligned(found: Sequence[tuple[str, ...]]) -> str:
    """An S column that has room for the sign, the digits before the point and those after it."""
    sign = "-" * any(n[0] for n in found)
    whole, decimals = (max(len(n[k] or "") for n in found) for k in (1, 2))
    return f"S[table-format={sign}{whole}.{decimals}]"


def _width(cell: Cell) -> int:
    """About how many characters are seen."""
    if isinstance(cell, Formula):
        return len(
            re.sub(
                r"\\(?:left|right|mathrm|sqrt|frac|limits)|[{}^_ ]|(?<=\\)[a-zA-Z]+", "", cell.latex
            )
        )
    if isinstance(cell, Enclosure):
        return sum(map(len, ends(cell))) + 4
    return len(cell.brief if isinstance(cell, Stated) else str(cell))


def _cell(cell: Cell, kind: str) -> str:
    if isinstance(cell, Formula):
        return f"${formula(cell.latex)}$"
    if isinstance(cell, Enclosure):
        low, high = ends(cell)
        return f"${_number(low)}$" if low == high else f"${_interval(low, high)}$"
    if isinstance(cell, Stated):  # may be broken after its operations
        return re.sub(r"(\{\*\}|/)(?=[^\s{])", r"\1\\allowbreak{}", escaped(cell.brief))
    text = str(cell)
    if _NUMBER.fullmatch(text):
        return _plain_number(text) if kind.startswith("S") else _number(text)
    return _breakable(text) if kind == "p" else escaped(text)


def _interval(low: str, high: str) -> str:
    """The power of ten once, where both ends have the same."""
    (first, _, power), (last, _, other) = low.partition("e"), high.partition("e")
    if not power or power != other:
        return f"[{_number(low)}, {_number(high)}]"
    return (
        rf"[{_number(first)}, {_number(last)}] \times {_number(f'1e{power}').replace('{1e', '{e')}"
    )


def _breakable(text: str) -> str:
    """Long names and lists may be broken after _, the dot of a claim, and
    the semicolon of a list."""
    return re.sub(r"(\\_|;|\.(?=[a-z]))(?=\S)", r"\1\\allowbreak{}", escaped(text))


def _number(text: str) -> str:
    if text.endswith("oo"):
        return text.replace("oo", r"\infty")
    return rf"\num{{{_plain_number(text)}}}"


def _plain_number(text: str) -> str:
    """Without + and leading zeros in the exponent."""
    return re.sub(r"e\+?(-?)0*([0-9])", r"e\1\2", text)


def formula(code: str) -> str:
    """The formula without what only amsmath knows."""
    return re.sub(r"\\operatorname\{([^{}]*)\}", r"\\mathop{\\mathrm{\1}}\\nolimits", code)


def _comment(text: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text)
