"""Rates of splines, blocks and softmax networks: how their constants fall with the number n of
neurons, and what the balance with the samples makes of it.

The constants are those of `boundcheck.theory.formulas.approximation.class_rates`.
"""

from boundcheck import theorem
from boundcheck.math import ceiling, exp, log, sqrt
from boundcheck.theorems.author.words import And
from boundcheck.theorems.language.expr import constant, number
from boundcheck.theory.formulas import rates
from boundcheck.theory.formulas.approximation import class_rates, random_neurons, softmax, splines

SOURCE = "derived here"
pi = constant("pi")


@theorem(source=SOURCE)
def spline_error(t):
    """For neurons of the scale M = n² the squared error of splines is at most C n^-4."""
    R, sigma, b, slope, kappa, inverse, Lambda = t.real("R sigma b slope kappa inverse Lambda")
    n = t.nat("n")
    t.given(n >= 1, R > 0, sigma > 0, b >= 0, slope >= 0, kappa >= 0, inverse >= 0, Lambda >= 0)
    t.example(n=1, R=1, sigma=1, b=1, slope=1, kappa=1, inverse=1, Lambda=1)
    M = n**2
    spline, smooth = t.quoted(splines.SPLINE), t.quoted(splines.SMOOTH, M=M)
    bound = t.quoted(splines.RELATIVE, spline=spline, smooth=smooth, M=M)
    rate, C = n ** (-t.read(class_rates.SPLINE_RISK)), t.read(class_rates.SPLINE_CONSTANT)
    growth, root = exp(R * slope / n), sqrt(kappa * inverse)
    factor = sqrt(number(2)) * b * (R / sigma) ** 2
    known = t.show(growth <= exp(R * slope))
    parts = factor * exp(R * slope), root * (2 * b * Lambda + 1 + b)
    signs = [t.show(v >= 0) for v in (factor, growth, root, *parts)]
    one = t.show(spline <= parts[0] / n**2, by=[known, *signs])
    two = t.show((root * smooth).eq(parts[1] / n**2))
    low = t.show(spline >= 0, by=signs)
    whole = t.show(
        spline + root * smooth + 1 / M <= (parts[0] + parts[1] + 1) / n**2,
        by=[one, two],
        opaque=[spline, root, *parts],
    )
    u, v = t.real("u v")
    with t.let(u, v, given=[u >= 0, u <= v / n**2]) as square:
        t.show(u**2 <= v**2 * rate, by=square.facts)
    inside = t.show(whole.left >= 0, by=[low, signs[2]], opaque=[spline, root])
    found = square(whole.left, parts[0] + parts[1] + 1, by=[whole, inside])
    return t.show(bound <= C * rate, by=[found], opaque=[*parts, spline, root])


@theorem(source=SOURCE)
def splines_by_balancing(t):
    """With a risk of the order n^-4 from the approximation, n = m^(1/5) neurons are best and the
    risk is of the order m^(-4/5)."""
    t.example()
    A, P, m = t.real("A P m")
    t.given(A >= 0, P >= 0, m >= 1)
    names = (class_rates.SPLINE_RISK, class_rates.SPLINE_NEURONS, class_rates.SPLINE_EXCESS)
    a, neurons, excess = map(t.read, names)
    x = t.quoted(rates.BALANCE, a=a)
    known = [t.use(f"rates.{name}", {"a": a}) for name in ("balance", "balance_is_best")]
    best, least = (t.replace(fact, (x, neurons), (a * neurons, excess)) for fact in known)
    return t.show(And(best.formula, least.formula))


