"""The checker refuses a proof of a statement."""

import pytest

from boundcheck import inequality
from boundcheck.checking.goals import Rejected, goal_of
from boundcheck.search.completion import Completer as Checker


def rejected(text, on, proof):
    with pytest.raises(Rejected):
        Checker().check(goal_of(inequality(text, on=on)), proof)
