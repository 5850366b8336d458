"""The rules of logic: negative free, classical, with eigenvariables.

Each function takes theorems and says what follows; its docstring argues why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from boundcheck.theorems.kernel.existence import exists, known_from, total
from boundcheck.theorems.kernel.sequent import Refused, Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.binding import Lambda, Value, opened, substituted
from boundcheck.theorems.language.expr import Expr, below, made
from boundcheck.theorems.language.formulas import FALSE, defined, for_all
from boundcheck.theorems.language.sorts import Sort


@rule
def assume(*, formula: Expr) -> Sequent:
    """A |- A.

    True whatever A is.
    """
    return Sequent((formula,), formula)


@rule
def discharge(th: Theorem, *, formula: Expr) -> Sequent:
    """From H, A |- C: H |- A implies C.

    Where A is false the implication is true, and where it is true C follows.
    """
    return Sequent(
        tuple(h for h in th.hyps if h != formula), made("implies", None, (formula, th.concl))
    )


@rule
def detach(th: Theorem, condition: Theorem) -> Sequent:
    """From H |- A implies C and G |- A: H, G |- C.

    Modus ponens, for the same values of all symbols.
    """
    demand(th.concl.head == "implies", lambda: f"{th.concl!r} is no implication")
    demand(th.concl.args[0] == condition.concl, lambda: f"{condition.concl!r} is not its condition")
    return Sequent(all_hyps((th, condition)), th.concl.args[1])


@rule
def conjoin(a: Theorem, b: Theorem) -> Sequent:
    """From A and B: A and B.

    The meaning of the connective.
    """
    return Sequent(all_hyps((a, b)), made("and", None, (a.concl, b.concl)))


@rule
def part(th: Theorem, *, side: int) -> Sequent:
    """From A and B: A (side 0), or B (side 1).

    The meaning of the connective.
    """
    demand(th.concl.head == "and", lambda: f"{th.concl!r} does not join two formulas")
    demand(type(side) is int and side in (0, 1), "the sides are 0 and 1")
    return Sequent(th.hyps, th.concl.args[side])


@rule
def generalise(th: Theorem, *, variable: Expr, hint: str = "") -> Sequent:
    """From H |- C: H |- for all x. C, where x is not free in H.

    The hypotheses do not depend on x, so C holds for every value of it. Functions are not
    quantified over: a theorem holds for all of them as it stands.
    """
    demand(variable.head == "symbol", lambda: f"{variable!r} is no variable")
    demand(variable.sort.kind not in ("function", "formula"), "only variables are generalised")
    for h in th.hyps:
        demand(variable not in h.free, lambda: f"{variable!r} is free in the hypothesis {h!r}")
    return Sequent(th.hyps, for_all(variable, th.concl))


@rule
def instantiate(th: Theorem, *known: Theorem, value: Expr) -> Sequent:
    """From for all x. C: C with a term for x that exists.

    Quantifiers range over what exists. The term exists by its form, or since a conclusion
    of `known` says so; without that, 1/0 could be put for x in x == x.
    """
    demand(th.concl.head == "forall", lambda: f"{th.concl!r} says nothing for all values")
    demand(exists(value, known_from(known)), lambda: f"that {value!r} exists is not shown")
    return Sequent(all_hyps((th, *known)), opened(th.concl, value))


@rule
def introduce(th: Theorem, *known: Theorem, formula: Expr, value: Expr) -> Sequent:
    """From C with a term for x that exists: there is x with C.

    As for `instantiate`, the witness must exist.
    """
    demand(formula.head == "exists", lambda: f"{formula!r} does not say that something is there")
    demand(exists(value, known_from((th, *known))), lambda: f"that {value!r} exists is not shown")
    demand(opened(formula, value) == th.concl, lambda: f"{value!r} is no witness of {formula!r}")
    return Sequent(all_hyps((th, *known)), formula)


@rule
def eliminate(there: Theorem, th: Theorem, *, variable: Expr) -> Sequent:
    """From H |- there is x with A, and A[y], G |- C: H, G |- C, where y is not free in G and C.

    Some value has A; C follows for it, and neither C nor G depends on which it is; y is of the
    sort that the value is known to be of. Nothing is said of how the value depends on other
    variables: no choice function is made.
    """
    demand(
        there.concl.head == "exists",
        lambda: f"{there.concl!r} does not say that something is there",
    )
    demand(variable.head == "symbol", lambda: f"{variable!r} is no variable")
    demand(variable.sort == there.concl.data, lambda: f"the value is of sort {there.concl.data}")
    assumed = opened(there.concl, variable)
    demand(variable not in there.concl.free, lambda: f"{variable!r} is not new")
    rest = tuple(h for h in th.hyps if h != assumed)
    for f in (*rest, th.concl):
        demand(variable not in f.free, lambda: f"{variable!r} may not be free in {f!r}")
    return Sequent((*there.hyps, *rest), th.concl)


@rule
def substitute(
    th: Theorem,
    *known: Theorem,
    values: Mapping[Expr, Value],
    spaces: Mapping[str, Sort] | None = None,
) -> Sequent:
    """Terms for free symbols, functions for function symbols, sorts for spaces, in the hypotheses
    too.

    A theorem holds for all values of its symbols. The terms have to exist; a function symbol is
    total, so that the term of a function has to exist for all arguments (`1/x` is refused), by its
    form or by a conclusion `for all arguments. exists(...)`. A function at an argument that does
    not exist is nothing: so where a function symbol is applied the argument has to exist, by its
    form or as known, or the term of the function has it as a part that has to exist (`t * 0` has,
    the function that is 5 everywhere has not). Terms are Borel: they are made of Borel functions,
    means and countable operations. Spaces are replaced by sorts of points, spaces of vectors by
    such spaces: no other sort has all that is true of vectors.
    """
    terms = known_from(known)
    for old, new in values.items():
        demand(old.head == "symbol", lambda: f"{old!r} is no symbol")
        if isinstance(new, Lambda):
            everywhere = total(new, known, terms)
            demand(everywhere, lambda: f"that {new.body!r} exists for all arguments is not shown")
        elif old.sort.kind != "function":
            demand(exists(new, terms), lambda: f"that {new!r} exists is not shown")
    whole = (*th.hyps, th.concl)
    vectors = frozenset().union(*(s.vector_spaces for f in whole for s in _sorts(f)))
    for name, sort in (spaces or {}).items():
        points = ("vec",) if name in vectors else ("real", "nat", "space", "vec", "seq", "pair")
        demand(sort.kind in points, lambda: f"the space {name} cannot be {sort}")

    def denotes(t: Expr) -> bool:
        return t.denotes or (not t.loose and exists(t, terms))

    hyps = tuple(substituted(h, values, spaces, denotes) for h in th.hyps)
    rest = tuple(h for t in known for h in t.hyps)
    return Sequent((*hyps, *rest), substituted(th.concl, values, spaces, denotes))


def _sorts(formula: Expr) -> Iterator[Sort]:
    """The sorts of all terms in it, and of the variables that are bound in it."""
    for e in below(formula):
        yield e.sort
        if isinstance(e.data, Sort):
            yield e.data


@rule
def cases(first: Theorem, second: Theorem, *known: Theorem, left: Expr, right: Expr) -> Sequent:
    """From a <= b, H |- C and b < a, G |- C: H, G |- C, where a and b exist.

    Two numbers that exist compare; if one of them does not exist, neither relation is true.
    """
    demand(first.concl == second.concl, "the two cases do not have the same conclusion")
    terms = known_from(known)
    for t in (left, right):
        demand(exists(t, terms), lambda: f"that {t!r} exists is not shown")
    low, high = left <= right, right < left
    rest = [h for h in first.hyps if h != low] + [h for h in second.hyps if h != high]
    return Sequent((*rest, *all_hyps(known)), first.concl)


@rule
def absurd(th: Theorem, *, formula: Expr) -> Sequent:
    """From 0 >= 1: anything.

    No values of the symbols fulfil the hypotheses.
    """
    demand(th.concl == FALSE, lambda: f"{th.concl!r} is not 0 >= 1")
    return Sequent(th.hyps, formula)


@rule
def existence(*known: Theorem, term: Expr) -> Sequent:
    """exists(t), by the form of t and from what is true.

    See `existence.exists`: each case names why the term exists; what is known stands strictly in
    a relation that is true, and such a relation has sides that exist.
    """
    demand(exists(term, known_from(known)), lambda: f"that {term!r} exists is not shown")
    return Sequent(all_hyps(known), defined(term))


@rule
def rewrite(equation: Theorem, th: Theorem, *, template: Lambda) -> Sequent:
    """From a == b and C[a]: C[b], where `template` is C with a place for a.

    Both sides exist and are equal, and a formula is true or false by what its terms denote. The
    two terms are closed, so that they denote the same below every binder.
    """
    demand(equation.concl.head == "relation" and equation.concl.data == "==", "no equation")
    a, b = equation.concl.args
    demand(len(template.sorts) == 1, "a template has one place")
    demand(template(a) == th.concl, lambda: f"{th.concl!r} is not the template at {a!r}")
    return Sequent(all_hyps((equation, th)), template(b))


@rule
def symmetry(th: Theorem) -> Sequent:
    """From a == b: b == a.

    Equality of what exists.
    """
    if th.concl.head != "relation" or th.concl.data != "==":
        raise Refused(f"{th.concl!r} is no equation")
    a, b = th.concl.args
    return Sequent(th.hyps, b.eq(a))
