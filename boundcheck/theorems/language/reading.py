"""Terms and formulas read from the text that `notation/plain_text.py` makes of them.

Nothing is evaluated: words and signs become expressions by `made`, which checks their sorts.

    formula     for all GROUPS. formula | there is GROUPS. formula | joined implies formula | joined
    joined      relation and ... and relation (the last may be a quantifier)
    GROUPS      x, y : SORT | x, y in law | j in a..b, separated by commas
    relation    sum (< <= > >= == in) sum | sum
    sum         products with + and -; products of powers with * and /
    power       -power | term**power | term^power | law^oo | term
    term        number, name, name(formula, ...), (formula)
    binders     Mean(u, (x, law)), Prob(A, (x, law)), Norm(u, p, (x, law)), Sum(u, (j, a, b)) and
                Product, Largest, Smallest, Integral; joint(law, (x, kernel)), independent(j, law),
                sequence(j, u)

`for all x in law. A` is `for all x : X. x in law implies A`, `there is x in law. A` the same with
`and`; `for all j in a..b. A` is `for all j : Nat. a <= j implies j <= b implies A`. What the text
says of a name is what is declared nearest to it, around it or before; else pi and E are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from boundcheck.errors import ParseError
from boundcheck.theorems.language.binding import closing
from boundcheck.theorems.language.expr import Expr, made
from boundcheck.theorems.language.formulas import conjunction, implication
from boundcheck.theorems.language.sort_reading import Declarations
from boundcheck.theorems.language.sorts import NAT, Sort
from boundcheck.theorems.language.term_reading import TermReader
from boundcheck.theorems.language.tokens import tokens_of
from boundcheck.theorems.notation.names import names_of

_RELATIONS = ("<", "<=", ">", ">=", "==")


def declared_in(*expressions: Expr) -> Declarations:
    """The declarations under which the texts of these expressions are read back.

    >>> from boundcheck.theorems.language.expr import symbol
    >>> from boundcheck.theorems.language.sorts import law, space
    >>> print(declared_in(symbol("mu", law(space("X")))).symbols["mu"])
    Law(X)
    """
    names = names_of(expressions)
    symbols = {name: sort for (_, sort), name in names.symbols.items() if isinstance(sort, Sort)}
    spaces, inner = (
        frozenset(n for (kind, _), n in names.spaces.items() if kind == k) for k in ("space", "vec")
    )
    return Declarations(symbols, spaces, inner)


def read(text: str, declared: Declarations) -> Expr:
    """The term or the formula that a text spells.

    Raises:
        ParseError: the text is not in the grammar, uses what is not declared, or has parts of
            wrong sorts; the message says where.

    >>> from boundcheck.theorems.language.sorts import NAT, REAL
    >>> read("for all k in 1..n. k**2 <= k*n", Declarations({"n": NAT}))
    for all k in 1..n. k**2 <= k*n
    >>> read("x + y", Declarations({"x": REAL}))
    Traceback (most recent call last):
        ...
    boundcheck.errors.ParseError: line 1, column 5: y is not declared; declare it
    """
    return Reader(tokens_of(text), declared).whole()


@dataclass(frozen=True)
class _Bound:
    """A variable of a quantifier, and what is said of it."""

    variable: Expr
    name: str
    conditions: tuple[Expr, ...] = ()


class Reader(TermReader):
    """Reads formulas."""

    def whole(self) -> Expr:
        """Everything up to the end."""
        try:
            found = self.formula()
        except RecursionError:
            raise ParseError("the text is too deep to be read; name parts of it") from None
        if self.now.kind != "end":
            raise self.unexpected(self.remedy())
        return found

    def formula(self) -> Expr:
        """A formula, or a term, as far as it reaches."""
        token = self.now
        parts = self._conjuncts()
        with self.placed(token):
            return conjunction(*parts)

    def _conjuncts(self) -> list[Expr]:
        """What a conjunction joins; of anything else itself."""
        token, conditions = self.now, list[Expr]()
        with self.deeper():
            while True:
                if self.now.text in ("for", "there"):
                    parts = [self._quantified()]
                    break
                parts = [self._relation()]
                while self.accept("and"):
                    last = self.now.text in ("for", "there")
                    parts.append(self._quantified() if last else self._relation())
                if not self.accept("implies"):
                    break
                with self.placed(token):
                    conditions.append(conjunction(*parts))
        if not conditions:
            return parts
        with self.placed(token):
            return [implication(conditions, conjunction(*parts))]

    def _relation(self) -> Expr:
        left, sign = self.sum(), self.now
        if sign.text != "in" and sign.text not in _RELATIONS:
            return left
        self.at += 1
        right = self.sum()
        with self.placed(sign):
            if sign.text == "in":
                return made("member", None, (left, right))
            return made("relation", sign.text, (left, right))

    def _quantified(self) -> Expr:
        token, outer = self.take(), self.scope
        head = "forall" if token.text == "for" else "exists"
        if head == "forall":
            self.expect("all", "write for all x : Real. ...")
        elif not self.accept("is"):
            self.expect("are", "write there is x : Real. ...")
        bound = self._group()
        while self.accept(","):
            bound += self._group()
        self.expect(".", "write a full stop after the variables of a quantifier")
        rest = [self.formula()] if head == "forall" else self._conjuncts()
        self.scope = outer
        with self.placed(token):
            for b in reversed(bound):
                if head == "forall":
                    body = implication(b.conditions, rest[0])
                else:
                    body = conjunction(*b.conditions, *rest)
                rest = [closing(head, b.variable, body, hint=b.name)]
        return rest[0]

    def _group(self) -> list[_Bound]:
        """`x, y : Real`, `x in pi`, or `j in 1..n`."""
        names = [self.new_name()]
        while self.accept(","):
            names.append(self.new_name())
        if self.accept(":"):
            sort = self.sort()
            return [_Bound(self.variable(n, sort), n) for n in names]
        self.expect("in", f"write {names[-1]} : Real, or {names[-1]} in pi for a law pi")
        token = self.now
        domain = self.sum()
        if self.accept(".."):
            high, found = self.sum(), list[_Bound]()
            for n in names:
                j = self.variable(n, NAT)
                with self.placed(token):
                    found.append(_Bound(j, n, (domain <= j, j <= high)))
            return found
        if domain.sort.kind != "law":
            raise self.tokens.refusal(
                token.start,
                f"the sort is {domain.sort}; after in stands a law, or a range such as 1..n",
            )
        found = []
        for n in names:
            x = self.variable(n, domain.sort.parts[0])
            found.append(_Bound(x, n, (made("member", None, (x, domain)),)))
        return found
