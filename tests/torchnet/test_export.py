"""Networks in files for torch and ONNX, and `boundcheck build` of them: what runs there, and files
of others."""

import math
import pickle
import zipfile

import numpy as np
import onnxruntime
import pytest
import torch
from commands import run
from example_networks import GATES, HUGE, NETWORKS
from torch_dtypes import DTYPES
from users import Step

from boundcheck import BoundcheckError, LeakyReLU, Network, ReLU, gates, symbols
from boundcheck import SignReLU as Exact
from boundcheck.torchnet import export
from boundcheck.torchnet.convert import from_torch
from boundcheck.torchnet.export import load_pt, save_onnx, save_pt

# -- files for torch -------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NETWORKS)
def test_torch_files(tmp_path, name, dtype):
    net, path = NETWORKS[name], tmp_path / "net.pt"
    save_pt(net, path, dtype)
    assert [p.name for p in tmp_path.iterdir()] == ["net.pt"]
    document = torch.load(path, weights_only=True)
    module, expected = load_pt(path), net.to_torch(dtype)
    assert document["sizes"] == [net.inputs, *net.widths, net.outputs]
    assert document["dtype"] == str(dtype).removeprefix("torch.")
    for state in (document["state_dict"], module.state_dict()):
        assert state.keys() == expected.state_dict().keys()
        assert all(
            torch.equal(state[k], v) and v.dtype is dtype for k, v in expected.state_dict().items()
        )
    assert from_torch(module) == from_torch(expected)


class Evil:
    def __reduce__(self):
        return exec, ("raise SystemExit('it ran')",)


def document(**changes):
    state = dict(GATES["reciprocal"].to_torch().state_dict())
    given = {"format": "boundcheck.torch", "version": 1, "dtype": "float64", "sizes": [1, 1, 1]}
    return (
        given
        | {"activation": {"name": "signrelu", "parameters": [1.0]}, "state_dict": state}
        | changes
    )


def entry(name, tensor):
    return document(state_dict=document()["state_dict"] | {name: tensor})


