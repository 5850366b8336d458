"""A claims file that is proved, and how a proof file begins."""

GOOD = """
[[claim]]
id = "mean"
states = "x*y <= (x**2 + y**2)/2"
on = { x = ["-3", "3"], y = [-3, 3] }
source = "folklore"
note = "the geometric mean"

[[claim]]
id = "tenth"
states = "0.1*x <= 1/10"
on = "x in [0, 1]"
given = "x > 0"
"""
PROOF = """
from boundcheck import claim, cited, inequality, uses
"""
