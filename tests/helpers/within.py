"""A call within a budget of work: its value, or None where the budget was spent."""

from boundcheck.exact.terms.work import OutOfBudget, at_most


def within(units, call, *args):
    try:
        with at_most(units):
            return call(*args)
    except OutOfBudget:
        return None
