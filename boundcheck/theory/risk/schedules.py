"""Noise schedules of diffusion models: β_1..β_T, the variances of the reverse steps,
and what follows from them.

Everything about a step comes from the formulas of `boundcheck.theory.formulas.diffusion`,
evaluated in balls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from flint import arb, ctx, fmpq

from boundcheck.enclosure.intervals.balls import Balls
from boundcheck.enclosure.intervals.interval import Unclear
from boundcheck.errors import BoundcheckError
from boundcheck.exact.terms.rational import ExactLike, rational
from boundcheck.exact.terms.term import number, substitute, term
from boundcheck.settings import Settings, exact
from boundcheck.theory.formulas import diffusion

MOST_STEPS = 100_000
PARAMETERS = (
    *("schedule", "T", "beta_1", "beta_T", "s", "most", "betas", "zero_snr"),
    *("variance", "sigmas2"),
)
"""What `schedule_of` reads."""

_ENDS = ("T", "beta_1", "beta_T")
KINDS = {
    "linear": _ENDS,
    "scaled_linear": _ENDS,
    "sigmoid": _ENDS,
    "cosine": ("T", "s", "most"),
}
"""The schedules by name, with what they take."""
_CURVED = {"scaled_linear": diffusion.SCALED_LINEAR, "sigmoid": diffusion.SIGMOID}
_DEFAULTS = {"T": "1000", "beta_1": "1e-4", "beta_T": "0.02", "s": "0.008", "most": "0.999"}
VARIANCES = ("posterior", "beta")
"""The variances of the reverse steps by name."""
_SPARE_BITS = 32

Variance: TypeAlias = str | tuple[fmpq, ...]


class Step(NamedTuple):
    """The step t of a diffusion model, in balls.

    Attributes:
        t: 1..T.
        beta: β_t, the variance of the noise that the step adds.
        alpha_bar: ᾱ_t; x_t has the law of √ᾱ_t x_0 + √(1-ᾱ_t) ε.
        alpha_bar_before: ᾱ_{t-1}.
        snr: ᾱ_t/(1-ᾱ_t); 0 for t = T, where β_T = 1.
        posterior_variance: β̃_t of q(x_{t-1}|x_t, x_0) in each coordinate; 0 for t = 1.
        sigma2: σ_t², the variance of the model's reverse step in each coordinate.
        w: w_t, what a squared error of the predictor costs.
        from_data: the coefficient of the predictor in the mean of the reverse step.
        from_state: the coefficient of x_t in it.
    """

    t: int
    beta: arb
    alpha_bar: arb
    alpha_bar_before: arb
    snr: arb
    posterior_variance: arb
    sigma2: arb
    w: arb
    from_data: arb
    from_state: arb


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A noise schedule; `linear`, `curved`, `cosine`, `of` and `schedule_of` make one.

    Attributes:
        T: the number of steps.
        betas: β_1..β_T; of schedules whose betas are not rational what they take beside T instead:
            s and `most` of the cosine schedule, β_1 and `beta_T` of the curved ones.
        kind: "linear", "scaled_linear", "sigmoid", "cosine" or "given".
        variance: σ_t² of the reverse steps: "posterior" (β̃_t, but β_1 for t = 1),
            "beta" (β_t), or σ_1²..σ_T².
        zero_snr: whether √ᾱ_t is shifted and scaled such that ᾱ_T = 0 and ᾱ_1 stays.
        wide: up to this t, σ_t² is β_t/(1-β_t) whatever `variance` says.
    """

    T: int
    betas: tuple[fmpq, ...]
    kind: str
    variance: Variance
    zero_snr: bool = False
    wide: int = 0

    @classmethod
    def linear(
        cls,
        T: ExactLike = 1000,
        beta_1: ExactLike = "1e-4",
        beta_T: ExactLike = "0.02",
        variance: str | Sequence[ExactLike] = "posterior",
    ) -> Schedule:
        """β_t = β_1 + (t-1)/(T-1) (β_T - β_1), rational. For T = 1 both ends have to agree.

        Raises:
            BoundcheckError: a T that is not an integer from 1 to 100000, β_1 outside (0, 1) or β_T
                outside (0, 1], β_1 > β_T, or variances that are not positive or not T.
        """
        length, first = _length(T), _share(beta_1, "beta_1")
        last = _share(beta_T, "beta_T", closed=True)
        if first > last:
            raise BoundcheckError(
                f"beta_1 = {beta_1} is above beta_T = {beta_T}; a linear schedule must not "
                "decrease: exchange them, or list the betas of another schedule"
            )
        if length == 1 and first != last:
            raise BoundcheckError(
                f"T = 1, but beta_1 = {beta_1} and beta_T = {beta_T}; a single step has one beta: "
                "give both the same"
            )
        rise = (last - first) / max(1, length - 1)
        return cls(
            T=length,
            betas=tuple(first + k * rise for k in range(length)),
            kind="linear",
            variance=_variance(variance, length),
        )

    @classmethod
    def curved(
        cls,
        kind: str,
        T: ExactLike = 1000,
        beta_1: ExactLike = "1e-4",
        beta_T: ExactLike = "0.02",
        variance: str | Sequence[ExactLike] = "posterior",
    ) -> Schedule:
        """`scaled_linear`: √β_t is linear in t; `sigmoid`: β_t = β_1 + (β_T - β_1) times the
        logistic function at points of [-6, 6].

        Raises:
            BoundcheckError: as for `linear`.
        """
        linear = cls.linear(T, beta_1, beta_T, variance)
        if linear.T == 1:
            return linear
        ends = (_share(beta_1, "beta_1"), _share(beta_T, "beta_T", closed=True))
        return cls(T=linear.T, betas=ends, kind=kind, variance=linear.variance)

    @classmethod
    def cosine(
        cls,
        T: ExactLike = 1000,
        s: ExactLike = "0.008",
        most: ExactLike = "0.999",
        variance: str | Sequence[ExactLike] = "posterior",
    ) -> Schedule:
        """β_t = min(1 - f(t)/f(t-1), most), f(t) = cos²((t/T + s)/(1 + s) π/2).

        Raises:
            BoundcheckError: as for `linear`; s outside [0, 1], or `most` outside (0, 1].
        """
        length, offset, cut = _length(T), _read(s, "s"), _share(most, "most", closed=True)
        if not 0 <= offset <= 1:
            raise BoundcheckError(
                f"s = {s}; the admissible range is 0 <= s <= 1, and 0.008 is usual"
            )
        return cls(
            T=length, betas=(offset, cut), kind="cosine", variance=_variance(variance, length)
        )

    @classmethod
    def of(
        cls, betas: Sequence[ExactLike], variance: str | Sequence[ExactLike] = "posterior"
    ) -> Schedule:
        """The schedule with these β_1, β_2, ...: texts are exact decimals, floats the dyadic
        rationals that they are.

        Raises:
            BoundcheckError: no or too many betas, one outside (0, 1) (the last one may be 1), or
                variances that do not fit.
        """
        length = _length(len(betas), "the number of betas")
        exactly = tuple(_share(b, f"beta_{t}", closed=t == length) for t, b in enumerate(betas, 1))
        return cls(T=length, betas=exactly, kind="given", variance=_variance(variance, length))

    def with_zero_snr(self) -> Schedule:
        """With √ᾱ_t replaced by (√ᾱ_t - √ᾱ_T) √ᾱ_1/(√ᾱ_1 - √ᾱ_T), which is 0 for t = T.

        Raises:
            BoundcheckError: T = 1.
        """
        if self.T == 1:
            raise BoundcheckError(
                "zero_snr keeps alpha_bar of the first step and makes that of the last one 0; "
                "with T = 1 these are the same: take T >= 2"
            )
        return replace(self, zero_snr=True)

    def steps(self, bits: int = 64) -> tuple[Step, ...]:
        """The steps t = 1..T, in balls of a relative accuracy of about 2^-bits.

        Raises:
            Unclear: this needs more bits.
        """
        # 1-ᾱ_t >= β_1 and 1-β_t lose what they are smaller than 1, and a product of T factors
        # loses log2 T bits. Of a cosine schedule, 1/β_1 and every 1/(1-β_t) are of the order T² at
        # most, where they are not cut. A β_T = 1 is exact, and so is what it makes 0. √ᾱ_t - √ᾱ_T
        # is at least √ᾱ_{T-1} β_T/2, and a new β_t at least as large as the old one, nearly.
        if self.kind == "cosine":
            _, cut = self.betas
            lost = 2 * _lost(fmpq(1, self.T)) + _lost(cut) + (_lost(1 - cut) if cut < 1 else 0)
        else:
            below = [b for b in self.betas if b < 1]
            lost = _lost(self.betas[0]) + _lost(1 - max(below, default=fmpq(0)))
        if self.zero_snr:
            lost += 4 * _lost(min(self.betas)) + _lost(1 - self.betas[0])
        precision = bits + _SPARE_BITS + 2 * self.T.bit_length() + lost
        with ctx.workprec(precision):
            return self._steps(precision)

    def _steps(self, bits: int) -> tuple[Step, ...]:
        names = ("beta", "alpha_bar", "alpha_bar_before", "posterior_variance", "sigma2")
        formulas = (diffusion.SNR, diffusion.POSTERIOR_VARIANCE, diffusion.WEIGHT)
        snr, posterior, weight = (Balls(term(f), names, bits) for f in formulas)
        data, state, wide = (
            Balls(term(f), names, bits)
            for f in (diffusion.FROM_DATA, diffusion.FROM_STATE, diffusion.WIDE_VARIANCE)
        )
        before, found = arb(1), []
        for t, (beta, alpha_bar) in enumerate(self._noise(bits), 1):
            known = (beta, alpha_bar, before)
            variance = posterior(known)
            sigma2 = wide(known) if t <= self.wide else self._sigma2(t, beta, variance)
            w = weight((*known, variance, sigma2))
            step = Step(
                t=t,
                beta=beta,
                alpha_bar=alpha_bar,
                alpha_bar_before=before,
                snr=snr(known),
                posterior_variance=variance,
                sigma2=sigma2,
                w=w,
                from_data=data(known),
                from_state=state(known),
            )
            seen = step.snr > 0 or (t == self.T and alpha_bar == 0)
            if not (beta > 0 and seen and step.w > 0 and step.w.is_finite()):
                raise Unclear(f"step {t} of the schedule needs more than {bits} bits")
            found.append(step)
            before = alpha_bar
        return tuple(found)

    def _noise(self, bits: int) -> list[tuple[arb, arb]]:
        """β_t and ᾱ_t of each step."""
        product = Balls(term(diffusion.ALPHA_BAR), ("beta", "alpha_bar_before"), bits)
        found, before = [], arb(1)
        for beta in self._balls(bits):
            before = product((beta, before))
            found.append((beta, before))
        if not self.zero_snr:
            return found
        ends = ("alpha_bar", "alpha_bar_1", "alpha_bar_T")
        rescaled, before, shifted = Balls(term(diffusion.ZERO_SNR), ends, bits), arb(1), []
        first, last = found[0][1], found[-1][1]
        for t, (beta, alpha_bar) in enumerate(found, 1):  # the ends are exact: ᾱ_1 stays, ᾱ_T = 0
            if 1 < t < self.T:
                alpha_bar = rescaled((alpha_bar, first, last))
                beta = 1 - alpha_bar / before
            shifted.append((beta, alpha_bar) if t < self.T else (arb(1), arb(0)))
            before = alpha_bar
        return shifted

    def _balls(self, bits: int) -> list[arb]:
        """β_t of each step, before ᾱ_T is made 0."""
        if self.kind in _CURVED:
            ends = {"T": number(self.T), "beta_1": number(self.betas[0])}
            (curve,) = substitute(
                (term(_CURVED[self.kind]),), {**ends, "beta_T": number(self.betas[1])}
            )
            beta = Balls(curve, ("t",), bits)
            last = arb(1) if self.kind == "scaled_linear" and self.betas[1] == 1 else None
            found = [beta((arb(t),)) for t in range(1, self.T + 1)]
            return found if last is None else [*found[:-1], last]
        if self.kind != "cosine":
            return [arb(b) for b in self.betas]
        s, cut = self.betas
        fixed = {"T": number(self.T), "s": number(s)}
        f = Balls(substitute((term(diffusion.COSINE),), fixed)[0], ("t",), bits)
        values = [f((arb(t),)) for t in range(self.T + 1)]
        values[-1] = arb(0)
        return [(1 - after / before).min(arb(cut)) for before, after in pairwise(values)]

    def _sigma2(self, t: int, beta: arb, posterior: arb) -> arb:
        if isinstance(self.variance, tuple):
            return arb(self.variance[t - 1])
        return posterior if self.variance == "posterior" and t > 1 else beta


