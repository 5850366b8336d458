"""The search for proofs and counterexamples, which is free to guess.

A tactic takes a `Problem` and returns a verdict, or None where it has nothing to say. One that
does not apply must return None: errors are never turned into verdicts. `ladder` lists the tactics,
cheapest first.

What they prove has been accepted by the checker, and what they refute re-evaluated at a rational
point. Two decide by themselves and leave the checker a proof, which it replays before a certificate
is written: branch and bound (`boxes`), on whole arrays by kernels that have to be right, and exact
algebra on cells (`cells.exactly`), where all that is not a choice is done by `checking.families`.
"""
