"""Expressions as JSON: what is written is read back, and nothing else is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_uses import USES, f, k, n, pd, pr, r, s, v1, x, z

from boundcheck import BoundcheckError
from boundcheck.theorems.author.words import Forall, Mean, sequence
from boundcheck.theorems.language import storage
from boundcheck.theorems.language.binding import Lambda, abstracted, closing
from boundcheck.theorems.language.expr import below, bound, constant, made, number, symbol
from boundcheck.theorems.language.formulas import FALSE
from boundcheck.theorems.language.sorts import (
    FORMULA,
    NAT,
    REAL,
    function,
    law,
    network,
    pair,
    seq,
    space,
    vec,
)
from boundcheck.theorems.language.storage import TableReader, TableWriter

EXPRESSIONS = [p for use in USES for p in (*use.premises, use.concl)] + [
    FALSE,
    number(-7) / 3 * constant("pi"),
    made("add", None, (number("1/3"), z)) >= constant("E"),
    sequence(k, r(k) + n),
    Mean(r(k), (r, closing("independent", k, symbol("mu", law(REAL))))) >= z,
    pd,
    pr,
    v1,
    s,
]


def through(*expressions):
    writer = TableWriter()
    places = [writer.expression(e) for e in expressions]
    tables = json.loads(json.dumps(writer.tables()))
    reader = TableReader(tables)
    return [reader.expression(p, "here") for p in places], tables


def hints(e):
    return {(p, p.hint) for p in below(e) if p.binder}


@pytest.mark.parametrize("e", EXPRESSIONS, ids=repr)
def test_expressions_come_back(e):
    (again,), tables = through(e)
    assert again == e
    assert again.sort == e.sort
    assert repr(again) == repr(e)
    assert hints(again) == hints(e)
    assert through(again)[1] == tables


def test_each_node_is_written_once():
    t = z
    for _ in range(8):
        t = t * t + t
    (again,), tables = through(t)
    assert again == t
    assert len(tables["nodes"]) == 17
    (one, other), both = through(t, t + 1)
    assert other == one + 1
    assert len(both["nodes"]) == 19


def test_hints_are_kept_apart():
    """Two formulas that differ in the names of bound variables are equal, and keep their names."""
    a, b = symbol("a", REAL), symbol("b", REAL)
    (one, other), _ = through(Forall(a, a * a >= 0), Forall(b, b * b >= 0))
    assert one == other
    assert (one.hint, other.hint) == ("a", "b")


def test_deep_expressions():
    t = z
    for _ in range(20_000):
        t = made("neg", None, (t,))
    assert through(t)[0] == [t]


SORTS = [
    REAL,
    NAT,
    space("X"),
    vec("H"),
    network("relu"),
    seq(pair(REAL, space("X"))),
    law(seq(REAL)),
    function((REAL, space("X")), law(NAT)),
    function((NAT,), vec("H")),
]


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_sorts_come_back(sort):
    assert through(symbol("v", sort))[0][0].sort == sort


def test_functions_come_back():
    writer = TableWriter()
    functions = [abstracted((z, k), z**k), abstracted((k,), number(1)), abstracted((x,), f(x))]
    entries = [writer.function(g) for g in functions]
    reader = TableReader(json.loads(json.dumps(writer.tables())))
    assert [reader.function(e, "here") for e in entries] == functions


@st.composite
def numbers(draw):
    return draw(st.fractions(max_denominator=10**6))


@given(numbers())
def test_numbers_are_exact(q):
    assert through(number(q))[0][0].data == q


def test_large_numbers():
    large = number(10**3900 + 1)
    assert through(large)[0] == [large]
    small = 1 / large
    assert through(small)[0] == [small]


# -- what is not written ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["·0", "", "1x", "x y", "x+1", "é", "x\n", "x" * 101, "_x"])
def test_a_symbol_has_a_name(name):
    with pytest.raises(BoundcheckError, match="is no name"):
        TableWriter().expression(symbol(name, REAL) >= 0)
    with pytest.raises(BoundcheckError, match="is no name"):
        TableWriter().sort(space(name) if name else vec("·0"))


def test_no_symbol_stands_for_a_formula():
    with pytest.raises(BoundcheckError, match="no variable stands for a formula"):
        TableWriter().expression(symbol("A", FORMULA))


def test_a_hint_that_is_no_name_is_left_out():
    odd = made("forall", REAL, (bound(0, REAL) >= 0,), "0 >= 1. so")
    assert through(odd)[0][0].hint == ""


# -- what is not read ------------------------------------------------------------------------------

GOOD = {
    "sorts": [["real"], ["nat"], ["space", "X"], ["law", 2], ["function", 2, 0], ["vec", "H"]],
    "nodes": [
        ["symbol", "x", 0],
        ["symbol", "k", 1],
        ["number", "1/2"],
        ["bound", 0, 2],
        ["symbol", "f", 4],
        ["apply", 4, 3],
        ["symbol", "pi0", 3],
        ["mean", "t", 2, 6, 5],
        ["relation", "<=", 7, 0],
        ["call", "exp", 0],
        ["constant", "pi"],
        ["add", 0, 1],
        ["symbol", "u", 5],
        ["dot", 12, 12],
    ],
}


def test_the_tables_to_be_spoilt_are_read():
    reader = TableReader(GOOD)
    assert repr(reader.formula(8, "here")) == "Mean(f(t), (t, pi0)) <= x"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x", "is not a list"),
        ([], "is not a list"),
        ({"head": "add"}, "is not a list"),
        (None, "is not a list"),
        ([["add"], 0, 1], "begins with a text"),
        ([3], "begins with a text"),
        (["oracle", 0], "is not a node"),
        (["__class__", 0], "is not a node"),
        (["symbol", "x"], "is not a node"),
        (["symbol", "x", 0, 0], "is not a node"),
        (["symbol", 3, 0], "is no name"),
        (["symbol", None, 0], "is no name"),
        (["symbol", "·0", 0], "is no name"),
        (["symbol", "x y", 0], "is no name"),
        (["symbol", "x\n", 0], "is no name"),
        (["symbol", "х", 0], "is no name"),  # Cyrillic
        (["symbol", "x", 17], "earlier sort"),
        (["symbol", "x", -1], "earlier sort"),
        (["symbol", "x", True], "earlier sort"),
        (["symbol", "x", 0.0], "earlier sort"),
        (["symbol", "x", "0"], "earlier sort"),
        (["symbol", "x", None], "earlier sort"),
        (["symbol", "x", ["real"]], "earlier sort"),
        (["bound", -1, 0], "binders"),
        (["bound", 10**9, 0], "binders"),
        (["bound", True, 0], "is not a node"),
        (["bound", "0", 0], "is not a node"),
        (["bound", 0.0, 0], "is not a node"),
        (["constant", "tau"], "not a constant"),
        (["constant", 3], "is not a node"),
        (["number", 1], "is not a node"),
        (["number", "0.5"], "not a number such as"),
        (["number", "1e9"], "not a number such as"),
        (["number", "1e999999999"], "not a number such as"),
        (["number", "01"], "not a number such as"),
        (["number", "+1"], "not a number such as"),
        (["number", "1/0"], "not a number such as"),
        (["number", "1/-2"], "not a number such as"),
        (["number", " 1"], "not a number such as"),
        (["number", "1\n"], "not a number such as"),
        (["number", "١"], "not a number such as"),  # a digit, but not of ASCII
        (["number", "2/4"], "is to be written as 1/2"),
        (["number", "2/1"], "is to be written as 2"),
        (["number", "-0"], "is to be written as 0"),
        (["number", "9" * 9000], "not a number such as"),
        (["number", "9" * 4100], "more than 4000 digits"),
        (["number", "9" * 3990], "more than 13000 bits"),
        (["add", 0], "has 2 parts, not 1"),
        (["add", 0, 1, 1], "has 2 parts, not 3"),
        (["add", 0, 12], "takes numbers"),
        (["add", 0, 99], "earlier node"),
        (["add", 0, 14], "earlier node"),  # itself
        (["add", 0, -1], "earlier node"),
        (["add", 0, True], "earlier node"),
        (["add", 0, "1"], "earlier node"),
        (["add", 0, None], "earlier node"),
        (["add", 0, [1]], "earlier node"),
        (["add", 0, 1.0], "earlier node"),
        (["add", 2, 2], "is written in another way, as number"),
        (["neg", 2], "is written in another way, as number"),
        (["relation", 7, 0], "carries a text"),
        (["relation"], "carries a text"),
        (["relation", "!=", 7, 0], "is not a relation"),
        (["relation", "<=", 7], "has 2 parts"),
        (["relation", "<=", 7, 12], "only numbers are ordered"),
        (["call", "oracle", 0], "unknown function"),
        (["call", "__call__", 0], "unknown function"),
        (["call", "exp", 0, 0], "takes 1 parts"),
        (["call", "exp"], "takes 1 parts"),
        (["mean"], "has a name, a sort and parts"),
        (["mean", "t", 2], "has 2 parts, not 0"),
        (["mean", "t", 2, 6, 5, 5], "has 2 parts, not 3"),
        (["mean", "t", 0, 6, 5], "has the sort that its law is on|binds a variable"),
        (["mean", "t", 2, 0, 5], "is no law"),
        (["mean", "0 >= 1", 2, 6, 5], "is no name"),
        (["mean", "·0", 2, 6, 5], "is no name"),
        (["mean", 5, 2, 6, 5], "is no name"),
        (["mean", "t", 99, 6, 5], "earlier sort"),
        (["apply"], "applied to arguments"),
        (["apply", 4], "applied to arguments"),
        (["apply", 0, 0], "cannot be applied"),
        (["apply", 4, 0], "instead of X"),
        (["and", 8, 0], "takes formulas"),
        (["forall", "x", 0, 0], "takes formulas"),
        (["forall", "x", 4, 8], "nothing is said for all"),
        (["dot", 12, 0], "takes vectors"),
        (["pair"], "has 2 parts"),
        (["pair", 0], "has 2 parts"),
        (["ind", 0], "takes formulas"),
    ],
)
def test_nodes_that_are_not_read(row, message):
    tables = {"sorts": GOOD["sorts"], "nodes": [*GOOD["nodes"], row]}
    with pytest.raises(BoundcheckError, match=f"^node 14: .*({message})"):
        TableReader(json.loads(json.dumps(tables)))


@pytest.mark.parametrize(
    ("inner", "outer", "message"),
    [
        (["add", "1"], ["add", "3"], "with other parts"),  # x + 4
        (["sub", "1"], ["sub", "3"], "with other parts"),
        (["sub", "1"], ["add", "3"], "with other parts"),  # x + 2
        (["sub", "3"], ["add", "1"], "in another way, as sub"),  # x - 2
        (["add", "3"], ["sub", "1"], "in another way, as add"),
    ],
)
def test_sums_that_are_written_shorter(inner, outer, message):
    nodes = [["symbol", "x", 0], ["number", inner[1]], ["number", outer[1]], [inner[0], 0, 1]]
    with pytest.raises(BoundcheckError, match=f"^node 4: .*({message})"):
        TableReader({"sorts": [["real"]], "nodes": [*nodes, [outer[0], 3, 2]]})


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("real", "is not a list"),
        ([], "is not a list"),
        ([[]], "begins with a text"),
        (["formula"], "is not a sort"),
        (["real", 0], "is not a sort"),
        (["space"], "is not a sort"),
        (["space", "·X"], "is no name"),
        (["space", 3], "is no name"),
        (["vec", ""], "is no name"),
        (["network", "tanh"], "no activation"),
        (["network", []], "is not a sort"),
        (["seq"], "is not a sort"),
        (["seq", 6], "earlier sort"),
        (["seq", 99], "earlier sort"),
        (["seq", 3], "not a sort of points"),
        (["law", 3], "not a sort of points"),
        (["pair", 0], "is not a sort"),
        (["pair", 0, 4], "not a sort of points"),
        (["function", 0], "at least one argument"),
        (["function", 4, 0], "not a sort of points"),
        (["function", 0, 4], "cannot have values"),
        (["__class__"], "is not a sort"),
    ],
)
def test_sorts_that_are_not_read(row, message):
    tables = {"sorts": [*GOOD["sorts"], row], "nodes": []}
    with pytest.raises(BoundcheckError, match=f"^sort 6: .*{message}"):
        TableReader(json.loads(json.dumps(tables)))


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"sorts": []},
        {"sorts": {}, "nodes": []},
        {"sorts": [], "nodes": None},
        {"sorts": [], "nodes": "x"},
    ],
)
def test_tables_that_are_none(tables):
    with pytest.raises(BoundcheckError, match="is not a list"):
        TableReader(tables)


def test_bound_variables_of_another_sort_than_their_binder():
    nodes = [["bound", 0, 1], ["number", "0"], ["relation", ">=", 0, 1], ["forall", "x", 0, 2]]
    with pytest.raises(BoundcheckError, match="node 3: forall binds a variable of sort Real"):
        TableReader({"sorts": GOOD["sorts"], "nodes": nodes})
    nodes[0] = ["bound", 0, 0]
    reader = TableReader({"sorts": GOOD["sorts"], "nodes": nodes})
    assert reader.formula(3, "here") == Forall(z, z >= 0)
    with pytest.raises(BoundcheckError, match="here: node 2 has bound variables without a binder"):
        reader.formula(2, "here")
    with pytest.raises(BoundcheckError, match="here: node 1 is not a formula"):
        reader.formula(1, "here")


@pytest.mark.parametrize("place", [4, -1, None, "0", 0.0, True, [0], {}])
def test_places_that_are_none(place):
    nodes = [["symbol", "x", 0], ["number", "0"], ["relation", ">=", 0, 1], ["defined", 0]]
    reader = TableReader({"sorts": GOOD["sorts"], "nodes": nodes})
    with pytest.raises(BoundcheckError, match="here: .* is not the place of an expression"):
        reader.expression(place, "here")
    with pytest.raises(BoundcheckError, match="here: .* is not the place of a sort"):
        reader.sort(17 if place == 4 else place, "here")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (None, "is not an object"),
        (3, "is not an object"),
        ({}, "has the keys"),
        ({"body": 0}, "has the keys"),
        ({"arguments": [], "body": 0, "more": 0}, "has the keys"),
        ({"arguments": 0, "body": 0}, "is not a list"),
        ({"arguments": [0] * 101, "body": 0}, "more than 100"),
        ({"arguments": [99], "body": 0}, "place of a sort"),
        ({"arguments": [0], "body": 99}, "place of an expression"),
        ({"arguments": [0], "body": 0}, "not one for arguments"),
        ({"arguments": [], "body": 0}, "not one for arguments"),
        ({"arguments": [0, 1], "body": 1}, "not one for arguments"),
    ],
)
def test_functions_that_are_not_read(entry, message):
    nodes = [["bound", 0, 1], ["bound", 1, 1]]
    reader = TableReader({"sorts": GOOD["sorts"], "nodes": nodes})
    assert reader.function({"arguments": [1], "body": 0}, "here") == Lambda((NAT,), bound(0, NAT))
    with pytest.raises(BoundcheckError, match=f"^here.*{message}"):
        reader.function(entry, "here")


def test_nothing_is_read_that_is_too_large(monkeypatch):
    doubled = [["symbol", "x", 0], *(["mul", j, j] for j in range(40))]
    with pytest.raises(BoundcheckError, match="node 19: an expression has more than"):
        TableReader({"sorts": [["real"]], "nodes": doubled})
    pairs = [["real"], *(["pair", j, j] for j in range(40))]
    with pytest.raises(BoundcheckError, match="sort 8: a sort is made of at most"):
        TableReader({"sorts": pairs, "nodes": []})
    pairs = [["symbol", "x", 0], *(["pair", j, j] for j in range(40))]
    with pytest.raises(BoundcheckError, match="node 8: a sort is made of at most"):
        TableReader({"sorts": [["real"]], "nodes": pairs})
    monkeypatch.setattr(storage, "MAX_NODES", 10)
    with pytest.raises(BoundcheckError, match="the table of nodes has 11 entries, more than 10"):
        TableReader({"sorts": [["real"]], "nodes": [["number", "1"]] * 11})
    monkeypatch.setattr(storage, "MAX_SORTS", 10)
    with pytest.raises(BoundcheckError, match="the table of sorts has 11 entries, more than 10"):
        TableReader({"sorts": [["real"]] * 11, "nodes": []})


def test_free_symbols_take_memory_that_is_limited(monkeypatch):
    monkeypatch.setattr(storage, "MAX_FREE", 100)
    symbols = [["symbol", f"x{j}", 0] for j in range(20)]
    sums = [["add", 0, 1], *(["add", 20 + j, 2 + j] for j in range(17))]
    with pytest.raises(BoundcheckError, match="more than 100 free symbols"):
        TableReader({"sorts": [["real"]], "nodes": [*symbols, *sums]})
