"""Certificates of theorems: files that are derived again."""

import copy
import json

import pytest
from derivations import by_arithmetic, descent, ex_falso, squares, theorems
from rule_uses import f, x, z

from boundcheck import BoundcheckError, inequality, prove
from boundcheck.checking import certificate
from boundcheck.checking.goals import Rejected
from boundcheck.cli import main
from boundcheck.documents import sealed
from boundcheck.theorems.axioms.axiom import Axiom
from boundcheck.theorems.kernel.sequent import derive
from boundcheck.theorems.language.expr import symbol
from boundcheck.theorems.language.sorts import REAL
from boundcheck.theorems.records.theorem_certificate import (
    accepted,
    recheck_theorem,
    save_theorem,
    theorem_certificate,
)
from boundcheck.theorems.rules import axiom_rule as axioms
from boundcheck.verification.recheck import recheck


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "theorem.json"
    save_theorem(path, squares())
    return path


@pytest.mark.parametrize("make", [squares, ex_falso, descent])
def test_a_file_is_derived_again(tmp_path, make):
    path = tmp_path / "theorem.json"
    save_theorem(path, make())
    found = recheck_theorem(path)
    assert repr(found.theorem) == repr(make())
    assert found.note == ""
    assert recheck(path).theorem.concl == found.theorem.concl
    again = tmp_path / "again.json"
    save_theorem(again, found.theorem)
    assert again.read_bytes() == path.read_bytes()


def test_a_file_is_read_line_by_line(written):
    lines = written.read_text().splitlines()
    assert lines[:3] == ["{", '"format": "boundcheck.theorem",', '"version": 1,']
    assert ' "Then",' in lines
    assert ' {"rule": "conjoin", "premises": [1, 2], "data": {}},' in lines
    assert max(map(len, lines)) < 200


def test_any_changed_value_is_noticed(written):
    document = json.loads(written.read_text())
    for key in document:
        other = {**document, key: None}
        written.write_text(json.dumps(other))
        with pytest.raises(BoundcheckError):
            recheck_theorem(written)
        less = {k: v for k, v in document.items() if k != key}
        written.write_text(json.dumps(less))
        with pytest.raises(BoundcheckError):
            recheck_theorem(written)
        if key not in ("made_with", "theorem", "format", "version", "sha256"):
            written.write_text(json.dumps(sealed(other)))
            with pytest.raises(BoundcheckError):
                recheck_theorem(written)


def test_unknown_keys():
    document = theorem_certificate(squares())
    with pytest.raises(BoundcheckError, match="unknown keys: remark"):
        accepted({**document, "remark": ""})


def test_keys_that_stand_twice(written):
    text = written.read_text()
    written.write_text(text.replace('"conclusion":', '"conclusion": 0,\n"conclusion":'))
    with pytest.raises(BoundcheckError, match="an object has a key twice"):
        recheck_theorem(written)


def test_the_words_of_a_file_are_not_trusted(written):
    document = json.loads(written.read_text())
    document["theorem"] = ["Theorem", "Then", "  0 >= 1"]
    written.write_text(json.dumps(sealed(document)))
    found = recheck_theorem(written)
    assert found.note == "the file words the theorem in another way"
    assert "0 >= 1" not in found.text


def test_a_false_theorem_has_no_certificate(tmp_path):
    th = squares()
    object.__setattr__(th, "concl", th.concl.args[1])
    with pytest.raises(Rejected, match="the conclusion that is claimed is not the one derived"):
        save_theorem(tmp_path / "false.json", th)
    assert list(tmp_path.iterdir()) == []
    inner = derive("assume", formula=symbol("·0", REAL) >= 0)
    with pytest.raises(BoundcheckError, match="is no name"):
        save_theorem(tmp_path / "false.json", inner)
    assert list(tmp_path.iterdir()) == []


def test_budgets(tmp_path, written):
    with pytest.raises(Rejected, match="units of work"):
        save_theorem(tmp_path / "less.json", squares(), budget=1e-9)
    with pytest.raises(Rejected, match="units of work"):
        recheck_theorem(written, budget=1e-9)


def test_every_use_of_a_rule_has_a_certificate():
    for th in theorems().values():
        assert accepted(json.loads(json.dumps(theorem_certificate(th)))).note == ""


# -- the command -----------------------------------------------------------------------------------


def test_recheck(tmp_path, written, capsys):
    statement = inequality("1 + x <= exp(x)", on="x in [0, 1]")
    other = tmp_path / "statement.json"
    certificate.save(other, statement, prove(statement))
    assert main(["recheck", str(written), str(other)]) == 0
    out = capsys.readouterr().out
    assert f"accepted  {written}\n  Theorem\n  Let\n" in out
    assert "  Resting on no axiom\n" in out
    assert f"accepted  {other}: 1 + x <= exp(x), on x in [0, 1]\n" in out
    document = json.loads(written.read_text())
    document["steps"][-1]["rule"] = "conjoin"
    written.write_text(json.dumps(document))
    assert main(["recheck", str(written), str(other)]) == 1
    assert "the checksum does not match" in capsys.readouterr().out
    written.write_text(json.dumps(sealed(document)))
    assert main(["recheck", str(written), str(other), "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)["certificates"]
    assert not first["accepted"]
    assert "step 4" in first["reason"]
    assert second["accepted"]
    written.write_text(json.dumps(sealed({**document, "version": 2})))
    assert main(["recheck", str(written)]) == 3
    assert "this boundcheck reads version 1" in capsys.readouterr().err
    written.write_text(json.dumps(sealed({**document, "format": "boundcheck.network"})))
    assert main(["recheck", str(written)]) == 3
    assert "is not a boundcheck.certificate or boundcheck.theorem" in capsys.readouterr().err
    written.write_text(json.dumps(sealed({**document, "format": ["boundcheck.theorem"]})))
    assert main(["recheck", str(written)]) == 3


def test_a_certificate_of_one_kind_is_none_of_the_other(tmp_path, written):
    with pytest.raises(BoundcheckError, match="is not a boundcheck.certificate file"):
        certificate.recheck(written)
    statement = inequality("1 + x <= exp(x)", on="x in [0, 1]")
    other = tmp_path / "statement.json"
    certificate.save(other, statement, prove(statement))
    with pytest.raises(BoundcheckError, match="is not a boundcheck.theorem file"):
        recheck_theorem(other)
    mixed = sealed({**json.loads(written.read_text()), "format": certificate.FORMAT, "version": 2})
    other.write_text(json.dumps(mixed))
    with pytest.raises(BoundcheckError, match="malformed"):
        recheck(other)


def test_axioms_are_printed(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(axioms.AXIOMS, "even", Axiom("even", f(x) >= 1, "somewhere"))
    th = by_arithmetic(f(x) + z * z >= 1, derive("axiom", name="even"))
    path = tmp_path / "theorem.json"
    save_theorem(path, th)
    assert main(["recheck", str(path), "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["certificates"]
    assert entry["axioms"] == [{"statement": "f(x) >= 1", "reference": "somewhere"}]
    assert main(["recheck", str(path)]) == 0
    assert "  Resting on\n    f(x) >= 1: somewhere\n" in capsys.readouterr().out
    document = copy.deepcopy(json.loads(path.read_text()))
    document["axioms"] = []
    path.write_text(json.dumps(sealed(document)))
    assert main(["recheck", str(path)]) == 1
    assert "the axioms that are named are not those derived" in capsys.readouterr().out
