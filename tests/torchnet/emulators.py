"""Networks in a floating-point format, in exact arithmetic: rounded in any order of operations,
or as badly as the error model admits."""

import itertools
import random

from flint import fmpq
from float_arrays import exactly

from boundcheck import LeakyReLU, ReLU, SignReLU
from boundcheck.torchnet.rounding import underflow


class Emulator:
    """A network in a format, in exact arithmetic: it shares no code with the bounds,
    but for `Format.nearest`."""

    def __init__(self, net, fmt, seed, wide=None, sequential=False):
        self.net, self.format, self.wide, self.sequential = net, fmt, wide, sequential
        self.random = random.Random(seed)

    def near(self, q):
        # in the wider format first, and perhaps left there
        if self.wide and self.random.random() < 0.5:
            q = exactly(self.wide.nearest(q))
            if self.random.random() < 0.5:
                return q
        return exactly(self.format.nearest(q))

    def row(self, weights, bias, values):
        terms = [(exactly(self.format.nearest(w)), v) for w, v in zip(weights, values)]
        terms.append((fmpq(1), exactly(self.format.nearest(bias))))
        while len(terms) > 1:
            i, j = (0, 1) if self.sequential else self.random.sample(range(len(terms)), 2)
            (a, x), (b, y) = terms[i], terms[j]
            fused = not self.sequential and self.random.random() < 0.5
            left = a * x if fused else self.near(a * x)
            terms[i] = (fmpq(1), self.near(left + self.near(b * y)))
            del terms[j]
        return exactly(self.format.nearest(terms[0][0] * terms[0][1]))

    def rho(self, t):
        kind = self.net.activation
        if t >= 0 or not kind.parameters:
            return max(t, fmpq(0))
        factor = exactly(self.format.nearest(kind.parameters[0]))
        part = self.near(t / self.near(1 - t)) if isinstance(kind, SignReLU) else t
        return exactly(self.format.nearest(self.near(factor * part)))

    def __call__(self, values):
        for k, layer in enumerate(self.net.layers):
            values = [self.row(w, b, values) for w, b in zip(layer.weight, layer.bias)]
            if k < self.net.depth:
                values = [self.rho(t) for t in values]
        return values


def numbers(fmt, low, high):
    """All numbers of a small format in an interval."""
    sizes = {m * fmt.smallest for m in range(2 ** (fmt.precision - 1))}
    for e in range(fmt.emin, fmt.emax + 1):
        sizes |= {
            fmpq(2) ** (e + 1 - fmt.precision) * m
            for m in range(2 ** (fmt.precision - 1), 2**fmt.precision)
        }
    return sorted(s for q in sizes for s in {q, -q} if low <= s <= high)


ACTIVATIONS = [SignReLU(), SignReLU("1/3"), SignReLU(3), ReLU(), LeakyReLU("0.3"), LeakyReLU(3)]


def layers(source, sizes, weight):
    return [
        ([[weight(source) for _ in range(a)] for _ in range(b)], [weight(source) for _ in range(b)])
        for a, b in itertools.pairwise(sizes)
    ]


def small(source):
    return fmpq(source.randint(-9, 9), source.choice([1, 2, 3, 7, 8]))


class Adversary:
    """A network whose every operation errs as far as the bounds allow, up or down,
    whatever a real one would do.

    Factors are 1 - u or 1/(1 - u), sums are in any order, fused or not, and
    results may miss η besides.
    """

    def __init__(self, net, fmt, seed):
        self.net, self.format, self.random = net, fmt, random.Random(seed)
        self.factors = 1 - fmt.roundoff, 1 / (1 - fmt.roundoff)
        self.lean = self.random.choice([None, 0, 1])  # at random, or all to one side

    def rounded(self, q, exactly=False):
        factor = (
            fmpq(1)
            if exactly
            else self.factors[self.random.randrange(2) if self.lean is None else self.lean]
        )
        return q * factor + self.random.choice([0, 0, -1, 1]) * underflow(self.format)

    def row(self, weights, bias, values):
        terms = []
        for w, v in zip(weights, values):
            if stored := exactly(self.format.nearest(w)):
                power_of_two = (
                    abs(stored.p) & (abs(stored.p) - 1) == 0 and stored.q & (stored.q - 1) == 0
                )
                terms.append(self.rounded(stored * v, exactly=bool(power_of_two)))
        if shift := exactly(self.format.nearest(bias)):
            terms.append(shift)
        self.random.shuffle(terms)
        while len(terms) > 1:
            terms.insert(
                self.random.randrange(len(terms) - 1), self.rounded(terms.pop() + terms.pop())
            )
        return terms[0] if terms else fmpq(0)

    def rho(self, t):
        kind = self.net.activation
        if t >= 0 or not kind.parameters:
            return self.rounded(max(t, fmpq(0)), exactly=True)
        part = self.rounded(t / self.rounded(1 - t)) if isinstance(kind, SignReLU) else t
        stored = exactly(self.format.nearest(kind.parameters[0]))
        return self.rounded(stored * part, exactly=stored == 1)

    def __call__(self, values):
        for k, layer in enumerate(self.net.layers):
            values = [self.row(w, b, values) for w, b in zip(layer.weight, layer.bias)]
            if k < self.net.depth:
                values = [self.rho(t) for t in values]
        return values