@theorem(source=SOURCE)
def blocks_in_neurons(t):
    """The error of n_1 blocks is at most C n^(-1/2), n being the number of their neurons at most:
    in every dimension."""
    mass, h, b, Q, R, sigma = t.real("mass h t Q_h R sigma")
    n_1, d = t.nat("n_1 d")
    t.given(mass >= 0, h > 0, b > 0, Q >= 0, R > 0, sigma > 0, n_1 >= 1, d >= 1)
    t.example(mass=1, h=1, t=1, Q_h=1, R=1, sigma=1, n_1=1, d=1)
    error, neurons = t.quoted(random_neurons.BLOCKS), t.quoted(random_neurons.BLOCKS_NEURONS)
    C, order = t.read(class_rates.BLOCKS_CONSTANT), t.read(class_rates.BLOCKS_ERROR)
    chance = t.show(exp(-(b**2 / 2)) < 1)
    c, y, z, v = t.real("c y z v")
    size = sqrt(2 / pi) * d + b * sqrt(d)
    root = t.show(sqrt(n_1 * d) <= n_1 * sqrt(d))
    factor = 2 * R / (h * sigma)
    sign = t.show(factor >= 0)
    most = n_1 * (2 + factor * size)
    with t.let(c, y, z, given=[c >= 0, y <= z]) as scaled:
        t.show(c * y <= c * z, by=scaled.facts)
    grown = scaled(b, root.left, root.right, by=[root])
    inner = t.show(
        t.quoted(random_neurons.FREQUENCIES) <= n_1 * size, by=[grown], opaque=[root.left, sqrt(d)]
    )
    few = t.show(
        neurons <= most,
        by=[scaled(factor, inner.left, inner.right, by=[inner, sign])],
        opaque=[factor, inner.left, size],
    )
    some = t.show(neurons >= 1, by=[sign], opaque=[factor])
    with t.let(c, y, given=[c >= 0, c <= y]) as root_of:
        t.show(sqrt(c) <= sqrt(y), by=root_of.facts)
    with t.let(v, y, z, given=[v >= 0, y > 0, z >= 1, z <= n_1 * y]) as square:
        share = t.show(1 / n_1 <= y / z, by=square.facts)
        less = t.show(v * (1 / n_1) <= v * (y / z), by=[share, *square.facts], opaque=[1 / n_1])
        one = t.show(v / n_1 <= v * y / z, by=less)
        low = t.show(v / n_1 >= 0, by=square.facts)
        two = root_of(one.left, one.right, by=[one, low])
        three = t.show(sqrt(v * y / z).eq(sqrt(v * y) * z ** (-order)), by=square.facts)
        t.chain(two, three)
    least = t.show(size >= 0)
    high = t.show(2 + factor * size > 0, by=[sign, least], opaque=[factor, size])
    low = t.show(Q / (1 - chance.left) >= 0, by=[chance], opaque=[chance.left])
    found = square(low.left, high.left, neurons, by=[few, some, low, high])
    same = t.show(error.eq(mass * found.left), by=[chance], opaque=[chance.left])
    larger = scaled(mass, found.left, found.right, by=[found])
    last = t.show(larger.right.eq(C * neurons ** (-order)), opaque=[*found.right.args])
    return t.chain(same, larger, last)


@theorem(source=SOURCE)
def softmax_error(t):
    """With n >= √m log m pieces on [-log m, log m] and neurons of the scale m², the error of a
    softmax network is at most (3K - 2)/m."""
    t.example(K=1, n=2, m=2)
    m, v = t.real("m v")
    K, n = t.nat("K n")
    t.given(K >= 1, m >= 2, n >= m ** t.read(class_rates.SOFTMAX_NEURONS) * log(m))
    cut = log(m)
    sign = t.show(cut > 0)
    error = t.quoted(softmax.SOFTMAX_ERROR, Lambda=cut, M=m**2)
    many = t.show(n**2 >= m * cut**2, by=[sign], opaque=[cut])
    some = t.show(n**2 > 0, by=[many, sign], opaque=[cut])
    exponent = cut**2 / (2 * n**2)
    small = t.show(exponent <= 1 / (2 * m), by=[many, some], opaque=[cut])
    with t.let(v, given=[v <= 1 / (2 * m)]) as near:
        half = t.show(1 / (2 * m) <= "1/4")
        chord = t.show(exp(v) <= exp(1 / (2 * m)), by=near.facts)
        t.show(exp(v) <= 1 + 1 / m, by=[chord, t.show(exp(1 / (2 * m)) <= 1 + 1 / m, by=[half])])
    one = near(exponent, by=small)
    two = t.show(exp(-cut).eq(1 / m))
    three = t.show((exp(cut) / m**2).eq(1 / m))
    return t.show(
        error <= t.read(class_rates.SOFTMAX_ERROR),
        by=[one, two, three],
        opaque=[one.left, two.left, three.left.args[0]],
    )


