"""Terms read from tokens, by descent."""

from __future__ import annotations

from boundcheck.errors import did_you_mean
from boundcheck.exact.terms.rational import decimal, fraction
from boundcheck.theorems.language.binding import INTERNAL, closing
from boundcheck.theorems.language.expr import Expr, constant, made, number, symbol
from boundcheck.theorems.language.heads import CALLS
from boundcheck.theorems.language.sort_reading import Declarations, SortReader
from boundcheck.theorems.language.sorts import NAT, REAL, Sort
from boundcheck.theorems.language.tokens import Token, Tokens
from boundcheck.theorems.notation.names import CONSTANTS

_HEADS = {
    "natceil": ("natceil", 1),
    "dot": ("dot", 2),
    "pair": ("pair", 2),
    "first": ("first", 1),
    "second": ("second", 1),
    "depth": ("depth", 1),
    "width": ("width", 1),
    "value": ("value", 3),
    "Ind": ("ind", 1),
    "exists": ("defined", 1),
}
_RANGES = ("Sum", "Product", "Largest", "Smallest", "Integral")
_FORMS = {
    "Mean": "Mean(u, (x, law))",
    "Prob": "Prob(A, (x, law))",
    "Norm": "Norm(u, p, (x, law))",
    **{name: f"{name}(u, (j, a, b))" for name in _RANGES},
    "joint": "joint(law, (x, kernel))",
    "independent": "independent(j, law)",
    "sequence": "sequence(j, u)",
}

_CONNECTIVES = ("for", "all", "there", "is", "are", "in", "and", "implies", "oo")


