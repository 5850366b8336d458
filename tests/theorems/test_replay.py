"""Derivations as JSON: what is replayed is the theorem, and no document says more than that."""

import copy
import json

import pytest
from derivations import by_arithmetic, documents, long, squares, theorems
from hypothesis import given
from hypothesis import strategies as st
from rule_uses import E, f, k, x, z
from test_strange_data import check

from boundcheck import BoundcheckError
from boundcheck.checking.goals import Rejected
from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.kernel.sequent import Refused, derive
from boundcheck.theorems.language.binding import Lambda
from boundcheck.theorems.language.expr import bound, made, symbol
from boundcheck.theorems.language.sorts import NAT, REAL
from boundcheck.theorems.language.storage import TableReader
from boundcheck.theorems.records import replay as replaying
from boundcheck.theorems.records.replay import in_order, replay, stored
from boundcheck.theorems.records.rule_data import read, shape_of
from boundcheck.theorems.rules import axiom_rule as axioms
from boundcheck.theorems.rules.all_rules import RULES

NAMES = list(documents())


def document(name="squares"):
    return json.loads(documents()[name])


def node(doc, row):
    """The place of a node, which is added where there is none."""
    if row not in doc["nodes"]:
        doc["nodes"].append(row)
    return doc["nodes"].index(row)


@pytest.mark.parametrize("name", NAMES)
def test_theorems_come_back(name):
    th = theorems()[name]
    again = replay(document(name))
    assert (again.hyps, again.concl, again.axioms) == (th.hyps, th.concl, th.axioms)
    assert repr(again) == repr(th)
    assert [t.rule for t in in_order(again)] == [t.rule for t in in_order(th)]
    assert json.dumps(stored(again)) == documents()[name]


def test_every_rule_is_stored():
    """So that a rule that takes something new is not forgotten here."""
    for rule in RULES:
        shape = shape_of(rule)
        assert shape.needed <= shape.kinds.keys()
    used = {t.rule for th in theorems().values() for t in in_order(th)}
    assert used == RULES.keys() - {"axiom"}


def test_steps_that_are_shared_are_written_once():
    steps = document("shared")["steps"]
    assert len(steps) == 82


def test_derivations_may_be_long():
    th = long()
    doc = json.loads(json.dumps(stored(th)))
    assert len(doc["steps"]) == 10_001
    assert replay(doc).concl == th.concl
    assert json.dumps(stored(replay(doc))) == json.dumps(doc)


def test_axioms_are_named(monkeypatch):
    monkeypatch.setitem(axioms.AXIOMS, "even", Axiom("even", E(f(x)) >= 0, "nowhere"))
    th = derive("conjoin", derive("axiom", name="even"), derive("assume", formula=z >= 0))
    doc = json.loads(json.dumps(stored(th)))
    assert doc["axioms"] == ["even"]
    assert replay(doc).axioms == {"even"}
    for other in ([], ["odd"], ["even", "even"], "even", None, {"even": 1}, [["even"]]):
        with pytest.raises(Rejected, match="the axioms that are named are not those derived"):
            replay({**doc, "axioms": other})
    monkeypatch.delitem(axioms.AXIOMS, "even")
    with pytest.raises(Rejected, match="step 0 .axiom.: 'even' is no axiom"):
        replay(doc)


# -- what is not written ---------------------------------------------------------------------------


def test_names_of_rules_are_not_written():
    inner = symbol("·0", REAL)
    with pytest.raises(BoundcheckError, match="formula of the rule assume cannot be written"):
        stored(derive("assume", formula=inner >= 0))


def test_data_that_no_rule_takes_are_not_written():
    th = squares()
    object.__setattr__(th, "data", {"formula": th.data["formula"], "more": 1})
    with pytest.raises(BoundcheckError, match="the rule discharge takes no more"):
        stored(th)
    object.__setattr__(th, "data", {"formula": "z >= 0"})
    with pytest.raises(BoundcheckError, match="cannot be written"):
        stored(th)
    object.__setattr__(th, "data", {"formula": bound(0, REAL) >= 0})
    with pytest.raises(BoundcheckError, match="cannot be written"):
        stored(th)


# -- claims ----------------------------------------------------------------------------------------


