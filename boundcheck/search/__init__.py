"""The search for proofs and counterexamples, which is free to guess.

A tactic takes a `Problem` and returns a verdict, or None where it has nothing to say. One that
does not apply must return None: errors are never turned into verdicts. `ladder` lists the tactics,
cheapest first.

What most of them return has been accepted by the checker, or re-evaluated at a rational point.
Three decide by themselves, by enclosures that have to be right, and leave the checker a proof,
which it replays before a certificate is written: `boxes` (balls, branch and bound), Taylor forms
(`calculus.tools.taylor`) and exact algebra on cells (`cells.exactly`, where all that is not a
choice is done by `checking.families`).
"""
