"""The settings of commands: read exactly, and what is refused."""

import pytest

from boundcheck.errors import BoundcheckError
from boundcheck.settings import Settings, parse_settings


def test_settings_are_read_exactly():
    given = parse_settings(["d=2, sigma = 3/10", "M=2**40,e=1e-3", "atoms=0:0;1/2:-1/2"])
    found = Settings.checked("this", given, ("d", "sigma", "M", "e", "atoms", "n"))
    assert found.integer("d", least=1) == 2
    assert found.rational("sigma") * 10 == 3
    assert found.rational("M") == 2**40
    assert found.rational("e") * 1000 == 1
    assert found.rational("n", "1/3") * 3 == 1
    assert found.table("atoms") == [["0", "0"], ["1/2", "-1/2"]]
    assert found.has("d")
    assert not found.has("n")
    assert parse_settings([]) == {}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["a"], "'a' is not name=value; write for instance"),
        (["a=1,"], "'' is not name=value"),
        (["=1"], "'=1' is not name=value"),
        (["a="], "a has no value; write a=VALUE or leave it out"),
        (["a=1", "a=1"], "a is given twice (1 and 1); give it once"),
        (["x" * 100], "'" + "x" * 57 + "...' is not name=value"),
    ],
)
def test_malformed_settings_are_refused(texts, message):
    with pytest.raises(BoundcheckError) as error:
        parse_settings(texts)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda s: s.text("z"), "this needs the parameter z; give it: --set z=..."),
        (lambda s: s.rational("z"), "this needs the parameter z; give it: --set z=..."),
        (lambda s: s.rational("a", above=1), "a = 1; the admissible range is 1 < a"),
        (lambda s: s.rational("a", below=1), "a = 1; the admissible range is a < 1"),
        (lambda s: s.integer("a", least=2), "a = 1; it must be an integer >= 2"),
        (lambda s: s.integer("a", least=-3, most=0), "a = 1; it must be an integer from -3 to 0"),
        (lambda s: s.choice("a", "x", ("x", "y")), "a = 1; it must be one of x, y"),
        (lambda s: Settings.checked("this", s.given, ()), "unknown parameter a; this takes none"),
        (
            lambda s: Settings.checked("this", {"p": "1", "q": "1"}, ("a",)),
            "unknown parameters p, q; this takes a",
        ),
    ],
)
def test_values_out_of_range_are_refused(read, message):
    with pytest.raises(BoundcheckError) as error:
        read(Settings("this", {"a": "1"}))
    assert str(error.value) == message
