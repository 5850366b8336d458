"""Random values: numbers, laws, functions."""

from __future__ import annotations

from fractions import Fraction

from model_functions import Function, copied, on_vectors, piecewise_linear, table
from model_networks import pool
from model_terms import NATS
from model_values import Law, Tail
from models import Model

from boundcheck.theorems.language.sorts import REAL, seq

NUMBERS = [Fraction(n, d) for n, d in ((-1, 1), (0, 1), (1, 2), (1, 1), (2, 1))]
LARGER = [Fraction(n, d) for n, d in ((1, 4), (1, 8), (1, 16), (3, 1), (4, 1), (-2, 1), (10, 1))]
FACTORS = [Fraction(n, d) for n, d in ((-1, 1), (-1, 2), (0, 1), (1, 2), (1, 1), (1, 1), (2, 1))]
KINKS = [Fraction(n, d) for n, d in ((0, 1), (0, 1), (1, 1), (-1, 1), (1, 2))]
HALF = Fraction(1, 2)
RICH = [NUMBERS, [-HALF, HALF], [Fraction(-1), Fraction(1)], [HALF, Fraction(1), Fraction(2)]]
WEIGHTS = [(1, 0), (0, 1), (1, 1), (1, 1), (1, 2), (3, 1)]
LARGE_NATS = (*range(4, 9), 14, 20, 41)
NETS = {name: pool(name) for name in ("relu", "signrelu")}


def random_model(symbols, rng, points=2) -> Model:
    """Random values for these symbols."""
    names = sorted(set().union(*(s.sort.spaces for s in symbols)) if symbols else set())
    model = Model({n: [f"{n}{k}" for k in range(points)] for n in names})
    for s in sorted(symbols, key=lambda s: (str(s.data), str(s.sort))):
        model.values[s] = random_value(model, s.sort, rng)
    return model


def random_value(model: Model, sort, rng, wide: bool = False):
    """A random value of a sort, now and then a small or a large number; a function is a table."""
    match sort.kind:
        case "nat":
            large = wide and rng.random() < 0.2
            return Fraction(rng.choice(LARGE_NATS if large else NATS))
        case "real":
            return rng.choice(LARGER if wide and rng.random() < 0.3 else NUMBERS)
        case "space":
            return rng.choice(model.spaces[sort.name])
        case "vec":
            return (rng.choice(NUMBERS), rng.choice(NUMBERS))
        case "seq":
            if rng.random() < 0.2:
                return Tail([random_value(model, sort.parts[0], rng)] * len(NATS))
            return Tail(random_value(model, sort.parts[0], rng) for _ in NATS)
        case "pair":
            return tuple(random_value(model, p, rng) for p in sort.parts)
        case "law":
            return _random_law(model, sort.parts[0], rng)
        case "function":
            return _random_table(model, sort, rng, [1] * len(sort.arguments))
        case "network":
            return rng.choice(NETS[sort.name])
    raise NotImplementedError(sort)


def _random_law(model, of, rng):
    if of.kind == "space":
        on = list(model.domain(of))
    elif of.kind == "real":
        on = rng.sample(NUMBERS, 2)
    else:
        on = list(dict.fromkeys(random_value(model, of, rng) for _ in range(2)))
    kept = on if rng.random() < 0.7 else on[:1]
    weights = [1] if len(kept) == 1 else rng.choice(WEIGHTS)
    return Law(tuple((p, Fraction(w, sum(weights))) for p, w in zip(kept, weights, strict=True)))


def _random_table(model, sort, rng, mask, few=None):
    result = sort.result
    if few is not None:
        return table(sort, mask, rng.random(), lambda r: r.choice(few))
    return table(sort, mask, rng.random(), lambda r: random_value(model, result, r))


def random_function(model: Model, sort, rng, others, limits: bool, rich: bool):
    """A function that is more often simple.

    Args:
        others: functions that it may copy.
        limits: whether hypotheses speak of it at infinitely many arguments, so that it has to be
            piecewise linear.
        rich: whether a table sees all arguments and has many values.
    """
    kinds = {s.kind for s in sort.arguments}
    if sort.arguments[0].kind == "vec" and len(kinds) == 1:
        return on_vectors(sort, rng, FACTORS)
    if limits and kinds & {"real", "seq"} and sort.result.kind == "real":
        return piecewise_linear(sort, rng, FACTORS, KINKS)
    places = [k for k, s in enumerate(sort.arguments) if s.kind == "space"]
    if places and sort.result.kind == "real" and rng.random() < 0.15:
        return _balanced(model, sort, rng, places[-1])
    if rich and not limits:
        scale = rng.choice((1, 1, HALF, 2)) if sort.result.kind == "real" else 1
        few = [scale * v for v in rng.choice(RICH)] if sort.result.kind == "real" else None
        return _random_table(model, sort, rng, [1] * len(sort.arguments), few)
    choice = rng.random()
    copies = list(_copies(sort, others))
    if choice < 0.3 and copies:
        return rng.choice(copies)
    to_numbers = sort.result.kind == "real"
    if choice < 0.4 and to_numbers and sort.arguments == (seq(REAL),):
        net, output = rng.choice(NETS["signrelu"]), rng.randrange(2)
        return Function(sort, lambda x: net.value(output, x))
    seen = [not (limits and s.kind in ("real", "seq")) for s in sort.arguments]
    mask = [rng.random() < 0.6 and s for s in seen]
    if sort.result.kind in ("real", "nat"):
        own = [random_value(model, sort.result, rng, True) for _ in range(2)]
        few = rng.choice((own[:1], own, [own[0], -own[0]] if to_numbers else own))
        if rng.random() < 0.7:
            return _random_table(model, sort, rng, mask, few)
    return _random_table(model, sort, rng, mask if rng.random() < 0.5 else [1] * len(mask))


def _balanced(model, sort, rng, place):
    """A table that has mean 0 for equal weights."""
    mask = [k != place and rng.random() < 0.5 for k in range(len(sort.arguments))]
    size = _random_table(model, sort, rng, mask, [HALF, Fraction(1), Fraction(2)])
    first = model.spaces[sort.arguments[place].name][0]
    return Function(sort, lambda *args: size(*args) * (1 if args[place] == first else -1))


def _copies(sort, others):
    """Copies of other functions, whose arguments are among those of this one."""
    for f in others:
        if f.sort.result != sort.result:
            continue
        free, places = list(range(len(sort.arguments))), []
        for s in f.sort.arguments:
            fits = [k for k in free if sort.arguments[k] == s]
            if fits:
                free.remove(fits[0])
                places.append(fits[0])
            elif s.kind == "nat":
                places.append(None)
            else:
                break
        else:
            yield copied(sort, f, places)
