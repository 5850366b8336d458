r"""Claims in LaTeX: each statement as a theorem, for a document with `amsmath`, `amssymb`,
`amsthm` and `\newtheorem{theorem}{Theorem}`."""

from __future__ import annotations

from boundcheck.claims.comparison import Comparison
from boundcheck.claims.statement import Citation, Statement
from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.claims.verdict import Proved, Verdict
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.letters import escaped
from boundcheck.exact.terms.term import Relation
from boundcheck.theorems.author.words import read
from boundcheck.theorems.language.expr import Expr, made, symbol
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theorems.notation.sequent_latex import sequent_latex


def statement_latex(statement: Statement, verdict: Verdict | None = None) -> str:
    r"""One statement: a theorem that has been derived, and a comparison, as formulas; all others as
    their texts. A verdict that is not *proved* stands in the heading, so that no document shows as
    a theorem what is none.

    >>> from boundcheck import inequality
    >>> print(statement_latex(inequality("x*(1 - x) <= 1/4", on="x in [0, 1]")))
    \begin{theorem}
    Let $x \in \mathbb{R}$.
    Assume
    \begin{enumerate}
    \item[(1)] $\displaystyle x \ge 0,$
    \item[(2)] $\displaystyle x \le 1.$
    \end{enumerate}
    Then
    \begin{align*}
    & x \cdot (1 - x) \le \frac{1}{4}.
    \end{align*}
    \end{theorem}
    """
    title = "" if verdict is None or isinstance(verdict, Proved) else verdict.name
    if isinstance(statement, TheoremStatement) and statement.shown is not None:
        return statement.shown.texts().latex
    if isinstance(statement, Comparison):
        names = {n: symbol(n, REAL) for n in statement.names}
        try:
            hyps = [_formula(h, names) for h in statement.hypotheses]
            return sequent_latex(hyps, _formula(statement.relation, names), title)
        except BoundcheckError:  # what the language of theorems has not
            pass
    text = rf"\texttt{{{escaped(statement.text())}}}"
    if isinstance(statement, Citation):
        text = f"{escaped(statement.statement)} ({escaped(statement.reference)})"
    heading = rf"\begin{{theorem}}[{title}]" if title else r"\begin{theorem}"
    return "\n".join((heading, text, r"\end{theorem}"))


def _formula(relation: Relation, names: dict[str, Expr]) -> Expr:
    sides = read(relation.left, names), read(relation.right, names)
    return made("relation", relation.op, sides)
