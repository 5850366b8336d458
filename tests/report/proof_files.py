"""A proof file with true and false claims that read the paper."""

FALSE_AND_TRUE = """
from boundcheck import Reading, cited, claim, fails, identity, inequality, uses

@claim(source="here", label="P", reading=Reading("P1", "as it is", {bound}))
def right(x):
    \"\"\"It holds.\"\"\"
    yield inequality(2 * x, "<=", x**2 + 1, on="x in (-oo, oo)")
    yield cited("something", "somewhere")

@claim(source="here", label="P", reading=Reading("P2", "not so"))
def wrong(x):
    \"\"\"It does not.\"\"\"
    yield inequality(x, "<=", 1, on="x in [0, 2]")

@claim(source="here", label="P", reading=Reading("P2", "rests on what is wrong"))
def above(x):
    \"\"\"It holds if `wrong` does.\"\"\"
    yield uses("{stem}.wrong")
    yield identity(x + x, 2 * x, on="x in (-oo, oo)")

@claim(source="here", label="P", reading=Reading("P2", "all there is"))
def plain(x):
    \"\"\"It holds, and is all that is said.\"\"\"
    yield inequality("{long}", "<=", "1 + x", on="x in [0, 1]")

@claim(source="here", reading=Reading("P2", "too strong", refuted=True))
def limit(x):
    \"\"\"It fails.\"\"\"
    yield fails(inequality(x, "<=", 1, on="x in [0, 2]"), at={{x: 2}})

@claim(source="here", reading=Reading("P2", "too strong as well", refuted=True))
def in_words(x):
    \"\"\"It fails, since something is known.\"\"\"
    yield cited("something", "somewhere")
    yield fails(inequality(x, "<=", 1, on="x in [0, 2]"), at={{x: 2}})

@claim(source="here", reading=Reading("P2", "not too strong", refuted=True))
def no_limit(x):
    \"\"\"It is said to fail.\"\"\"
    yield inequality(x, "<=", 1, on="x in [0, 2]")
"""
LONG = "x*(x/2" + "*(x/2" * 30 + ")" * 31
"""A formula longer than what people see of it."""


def proof_file(folder, stem="deep", bound="None", text=FALSE_AND_TRUE):
    path = folder / f"{stem}.py"
    path.write_text(text.format(stem=stem, bound=bound, long=LONG))
    return path