def test_another_conclusion_is_not_derived():
    doc = document()
    true = doc["conclusion"]
    for other in range(len(doc["nodes"])):
        if other != true:
            with pytest.raises(BoundcheckError):
                replay({**doc, "conclusion": other})
    stronger = copy.deepcopy(doc)
    stronger["nodes"][stronger["nodes"].index(["number", "5"])] = ["number", "6"]
    with pytest.raises(Rejected, match="the checker rejects the proof"):
        replay(stronger)


def test_other_hypotheses_are_not_those_of_the_theorem():
    doc = document()
    (kept,) = doc["hypotheses"]
    for other in ([], [kept, kept], [doc["conclusion"]], [kept, doc["conclusion"]]):
        with pytest.raises(Rejected, match="the hypotheses that are claimed are not those derived"):
            replay({**doc, "hypotheses": other})
    two = json.loads(json.dumps(stored(derive("conjoin", *assumed(z >= 0, k >= 1)))))
    with pytest.raises(Rejected, match="the hypotheses that are claimed are not those derived"):
        replay({**two, "hypotheses": two["hypotheses"][::-1]})


def assumed(*formulas):
    return [derive("assume", formula=formula) for formula in formulas]


# -- steps -----------------------------------------------------------------------------------------


def refused(doc, match=None):
    with pytest.raises(BoundcheckError, match=match):
        replay(doc)


def test_steps_that_are_left_out():
    for name in ("squares", "two_cases", "something", "descent"):
        doc = document(name)
        for place in range(len(doc["steps"])):
            less = copy.deepcopy(doc)
            del less["steps"][place]
            refused(less)
    refused({**document(), "steps": []}, "the derivation has no steps")


def test_premises_in_another_order():
    doc = document("detach-2")
    assert doc["steps"][-1]["premises"] == [0, 1]
    doc["steps"][-1]["premises"] = [1, 0]
    refused(doc, "is no implication")


@pytest.mark.parametrize("premise", [4, 5, 99, -1, 10**30, None, "0", 0.0, True, [0], {}])
def test_premises_are_earlier_steps(premise):
    doc = document()
    assert len(doc["steps"]) == 5
    doc["steps"][-1]["premises"] = [premise]
    refused(doc, "step 4: .* is not the place of an earlier step")


def test_the_number_of_premises():
    doc = document()
    for premises, message in (
        ([], "0 premises"),
        ([0, 1], "2 premises"),
        (None, "is not a list"),
        ("0", "is not a list"),
        ({"0": 0}, "is not a list"),
    ):
        doc["steps"][-1]["premises"] = premises
        refused(doc, message)


@pytest.mark.parametrize(
    "rule", ["believe", "", "__init__", "derive", "assume ", None, 3, ["assume"], {}]
)
def test_unknown_rules(rule):
    doc = document()
    doc["steps"][-1]["rule"] = rule
    refused(doc, "step 4: .* is not a rule of the kernel")


@pytest.mark.parametrize(
    "entry", [None, 3, "assume", [], {}, {"rule": "assume"}, {"rule": "assume", "premises": []}]
)
def test_steps_that_are_none(entry):
    doc = document()
    doc["steps"][1] = entry
    refused(doc, "step 1")
    doc = document()
    doc["steps"][1]["more"] = 1
    refused(doc, "step 1 has the keys")


def test_unknown_and_missing_data():
    doc = document()
    good = doc["steps"][-1]["data"]
    for data, message in (
        ({}, "the rule discharge needs formula"),
        ({**good, "more": 1}, "the rule discharge takes no 'more'"),
        ({**good, "__class__": 1}, "takes no '__class__'"),
        ({**good, "th": 0}, "takes no 'th'"),
        ({"formula": None}, "step 4, formula: None is not the place of an expression"),
        ({"formula": 10**6}, "is not the place of an expression"),
        ({"formula": "x"}, "is not the place of an expression"),
        ({"formula": good}, "is not the place of an expression"),
        ({"formula": 0}, "implies takes formulas"),
        (None, "the data are not an object"),
        ([], "the data are not an object"),
    ):
        doc["steps"][-1]["data"] = data
        refused(doc, message)


def at(name, rule):
    """A document, and the data of its first step by a rule."""
    doc = document(name)
    return doc, next(s for s in doc["steps"] if s["rule"] == rule)["data"]