def schedule_of(given: Settings) -> Schedule:
    """The schedule that parameters describe: `schedule=linear`, `scaled_linear` or `sigmoid` with
    T, beta_1, beta_T; `schedule=cosine` with T, s, most; or `betas=1e-4;2e-4;...`. With
    `zero_snr=1` it is rescaled to ᾱ_T = 0. The reverse steps: `variance=posterior`,
    `variance=beta` or `sigmas2=...;...`.

    Raises:
        BoundcheckError: a value that is not admissible, or parameters that exclude each other.
    """
    if given.has("variance") and given.has("sigmas2"):
        raise BoundcheckError(
            "variance and sigmas2 both say what the reverse steps' variances are; give one of them"
        )
    found = _read_schedule(given)
    return found.with_zero_snr() if given.flag("zero_snr", False) else found


def _read_schedule(given: Settings) -> Schedule:
    variance: str | Sequence[ExactLike] = given.choice("variance", "posterior", VARIANCES)
    if given.has("sigmas2"):
        variance = [exact(v, f"sigmas2_{t}") for t, v in enumerate(given.row("sigmas2"), 1)]
    kind = given.choice("schedule", "linear", tuple(KINDS))
    if given.has("betas"):
        _refuse(
            given,
            "betas=... lists the whole schedule",
            ("schedule", "T", "beta_1", "beta_T", "s", "most"),
        )
        return Schedule.of(
            [exact(b, f"beta_{t}") for t, b in enumerate(given.row("betas"), 1)], variance
        )
    own = KINDS[kind]
    others = [name for names in KINDS.values() for name in names if name not in own]
    _refuse(given, f"the {kind} schedule takes {', '.join(own)}", others)
    T = given.integer("T", int(_DEFAULTS["T"]), least=1, most=MOST_STEPS)
    first, second = (given.rational(name, _DEFAULTS[name]) for name in own[1:])
    if kind in _CURVED:
        return Schedule.curved(kind, T, first, second, variance)
    return (Schedule.linear if kind == "linear" else Schedule.cosine)(T, first, second, variance)