@theorem(source=SOURCE)
def softmax_risk(t):
    """With nets of m cells for each coordinate and each logarithm, and networks that err by at
    most (3K - 2)/m, the excess of a step is at most w ((C + rho² K (d + 1) log(2m)/nu)/m +
    off_box): of the order 1/m, but for the logarithm."""
    names = "A nu rho B R alpha_bar p_min w softmax_error off_box m"
    A, nu, rho, B, R, alpha_bar, p_min, w, error, off_box, m = t.real(names)
    (K, d), y = t.nat("K d"), t.real("y")
    t.given(K >= 1, d >= 1, m >= 1, A > 0, nu > 0, rho >= 0, B > 0, w >= 0)
    t.given(alpha_bar >= 0, alpha_bar < 1, p_min > 0, p_min < 1, error >= 0)
    most = t.given(error <= t.quoted(class_rates.SOFTMAX_ERROR))
    values = dict.fromkeys(("A", "nu", "rho", "B", "R", "w", "m", "K", "d"), 1)
    t.example(**values, alpha_bar="1/2", p_min="1/2", softmax_error=0, off_box=0)
    half = log(1 / p_min) / 2
    positive = t.show(half > 0)
    eta, eta_p = B / m, half / m
    change = t.quoted(softmax.LOGIT_CHANGE, eta=eta, eta_p=eta_p)
    delta = t.quoted(softmax.NET, eta=eta, logit_change=change)
    log_n = t.quoted(softmax.LOG_N, eta=eta, eta_p=eta_p)
    known = {"log_n": log_n, "delta": delta, "softmax_error": error, "eps": 0, "off_box": off_box}
    excess = t.quoted(softmax.EXCESS, **known)
    order = m ** (-t.read(class_rates.SOFTMAX_EXCESS))
    whole = t.read(class_rates.SOFTMAX_RISK) * order
    with t.let(y, given=[y.eq(m)]) as count:
        t.show(log(ceiling(y)) <= log(2 * m), by=count.facts)
    cells = [t.show((B / eta).eq(m)), t.show((log(1 / p_min) / (2 * eta_p)).eq(m), by=[positive])]
    logs = [count(c.left, by=[c]) for c in cells]
    L, L_1, L_2 = log(2 * m), logs[0].left, logs[1].left
    (c, e, z), top = t.real("c e z"), 3 * K - 2
    with t.let(c, e, z, given=[c >= 0, e <= z]) as scaled:
        t.show(c * e <= c * z, by=scaled.facts)
    with t.let(e, z, given=[e >= 0, e <= z / m]) as square:
        less = t.show(e**2 <= (z / m) ** 2, by=square.facts)
        t.show(e**2 <= z**2 / m, by=[less, t.show((z / m) ** 2 <= z**2 / m)])
    small = square(error, top, by=[most])
    one = scaled(A * rho**2, small.left, small.right, by=[small])
    slope = d * (sqrt(alpha_bar) * R + alpha_bar * B) / (1 - alpha_bar)
    net = sqrt(d) * B + rho * (slope * B + half)
    same = t.show(delta.eq(net / m), opaque=[slope, half, sqrt(d)])
    grown = scaled(rho, error, most.right, by=[most])
    last = scaled(4 * (1 + A) * rho, rho * error, grown.right, by=[grown])
    many = [scaled(K * d, L_1, L, by=[logs[0]]), scaled(K, L_2, L, by=[logs[1]])]
    total = t.show(log_n <= K * (d + 1) * L, by=many, opaque=[L_1, L_2, L])
    samples = scaled(rho**2 / (nu * m), log_n, total.right, by=[total])
    parts = [one, same, last, samples]
    opaque = [log_n, L, error, delta, net]
    inner = excess.args[1]
    sum_ = t.show(inner <= whole + off_box, by=parts, opaque=opaque)
    return scaled(w, inner, sum_.right, by=[sum_])