def test_functions_and_values_of_substitutions():
    doc, data = at("other_space", "substitute")
    for spaces in ({"X": 99}, {"X": "Y"}, {"·": 0}, [], 3, {"X": doc["sorts"].index(["law", 0])}):
        data["spaces"] = spaces
        refused(doc)
    doc = document("other_space")
    data = doc["steps"][-1]["data"]
    ((old, new),) = data["values"]
    for values, message in (
        ([[old]], "not a symbol and what is put for it"),
        ([[old, new, new]], "more than 2"),
        ([[old, new], [old, new]], "two things are put for one symbol"),
        ([[new, old]], "is not the place of an expression"),
        ([[old, old]], "conclusion|hypotheses"),
        ([[old, {**new, "arguments": []}]], "not one for arguments"),
        ([[old, {**new, "arguments": [0, *new["arguments"]]}]], "cannot be replaced"),
        ([], "hypotheses"),
        ({}, "is not a list"),
        (None, "is not a list"),
        ([None], "is not a list"),
    ):
        data["values"] = values
        refused(doc, message)


def test_a_function_of_real_numbers_has_no_natural_values_by_its_word():
    """x >= 0 for every real x, from f(x) >= 0 for f with natural values."""
    n_of = symbol("f", made("natceil", None, (z,)).sort)  # the sort Nat
    assert n_of.sort == NAT
    th = by_arithmetic(n_of >= 0)
    doc = json.loads(json.dumps(stored(derive("substitute", th, values={n_of: symbol("k", NAT)}))))
    replay(doc)
    doc["nodes"][node(doc, ["symbol", "k", doc["sorts"].index(["nat"])])] = ["number", "-1"]
    refused(doc)
    with pytest.raises(BoundcheckError, match="not one for arguments"):
        Lambda((REAL,), bound(0, NAT))


def test_opaque_terms():
    doc, data = at("opaque_means", "arithmetic")
    (place,) = data["opaque"]
    for opaque in ([99], place, [[place]], None, "x", {}):
        data["opaque"] = opaque
        refused(doc)
    data["opaque"] = []
    refused(doc, "the checker rejects the proof|exists is not shown")


def test_proofs_of_arithmetic():
    doc, data = at("squares", "arithmetic")
    for proof in (None, [], "interval", 3):
        data["proof"] = proof
        refused(doc, "step 1, proof: a proof is an object")
    for proof in ({}, {"by": "oracle"}, {"by": ["interval"]}, {"by": "constant"}):
        data["proof"] = proof
        refused(doc, "the checker rejects the proof")
    for name in ("two_cases", "something", "descent"):
        doc = document(name)
        for step in doc["steps"]:
            if step["rule"] == "arithmetic":
                step["data"]["proof"] = {"by": "oracle"}
        refused(doc, "the checker rejects the proof")


def test_plain_data():
    doc, data = at("part-4", "part")
    for side in (2, -1, True, 1.0, "1", None, 0, 10**30):
        data["side"] = side
        refused(doc)
    monkey = document("input_network-" + next(n.split("-")[1] for n in NAMES if "input" in n))
    for activation in ("tanh", "", None, 3, ["relu"]):
        monkey["steps"][0]["data"]["activation"] = activation
        refused(monkey)


@pytest.mark.parametrize("key", sorted(document()))
def test_every_key_is_needed_and_of_its_kind(key):
    doc = document()
    refused({k: v for k, v in doc.items() if k != key}, "the derivation has the keys")
    for other in (None, 3, "x", {}, {"0": 0}, True, [None], [[]], ["x"], [10**30]):
        refused({**doc, key: other})


def test_documents_that_are_none():
    for other in (None, 3, "x", [], [document()]):
        refused(other, "the derivation: .* is not an object")
    refused({**document(), "more": 1}, "has the keys")


# -- work ------------------------------------------------------------------------------------------


def test_budgets():
    doc = document("descent")
    replay(doc, budget=5)
    with pytest.raises(Rejected, match="not derived within 0.001 units of work"):
        replay(doc, budget=0.001)
    for budget in (0, -1, None, "x", True):
        with pytest.raises(BoundcheckError, match="budget"):
            replay(doc, budget=budget)


def test_deep_expressions_are_refused_and_not_a_crash():
    doc = json.loads(json.dumps(stored(derive("assume", formula=z >= 0))))
    doc["nodes"] += [["neg", 0], *(["neg", len(doc["nodes"]) + j] for j in range(3000))]
    deep = len(doc["nodes"]) - 1
    doc["nodes"] += [["number", "1"], ["relation", "<=", deep, deep]]
    data = {"goal": deep + 2, "low": deep + 1, "high": deep + 1}
    doc["steps"].append({"rule": "add_up", "premises": [0], "data": data})
    refused(doc, "step 1 .add_up.: it is nested too deeply")


