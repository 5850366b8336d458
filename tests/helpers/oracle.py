"""An evaluator written differently on purpose: fractions and mpmath, by plain recursion, no
code shared with the prover."""

from fractions import Fraction

import mpmath

_MP = {
    "exp": mpmath.exp, "log": mpmath.log, "sin": mpmath.sin,
    "cos": mpmath.cos, "tan": mpmath.tan, "asin": mpmath.asin,
    "acos": mpmath.acos, "atan": mpmath.atan,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh,
    "erf": mpmath.erf, "erfc": mpmath.erfc, "gamma": mpmath.gamma, "loggamma": mpmath.loggamma,
    "factorial": mpmath.factorial, "sqrt": mpmath.sqrt, "cbrt": mpmath.cbrt,
}  # fmt: skip


class Nowhere(Exception):
    """The expression is not defined at the point."""


def value(node, point, digits=60):
    """A Fraction where the value is obviously rational, an `mpf` otherwise."""
    with mpmath.workdps(digits):
        return _value(node, point, {})


def _value(node, point, seen):
    if node not in seen:
        seen[node] = _compute(node, point, seen)
    return seen[node]


def _compute(node, point, seen):
    args = [_value(a, point, seen) for a in node.args]
    match node.op:
        case "rational":
            return Fraction(int(node.payload.p), int(node.payload.q))
        case "symbol":
            return Fraction(int(point[node.payload].p), int(point[node.payload].q))
        case "constant":
            return mpmath.pi() if node.payload == "pi" else mpmath.e()
        case "neg":
            return -args[0]
        case "add" | "sub" | "mul" | "div":
            return _binary(node.op, *args)
        case "pow":
            return _power(node, *args)
        case "activate":
            return _activation(node.payload.name, *args)
        case "call":
            return _call(node.payload, args)
    raise NotImplementedError(node.op)


def _mp(v):
    return mpmath.mpf(v.numerator) / v.denominator if isinstance(v, Fraction) else v


def _binary(op, a, b):
    if op == "div" and b == 0:
        raise Nowhere
    if not (isinstance(a, Fraction) and isinstance(b, Fraction)):
        a, b = _mp(a), _mp(b)
    return {"add": lambda: a + b, "sub": lambda: a - b, "mul": lambda: a * b, "div": lambda: a / b}[
        op
    ]()


def _power(node, a, b):
    written = node.args[1].op == "rational" and node.args[1].payload.q == 1
    if written:
        if a == 0 and b < 0:
            raise Nowhere
        return a ** int(b)
    if a < 0 or (a == 0 and b <= 0):
        raise Nowhere
    return mpmath.mpf(0) if a == 0 else mpmath.power(_mp(a), _mp(b))


def _activation(name, t, *parameters):
    if t >= 0:
        return t
    if name == "relu":
        return t * 0
    (p,) = parameters
    if name == "leakyrelu":
        return _binary("mul", p, t)
    return _binary("div", _binary("mul", p, t), _binary("sub", Fraction(1), t))


def _call(name, args):
    if name == "Abs":
        return abs(args[0])
    if name in ("Min", "Max"):
        return (min if name == "Min" else max)(args, key=_mp)
    if name in ("floor", "ceiling", "sign"):
        x = args[0]
        if name == "sign":
            return Fraction((x > 0) - (x < 0))
        return Fraction(int((mpmath.floor if name == "floor" else mpmath.ceil)(_mp(x))))
    x = _mp(args[0])
    low = {
        "log": x <= 0,
        "sqrt": x < 0,
        "cbrt": x < 0,
        "loggamma": x <= 0,
        "asin": abs(x) > 1,
        "acos": abs(x) > 1,
    }
    if low.get(name) or (name in ("gamma", "factorial") and _pole(x + (name == "factorial"))):
        raise Nowhere
    return _MP[name](x)


def _pole(x):
    return x <= 0 and x == mpmath.floor(x)


def holds(relation, point):
    """True or False where both sides are defined and their difference is beyond
    rounding; None otherwise."""
    with mpmath.workdps(60):
        try:
            left, right = value(relation.left, point), value(relation.right, point)
        except Nowhere:
            return None
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            gap = right - left
        else:
            left, right = _mp(left), _mp(right)
            gap = right - left
            if abs(gap) < mpmath.mpf(10) ** -40 * max(1, abs(left), abs(right)):
                return None
        return {"<": gap > 0, "<=": gap >= 0, ">": gap < 0, ">=": gap <= 0, "==": gap == 0}[
            relation.op
        ]
