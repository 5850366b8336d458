"""Rules for product laws: independent samples, and pairs (X, Y) with Y drawn by a kernel."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from boundcheck.theorems.kernel.existence import exists, fresh, known_from
from boundcheck.theorems.kernel.sequent import Refused, Sequent, Theorem, all_hyps, demand, rule
from boundcheck.theorems.language.binding import closing, opened
from boundcheck.theorems.language.expr import Expr, made, number
from boundcheck.theorems.language.formulas import conjunction, defined, for_all, member
from boundcheck.theorems.language.sorts import Sort

_RANGES = ("sum", "product", "largest", "smallest")


def _shifted(k: Expr) -> tuple[Expr | None, Fraction]:
    """A place as t + p with a number p."""
    if k.head == "number":
        return None, Fraction(k.data)  # type: ignore[arg-type]
    if k.head == "add" and k.args[1].head == "number":
        return k.args[0], Fraction(k.args[1].data)  # type: ignore[arg-type]
    return k, Fraction(0)


def _less(a: Expr, b: Expr, facts: Iterable[Expr]) -> bool:
    """Whether a < b by the form of the two, or as a fact says."""
    (s, p), (t, q) = _shifted(a), _shifted(b)
    if s == t and p < q:
        return True
    return any(f in ((a < b), (b > a), (a + 1 <= b), (b >= a + 1)) for f in facts)


class _Replaced:
    """A term in a sequence s with x for s(k): s may occur as s(k), and as s(i) with i shown to
    differ from k, and in no other way."""

    def __init__(self, s: Expr, k: Expr, x: Expr, facts: set[Expr]) -> None:
        self.s, self.k, self.x, self.facts = s, k, x, facts
        self.ranges: dict[Expr, tuple[Expr, Expr]] = {}  # of the indices that are bound here

    def of(self, e: Expr) -> Expr:
        if self.s not in e.free:
            return e
        if e == self.s:
            raise Refused(f"{e!r} stands in the mean as a whole, so its places are not apart")
        if e.head == "at" and e.args[0] == self.s and self.s not in e.args[1].free:
            if e.args[1] == self.k:
                return self.x
            if self.apart(e.args[1]):
                return e
            raise Refused(f"that {e.args[1]!r} differs from the place {self.k!r} is not shown")
        if not e.binder:
            return made(e.head, e.data, tuple(map(self.of, e.args)), e.hint)
        outside = tuple(map(self.of, e.args[:-1]))
        assert isinstance(e.data, Sort)
        j = fresh(e.data, (e, self.k, self.x, *self.ranges, *self.facts))
        if e.head in _RANGES:
            self.ranges[j] = e.args[:2]  # type: ignore[assignment]
        return closing(e.head, j, self.of(opened(e, j)), *outside, hint=e.hint)

    def apart(self, i: Expr) -> bool:
        """Whether a place is never the k-th."""
        if _less(i, self.k, self.facts) or _less(self.k, i, self.facts):
            return True
        base, by = _shifted(i)
        if base is None or base not in self.ranges:
            return False
        low, high = (end + number(by) for end in self.ranges[base])
        return _less(high, self.k, self.facts) or _less(self.k, low, self.facts)


def drawn_apart(
    mean: Expr, place: Expr, facts: Iterable[Expr] = ()
) -> tuple[Expr, Expr, Expr, Expr]:
    """For Mean(w, (s, independent(j, law(j)))) and a place k: s, x, w with x for s(k), law(k), with
    fresh s and x, of which no fact speaks: a fact about one s says nothing for all.

    Raises:
        Refused: s occurs in w in another way than as s(k), and as s(i) with i shown to differ.
    """
    facts = tuple(facts)
    demand(mean.head == "mean", lambda: f"{mean!r} is no mean")
    product = mean.args[0]
    demand(product.head == "independent", lambda: f"{product!r} is no law of independent samples")
    one = opened(product, place)
    s = fresh(mean.data, (mean, place, *facts))  # type: ignore[arg-type]
    x = fresh(one.sort.parts[0], (mean, place, s, *facts))
    return s, x, _Replaced(s, place, x, set(facts)).of(opened(mean, s)), one


def inner_mean(mean: Expr, place: Expr, facts: Iterable[Expr] = ()) -> tuple[Expr, Expr]:
    """The mean over the k-th sample alone, for fixed others; and that it exists for all samples."""
    s, x, w, one = drawn_apart(mean, place, facts)
    inner = closing("mean", x, w, one)
    return (
        closing("mean", s, inner, mean.args[0], hint=mean.hint),
        for_all(s, defined(inner), [member(s, mean.args[0])]),
    )


@rule
def coordinate(*known: Theorem, mean: Expr, place: Expr) -> Sequent:
    """Mean(w(s), (s, P)) == Mean(Mean(w(s with x for s(k)), (x, law(k))), (s, P)), for P the law of
    independent s(j) ~ law(j).

    Fubini: the k-th sample is independent of the others, and in the inner mean s occurs only as
    s(i) with i shown to differ from k. The left mean exists, and the inner one for every s, not
    only for almost every one.
    """
    terms, facts = known_from(known), [t.concl for t in known]
    demand(exists(place, terms), lambda: f"that {place!r} exists is not shown")
    demand(mean in terms, lambda: f"that {mean!r} exists is not shown")
    outer, condition = inner_mean(mean, place, facts)
    demand(condition in facts, lambda: f"{condition!r} is not shown")
    return Sequent(all_hyps(known), mean.eq(outer))


def apart_condition(mean: Expr, place: Expr, facts: Iterable[Expr] = ()) -> Expr:
    """What shows that a mean over independent samples exists: the nested mean of the absolute
    value does."""
    s, x, w, one = drawn_apart(mean, place, facts)
    nested = closing("mean", s, closing("mean", x, abs(w), one), mean.args[0])
    return defined(nested)


@rule
def coordinate_exists(*known: Theorem, mean: Expr, place: Expr) -> Sequent:
    """exists(Mean(w(s), (s, P))), where Mean(Mean(Abs(w(s with x for s(k))), (x, law(k))), (s, P))
    exists.

    Tonelli. For every s of the set the inner mean exists, hence w(s with x) for every x of the set
    of law(k), and s(k) is one; so w(s) exists for every s.
    """
    facts = [t.concl for t in known]
    demand(exists(place, known_from(known)), lambda: f"that {place!r} exists is not shown")
    condition = apart_condition(mean, place, facts)
    demand(condition in facts, lambda: f"{condition!r} is not shown")
    return Sequent(all_hyps(known), defined(mean))


@rule
def sample(th: Theorem, *known: Theorem, place: Expr) -> Sequent:
    """From s in independent(j, law(j)): s(k) in law(k).

    The set of the product is the product of the sets.
    """
    demand(th.concl.head == "member", lambda: f"{th.concl!r} does not say where a sample lies")
    s, product = th.concl.args
    demand(product.head == "independent", lambda: f"{product!r} is no law of independent samples")
    demand(exists(place, known_from(known)), lambda: f"that {place!r} exists is not shown")
    return Sequent(all_hyps((th, *known)), member(s(place), opened(product, place)))


# -- pairs -----------------------------------------------------------------------------------------


@rule
def halves(th: Theorem) -> Sequent:
    """From p in joint(pi, (x, K(x))): first(p) in pi and second(p) in K(first(p)).

    The set of the joint law is that of all such pairs.
    """
    demand(th.concl.head == "member", lambda: f"{th.concl!r} does not say where a pair lies")
    p, joint = th.concl.args
    demand(joint.head == "joint", lambda: f"{joint!r} is no law of pairs")
    x, y = made("first", None, (p,)), made("second", None, (p,))
    return Sequent(th.hyps, conjunction(member(x, joint.args[0]), member(y, opened(joint, x))))


@rule
def whole(first: Theorem, second: Theorem, *, joint: Expr) -> Sequent:
    """From x in pi, y in K(x): pair(x, y) in joint(pi, (x, K(x))).

    The set of the joint law is that of all such pairs; the law exists where pi does and K(x) for
    every x, and K is a term that exists by its form.
    """
    demand(joint.head == "joint" and exists(joint), lambda: f"that {joint!r} exists is not shown")
    demand(first.concl.head == "member" and second.concl.head == "member", "no members")
    x, law = first.concl.args
    y, kernel = second.concl.args
    demand(law == joint.args[0] and kernel == opened(joint, x), "not the parts of the joint law")
    both = made("pair", None, (x, y))
    return Sequent(all_hyps((first, second)), member(both, joint))


def nested(mean: Expr) -> tuple[Expr, Expr, Expr, Expr, Expr]:
    """For Mean(w(p), (p, joint(pi, K))): x, y, w(pair(x, y)), pi, K(x) with fresh x and y."""
    demand(mean.head == "mean", lambda: f"{mean!r} is no mean")
    joint = mean.args[0]
    demand(joint.head == "joint", lambda: f"{joint!r} is no law of pairs")
    x = fresh(joint.data, (mean,))  # type: ignore[arg-type]
    kernel = opened(joint, x)
    y = fresh(kernel.sort.parts[0], (mean, x))
    return x, y, opened(mean, made("pair", None, (x, y))), joint.args[0], kernel


@rule
def disintegrate(*known: Theorem, mean: Expr) -> Sequent:
    """Mean(w(p), (p, joint(pi, K))) == Mean(Mean(w(pair(x, y)), (y, K(x))), (x, pi)).

    Fubini for a kernel; the left mean exists, and the inner one for every x.
    """
    x, y, w, law, kernel = nested(mean)
    inner = closing("mean", y, w, kernel)
    demand(mean in known_from(known), lambda: f"that {mean!r} exists is not shown")
    condition = for_all(x, defined(inner), [member(x, law)])
    demand(condition in [t.concl for t in known], lambda: f"{condition!r} is not shown")
    return Sequent(all_hyps(known), mean.eq(closing("mean", x, inner, law)))


@rule
def joint_exists(*known: Theorem, mean: Expr) -> Sequent:
    """exists(Mean(w(p), (p, joint(pi, K)))), where Mean(Mean(Abs(w(pair(x, y))), (y, K(x))),
    (x, pi)) exists.

    Tonelli: w exists at every pair of the set and is integrable.
    """
    x, y, w, law, kernel = nested(mean)
    condition = defined(closing("mean", x, closing("mean", y, abs(w), kernel), law))
    demand(condition in [t.concl for t in known], lambda: f"{condition!r} is not shown")
    return Sequent(all_hyps(known), defined(mean))
