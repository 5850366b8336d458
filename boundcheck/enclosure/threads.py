"""Products of matrices in one thread: a budget counts the work of one core, and sums keep their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def single_threaded() -> Iterator[None]:
    """Within it, numpy's BLAS has one thread; also a decorator.

    Others would help little, the matrices being small, cost more than they help on a busy machine, and make the
    rounding of sums, by which a search chooses its boxes, depend on their number.
    """
    with _controller().limit(limits=1, user_api="blas"):
        yield
