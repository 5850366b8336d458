"""Terms on cells: a piecewise rational expression as one rational function per case.

`value` reads an expression on a cell. Where a branch (of an activation, `Abs`, `Min`, `Max`)
is not decided there it raises `Branch`, and `each_case` cuts the cell in two and tries again.
Every division met on the way has to be shown different from zero on the cell, so a value is also
a proof that the expression is defined there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import comb
from typing import Any

from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.rational_function import Poly, Ratio
from boundcheck.exact.cells.cell import FREE, NONNEG, POSITIVE, Cell, space
from boundcheck.exact.cells.guide import MAX_CUTS, Guide, Visible, assume, shows
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Relation, Term, neg, number, postorder
from boundcheck.exact.terms.work import OutOfBudget, spend

# Functions that are kept as unknowns: defined where the note says, and of that sign.
_TOTAL = {
    "exp": "+",
    "cosh": "+",
    "sin": None,
    "cos": None,
    "sinh": None,
    "tanh": None,
    "atan": None,
    "erf": None,
    "erfc": "+",
    "floor": None,
    "ceiling": None,
}
_OPPOSITE = {"+": "-", "-": "+", "0+": "0-", "0-": "0+", "0": "0"}
_MAX_CELLS = 4_000
_BRANCH_DEPTH = 2
_MAX_POLY = 200_000
_MAX_PRODUCT = 5_000_000
_MAX_NESTED = 50


class Branch(Exception):
    """The sign of `p` decides a branch and is not known on the cell."""

    def __init__(self, p: Poly) -> None:
        super().__init__("undecided branch")
        self.p = p


class Undefined(Exception):
    """`node` could not be shown to be defined on the cell, because of the operand `culprit`."""

    def __init__(self, node: Term, culprit: Term, rule: str, cell: Cell) -> None:
        super().__init__(f"{culprit} must be {rule}")
        self.node, self.culprit, self.rule, self.cell = node, culprit, rule, cell


class Scene:
    """The cells in which a few terms are compared: names, opaque sub-terms and hypotheses.

    Args:
        roots: every term that will be asked for.
        names: the variables.
        cuts: how often a branch condition may cut a cell further to become a coordinate; with 0 it
            is only remembered as a fact.
        formal: values are wanted as formal expressions, whether they are defined everywhere
            or not; never in a proof.
        whole: keep |u|, Max and Min as unknowns too, of which `relations` tells what is known.
        smallest: where several branches are not decided, cut at the simplest one, not at the first.
        guide: who chooses how hypotheses are used and signs are shown; by default nobody
            searches, and only what is visible counts.
    """

    def __init__(
        self,
        roots: Iterable[Term],
        names: Sequence[str],
        cuts: int = MAX_CUTS,
        *,
        formal: bool = False,
        whole: bool = False,
        smallest: bool = False,
        guide: Guide | None = None,
    ) -> None:
        opaque = [n for n in postorder(*roots) if is_opaque(n) or (whole and is_extreme(n))]
        self.cuts, self.formal, self.smallest = cuts, formal, smallest
        self.guide = Visible() if guide is None else guide
        # An opaque sub-term is a variable like the others, so it follows
        # every change of coordinates.
        self.unknowns = {node: f"#{k}" for k, node in enumerate(opaque)}
        self.whole = space([*names, *self.unknowns.values()])

    # -- values -------------------------------------------------------------------------------

    def value(self, root: Term, cell: Cell, known: dict[Term, Ratio] | None = None) -> Ratio:
        """`root` as a rational function of the cell's coordinates.

        Raises:
            Branch: a branch is not decided on the cell.
            Undefined: a division, root or logarithm could not be shown to be defined.
            Unsupported: the term is not piecewise rational.
        """
        known = {} if known is None else known
        for node in postorder(root, done=known):
            spend(3)
            known[node] = self._node(node, cell, known)
        return known[root]

    def _node(self, node: Term, cell: Cell, known: dict[Term, Ratio]) -> Ratio:
        args = [known[a] for a in node.args]
        op = node.op
        if (
            len(args) == 2
            and (len(args[0].num) + len(args[0].den)) * (len(args[1].num) + len(args[1].den))
            > _MAX_PRODUCT
        ):
            raise Unsupported(f"{brief(node)} has too many terms to be multiplied out")
        if op == "symbol":
            return cell.point[node.payload]
        if op == "rational":
            return Ratio(
                cell.context.constant(node.payload), cell.context.constant(1), reduced=True
            )
        if op == "add":
            return args[0] + args[1]
        if op == "sub":
            return args[0] - args[1]
        if op == "mul":
            return args[0] * args[1]
        if op == "neg":
            return -args[0]
        if op == "div":
            if self._sign_of(node.args[1], cell, known) not in ("+", "-"):
                self._require(node, node.args[1], args[1], "non-zero", cell)
            return args[0] / args[1]
        if node in self.unknowns:
            return self._opaque(node, args, cell)
        if op == "pow":
            exponent = small_integer(node.args[1])
            if exponent < 0:
                self._require(node, node.args[0], args[0], "non-zero", cell)
            size = max(len(args[0].num), len(args[0].den))
            if comb(size - 1 + abs(exponent), abs(exponent)) > _MAX_POLY:
                raise Unsupported(f"{brief(node)} has too many terms to be multiplied out")
            return args[0] ** exponent
        if op == "activate":
            return self._activation(node, cell, known)
        if op == "call" and node.payload == "sign":
            return self._jump(args[0], cell)
        if op == "call" and node.payload == "Abs":
            return args[0] if self._at_least_zero(args[0], cell) else -args[0]
        if op == "call" and node.payload in ("Min", "Max"):
            first = self._at_least_zero(args[0] - args[1], cell) == (node.payload == "Max")
            return args[0] if first else args[1]
        raise Unsupported(f"{node} is not piecewise rational")

    def _at_least_zero(self, r: Ratio, cell: Cell) -> bool:
        """True for r >= 0 on the cell, False for r <= 0; for functions continuous at r = 0."""
        sign = self._branch_sign(r, cell)
        return sign in ("+", "0+", "0")

    def _jump(self, r: Ratio, cell: Cell) -> Ratio:
        """-1, 0 or 1: the sign of `r`, which has to be known exactly.
        Raises Branch where it is not."""
        sign = self._branch_sign(r, cell)
        if len(sign) == 2:  # >= 0 or <= 0: cut where it is zero
            p = cell.oriented(r)
            raise Branch(-p if sign == "0+" else p)
        return r._coerce({"+": 1, "0": 0, "-": -1}[sign])

    def _branch_sign(self, r: Ratio, cell: Cell) -> str:
        """The sign of `r`, after some effort. Raises Branch where it is not settled."""
        sign = cell.sign(r)
        if sign is None:
            p = cell.oriented(r)  # the denominator was shown to be non-zero
            if shows(cell, p, False, self.guide, _BRANCH_DEPTH):
                sign = "0+"
            elif shows(cell, -p, True, self.guide, _BRANCH_DEPTH):
                sign = "-"
            elif shows(cell, -p, False, self.guide, _BRANCH_DEPTH):
                sign = "0-"
            else:
                raise Branch(p)
        return sign

    def _sign_of(
        self, node: Term, cell: Cell, known: dict[Term, Ratio], depth: int = 3
    ) -> str | None:
        """The sign of a node, from its value or from the signs of its operands."""
        sign = cell.sign(known[node])
        if sign is not None or depth == 0 or node.op not in ("add", "sub", "mul", "div", "neg"):
            return sign
        signs = [self._sign_of(a, cell, known, depth - 1) for a in node.args]
        if None in signs:
            return None
        first, *rest = (str(s) for s in signs)
        if node.op == "neg":
            return _OPPOSITE[first]
        second = _OPPOSITE[rest[0]] if node.op == "sub" else rest[0]
        return (
            _sum_sign(first, second) if node.op in ("add", "sub") else _product_sign(first, second)
        )

    def _activation(self, node: Term, cell: Cell, known: dict[Term, Ratio]) -> Ratio:
        inner, *parameters = node.args
        if node.payload.positive:
            for p in parameters:
                self._require(node, p, known[p], "positive", cell)
        pieces = node.payload.pieces(*parameters)
        holds = pieces[0]
        for piece in pieces[1:]:
            shifted = known[inner] - piece.start
            sign = self._branch_sign(shifted, cell)
            if sign == "0-" and not self._continuous(holds, piece, cell):
                raise Branch(cell.oriented(shifted))
            if sign in ("-", "0-"):
                break
            holds = piece
        return self.value(holds.formula(inner), cell, known)

    def _continuous(self, left: Any, right: Any, cell: Cell) -> bool:
        at = number(right.start)
        try:
            return (
                self.value(left.formula(at), cell) - self.value(right.formula(at), cell)
            ).is_zero()
        except (Undefined, Branch):
            return False

    def _opaque(self, node: Term, args: list[Ratio], cell: Cell) -> Ratio:
        if node.op == "pow" or node.payload == "log":
            self._require(node, node.args[0], args[0], "positive", cell)
        elif node.payload == "sqrt":
            self._require(node, node.args[0], args[0], "non-negative", cell)
        return cell.point[self.unknowns[node]]

    def _require(self, node: Term, culprit: Term, r: Ratio, rule: str, cell: Cell) -> None:
        if self.formal:
            return
        p = cell.oriented(r)
        if rule == "non-zero":
            done = cell.positive(r.num) or cell.positive(-r.num)
            done = done or any(shows(cell, q, True, self.guide) for q in (r.num, -r.num))
        else:
            strict = rule == "positive"
            done = cell.sign(r) in (("+",) if strict else ("+", "0+", "0"))
            done = done or shows(cell, p, strict, self.guide)
        if not done:
            raise Undefined(node, culprit, rule, cell)

    # -- cells --------------------------------------------------------------------------------

    def cover(self, hypotheses: Iterable[Relation], known: Iterable[Relation] = ()) -> list[Cell]:
        """Cells that cover the set where the hypotheses hold; none if they contradict each other.

        Args:
            known: inequalities `>=` and `<=` that hold besides, and are only remembered.

        Raises:
            Undefined: a hypothesis could not be shown to be defined.
        """
        start = self.whole
        first = len(start.signs) - len(self.unknowns)
        for i, node in enumerate(self.unknowns, start=first):
            sign = {"+": POSITIVE, "0+": NONNEG}.get(_opaque_sign(node) or "", FREE)
            start = replace(start, signs=(*start.signs[:i], sign, *start.signs[i + 1 :]))
        pending = [part for h in hypotheses for part in simple_hypotheses(h)]
        return [self._remembering(cell, known) for cell in self._cover(start, pending)]

    def _remembering(self, cell: Cell, known: Iterable[Relation]) -> Cell:
        """The cell with what else is known, as facts; what is not defined there, or
        has branches, is left out."""
        for h in known:
            try:
                cell = cell.with_facts([cell.oriented(self.value(h.gap(), cell))])
            except (Undefined, Branch):
                continue
        return cell

    def _cover(self, cell: Cell, pending: list[Relation]) -> Iterator[Cell]:
        stack, seen = [(cell, pending)], 0
        while stack:
            seen += 1
            if seen > _MAX_CELLS:
                raise OutOfBudget
            cell, pending = stack.pop()
            if pending:
                stack += reversed(self._assumed(cell, pending))
            else:
                yield cell

    def _assumed(self, cell: Cell, pending: list[Relation]) -> list[tuple[Cell, list[Relation]]]:
        """Cells that cover the set with one hypothesis less, or with a branch that it
        has decided."""
        blocked: Undefined | None = None
        for k, h in enumerate(pending):
            rest = pending[:k] + pending[k + 1 :]
            try:
                r = self.value(h.gap(), cell)
            except Undefined as error:  # another hypothesis may settle it
                blocked = blocked or error
                continue
            except Branch as branch:
                return [(half, pending) for half in self._progress(cell, branch.p)]
            return [(part, rest) for part in assume(cell, cell.oriented(r), h.strict, self.guide)]
        assert blocked is not None
        raise blocked

    def halves(self, cell: Cell, p: Poly) -> list[Cell]:
        """Cells that cover `p >= 0`, and cells that cover `p < 0`."""
        spend(5)
        return assume(cell, p, False, self.guide, self.cuts) + assume(
            cell, -p, True, self.guide, self.cuts
        )

    def each_case(self, cell: Cell, roots: Sequence[Term]) -> Iterator[tuple[Cell, list[Ratio]]]:
        """Cells that cover `cell`, each with the values of `roots` on it."""
        stack, seen = [cell], 0
        while stack:
            current = stack.pop()
            seen += 1
            if seen > _MAX_CELLS:
                raise OutOfBudget
            known: dict[Term, Ratio] = {}
            try:
                yield current, [self.value(r, current, known) for r in roots]
            except Branch as branch:
                others = self._branches(roots, current, known) if self.smallest else []
                stack.extend(self._progress(current, min([branch.p, *others], key=_size)))

    def _branches(self, roots: Sequence[Term], cell: Cell, known: dict[Term, Ratio]) -> list[Poly]:
        """The branches that are not decided on the cell and do not depend on one another."""
        found: list[Poly] = []
        for node in postorder(*roots, done=known):
            if all(a in known for a in node.args):
                try:
                    known[node] = self._node(node, cell, known)
                except Branch as branch:
                    found.append(branch.p)
                except (Undefined, Unsupported):
                    continue
        return found

    def _progress(self, cell: Cell, p: Poly) -> list[Cell]:
        parts = self.halves(cell, p)
        if any(part == cell for part in parts):
            raise OutOfBudget  # the split left the cell as it was: this strategy ends here
        return parts


def _size(p: Poly) -> tuple[int, int]:
    """Simple cuts keep the coordinates simple."""
    return len(p), int(p.total_degree())


def _sum_sign(a: str, b: str) -> str | None:
    if "0" in (a, b):
        return b if a == "0" else a
    if a[-1] != b[-1]:
        return None
    return a[-1] if len(a) == 1 or len(b) == 1 else a


def _product_sign(a: str, b: str) -> str:
    """Also the sign of a quotient, whose denominator is not zero."""
    if "0" in (a, b):
        return "0"
    side = "+" if a[-1] == b[-1] else "-"
    return side if len(a) == len(b) == 1 else "0" + side


def simple_hypotheses(h: Relation) -> list[Relation]:
    """`h` as inequalities without an outermost `Abs`, `Max` or `Min` where that is possible."""
    if h.op == "==":
        return [s for op in (">=", "<=") for s in simple_hypotheses(Relation(h.left, op, h.right))]
    low, high, op = (
        (h.left, h.right, h.op)
        if h.op in ("<", "<=")
        else (h.right, h.left, {">": "<", ">=": "<="}[h.op])
    )
    return [
        Relation(a, op, b)
        for a in _outermost(low, ("Abs", "Max"))
        for b in _outermost(high, ("Min",))
    ]


def _outermost(root: Term, names: tuple[str, ...]) -> list[Term]:
    """Terms of which `root` is the largest (the smallest), without these
    functions outermost; each once."""
    found: dict[Term, None] = {}
    seen: set[Term] = set()
    stack = [root]
    while stack:
        t = stack.pop()
        if t in seen:
            continue
        seen.add(t)
        if t.op == "call" and t.payload in names:
            stack += [neg(t.args[0]), t.args[0]] if t.payload == "Abs" else reversed(t.args)
        else:
            found[t] = None
    return list(found) if len(found) <= _MAX_NESTED else [root]


def small_integer(exponent: Term) -> int:
    """A written integer exponent of moderate size.

    Raises:
        Unsupported: anything else.
    """
    value = exponent.payload
    if exponent.op != "rational" or value.q != 1 or abs(value) > 64:
        raise Unsupported(f"the exponent {exponent} is not a small integer")
    return int(value.p)


def is_opaque(node: Term) -> bool:
    """Whether the node is kept as an unknown: a real power, a transcendental value."""
    if node.op == "pow":
        exponent = node.args[1]
        return exponent.op != "rational" or exponent.payload.q != 1
    return node.op == "constant" or (
        node.op == "call" and (node.payload in _TOTAL or node.payload in ("log", "sqrt"))
    )


def is_extreme(node: Term) -> bool:
    """Whether the node is |u|, Max or Min of something with variables."""
    return node.op == "call" and node.payload in ("Abs", "Max", "Min") and bool(node.free)


def relations(*roots: Term) -> tuple[list[Relation], list[Relation]]:
    """What is known of |u|, Max(u, v) and Min(u, v) without cases: on which side of
    their operands they are.

    The first relation of each, and the others.
    """
    nodes = [n for n in postorder(*roots) if is_extreme(n)]
    inner = {a for n in nodes for a in n.args if a.op == "call" and a.payload == n.payload != "Abs"}
    first: list[Relation] = []
    others: list[Relation] = []
    for node in nodes:
        if node not in inner:
            one, *rest = (
                Relation(node, "<=" if node.payload == "Min" else ">=", u) for u in _operands(node)
            )
            first.append(one)
            others += rest
    return first, others


def _operands(node: Term) -> list[Term]:
    """Of Max(Max(a, b), c) all three; u and -u of |u|."""
    if node.payload == "Abs":
        return [node.args[0], neg(node.args[0])]
    return _outermost(node, (node.payload,))


def _opaque_sign(node: Term) -> str | None:
    if node.op in ("constant", "pow"):
        return "+"
    if node.op == "call" and node.payload == "Abs":
        return "0+"
    return _TOTAL.get(node.payload)


def formal(root: Term) -> Ratio:
    """`root` as a formal rational function of its symbols, for terms without branches.

    Raises:
        Unsupported: it has branches. ZeroDivisionError: it divides by the zero function.
    """
    scene = Scene((root,), sorted(root.free), formal=True)
    try:
        return scene.value(root, scene.whole)
    except Branch:
        raise Unsupported(f"{root} has branches") from None