BAD_FILES = {
    "evil": (document(note=Evil()), "is not a network for torch (UnpicklingError: "),
    "list": ([1], "its format is not boundcheck.torch"),
    "format": (document(format="other"), "its format is not boundcheck.torch"),
    "version": (document(version=2), "its version is 2; this boundcheck reads version 1"),
    "version tensor": (document(version=torch.ones(2)), "its version is tensor"),
    "dtype": (document(dtype="float128"), "dtype = float128; networks in torch have one of"),
    "another dtype": (document(dtype="float32"),
                      "its hidden1.weight is not a float32 tensor of the shape (1, 1)"),
    "no sizes": ({k: v for k, v in document().items() if k != "sizes"}, "KeyError: 'sizes'"),
    "sizes": (document(sizes=[10**9, 10**9, 1]),
              "its hidden1.weight is not a float64 tensor of the shape (1000000000, 1000000000)"),
    "few sizes": (document(sizes=[1]), "is not a network for torch (ValueError"),
    "more sizes": (document(sizes=[1, 1, 1, 1]), "KeyError: 'hidden2.weight'"),
    "endless tensor": (
        document(sizes=[10**6, 10**6, 1],
                 state_dict=document()["state_dict"]
                 | {"hidden1.weight": torch.zeros(1, dtype=torch.float64).expand(10**6, 10**6)}),
        "its hidden1.weight is not a float64 tensor",
    ),
    "nan": (entry("output.bias", torch.full((1,), math.nan, dtype=torch.float64)),
            "bias 1 of layer 2: nan is not a rational number"),
    "text": (entry("output.bias", "0"), "AttributeError"),
    "missing": (entry("output.bias", None), "AttributeError"),
    "further": (entry("rho2.alpha", torch.ones(1)), "its state_dict does not fit its activation"),
    "alpha": (entry("rho1.alpha", torch.tensor(2.0, dtype=torch.float64)),
              "its state_dict does not fit its activation"),
    "activation": (document(activation={"name": "os", "parameters": []}), "KeyError: 'os'"),
    "parameters": (document(activation={"name": "signrelu", "parameters": [10**400]}),
                   "OverflowError"),
    "negative": (document(activation={"name": "signrelu", "parameters": [-1.0]}),
                 "alpha of SignReLU = -1 is not allowed"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_files_of_others_are_not_trusted(tmp_path, name):
    content, message = BAD_FILES[name]
    torch.save(content, tmp_path / "net.pt")
    with pytest.raises(BoundcheckError) as error:
        load_pt(tmp_path / "net.pt")
    assert message in str(error.value)
    assert "save one with save_pt" in str(error.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"no zip", pickle.dumps(Evil()), pickle.dumps({"format": "boundcheck.torch"})],
)
def test_files_that_are_no_archives(tmp_path, content):
    (tmp_path / "net.pt").write_bytes(content)
    with pytest.raises(BoundcheckError, match="is not a network for torch \\(BadZipFile"):
        load_pt(tmp_path / "net.pt")
    with pytest.raises(BoundcheckError, match="it is not a file"):
        load_pt(tmp_path)


def test_archives_that_unpack_to_too_much(tmp_path, monkeypatch):
    save_pt(GATES["clip"], tmp_path / "net.pt")
    with zipfile.ZipFile(tmp_path / "net.pt", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/more", bytes(10**6))
    assert (tmp_path / "net.pt").stat().st_size < 10**5
    monkeypatch.setattr(export, "MAX_BYTES", 10**5)
    with pytest.raises(BoundcheckError, match="it holds more than 100000 bytes and is not read"):
        load_pt(tmp_path / "net.pt")


@pytest.mark.parametrize("save", [save_pt, save_onnx])
def test_what_no_file_can_hold(tmp_path, save):
    net = Network.from_layers([([[1]], [0]), ([[1]], [0])], Step())
    with pytest.raises(
        BoundcheckError,
        match="Step\\(\\) cannot be put into a file; use one of signrelu, relu, leakyrelu",
    ):
        save(net, tmp_path / "net")
    with pytest.raises(BoundcheckError, match="the weights contain c"):
        save(gates.reciprocal(symbols("c")), tmp_path / "net")
    with pytest.raises(BoundcheckError, match="cannot write .*; name a file, not a folder"):
        save(GATES["clip"], tmp_path)
    (tmp_path / "net").write_text("what was there")
    with pytest.raises(BoundcheckError, match="beyond"):
        save(HUGE, tmp_path / "net", "float32")
    assert (tmp_path / "net").read_text() == "what was there"
    assert [p.name for p in tmp_path.iterdir()] == ["net"]


# -- files for onnx --------------------------------------------------------------------------------


def session(path):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("name", NETWORKS)
def test_onnx_files_run(tmp_path, name, dtype):
    net = NETWORKS[name]
    save_onnx(net, tmp_path / "net.onnx", dtype)
    x = (
        np.random.default_rng(0).uniform(1, 2, (50, net.inputs))
        / (2 if name in ("square", "product") else 1)
    ).astype(dtype)
    (y,) = session(tmp_path / "net.onnx").run(None, {"x": x})
    expected = net.to_torch(dtype)(torch.from_numpy(x)).numpy()
    assert y.dtype == expected.dtype == dtype
    assert y.shape == expected.shape
    assert (
        np.abs(y.astype(float) - expected).max() <= 40 * np.finfo(dtype).eps
    )  # observed: at most 8, other orders of sums


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize(
    "activation", [Exact(), Exact("1/3"), Exact(3), ReLU(), LeakyReLU("1/5"), LeakyReLU(2)]
)
def test_onnx_activations_round_as_torchs(tmp_path, activation, dtype):
    net = Network.from_layers([([[1]], [0]), ([[1]], [0])], activation)
    save_onnx(net, tmp_path / "net.onnx", dtype)
    most = np.finfo(dtype).max
    x = np.array([-np.inf, -most, -100, -1.1, -1e-3, -1e-7, 0, 1e-7, 1.3, most / 4, np.inf], dtype)[
        :, None
    ]
    (y,) = session(tmp_path / "net.onnx").run(None, {"x": x})
    expected = net.to_torch(dtype)(torch.from_numpy(x)).numpy()
    assert not np.isnan(y).any()
    # onnxruntime may run float16 in float32 and round in the end.
    assert (
        np.allclose(y, expected, rtol=2e-3, atol=1e-7)
        if dtype == "float16"
        else np.array_equal(y, expected)
    )


def test_onnx_refusals(tmp_path, monkeypatch):
    with pytest.raises(BoundcheckError, match="dtype = bfloat16, which onnxruntime cannot run"):
        save_onnx(GATES["clip"], tmp_path / "net.onnx", torch.bfloat16)
    monkeypatch.setattr(export, "find_spec", lambda name: None)
    with pytest.raises(BoundcheckError, match=r'pip install "boundcheck\[onnx\]"'):
        save_onnx(GATES["clip"], tmp_path / "net.onnx")


# -- the command line ------------------------------------------------------------------------------


def test_build_writes_torch_files(tmp_path, capsys):
    path = tmp_path / "net.pt"
    code, out, _ = run(capsys, "build", "division", "--set", "c=1/3", "-o", str(path))
    assert code == 0
    assert "written to" in out
    assert "rounded to float64" in out.replace("\n", " ")
    assert from_torch(load_pt(path)) == from_torch(gates.division("1/3", 2, 1).to_torch())
    code, out, _ = run(capsys, "build", "product", "-o", str(path), "--dtype", "bfloat16", "--json")
    assert code == 0
    assert '"dtype": "bfloat16"' in out
    assert load_pt(path).output.weight.dtype is torch.bfloat16


def test_build_writes_onnx_files(tmp_path, capsys):
    code, _, _ = run(
        capsys, "build", "product", "-o", str(tmp_path / "net.onnx"), "--dtype", "float32"
    )
    assert code == 0
    (y,) = session(tmp_path / "net.onnx").run(None, {"x": np.array([[0.5, -0.25]], "float32")})
    assert abs(y.item() + 0.125) < 1e-5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["net.json", "--dtype", "float32"],
            "--dtype float32: a .json file keeps the exact weights",
        ),
        (["net.pt", "--dtype", "float128"], "dtype = float128; networks in torch have one of"),
        (["net.onnx", "--dtype", "bfloat16"], "dtype = bfloat16, which onnxruntime cannot run"),
    ],
)
def test_build_refuses_early(tmp_path, capsys, monkeypatch, arguments, message):
    monkeypatch.setattr("boundcheck.constructions.builders.build", None)
    code, out, err = run(
        capsys, "build", "product", "-o", str(tmp_path / arguments[0]), *arguments[1:]
    )
    assert (code, out) == (3, "")
    assert message in err
    assert not list(tmp_path.iterdir())


def test_build_with_weights_beyond_a_dtype(tmp_path, capsys):
    path = tmp_path / "net.pt"
    path.write_text("what was there")
    code, _, err = run(
        capsys, "build", "marginal", "--set", "k=2", "-o", str(path), "--dtype", "float16"
    )
    assert code == 3
    assert "beyond 65500" in err
    assert path.read_text() == "what was there"
