"""The excess risk of the class of splines, d = 1, from its parts: steps.

Setting, class and constants are those of `boundcheck.theory.formulas.approximation.splines` and
`end_to_end`. What the class misses on the box is a theorem in its parts: the interpolants relative
to the density (`spline_density`), the neurons of scale M (`spline_networks`), the clips and the
ratio (`spline_error`). What is not derived is that they and the oracle inequality, off the box and
on it, are of one learner: as in `end_to_end`.
"""

from boundcheck import Box, claim, inequality, uses
from boundcheck.theory.formulas import end_to_end, oracle
from boundcheck.theory.formulas.diffusion import w
from boundcheck.theory.formulas.end_to_end import approximation, off_box
from boundcheck.theory.formulas.shallow import d

SOURCE = "derived here"


@claim(source=SOURCE)
def one_step(inside, outside, a):
    """w_t E|x̂_0 - E[x_0|x_t]|² <= w (A (squared + eps) + net + estimation + off_box) = excess, as
    in `learnt_steps.one_step`: R, n, M, delta, A and nu are free at each step.

    M is the scale of the neurons only, log_n falls in M, and no other parameter grows with it.
    off_box is that of `boundcheck.theory.formulas.approximation.positivity`. It is steps, since
    that its parts are of one learner is not derived.
    """
    yield uses("learnt_steps.one_step")
    yield uses("spline_density.relative_error")
    yield uses("spline_networks.smooth_interpolant")
    yield uses("spline_error.what_the_clips_cost")
    yield uses("spline_error.tail_at_a_point")
    yield uses("spline_error.relative")
    yield uses("spline_error.pointwise")
    yield uses("oracle.in_coordinates")
    yield uses("spline_class.covering_number")
    yield uses("off_box.tail")
    yield uses("log_density.tangent")
    yield uses("log_density.slopes")
    yield uses("inverse_density.second_moment")
    yield uses("inverse_density.integral")
    yield uses("diffusion_chain.error_decomposition")
    known = [
        w >= 0,
        oracle.A > 0,
        a <= approximation,
        inside <= oracle.ORACLE_DIAL.subs(d, 1).subs(oracle.comparator, a),
        outside <= off_box,
    ]
    box = Box.reals(
        *("A", "inside", "outside", "a", "approximation", "off_box", "net", "estimation", "eps")
    )
    excess = end_to_end.EXCESS.subs(d, 1)
    yield inequality(w * (inside + outside), "<=", excess, on=box, given=known)
