"""The ladder of tactics. Each takes a `Problem` and returns a verdict, or None where it has nothing to say.

A tactic that does not apply must return None: errors are never turned into verdicts.
"""