def test_growth_by_substitution_is_limited():
    """x + x for x, again and again: the tables are small, and the terms double."""
    doc = json.loads(json.dumps(stored(derive("assume", formula=z >= 0))))
    one = node(doc, ["symbol", "z", 0])
    two = node(doc, ["add", one, one])
    for j in range(60):
        doc["steps"].append(
            {"rule": "substitute", "premises": [j], "data": {"values": [[one, two]]}}
        )
    refused(doc, "step 19 .substitute.: an expression has more than")


def test_steps_are_limited(monkeypatch):
    monkeypatch.setattr(replaying, "MAX_STEPS", 4)
    refused(document(), "the steps has 5 entries, more than 4")


# -- anything else ---------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.sampled_from([10**30, 0.5, float("inf"), "", "x", "z", "·0", "relu", "add", "interval"]),
)
MUTABLE = [n for n in NAMES if n not in ("shared",)]


def paths(value, path=()):
    """Every place in a document."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from paths(inner, (*path, place))


def inside(value, path):
    for key in path:
        value = value[key]
    return value


@st.composite
def mutants(draw):
    """A valid document in which one value is another one: a scalar, a neighbour, a value from
    elsewhere in the document; or is left out, or twice there."""
    name = draw(st.sampled_from(MUTABLE))
    doc = document(name)
    places = [p for p in paths(doc) if p]
    *above, last = draw(st.sampled_from(places))
    holder = inside(doc, above)
    old = holder[last]
    how = draw(st.sampled_from(["scalar", "near", "elsewhere", "out", "twice", "swap"]))
    if how == "near" and type(old) is int:
        holder[last] = old + draw(st.sampled_from([-2, -1, 1, 2]))
    elif how == "out":
        del holder[last]
    elif how == "twice" and isinstance(holder, list):
        holder.insert(last, copy.deepcopy(old))
    elif how == "swap" and isinstance(holder, list) and len(holder) > 1:
        other = draw(st.integers(0, len(holder) - 1))
        holder[last], holder[other] = holder[other], holder[last]
    elif how == "elsewhere":
        holder[last] = copy.deepcopy(inside(doc, draw(st.sampled_from(places[:40] + places[-40:]))))
    else:
        holder[last] = draw(SCALARS)
    return name, doc


@given(mutants())
def test_a_changed_document_is_refused_or_says_what_it_proves(changed):
    name, doc = changed
    doc = json.loads(json.dumps(doc))
    try:
        th = replay(doc, budget=20)
    except BoundcheckError:  # Rejected is one
        return
    tables = TableReader(doc)
    assert th.concl == tables.formula(doc["conclusion"], "here")
    assert th.hyps == tuple(tables.formula(h, "here") for h in doc["hypotheses"])
    assert doc["axioms"] == sorted(th.axioms)
    again = stored(th)
    assert replay(json.loads(json.dumps(again))).concl == th.concl
    if th.concl != theorems()[name].concl and name.split("-")[0] not in ("absurd", "archimedes"):
        check(th, name)  # another theorem, which is true all the same


def test_refusals_of_rules_are_rejections():
    doc = document("instantiate-6")
    data = doc["steps"][-1]["data"]
    data["value"] = node(doc, ["div", data["value"], node(doc, ["symbol", "c", 0])])
    with pytest.raises(Rejected, match="step 1 .instantiate.: that .* exists is not shown"):
        replay(doc)
    assert not issubclass(Rejected, Refused)


@pytest.mark.parametrize(
    ("rule", "data"),
    [("part", {"side": True}), ("part", {"side": "0"}), ("part", {"side": None}),
     ("part", {"side": 0.0}), ("axiom", {"name": 3}), ("axiom", {"name": ["x"]}),
     ("generalise", {"variable": 0, "hint": 1}), ("input_network", {"activation": None})],
)  # fmt: skip
def test_words_and_numbers_are_of_their_kind(rule, data):
    tables = TableReader({"sorts": [["real"]], "nodes": [["symbol", "x", 0]]})
    with pytest.raises(BoundcheckError, match="step 7, .* is not of the kind"):
        read(rule, data, tables, "step 7")
