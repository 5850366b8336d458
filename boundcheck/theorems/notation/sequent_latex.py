r"""Whole theorems in LaTeX: for notebooks, and for documents.

A document needs `\usepackage{amsmath,amssymb,amsthm}` and `\newtheorem{theorem}{Theorem}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from boundcheck.exact.terms.letters import escaped
from boundcheck.theorems.notation.declarations import Declared, Said, said
from boundcheck.theorems.notation.latex_layout import WIDTH, aligned, ended, lines
from boundcheck.theorems.notation.latex_names import letters
from boundcheck.theorems.notation.latex_text import ACTIVATIONS, Typesetter
from boundcheck.theorems.notation.nodes import Node
from boundcheck.theorems.notation.phrases import Phrase


def sequent_display(hyps: Sequence[Node], concl: Node) -> str:
    r"""A theorem as one display in mathematical mode, with its dollars: what notebooks show.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = symbol("x", REAL)
    >>> print(sequent_display([x >= 1], x**2 >= x))
    $\displaystyle \begin{aligned}
    & \text{Let $x \in \mathbb{R}$.} \\
    & \text{Assume} \\
    & (1)\quad x \ge 1 \\
    & \text{Then} \\
    & \hspace{1em} x^{2} \ge x
    \end{aligned}$
    """
    found = said(hyps, concl, letters)
    t = _typesetter(found)
    rows = [rf"& \text{{{sentence}}}" for sentence in _sentences(t, found)]
    if found.hypotheses:
        rows.append(r"& \text{Assume}")
        rows += [rf"& ({k})\quad {_block(t, h, WIDTH)}" for k, h in enumerate(found.hypotheses, 1)]
        rows.append(r"& \text{Then}")
    rows.append(aligned(lines(t, found.conclusion, WIDTH, 1 if found.hypotheses else 0)))
    whole = " \\\\\n".join(rows)
    return f"$\\displaystyle \\begin{{aligned}}\n{whole}\n\\end{{aligned}}$"


def sequent_latex(
    hyps: Sequence[Node],
    concl: Node,
    title: str = "",
    axioms: Mapping[str, str] | None = None,
    width: float = WIDTH,
) -> str:
    r"""A theorem for a document: what it declares, assumes, says, and rests on.

    Args:
        hyps: the hypotheses; one that says on which set a law lives stands where the law is
            declared.
        concl: the conclusion.
        title: words behind the number of the theorem.
        axioms: what it rests on, by name, with a reference or "".
        width: how many letters a line has room for.

    Raises:
        BoundcheckError: it is too long.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import REAL
    >>> x = symbol("x", REAL)
    >>> print(sequent_latex([x >= 1], x**2 >= x, "Squares", {"order": "Euclid, I.5"}))
    \begin{theorem}[Squares]
    Let $x \in \mathbb{R}$.
    Assume
    \begin{enumerate}
    \item[(1)] $\displaystyle x \ge 1.$
    \end{enumerate}
    Then
    \begin{align*}
    & x^{2} \ge x.
    \end{align*}
    {\upshape\footnotesize It rests on order (Euclid, I.5).\par}
    \end{theorem}
    """
    found = said(hyps, concl, letters)
    t = _typesetter(found)
    rows = [rf"\begin{{theorem}}{f'[{escaped(title)}]' if title.strip() else ''}"]
    rows += _sentences(t, found)
    if found.hypotheses:
        rows += ["Assume", r"\begin{enumerate}"]
        for k, h in enumerate(found.hypotheses, 1):
            end = "." if k == len(found.hypotheses) else ","
            rows.append(rf"\item[({k})] $\displaystyle {_block(t, h, width - 8, end)}$")
        rows += [r"\end{enumerate}"]
    if rows[1:]:
        rows.append("Then")
    conclusion = aligned(lines(t, found.conclusion, width))
    rows += [r"\begin{align*}", f"{conclusion}.", r"\end{align*}"]
    if axioms:
        told = [
            escaped(name) + (f" ({escaped(reference)})" if reference.strip() else "")
            for name, reference in axioms.items()
        ]
        rows.append(rf"{{\upshape\footnotesize It rests on {_listed(told)}.\par}}")
    return "\n".join([*rows, r"\end{theorem}"])


def _typesetter(found: Said) -> Typesetter:
    names = [Phrase("name", n) for d in found.declared for n in d.names]
    sets = [d.true_of_it for d in found.declared if d.true_of_it]
    return Typesetter([*names, *sets, *found.hypotheses, found.conclusion])


def _block(t: Typesetter, p: Phrase, width: float, end: str = "") -> str:
    found = ended(lines(t, p, width), end)
    if len(found) == 1:
        return found[0].code
    return f"\\begin{{aligned}}[t]\n{aligned(found)}\n\\end{{aligned}}"


# -- what is declared ------------------------------------------------------------------------------


def _sentences(t: Typesetter, found: Said) -> list[str]:
    """What is declared, in sentences."""
    be = "" if found.spaces else "be "
    spaces = [
        *_some(found.spaces, "be a standard Borel space", "be standard Borel spaces"),
        *_some(found.inner, f"{be}a real inner-product space", f"{be}real inner-product spaces"),
    ]
    points: list[str] = []
    networks: list[str] = []
    functions: list[str] = []
    kernels: list[str] = []
    laws: list[str] = []
    for d in found.declared:
        names = [letters(n) for n in d.names]
        match d.sort.data:
            case "function":
                kernel = d.sort.parts[-1].data == "law"
                shown = [rf"${n}\colon {t.sort(d.sort)}$" for n in names]
                (kernels if kernel else functions).extend(shown)
            case "network":
                kind = ACTIVATIONS.get(d.sort.names[0], d.sort.names[0])
                words = f"with the activation {kind}"
                networks += _some(d.names, f"be a network {words}", f"be networks {words}")
            case "law":
                laws += [_law(t, n, d) for n in d.names]
            case _:
                points.append(rf"${', '.join(names)} \in {t.sort(d.sort)}$")
    plural = "probability kernels" if len(kernels) > 1 else "a probability kernel"
    told = [
        f"Let {_listed(spaces)}." if spaces else "",
        f"Let {_listed(points)}." if points else "",
        f"Let {_listed(networks)}." if networks else "",
        f"Let {_listed(functions)} be measurable." if functions else "",
        f"Let {_listed(kernels)} be {plural}." if kernels else "",
        *laws,
    ]
    return [sentence for sentence in told if sentence]


def _some(names: Sequence[str], one: str, many: str) -> list[str]:
    if not names:
        return []
    shown = [f"${letters(n)}$" for n in names]
    return [f"{_listed(shown)} {one if len(shown) == 1 else many}"]


def _law(t: Typesetter, name: str, d: Declared) -> str:
    points = t.sort(d.sort.parts[0])
    law, its_set = letters(name), t.set_of(Phrase("name", name))
    if d.true_of_it is not None:
        formula = t.inline(d.true_of_it)
        its_set += rf" \subseteq \{{{letters(d.point)} \in {points} : {formula}\}}"
    return rf"Let ${law}$ be a probability law on ${points}$ that lives on ${its_set}$."


def _listed(items: Sequence[str]) -> str:
    """a, b, and c."""
    if len(items) < 3:
        return " and ".join(items)
    return f"{', '.join(items[:-1])}, and {items[-1]}"
