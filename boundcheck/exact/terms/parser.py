"""The whitelist parser: text becomes terms, relations and domains, and nothing is evaluated.

Python's `ast` does the reading, this file decides what may stand in the tree. Numbers are taken
from the text itself, so 0.1 is 1/10.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from boundcheck.errors import ParseError
from boundcheck.exact.terms.activation import SHIPPED
from boundcheck.exact.terms.rational import decimal
from boundcheck.exact.terms.term import (
    FUNCTIONS,
    Relation,
    Term,
    activate,
    add,
    call,
    constant,
    div,
    integral,
    mul,
    neg,
    number,
    power,
    sub,
    summation,
    symbol,
)

MAX_LENGTH = 20_000
MAX_NESTING = 60
_BINARY = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: div, ast.Pow: power}
_COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=="}
_KNOWN = sorted({*FUNCTIONS, "binomial", "Integral", "Sum", *SHIPPED})
_REFUSED = {
    ast.Attribute: "attribute access",
    ast.Lambda: "lambda",
    ast.Subscript: "indexing",
    ast.JoinedStr: "a string",
    ast.IfExp: "if/else",
    ast.BoolOp: "and/or",
    ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.NamedExpr: ":=",
}


def parse_term(text: str) -> Term:
    """The term that `text` spells, operation by operation.

    Raises:
        ParseError: outside the grammar; the message says what and where.
    """
    return _Reader(text).term(_tree(text))


def parse_relation(text: str) -> Relation:
    """The relation `left op right` that `text` spells.

    Raises:
        ParseError: outside the grammar, no comparison, or more than one.
    """
    tree = _tree(text)
    if not isinstance(tree, ast.Compare):
        _Reader(text).term(tree)  # a forbidden construct is the better complaint
        raise ParseError(f"{_clip(text)!r} compares nothing; a statement needs one of < <= > >= ==")
    if len(tree.ops) != 1:
        raise ParseError(
            f"{_clip(text)!r} has {len(tree.ops)} comparisons; state each one on its own"
        )
    op = _COMPARISONS.get(type(tree.ops[0]))
    if op is None:
        raise ParseError(
            f"{_clip(text)!r} uses a comparison outside the grammar; use one of < <= > >= =="
        )
    reader = _Reader(text)
    return Relation(reader.term(tree.left), op, reader.term(tree.comparators[0]))


def parse_conditions(text: str) -> tuple[Relation, ...]:
    """Relations separated by commas, such as `"a > 0, b >= a"`."""
    return tuple(parse_relation(part) for part in _split(text) if part.strip())


@dataclass(frozen=True)
class Side:
    """One end of a range: `value` None is infinite; `open` excludes the end itself."""

    value: Term | None
    open: bool


def parse_domain(text: str) -> dict[str, tuple[Side, Side]]:
    """Ranges such as `"x in [0,1], y in (-1,oo)"`.

    Raises:
        ParseError: not of that form, or a variable is given twice.
    """
    ranges: dict[str, tuple[Side, Side]] = {}
    for part in _split(text, half_open=True):
        match = re.fullmatch(r"\s*([A-Za-z]\w*)\s+in\s*([\[(])(.*)([\])])\s*", part, re.DOTALL)
        ends = _split(match[3]) if match else []
        if match is None or len(ends) != 2:
            raise ParseError(
                f"{_clip(part.strip())!r} is not a range; write x in [0,1], x in (0,1] "
                "or x in [0,oo)"
            )
        name = match[1]
        _check_name(name)
        if name in ranges:
            raise ParseError(f"{name} has two ranges; give one")
        ranges[name] = (
            parse_side(ends[0], lower=True, open=match[2] == "("),
            parse_side(ends[1], lower=False, open=match[4] == ")"),
        )
    return ranges


def parse_side(text: str, *, lower: bool, open: bool = False) -> Side:
    """One end point; `-oo` below and `oo` above are infinite."""
    squeezed = "".join(text.split())
    if squeezed in ("oo", "+oo", "-oo"):
        if (squeezed == "-oo") != lower:
            raise ParseError(
                f"the {'lower' if lower else 'upper'} end {squeezed} is on the wrong side; "
                "the range is empty"
            )
        return Side(None, True)
    return Side(parse_term(text), open)


def parse_name(text: str) -> str:
    """The name of a variable, checked."""
    if not re.fullmatch(r"[A-Za-z]\w*", text, re.ASCII):
        raise ParseError(
            f"{_clip(text)!r} is not a variable name; use letters, digits and _, a letter first"
        )
    _check_name(text)
    return text


def _check_name(name: str) -> None:
    if name.startswith("_"):
        raise ParseError(f"{name!r} is not a variable name; it must start with a letter")
    if name in ("pi", "E", "oo") or name in _KNOWN:
        raise ParseError(
            f"{name} has a meaning of its own in the grammar and cannot be a variable; "
            "choose another name"
        )


def _clip(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _split(text: str, *, half_open: bool = False) -> list[str]:
    """Split at commas outside brackets; with `half_open`, `[0,1)` closes what it opened."""
    parts, depth, start = [], 0, 0
    closing = {")": "([", "]": "(["} if half_open else {")": "(", "]": "["}
    stack: list[str] = []
    for i, char in enumerate(text):
        if char in "([":
            stack.append(char)
            depth += 1
        elif char in ")]":
            if not stack or stack.pop() not in closing[char]:
                raise ParseError(f"{_clip(text)!r} has an unbalanced bracket at column {i + 1}")
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    if stack:
        raise ParseError(
            f"{_clip(text)!r} has an unbalanced bracket: {stack[-1]!r} is never closed"
        )
    parts.append(text[start:])
    return parts


def _tree(text: str) -> ast.expr:
    if not isinstance(text, str):
        raise ParseError(f"a statement is a text, not {type(text).__name__}")
    if not text.strip():
        raise ParseError("the statement is empty; write for instance 1 + x <= exp(x)")
    if len(text) > MAX_LENGTH:
        raise ParseError(f"the statement has {len(text)} characters; at most {MAX_LENGTH} are read")
    if "#" in text:
        raise ParseError(f"{_clip(text)!r} contains #; a statement has no comments")
    if not text.isascii():
        odd = next(c for c in text if not c.isascii())
        raise ParseError(
            f"{odd!r} is not in the grammar; write <= for ≤, ** for powers, pi for π, oo for ∞"
        )
    depth = deepest = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        deepest = max(deepest, depth)
    if deepest > MAX_NESTING:
        raise ParseError(f"brackets are nested {deepest} deep; at most {MAX_NESTING} are read")
    flat = _flat(text)
    try:
        return ast.parse(flat, mode="eval").body
    except SyntaxError as error:
        hint = "; write == for equality" if re.search(r"(?<![<>=!])=(?!=)", flat) else ""
        raise ParseError(
            f"{_clip(flat)!r} cannot be read at column {error.offset or 0}: {error.msg}{hint}"
        ) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise ParseError(
            f"{_clip(flat)!r} is too deep to read ({type(error).__name__}); split the statement"
        ) from None


def _flat(text: str) -> str:
    return re.sub(r"\s", " ", text).strip()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = _flat(text)

    def source(self, node: ast.expr) -> str:
        return self.text[node.col_offset : node.end_col_offset]

    def refuse(self, node: ast.expr, what: str) -> ParseError:
        return ParseError(f"{_clip(self.source(node))!r}: {what}")

    def term(self, node: ast.expr, depth: int = 0) -> Term:
        if depth > 4 * MAX_NESTING:
            raise ParseError(f"the statement is nested more than {4 * MAX_NESTING} deep; split it")
        if isinstance(node, ast.BinOp):
            return self.chain(node, depth)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            inner = self.term(node.operand, depth + 1)
            return neg(inner) if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.Constant):
            if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
                return number(decimal(self.source(node)))
            raise self.refuse(node, "only numbers such as 12, 0.1 or 2.5e-3 are constants")
        if isinstance(node, ast.Name):
            return self.name(node)
        if isinstance(node, ast.Call):
            return self.call(node, depth)
        if isinstance(node, ast.Compare):
            raise self.refuse(node, "a comparison cannot stand inside an expression")
        what = next(
            (words for kind, words in _REFUSED.items() if isinstance(node, kind)),
            type(node).__name__,
        )
        raise self.refuse(node, f"{what} is not in the grammar")

    def chain(self, node: ast.expr, depth: int) -> Term:
        """A run of binary operators, walked along its left spine so that long sums are not deep."""
        spine: list[ast.BinOp] = []
        while isinstance(node, ast.BinOp):
            spine.append(node)
            node = node.left
        result = self.term(node, depth + 1)
        for part in reversed(spine):
            build = _BINARY.get(type(part.op))
            if build is None:
                hint = "; write ** for powers" if isinstance(part.op, ast.BitXor) else ""
                raise self.refuse(part, f"only + - * / and ** join expressions{hint}")
            result = build(result, self.term(part.right, depth + 1))
        return result

    def name(self, node: ast.Name) -> Term:
        if node.id in ("pi", "E"):
            return constant(node.id)
        if node.id == "oo":
            raise self.refuse(node, "oo may only be the end of a range or a limit of Integral")
        if node.id in _KNOWN:
            raise self.refuse(
                node, f"{node.id} is a function; write {node.id}(...) or choose another name"
            )
        _check_name(node.id)
        return symbol(node.id)

    def call(self, node: ast.Call, depth: int) -> Term:
        if not isinstance(node.func, ast.Name):
            raise self.refuse(node, "only the functions of the grammar can be called")
        name = node.func.id
        if name not in _KNOWN:
            raise ParseError(f"unknown function {name!r}; the grammar has {', '.join(_KNOWN)}")
        if node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
            raise self.refuse(node, f"{name} takes plain arguments only")
        if name in ("Integral", "Sum"):
            return self.bound(node, name, depth)
        args = [self.term(a, depth + 1) for a in node.args]
        if name == "binomial":
            if len(args) != 2:
                raise self.refuse(node, f"binomial takes 2 arguments, not {len(args)}")
            return binomial(*args)
        if name in SHIPPED:
            if not 1 <= len(args) <= 1 + len(SHIPPED[name]().parameters):
                raise self.refuse(
                    node, f"{name} takes an argument and its parameters, not {len(args)} arguments"
                )
            return activate(SHIPPED[name](*args[1:]), args[0])
        if name not in ("Min", "Max") and len(args) != FUNCTIONS[name]:
            raise self.refuse(node, f"{name} takes {FUNCTIONS[name]} argument, not {len(args)}")
        if not args:
            raise self.refuse(node, f"{name} needs at least one argument")
        return call(name, *args)

    def bound(self, node: ast.Call, name: str, depth: int) -> Term:
        if (
            len(node.args) != 2
            or not isinstance(node.args[1], ast.Tuple)
            or len(node.args[1].elts) != 3
        ):
            raise self.refuse(node, f"write {name}(f, (x, a, b))")
        variable, lower, upper = node.args[1].elts
        if not isinstance(variable, ast.Name):
            raise self.refuse(node, f"the first entry of the range of {name} is a variable")
        _check_name(variable.id)
        make = integral if name == "Integral" else summation
        return make(
            self.term(node.args[0], depth + 1),
            variable.id,
            self.term(lower, depth + 1),
            self.term(upper, depth + 1),
        )


def binomial(n: Term, k: Term) -> Term:
    """n(n-1)...(n-k+1)/k! for a written integer k from 0 to 200; Γ(n+1)/(Γ(k+1)Γ(n-k+1)), which is
    undefined where one of the three has a pole, for k that is not a written number."""
    if k.op == "rational":
        if k.payload.q != 1 or not 0 <= k.payload <= 200:
            raise ParseError(f"binomial(n, {k}): a written k must be an integer from 0 to 200")
        product = number(1)
        for i in range(int(k.payload)):
            product = div(mul(product, sub(n, number(i))), number(i + 1))
        return product
    return div(call("factorial", n), mul(call("factorial", k), call("factorial", sub(n, k))))
