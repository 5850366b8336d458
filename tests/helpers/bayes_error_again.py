"""The bounds of `bayes_error` in other words: mpmath, sums written out."""

from mpmath import mp, mpf


def real(q):
    return mpf(int(q.p)) / int(q.q)


def affine_again(spread, rank, snr):
    """What the best affine predictor misses, each of `rank` coordinates having the same share."""
    share = spread / rank
    return rank * share / (1 + snr * share)


def pairs(atoms):
    for k, (p, u) in enumerate(atoms):
        for q, v in atoms[:k]:
            yield (
                mp.sqrt(real(p) * real(q)),
                sum(real(a - b) ** 2 for a, b in zip(u, v, strict=True)),
            )


def errors_again(asked, snrs):
    """A bound of mmse at each step, which grows."""
    found = [affine_again(real(asked.spread), asked.rank, s) for s in snrs]
    if asked.atoms:
        sums = [sum(c * D * mp.exp(-s * D / 8) for c, D in pairs(asked.atoms)) / 2 for s in snrs]
        found = list(map(min, found, sums))
    return [min(found[k:]) for k in range(len(found))]


def bayes_steps_again(asked, snrs, best, used, costs):
    """Σ cost + (w - w̃)₊ M + w̃ falls against M, by parts; lists over t >= max(2, first)."""
    errors, total = errors_again(asked, snrs), mpf(0)
    for k, error in enumerate(errors):
        here, later = max(best[k:]), max([mpf(0), *best[k + 1 :]])
        total += costs[k] + max(mpf(0), used[k] - best[k]) * error + (here - later) * error
    return total


def known_again(atoms, snr):
    """At most I(x_0; x_t)."""
    entropy = -sum(real(p) * mp.log(real(p)) for p, _ in atoms)
    return max(mpf(0), entropy - 2 * sum(c * mp.exp(-snr * D / 8) for c, D in pairs(atoms)))
