"""Networks as JSON: exact rationals as texts, so that loading gives back what was saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from flint import fmpq, fmpz

from boundcheck.documents import read_document, write_atomically
from boundcheck.errors import BoundcheckError
from boundcheck.exact.networks.affine import Affine, Entry, affine
from boundcheck.exact.terms.activation import SHIPPED, Activation
from boundcheck.exact.terms.parser import parse_term

FORMAT = "boundcheck.network"
VERSION = 1


def save(layers: Sequence[Affine], activation: Activation, path: Path) -> None:
    """Write the layers and the activation of a network."""

    def rows(entries: Sequence[Entry]) -> list[str]:
        return [_text(e) for e in entries]

    document = {
        "format": FORMAT,
        "version": VERSION,
        "activation": {"name": activation.name, "parameters": rows(activation.parameters)},
        "layers": [{"weight": [rows(r) for r in a.weight], "bias": rows(a.bias)} for a in layers],
    }
    write_atomically(path, json.dumps(document, indent=1))


def load(
    path: Path, activations: Sequence[type[Activation]] = ()
) -> tuple[list[Affine], Activation]:
    """The layers and the activation that `save` wrote; the file is not trusted.

    Raises:
        BoundcheckError: no such file, or not this format.
    """
    known = SHIPPED | {a.name: a for a in activations}
    document = read_document(path, FORMAT, VERSION, "save a network with net.save(path)")
    try:
        named = document["activation"]
        if named["name"] not in known:
            raise BoundcheckError(
                f"{path} uses the activation {named['name']!r}; pass its class: "
                "Network.load(path, activations=[...])"
            )
        activation = known[named["name"]](*map(_entry, named["parameters"]))
        layers = [
            affine(list(map(_row, _list(layer["weight"]))), _row(layer["bias"]), f"layer {k}")
            for k, layer in enumerate(document["layers"], start=1)
        ]
        return layers, activation
    except (KeyError, TypeError, IndexError) as error:
        raise BoundcheckError(
            f"{path} is incomplete or malformed ({type(error).__name__}: {error})"
        ) from None
    except BoundcheckError as error:
        raise BoundcheckError(f"{path}: {error}") from None


def _text(entry: Entry) -> str:
    text = str(entry)
    try:
        again = _entry(text)
    except BoundcheckError:
        again = None
    if again != entry:
        raise BoundcheckError(
            f"the symbolic weight {text[:60]}... is too large for a file; give its symbols "
            "numbers first"
        )
    return text


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BoundcheckError(f"{str(value)[:40]!r} stands where a list belongs")
    return value


def _row(value: object) -> list[Entry]:
    return [_entry(v) for v in _list(value)]


def _entry(text: object) -> Entry:
    if not isinstance(text, str):
        raise BoundcheckError(
            f"the weight {text!r} is not a text; exact weights are texts such as '1/3'"
        )
    top, _, bottom = text.partition("/")
    if top.lstrip("-").isdigit() and (not bottom or bottom.isdigit()):
        try:
            return fmpq(fmpz(top), fmpz(bottom or "1"))
        except (ZeroDivisionError, ValueError):
            raise BoundcheckError(f"the weight {text[:40]!r} is not a number") from None
    return parse_term(text)
