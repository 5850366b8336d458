"""One step of the excess risk in other words: fourth moments, grids of parameters, the dial;
nothing of the package is used."""

from mpmath import mp, mpf


def linear_alpha_bars(T, first, last):
    share, found = mpf(1), []
    for t in range(T):
        share *= 1 - (mpf(first) + mpf(t) / (T - 1) * (mpf(last) - mpf(first)))
        found.append(share)
    return found


def kappa(d):
    """κ_1 and κ_2, from the text of the theorem: 4 exp(-1/2), and the digits that
    `boundcheck constants` prints."""
    return {1: 4 * mp.exp(mpf(-1) / 2), 2: mpf("4.2932142128147317751393143947398")}[d]


def excess_again(d, B, m, abar, w, chosen, version):
    """One step in other words: fourth moments, grids of parameters, the dial; nothing of the
    package is used."""
    R, k, delta, A, nu = (real(chosen[name]) for name in ("R", "k", "delta", "A", "nu"))
    theta = A * nu
    assert (1 - mp.exp(-4 * theta * (1 - 2 * theta))) / 4 >= nu
    M = mpf(2) ** 64
    variance = 1 - abar
    sigma = mp.sqrt(variance)
    c = (
        real(chosen["c"])
        if version == "positivity_free"
        else mp.exp(-d * (R + mp.sqrt(abar) * B) ** 2 / 2 / variance)
    )
    V = min(2 * R * (d + 2 * d * (d - 1) / mp.pi) / variance, kappa(d) / sigma)
    fourth = (d**2 + mpf(4) * (d - 1) / 3) ** 2 + mpf(64) * (d - 1) / 45
    shallow = fourth ** (mpf(3) / 8) / (8 * mp.sqrt(3 * d)) * V * R / k ** (mpf(d + 3) / 2)
    error = 2 * B * (shallow + 3 * V / M) + (1 + B) / M
    density = (2 * R**2 / (mp.pi * variance)) ** (mpf(d) / 2)
    root = {
        "uniform": mp.sqrt(density) * error / c,
        "weighted": mp.sqrt(density / c) * error,
        "positivity_free": mp.sqrt(2 * B * density * (error + B * c)),
    }[version]
    n = 2 + 2 * d * (k + 1) ** d + 8 * d * k**d
    slope = mp.sqrt(mpf(d) / mp.e) / sigma
    theta = max(1, B) * max(R * d, 3 * V, slope, 1 + R * slope)
    change = (1 + 2 * n * theta * (d * R + 1)) * (1 + B) / c
    log_n = (n * (d + 3) + 2) * mp.log(1 + change * theta / delta)
    samples = B**2 * log_n / (nu * m)
    off = d * B**2 * min(1, d * mp.exp(-((R - mp.sqrt(abar) * B) ** 2) / (2 * variance)))
    parts = {
        "approximation": A * d * (root + 1 / M) ** 2 * w,
        "net": d * 4 * (1 + A) * B * delta * w,
        "samples": d * samples * w,
        "optimisation": mpf(0),
        "off_box": off * w,
    }
    return {**parts, "excess": sum(parts.values())}


def real(q):
    return mpf(int(q.p)) / mpf(int(q.q))