def settings_of(given: Settings) -> dict[str, str]:
    """The parameters that `schedule_of` reads, the defaults included, as texts."""
    variance = {"sigmas2": given.text("sigmas2")} if given.has("sigmas2") else {}
    variance = variance or {"variance": given.text("variance", "posterior")}
    if given.has("zero_snr"):
        variance = {"zero_snr": given.text("zero_snr"), **variance}
    if given.has("betas"):
        return {"betas": given.text("betas"), **variance}
    kind = given.text("schedule", "linear")
    return {
        "schedule": kind,
        **{name: given.text(name, _DEFAULTS[name]) for name in KINDS[kind]},
        **variance,
    }


def _refuse(given: Settings, why: str, names: Sequence[str]) -> None:
    for name in names:
        if given.has(name):
            raise BoundcheckError(f"{name} = {given.text(name)[:60]}, but {why}; leave {name} out")


def _lost(value: fmpq) -> int:
    """An n with 2^-n <= value."""
    return max(0, int(value.q).bit_length() - int(value.p).bit_length() + 1)


def _read(value: ExactLike, name: str) -> fmpq:
    try:
        return rational(value)
    except BoundcheckError as error:
        raise BoundcheckError(f"{name} = {str(value)[:60]}: {error}") from None


def _share(value: ExactLike, name: str, *, closed: bool = False) -> fmpq:
    """A number in (0, 1), or in (0, 1]."""
    share = _read(value, name)
    if not (0 < share < 1 or (closed and share == 1)):
        most = f"0 < {name} <= 1" if closed else f"0 < {name} < 1"
        raise BoundcheckError(f"{name} = {str(value)[:60]}; the admissible range is {most}")
    return share


def _length(value: ExactLike, name: str = "T") -> int:
    length = _read(value, name)
    if length.q != 1 or not 1 <= length <= MOST_STEPS:
        raise BoundcheckError(
            f"{name} = {str(value)[:60]}; it must be an integer from 1 to {MOST_STEPS}"
        )
    return int(length.p)


def _variance(given: str | Sequence[ExactLike], length: int) -> Variance:
    if isinstance(given, str):
        if given not in VARIANCES:
            raise BoundcheckError(
                f"variance = {given[:60]}; it must be one of {', '.join(VARIANCES)}, or a list"
            )
        return given
    if len(given) != length:
        raise BoundcheckError(
            f"{len(given)} variances sigmas2 for {length} steps; give one for each step"
        )
    variances = tuple(_read(v, f"sigmas2_{t}") for t, v in enumerate(given, 1))
    for t, (value, shown) in enumerate(zip(variances, given, strict=True), 1):
        if value <= 0:
            raise BoundcheckError(
                f"sigmas2_{t} = {shown}; the variance of a reverse step must be positive"
            )
    return variances