class TermReader(SortReader):
    """Reads terms; `scope` says what names mean here."""

    def __init__(self, tokens: Tokens, declared: Declarations) -> None:
        super().__init__(tokens, declared)
        self.scope: dict[str, Expr] = {n: symbol(n, s) for n, s in declared.symbols.items()}
        self._count = 0

    def formula(self) -> Expr:
        """A formula, or a term, as far as it reaches."""
        raise NotImplementedError

    def variable(self, name: str, sort: Sort) -> Expr:
        """A new symbol that the name means from here on."""
        self._count += 1
        found = symbol(f"{INTERNAL}{self._count}", sort)
        self.scope = {**self.scope, name: found}
        return found

    def sum(self) -> Expr:
        """A chain of + and -, each part a chain of * and /."""
        found, sign = self._factors(), self.now
        while sign.text in ("+", "-"):
            self.at += 1
            other = self._factors()
            with self.placed(sign):
                found = found + other if sign.text == "+" else found - other
            sign = self.now
        return found

    def _factors(self) -> Expr:
        found, sign = self._power(), self.now
        while sign.text in ("*", "/"):
            self.at += 1
            other = self._power()
            with self.placed(sign):
                found = found * other if sign.text == "*" else found / other
            sign = self.now
        return found

    def _power(self) -> Expr:
        """A power, with signs before it."""
        signs: list[Token] = []
        while self.now.text == "-":
            signs.append(self.take())
        found, sign = self._applied(), self.now
        if sign.text in ("**", "^"):
            self.at += 1
            if sign.text == "^" and self.accept("oo"):
                with self.placed(sign):
                    found = made("independent", NAT, (found,), "j")
            else:
                with self.deeper():
                    exponent = self._power()
                with self.placed(sign):
                    found = (
                        found**exponent
                        if sign.text == "**"
                        else made("rpow", None, (found, exponent))
                    )
        for token in reversed(signs):
            with self.placed(token):
                found = -found
        return found

    def _applied(self) -> Expr:
        """A term with arguments behind it, perhaps several times."""
        found = self._atom()
        while self.now.text == "(":
            token = self.now
            args = self._arguments()
            with self.placed(token):
                found = found(*args)
        return found

    def _arguments(self) -> list[Expr]:
        self.expect("(", "put the arguments into brackets")
        found = [self.formula()]
        while self.accept(","):
            found.append(self.formula())
        self.expect(")", "separate arguments by commas")
        return found

    def _atom(self) -> Expr:
        token = self.now
        if token.kind == "number":
            self.at += 1
            with self.placed(token):
                return number(fraction(decimal(token.text)))
        if token.text == "(":
            self.at += 1
            found = self.formula()
            self.expect(")", self.remedy())
            return found
        if token.text in self.scope:
            self.at += 1
            return self.scope[token.text]
        if token.kind != "name" or token.text in _CONNECTIVES:
            remedy = self.remedy() if token.text in ("for", "there") else "a term is missing"
            raise self.unexpected(remedy)
        known = token.text in CALLS or token.text in _HEADS or token.text in _FORMS
        if known and self.tokens.found[self.at + 1].text == "(":
            return self._called()
        if token.text in CONSTANTS:
            self.at += 1
            return constant(token.text)
        if known:
            form = _FORMS.get(token.text, f"{token.text}(...)")
            raise self.refuse(f"{token.text} is a function; write {form}")
        near = did_you_mean(token.text, [*self.scope, *CALLS, *_HEADS, *_FORMS])
        raise self.refuse(f"{token.text} is not declared{near or '; declare it'}")

    def remedy(self) -> str:
        """What to do where a token cannot stand."""
        if self.now.text in ("<", "<=", ">", ">=", "=="):
            return "write a <= b and b <= c for a chain"
        if self.now.text in ("for", "there"):
            return "put a quantifier that is a part into brackets"
        return "an operation or a bracket is missing"

    def _called(self) -> Expr:
        token = self.take()
        name = token.text
        if name in _FORMS:
            with self.deeper():
                return self._binding(token)
        args = self._arguments()
        head, count = _HEADS.get(name, ("call", CALLS.get(name, 0)))
        several = name in ("Min", "Max")
        if len(args) < count or (len(args) > count and not several):
            least = f"at least {count}" if several else f"{count}"
            raise self.tokens.refusal(
                token.start, f"{name} takes {least} in its brackets, not {len(args)}"
            )
        data = name if head == "call" else None
        with self.placed(token):
            found = made(head, data, tuple(args[:count]))
            for other in args[count:]:
                found = made(head, data, (found, other))
        return found

    # -- binders -----------------------------------------------------------------------------------

    def _binding(self, token: Token) -> Expr:
        """`Mean(u, (x, law))` and the like; the bracket is next."""
        name, form = token.text, f"write {_FORMS[token.text]}"
        last = self.tokens.closing[self.at]
        self.at += 1
        if name not in ("joint", "independent", "sequence"):
            return self._behind(token, last, form)
        outside = [self.sum()] if name == "joint" else []
        if name == "joint":
            self.expect(",", form)
            self.expect("(", form)
        variable = self.new_name()
        self.expect(",", form)
        sort = self._points(token, outside[0]) if outside else NAT
        point, body = self._body(variable, sort)
        self.expect(")", form)
        if name == "joint":
            self.expect(")", form)
        with self.placed(token):
            return closing(name, point, body, *outside, hint=variable)

    def _behind(self, token: Token, last: int, form: str) -> Expr:
        """The variable is named behind the body; `last` is the last bracket."""
        name, first = token.text, self.at
        inner = self.tokens.closing.get(last - 1, 0)
        if self.tokens.found[last - 1].text != ")" or self.tokens.found[inner - 1].text != ",":
            raise self.tokens.refusal(token.start, form)
        self.at = inner + 1
        variable = self.new_name()
        self.expect(",", form)
        outside = [self.sum()]
        if name in _RANGES:
            self.expect(",", form)
            outside.append(self.sum())
            sort = REAL if name == "Integral" else NAT
        else:
            sort = self._points(token, outside[0])
        if self.at != last - 1:
            raise self.unexpected(form)
        self.at = first
        point, body = self._body(variable, sort)
        if name == "Norm" and self.at != inner - 1:
            self.expect(",", form)
            outside.append(self.sum())
        if self.at != inner - 1 or (name == "Norm" and len(outside) == 1):
            raise self.unexpected(form)
        self.at = last + 1
        with self.placed(token):
            if name == "Prob":
                body = made("ind", None, (body,))
            head = "mean" if name == "Prob" else name.lower()
            return closing(head, point, body, *outside, hint=variable)

    def _body(self, name: str, sort: Sort) -> tuple[Expr, Expr]:
        """A new variable, and what stands here in it."""
        outer = self.scope
        point = self.variable(name, sort)
        body = self.formula()
        self.scope = outer
        return point, body

    def _points(self, token: Token, law: Expr) -> Sort:
        """The sort of the points of a law."""
        if law.sort.kind != "law":
            raise self.tokens.refusal(
                token.start, f"{token.text} is over a law, not over a term of sort {law.sort}"
            )
        return law.sort.parts[0]
