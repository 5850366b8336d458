"""All rules: importing this fills `RULES`."""

from boundcheck.theorems.kernel.sequent import RULES
from boundcheck.theorems.rules import (
    arithmetic_rule,
    axiom_rule,
    independence_rules,
    integral_rules,
    logic_rules,
    mean_rules,
    nat_rules,
    network_rules,
    norm_rules,
    range_rules,
    vector_rules,
)

FILES = (
    logic_rules,
    arithmetic_rule,
    mean_rules,
    independence_rules,
    norm_rules,
    range_rules,
    integral_rules,
    nat_rules,
    vector_rules,
    network_rules,
    axiom_rule,
)
"""Where they are."""

__all__ = ["FILES", "RULES"]
