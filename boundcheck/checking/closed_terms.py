"""Terms without variables: their signs, by balls at growing precision and an exact zero test."""

from __future__ import annotations

from flint import fmpq

from boundcheck.enclosure.intervals.algebraic import arcs_cancel, is_zero
from boundcheck.enclosure.intervals.at_point import at_point
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import Unsupported
from boundcheck.exact.algebra.normal import vanishes
from boundcheck.exact.cells.integration import diverges, without_integrals
from boundcheck.exact.cells.scene import Branch, Scene, Undefined
from boundcheck.exact.terms.printer import brief
from boundcheck.exact.terms.term import Term, add, call, number, postorder
from boundcheck.exact.terms.work import OutOfBudget

_BITS = (64, 128, 512, 2048, 8192)


def sign_of(root: Term) -> tuple[int | None, str]:
    """The sign of a closed expression with the method that found it.

    Raises:
        DomainError, Unsupported: as `at_point`.
    """
    for k, bits in enumerate(_BITS):
        try:
            value = at_point(root, {}, bits)
        except Unclear:
            continue
        if isinstance(value, fmpq):
            return (value > 0) - (value < 0), "exact arithmetic"
        if value > 0 or value < 0:
            return 1 if value > 0 else -1, f"balls, {bits} bits"
        if value.is_zero():
            return 0, f"balls, {bits} bits"  # the ball is the point 0
        if k == 1 and _vanishes(root):
            return 0, "exact algebra"
    return None, "balls"


def undefined(*roots: Term, quickly: bool = False) -> str | None:
    """Why closed expressions have no value, where that is certain: an operand is
    exactly where it must not be.

    An operand that is itself undefined is no obstacle: then the whole is undefined as well.

    Args:
        quickly: look for integrals that diverge, and nothing else.

    Raises:
        DomainError: an operand has no value.
    """
    for node in postorder(*roots):
        if node.op == "integral" and diverges(node):
            return f"{brief(node)} diverges: its integrand has a pole"
        operand = None if quickly else no_zero(node)
        if operand is None or operand.free:
            continue
        try:
            if sign_of(operand)[0] == 0:
                return (
                    f"{_TROUBLE.get(node.op, 'a pole')} in {brief(node)}: {brief(operand)} "
                    "is exactly 0"
                )
        except Unsupported:
            continue
    return None


_TROUBLE = {"div": "division by zero", "pow": "division by zero"}


def no_zero(node: Term) -> Term | None:
    """An operand such that the operation has no value where it is zero."""
    if node.op == "div":
        return node.args[1]
    if node.op == "pow" and node.args[1].op == "rational":
        return node.args[0] if node.args[1].payload < 0 else None
    if node.op == "call" and node.payload in ("log", "gamma", "loggamma"):
        return node.args[0]
    if node.op == "call" and node.payload == "factorial":
        return add(node.args[0], number(1))
    return call("cos", node.args[0]) if node.op == "call" and node.payload == "tan" else None


def _vanishes(root: Term) -> bool:
    """Whether exact algebra shows that a closed expression is zero."""
    root = without_integrals(root)
    try:
        if is_zero(root):
            return True
    except Unsupported:
        pass  # not algebraic: pi, E and values of functions may still cancel as unknowns
    if vanishes(root) or arcs_cancel(root):  # the root is known to be defined: it was evaluated
        return True
    scene = Scene((root,), ())
    try:
        return scene.value(root, scene.cover(())[0]).is_zero()
    except (Unsupported, Branch, Undefined, OutOfBudget):
        return False
