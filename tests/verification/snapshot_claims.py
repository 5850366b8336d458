"""Proof files for snapshots: the text of a claim, a bound, a network."""

HEAD = (
    "from boundcheck import Network, ReLU, SignReLU, claim, cited, identity, inequality, "
    "norm_bound, shape, uses\n"
)
CLAIM = '\n@claim(source="s", label="D")\ndef c(x):\n    """C."""\n'
ON = 'on="x in [0,1]")\n'
TRUE = 'yield inequality("x**2 <= 1", on="x in [0,1]")'


def body(*lines):
    return HEAD + CLAIM + "".join(f"    {line}\n" for line in lines)


def bound(constant, op="<="):
    return f'yield inequality("exp(x) - 1 - x {op} {constant}", on="x in [0,1]")'


def network(weight, limit="1/10"):
    """|x² - net| on [0, 1], where the net is a ReLU of slope `weight`: the text of the
    statement does not say which."""
    return (
        f'net = Network.from_layers([([["{weight}"]], [0]), ([[1]], [0])], ReLU())',
        f'yield norm_bound("x**2" - net, "{limit}", p="oo", on="x in [0,1]")',
    )
