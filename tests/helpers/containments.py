"""How many containments the property tests have tried; `make soak` reports the number."""

COUNT = {"tried": 0}


def tried(n=1):
    COUNT["tried"] += n
