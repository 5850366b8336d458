"""LaTeX code read back: what is balanced, and what cells and columns there are."""

import re

from flint import fmpq

from boundcheck import __version__
from boundcheck.enclosure.intervals.decimals import Enclosure
from boundcheck.report.typeset.table import Formula, Table

MACROS = set(
    re.findall(
        r"\w+",
        "alpha beta gamma delta epsilon varepsilon kappa lambda mu pi rho sigma tau theta "
        "omega Gamma Delta Lambda Omega Theta bar ddot dot hat tilde cdot times exp log max min "
        "frac sqrt in infty int le ne notin nolimits prod sum surd to left right lceil rceil "
        "lfloor rfloor ensuremath begin end caption label centering toprule midrule bottomrule "
        "makebox linewidth raggedright num arraybackslash setlength tabcolsep shortstack par "
        "small smallskip footnotesize scriptsize tiny o ss allowbreak mathop mathrm texttt "
        "textasciicircum textasciitilde textbackslash textbar addlinespace textgreater textless",
    )
)


def strip(text):
    """Without comments."""
    return re.sub(r"(?<!\\)%.*", "", text)


def check(text):
    """What a compiler would complain about: letters, braces, environments, unknown
    macros, numbers of cells."""
    assert text.isascii()
    body = strip(text)
    bare = re.sub(r"\\\\", "  ", body)
    assert set(re.findall(r"\\([a-zA-Z]+)", bare)) <= MACROS
    assert set(re.findall(r"\\([^a-zA-Z])", bare)) <= set("&%$#_{}|,'`^~=\"")
    plain = re.sub(r"\\[^a-zA-Z]", "", bare)
    assert plain.count("$") % 2 == 0
    depth = 0
    for c in plain:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    assert re.findall(r"\\(begin|end)\{(\w+)\}", body) == [
        ("begin", "table"),
        ("begin", "tabular"),
        ("end", "tabular"),
        ("end", "table"),
    ]
    around = plain[: plain.index("{tabular}")] + plain[plain.rindex("{tabular}") :]
    assert not {"&", "#"} & set(around)
    columns, rows = cells(body)
    assert all(len(row) == columns for row in rows)
    assert r"\caption{" in body
    assert re.search(r"\\label\{tab:[a-z0-9:-]+\}", body)
    assert __version__ in body
    return rows


def cells(body):
    """The number of columns, and the cells of each row, the header first."""
    start = body.index(r"\begin{tabular}") + len(r"\begin{tabular}")
    spec, rest = group(body[start:])
    spec = re.sub(r"S\[[^]]*\]", "S", spec)
    while ">{" in spec or "p{" in spec:
        at = min(i for i in (spec.find(">{"), spec.find("p{")) if i >= 0)
        _, after = group(spec[at + 1 :])
        spec = spec[:at] + ("p" if spec[at] == "p" else "") + after
    inside = rest[: rest.index(r"\end{tabular}")]
    inside = re.sub(r"\\(toprule|midrule|bottomrule|addlinespace\[3pt\])\n", "", inside)
    rows = [split(row, "&") for row in split(inside, r"\\")]
    assert rows[-1] in ([""], [r"\bottomrule"])
    return len(spec), [[c.strip() for c in row] for row in rows[:-1]]


def group(text):
    """What the braces at the start hold, and what follows them."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "{") - (c == "}")
        if depth == 0:
            return text[1:i], text[i + 1 :]
    raise AssertionError(f"no closing brace in {text[:40]}")


def split(text, at):
    """Split where the separator is neither in braces nor escaped."""
    parts, depth, i = [""], 0, 0
    while i < len(text):
        if depth == 0 and text.startswith(at, i):
            parts.append("")
            i += len(at)
            continue
        token = text[i : i + 2] if text[i] == "\\" else text[i]
        depth += (token == "{") - (token == "}")
        parts[-1] += token
        i += len(token)
    return [p.strip() for p in parts]


EVIL = Table(
    "evil",
    '50 % of a_b & {x} ~ ^2 \\ #1 $5 | [y] <z>, `q\' "r" --- κ_d ≤ ‖f‖²',
    ("n", "value", "text & more", "*", "f", "long"),
    (
        (
            1,
            Enclosure(fmpq(1, 3), fmpq(2, 3)),
            "[x] & %",
            "*",
            Formula(r"\operatorname{erf}{\left(x\right)}"),
            "a_b" * 20,
        ),
        (
            -2,
            Enclosure(fmpq(-1), None),
            "ᾱ x̂ g̃₁ Ω² ∫ ½",
            "[0, 1]",
            Formula(r"\left|{x}\right|"),
            "á ñ ß ø 𝔘 😀 \t\n",
        ),
        (
            10**6,
            Enclosure(fmpq(1, 10**20000), fmpq(2, 10**20000)),
            "",
            "1e-7",
            "",
            "\\\\ \\end{table} ?` ;;",
        ),
    ),
    ("note with 100 % of _ ^ ~ \\ { } & # $", "−1 ≠ ∉ → ∞"),
    {"atoms": "0:0;1/2:-1/2", "M": "2**40"},
)
