"""The ends of a norm, also where the width was not reached."""

import mpmath

from boundcheck import lp_norm
from boundcheck.norms.supremum import NotReached


def known(f, p, on, **options):
    """The ends, also where the width was not reached."""
    try:
        found = lp_norm(f, p, on, **options)
    except NotReached as error:
        found = error.enclosure
    return found.lower, found.upper


def mpf_of(q):
    return mpmath.inf if q is None else mpmath.mpf(int(q.p)) / int(q.q)
