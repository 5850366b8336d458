"""The pytest plugin: networks of claims are tested in torch."""

from plugin_outcomes import PROOF, outcomes, text

pytest_plugins = ["pytester"]
NETWORKS = (
    PROOF
    + """
net = Network.from_layers([([[1], [-1]], [0, "1/3"]), ([["1/2", "1/7"]], ["1/5"])], ReLU())

@claim(source="s")
def in_sup():
    '''A bound of the supremum.'''
    yield norm_bound(net - "x/2 + 1/5", BOUND, p="oo", on="x in [0, 1/10]")

@claim(source="s")
def in_mean():
    '''A bound in the mean says nothing at points: there the network is tested against itself.'''
    yield norm_bound("x" - net, 1, p=2, on="x in [0, 1/10]")

@claim(source="s")
def without_networks():
    '''No network.'''
    yield norm_bound("x", 1, p="oo", on="x in [0, 1]")
"""
)


def test_networks_are_tested_in_torch(pytester):
    pytester.makepyfile(nets=NETWORKS.replace("BOUND", '"1/2"'))
    result = pytester.runpytest_inprocess("nets.py", "-rP")
    items = ["nets.in_sup", "nets.in_sup[float64]", "nets.in_sup[float32]"]
    items += [
        "nets.in_mean",
        "nets.in_mean[float64]",
        "nets.in_mean[float32]",
        "nets.without_networks",
    ]
    assert outcomes(result) == dict.fromkeys(items, "passed")
    assert (
        text(result).count("allowed is") == 6
    )  # two comparisons for each supremum, one for each mean


def test_networks_that_break_their_bound(pytester):
    """The net exceeds x/2 + 1/5 by 1/21 at 0: a smaller bound is refuted, and
    its instances fail there."""
    pytester.makepyfile(nets=NETWORKS.replace("BOUND", '"1/22"'))
    result = pytester.runpytest_inprocess("nets.py", "-k", "in_sup")
    assert outcomes(result) == dict.fromkeys(
        ["nets.in_sup", "nets.in_sup[float64]", "nets.in_sup[float32]"], "failed"
    )
    result.stdout.fnmatch_lines(
        ["the bound fails at x = 0: the module gives *0.247619*", "the bound is *0.04545*"]
    )


def test_no_round_off_bound_is_a_skip_with_its_reason(pytester):
    pytester.makepyfile(
        nets=PROOF
        + (
            "net = Network.from_layers([([['1e39']], [0]), ([['1e-39']], [0])], ReLU())\n"
            "@claim(source='s')\n"
            "def huge():\n"
            "    '''H.'''\n"
            "    yield norm_bound(net - 'x/2', 1, p='oo', on='x in [0, 1]')\n"
        )
    )
    result = pytester.runpytest_inprocess("nets.py", "-rs")
    assert outcomes(result) == {
        "nets.huge": "passed",
        "nets.huge[float64]": "passed",
        "nets.huge[float32]": "skipped",
    }
    assert "no bound in float32" in text(result)


def test_an_activation_of_the_user_is_a_skip(pytester):
    """Its code in torch may round in any way."""
    pytester.makepyfile(
        nets=PROOF + "from users import HardTanh\n"
        "net = Network.from_layers([([[1]], [0]), ([[1]], [0])], HardTanh())\n"
        '@claim(source="s")\n'
        "def own():\n"
        '    """O."""\n'
        '    yield norm_bound(net - "x", 1, p="oo", on="x in [-1, 1]")\n'
    )
    result = pytester.runpytest_inprocess("nets.py", "-rs")
    assert outcomes(result) == {
        "nets.own": "passed",
        "nets.own[float64]": "skipped",
        "nets.own[float32]": "skipped",
    }
    assert "how HardTanh" in text(result)
