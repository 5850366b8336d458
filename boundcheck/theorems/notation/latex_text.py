r"""Terms and formulas in LaTeX, as mathematicians write them.

What is not usual: `\mathcal{S}_{\pi}` is the set that the law \(\pi\) lives on, and
`\lceil t \rceil_+` the least natural number >= t. It needs amsmath and amssymb, or MathJax.
"""

from __future__ import annotations

from boundcheck.exact.terms.work import spend
from boundcheck.theorems.notation.latex_names import letters
from boundcheck.theorems.notation.latex_terms import (
    AND,
    ANY,
    ATOM,
    PRODUCT,
    RELATION,
    SIGN,
    SUM,
    TermTypesetter,
    brackets,
)
from boundcheck.theorems.notation.names import names_of
from boundcheck.theorems.notation.nodes import Node, tree_size
from boundcheck.theorems.notation.phrases import Phrase, phrase
from boundcheck.theorems.notation.plain_text import MOST_NODES

SIGNS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "="}
_QUANTIFIERS = {"forall": r"\forall", "exists": r"\exists"}
ACTIVATIONS = {"relu": "ReLU", "signrelu": "SignReLU"}


def latex(e: Node) -> str:
    r"""`e` in mathematical mode.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import NAT, REAL
    >>> sigma, k = symbol("sigma", REAL), symbol("k", NAT)
    >>> print(latex(abs(sigma / 2 - 1) ** k <= 1))
    \left\lvert \frac{\sigma}{2} - 1 \right\rvert^{k} \le 1
    """
    size = tree_size(e, MOST_NODES)
    spend(2 + 4 * size)
    if size >= MOST_NODES:
        return rf"\text{{an expression of more than {MOST_NODES} nodes}}"
    try:
        whole = phrase(e, names_of((e,), letters))
        return Typesetter([whole]).inline(whole)
    except RecursionError:
        return r"\text{an expression nested too deep}"


class Typesetter(TermTypesetter):
    """Typesets phrases of one theorem."""

    def inline(self, p: Phrase, words: bool = False) -> str:
        """A phrase, its outermost quantifiers and connectives in words if wanted."""
        parts = p.parts
        match p.head:
            case "forall" | "exists":
                return f"{self.opening(p, words)} {self.inline(parts[-1], words)}"
            case "implies":
                *given, last = parts
                if not words:
                    return r" \Rightarrow ".join(
                        [*(self.part(a, AND) for a in given), self.part(last, ANY)]
                    )
                told = r" \text{ and } ".join(self.part(a, AND, words) for a in given)
                return rf"\text{{if }} {told}\text{{, then }} {self.inline(last, words)}"
            case "and":
                levels = [*(RELATION for _ in parts[1:]), self.last_level(p)]
                joined = map(self.part, parts, levels, (words for _ in parts))
                return r" \text{ and } ".join(joined)
            case "brackets":
                return self.inline(parts[0], words)
            case "relation":
                return f"{self.part(parts[0], SUM)} {SIGNS[p.data]} {self.part(parts[1], SUM)}"
            case "member":
                return rf"{self.part(parts[0], SUM)} \in {self.set_of(parts[1])}"
            case "defined":
                return rf"{self.part(parts[0], PRODUCT)} \text{{ exists}}"
            case "terms":
                found = [self.part(parts[0], SIGN)]
                for sign, a in zip(p.data, parts[1:], strict=True):
                    found.append(f"{sign} {self.operand(a)}")
                return " ".join(found)
            case "factors":
                return self._factors(p)
            case "minus":
                return f"-{self.part(parts[0], PRODUCT)}"
            case "power":
                return f"{self.part(parts[0], ATOM)}^{{{self.exponent(parts[1])}}}"
            case "iid":
                return rf"{self.part(parts[0], ATOM)}^{{\infty}}"
            case "sort":
                return self.sort(p)
        return self._term(p)

    def last_level(self, p: Phrase) -> int:
        """What a conjunction asks of what it joins last: a quantifier needs no brackets there."""
        return ANY if p.parts[-1].head in _QUANTIFIERS else RELATION

    def opening(self, p: Phrase, words: bool) -> str:
        """A quantifier with its variables."""
        groups = r",\ ".join(map(self._group, p.parts[:-1]))
        if not words:
            return f"{_QUANTIFIERS[p.head]} {groups}" + r"\colon"
        if p.head == "forall":
            return rf"\text{{for all }} {groups}\colon"
        many = len(p.parts) > 2 or len(p.parts[0].names) > 1
        return rf"\text{{there {'are' if many else 'is'} }} {groups} \text{{ with }}"

    def _group(self, g: Phrase) -> str:
        names = ", ".join(map(letters, g.names))
        if g.data == "range":
            low, high = (self.part(e, SUM) for e in g.parts)
            return rf"{names} \in \{{{low}, \dots, {high}\}}"
        return rf"{names} \in {(self.set_of if g.data == 'law' else self.sort)(g.parts[0])}"

    def set_of(self, law: Phrase) -> str:
        """The set that a law lives on."""
        found = self.inline(law)
        simple = law.head in ("name", "apply", "iid", "at")
        return rf"\mathcal{{S}}_{{{found}}}" if simple else rf"\mathcal{{S}}{brackets(found)}"

    def sort(self, p: Phrase) -> str:
        """The set of what has a sort."""
        match p.data:
            case "real":
                return r"\mathbb{R}"
            case "nat":
                return r"\mathbb{N}_0"
            case "space" | "vec":
                return letters(p.names[0])
            case "network":
                name = p.names[0]
                return rf"\mathcal{{N}}_{{\mathrm{{{ACTIVATIONS.get(name, name)}}}}}"
            case "seq":
                return rf"{self._whole_sort(p.parts[0])}^{{\mathbb{{N}}_0}}"
            case "pair":
                return r" \times ".join(map(self._whole_sort, p.parts))
            case "law":
                return rf"\mathcal{{P}}({self.sort(p.parts[0])})"
            case "function":
                given = r" \times ".join(map(self._whole_sort, p.parts[:-1]))
                return rf"{given} \to {self.sort(p.parts[-1])}"
        return r"\{\text{true}, \text{false}\}"

    def _whole_sort(self, p: Phrase) -> str:
        return brackets(self.sort(p)) if p.data in ("pair", "seq") else self.sort(p)
