"""Activations as users write them."""

from flint import fmpq

from boundcheck import Activation, BoundcheckError, Piece


class HardTanh(Activation):
    """In one small class."""

    name = "hardtanh"
    increasing = True

    @staticmethod
    def pieces():
        return (
            Piece(None, lambda t: t * 0 - 1),
            Piece(-1, lambda t: t),
            Piece(1, lambda t: t * 0 + 1),
        )

    def derivative_range(self, lower, upper):
        inside = (lower is None or lower < 1) and (upper is None or upper > -1)
        outside = lower is None or upper is None or lower < -1 or upper > 1
        return fmpq(int(not outside)), fmpq(int(inside))


class Step(Activation):
    """One that jumps: 1 below 0, and 0 from 0 on."""

    name = "step"

    @staticmethod
    def pieces():
        return Piece(None, lambda t: t * 0 + 1), Piece(0, lambda t: t * 0)

    def derivative_range(self, lower, upper):
        raise BoundcheckError("a step has no slopes")


class Pole(Activation):
    """One that is not defined at 0."""

    name = "pole"

    @staticmethod
    def pieces():
        return (Piece(None, lambda t: 1 / t),)

    def derivative_range(self, lower, upper):
        raise BoundcheckError("unbounded slopes")


class Steep(Activation):
    """1000000 t + 1000, with a corner at 0."""

    name = "steep"

    @staticmethod
    def pieces():
        return Piece(None, lambda t: t * 1000000 + 1000), Piece(0, lambda t: t * 999999 + 1000)

    def derivative_range(self, lower, upper):
        return fmpq(999999), fmpq(1000000)
