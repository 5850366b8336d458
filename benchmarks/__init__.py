"""How fast boundcheck is, beside the tools that one would use otherwise: `make bench`,
or `python -m benchmarks`.

outcome         what a solver found
timing          repetitions that take turns, medians, a time limit
tasks           what is to be proved: W1, W2, W4, W5
networks        networks with random neurons: W3, W6; a marginal: W7
arithmetic      balls, intervals and Taylor series behind one interface
baselines       naive branch and bound over any of them
others          tools that may be installed: z3, Sollya, ...
ours            the calls of boundcheck
report          tables
"""
