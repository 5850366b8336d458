"""The oracle inequality: what m samples cost a predictor that minimises the empirical risk
over a class of networks.

Setting: (X_i, Y_i), i = 1..m, are independent copies of (X, Y) with Y in R^d, |Y|_∞ <= b;
f* = E[Y|X]; F is a class of functions with |f|_∞ <= b; for each coordinate j, the functions f_j
of F have a net of at most exp(log_n) functions, bounded by b too, such that each f_j differs
from one of them by at most `delta` in the sup-norm (the net need not consist of functions of F;
see `boundcheck.theory.formulas.covering`). ‖f-f*‖² = E|f(X)-f*(X)|_2².

The theorem: let f̂ in F be chosen by means of the samples (if anything independent of them has a
part in it: for each value of that, and so in the mean) such that its empirical risk
(1/m) Σ |Y_i - f̂(X_i)|_2² is at most that of

- every f of F, plus `eps`: then E‖f̂-f*‖² <= `oracle` where `comparator` is the
  infimum of ‖f-f*‖² over F;
- one f_0 with |f_0|_∞ <= b that does not depend on the samples, plus `eps`: then the same where
  `comparator` is ‖f_0-f*‖².

Both are theorems of `proofs/learning/oracle.py`; `oracle_sharp` is the smaller one. No inequality
is assumed: all the exponential moments that they need are proved [D].
"""

from __future__ import annotations

from boundcheck.exact.terms.rational import Q
from boundcheck.exact.terms.term import Term
from boundcheck.math import exp, symbols
from boundcheck.theory.formulas.covering import delta
from boundcheck.theory.formulas.ratio import b
from boundcheck.theory.formulas.shallow import d

m, log_n, comparator, eps = symbols("m log_n comparator eps")
A, nu, rho, weights = symbols("A nu rho weights")
theta, u, fluctuation = symbols("theta u fluctuation")
net, estimation, estimation_sharp = symbols("net estimation estimation_sharp")

# -- one function, one sample: Z = (Y-f)² - (Y-f*)² in one coordinate ------------------------------

SECOND_MOMENT: Term = Q(16, 3) * b**2
"""second_moment: E Z² <= second_moment E Z, and E Z = ‖f-f*‖²; attained for
f* = ∓b/3, f = ±b, Y = ±b."""

RANGE: Term = 8 * b**2
"""range: EZ - Z <= range."""

# -- the class -----------------------------------------------------------------------------------

NET: Term = 12 * b * delta
"""net, the price of the net: 4bδ for ‖f-f*‖², and twice 4bδ for the empirical risk."""

ESTIMATION: Term = 16 * b**2 * (log_n + 1) / m
"""estimation = 2(second_moment + range/3)(log_n + 1)/m, as Bernstein's inequality would have it."""

ESTIMATION_SHARP: Term = 11 * b**2 * log_n / m
"""estimation_sharp <= estimation, from exponential moments."""

ORACLE: Term = 2 * comparator + d * (net + estimation) + 2 * eps
"""oracle >= E‖f̂-f*‖²."""

ORACLE_SHARP: Term = 2 * comparator + d * (net + estimation_sharp) + 2 * eps
"""oracle_sharp >= E‖f̂-f*‖²."""

# -- the dial: A > 1 is the price of the approximation, 1/nu that of the samples -------------------

DIAL: Term = (1 - exp(-4 * (A * nu - 2 * (A * nu) ** 2))) / 4
"""dial, g(A nu) with g(θ) = (1 - exp(-4(θ - 2θ²)))/4: every pair A, nu > 0 with nu <= dial may be
chosen, before the samples are seen; A = 2, nu = 1/11 is one."""

DIAL_CLOSED: Term = (A - 1) / (4 * A**2)
"""dial_closed, a nu with nu <= dial for every A > 1: 1/nu = 4A²/(A - 1)."""

NET_DIAL: Term = 4 * (1 + A) * b * delta
"""net, for a pair."""

ESTIMATION_DIAL: Term = b**2 * log_n / (nu * m)
"""estimation, for a pair."""

ORACLE_DIAL: Term = A * (comparator + eps) + d * (net + estimation)
"""oracle_dial >= E‖f̂-f*‖², from a net of exp(log_n) functions in each of the d coordinates;
`oracle_sharp` is that of A = 2, nu = 1/11."""

ORACLE_VECTORS: Term = (
    A * (comparator + eps) + 4 * (1 + A) * rho * delta + rho**2 * log_n / (nu * m)
)
"""oracle_vectors >= E‖f̂-f*‖², where |Y|_2 and |f(X)|_2 are at most rho, f_0 and the net included,
and the net is one of exp(log_n) functions for the *vectors*: each f of the class is within delta
of one of them, |f(x) - net_j(x)|_2 <= delta for all x."""

ORACLE_STEPS: Term = A * (comparator + eps) + weights * (
    4 * (1 + A) * rho * delta + rho**2 * log_n / (nu * m)
)
"""oracle_steps >= Σ_k λ_k E‖f̂_k-f*_k‖², where each sample is an image of which several noisy ones
are made, in any dependence: `weights` = Σ_k λ_k, the empirical risk is the mean over the m images
of Σ_k λ_k |Y_k - f(k, X_k)|², and comparator = Σ_k λ_k ‖f_0,k-f*_k‖². So m is the number of images
however often each is noised (λ_k = 1/K), and one network for all steps costs log_n once."""

FLUCTUATION: Term = (exp(4 * (theta + 2 * theta**2)) - 1) / (4 * theta)
"""fluctuation, by what the risk of f_0 has to be multiplied if a bound is to hold with probability,
since the empirical risk of f_0 fluctuates; theta > 0 may be chosen, and for theta <= 1/11 it is
at most 1 + 6 theta."""

VECTORS_LIKELY: Term = (
    A * (fluctuation * comparator + rho**2 * u / (theta * m) + eps)
    + 4 * (1 + A) * rho * delta
    + rho**2 * (log_n + u) / (nu * m)
)
"""vectors_likely >= ‖f̂-f*‖² with the probability 1 - 2 exp(-u) at least, setting of
`oracle_vectors`. For T predictors at once u is replaced by u + log T."""

TRIVIAL: Term = d * b**2
"""trivial >= ‖f*‖²: what the function 0 achieves. A larger bound says nothing."""
