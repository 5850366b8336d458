"""Networks in files: lossless, and bad files are refused."""

import json

import pytest
from hypothesis import given
from strategies import networks
from users import HardTanh

from boundcheck import BoundcheckError, Network, gates, symbols

c, C, B, s, x, y = symbols("c C B s x y")


@given(networks())
def test_files_are_lossless(tmp_path_factory, net):
    path = tmp_path_factory.mktemp("nets") / "net.json"
    net.save(path)
    assert Network.load(path) == net
    assert [p.name for p in path.parent.iterdir()] == ["net.json"]


def test_symbolic_networks_are_kept_in_files(tmp_path):
    gate = gates.division(c, C, B, s)
    gate.save(tmp_path / "gate.json")
    assert Network.load(tmp_path / "gate.json") == gate


def test_users_activations_in_files(tmp_path):
    net = Network.from_layers([([[2]], [0]), ([[1]], [0])], HardTanh())
    net.save(tmp_path / "net.json")
    with pytest.raises(BoundcheckError, match="pass its class"):
        Network.load(tmp_path / "net.json")
    assert Network.load(tmp_path / "net.json", [HardTanh]) == net


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "{", '{"format": "boundcheck.network"}',
     '{"format": "boundcheck.network", "version": 1}',
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "os", "parameters": '
      '[]}, "layers": []}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": []}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": [{"weight": [["1/0"]], "bias": ["0"]}]}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": [{"weight": [[NaN]], "bias": ["0"]}]}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": [{"weight": [["__import__(\'os\')"]], "bias": ["0"]}]}'),
     ('{"format": "boundcheck.network", "version": 1, "activation": {"name": "relu", '
      '"parameters": []}, "layers": [{"weight": [["1"]], "bias": ["0", "1"]}]}'),
     "[" * 100_000],
)  # fmt: skip
def test_bad_files_are_refused(tmp_path, text):
    path = tmp_path / "net.json"
    path.write_text(text)
    with pytest.raises(BoundcheckError):
        Network.load(path)


def test_a_file_without_layers_is_named(tmp_path):
    path = tmp_path / "net.json"
    Network.from_layers([([[1]], [0])]).save(path)
    document = json.loads(path.read_text()) | {"layers": []}
    path.write_text(json.dumps(document))
    with pytest.raises(
        BoundcheckError, match=r"net\.json: a network needs at least one affine map"
    ):
        Network.load(path)


def test_an_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch):
    net = gates.reciprocal(1)
    net.save(tmp_path / "net.json")
    monkeypatch.setattr(json, "dumps", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        gates.reciprocal(2).save(tmp_path / "net.json")
    monkeypatch.undo()
    assert Network.load(tmp_path / "net.json") == net
