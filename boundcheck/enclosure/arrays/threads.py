"""Products of matrices in one thread: a budget counts the work of one core,
and sums keep their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from threadpoolctl import ThreadpoolController


class _Limit:
    """The limit is the process's: the first that comes sets it, and the last
    that goes takes it back."""

    def __init__(self) -> None:
        self.lock, self.inside, self.limit = Lock(), 0, None

    limit: Any

    def enter(self) -> None:
        with self.lock:
            if self.inside == 0:
                self.limit = _controller().limit(limits=1, user_api="blas")
            self.inside += 1

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                self.limit.restore_original_limits()


_limit = _Limit()


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def single_threaded() -> Iterator[None]:
    """Within it, numpy's BLAS has one thread; also a decorator.

    Others would help little, the matrices being small, cost more than they help on a busy machine,
    and make the rounding of sums, by which a search chooses its boxes, depend on their number.
    """
    _limit.enter()
    try:
        yield
    finally:
        _limit.leave()
