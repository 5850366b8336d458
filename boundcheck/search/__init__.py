"""The search for proofs and counterexamples: nothing here has to be right,
since the checker decides.

A tactic takes a `Problem` and returns a verdict, or None where it has nothing to say.
One that does not apply must return None: errors are never turned into verdicts. `ladder` lists
the tactics, cheapest first.
"""
