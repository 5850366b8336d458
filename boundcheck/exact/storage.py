"""Networks as JSON: exact rationals as texts, so that loading gives back what was saved."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flint import fmpq, fmpz

from boundcheck.errors import BoundcheckError
from boundcheck.exact.activation import SHIPPED, Activation
from boundcheck.exact.network import Entry, Network, affine
from boundcheck.exact.parser import parse_term

FORMAT = "boundcheck.network"
VERSION = 1
MAX_BYTES = 256 * 1024 * 1024


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that nobody ever sees half of it.

    Raises:
        BoundcheckError: the folder does not exist or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except (OSError, ValueError) as error:
        raise BoundcheckError(
            f"cannot write {str(path)!r}: {error}; choose a folder that exists and is writable"
        ) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)  # mkstemp makes private files; this one is for others too
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise BoundcheckError(f"cannot write {str(path)!r}: {error.strerror}; name a file, not a folder") from None
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_document(path: Path, kind: str, version: int, remedy: str, most: int | None = None) -> dict[str, Any]:
    """A JSON file of ours, which is not trusted, as far as that it says what it is.

    Raises:
        BoundcheckError: no such file, too large a one, not JSON, another kind or version.
    """
    if not path.is_file():
        raise BoundcheckError(f"cannot read {path}: it is not a file")
    limit = MAX_BYTES if most is None else most
    if path.stat().st_size > limit:
        raise BoundcheckError(f"{path} is larger than {limit} bytes; it is not read")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BoundcheckError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise BoundcheckError(f"{path} is not JSON ({error}); {remedy}") from None
    if not isinstance(document, dict) or document.get("format") != kind:
        raise BoundcheckError(f"{path} is not a {kind} file; {remedy}")
    if document.get("version") is not version:
        raise BoundcheckError(
            f"{path} has version {document.get('version')!r}; this boundcheck reads version {version}"
        )
    return document


def save(net: Network, path: Path) -> None:
    def rows(entries: Sequence[Entry]) -> list[str]:
        return [_text(e) for e in entries]

    document = {
        "format": FORMAT,
        "version": VERSION,
        "activation": {"name": net.activation.name, "parameters": rows(net.activation.parameters)},
        "layers": [{"weight": [rows(r) for r in a.weight], "bias": rows(a.bias)} for a in net.layers],
    }
    write_atomically(path, json.dumps(document, indent=1))


def load(path: Path, activations: Sequence[type[Activation]] = ()) -> Network:
    """Read what `save` wrote; the file is not trusted.

    Raises:
        BoundcheckError: no such file, not this format, or layers that do not fit.
    """
    known = SHIPPED | {a.name: a for a in activations}
    document = read_document(path, FORMAT, VERSION, "save a network with net.save(path)")
    try:
        named = document["activation"]
        if named["name"] not in known:
            raise BoundcheckError(
                f"{path} uses the activation {named['name']!r}; pass its class: Network.load(path, activations=[...])"
            )
        activation = known[named["name"]](*map(_entry, named["parameters"]))
        layers = [
            affine(list(map(_row, _list(layer["weight"]))), _row(layer["bias"]), f"layer {k}")
            for k, layer in enumerate(document["layers"], start=1)
        ]
        return Network(layers, activation)
    except (KeyError, TypeError, IndexError) as error:
        raise BoundcheckError(f"{path} is incomplete or malformed ({type(error).__name__}: {error})") from None
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
            f"the symbolic weight {text[:60]}... is too large for a file; give its symbols numbers first"
        )
    return text


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BoundcheckError(f"{str(value)[:40]!r} stands where a list belongs")
    return value


def _row(value: Any) -> list[Any]:
    return [_entry(v) for v in _list(value)]


def _entry(text: Any) -> Any:
    if not isinstance(text, str):
        raise BoundcheckError(f"the weight {text!r} is not a text; exact weights are texts such as '1/3'")
    top, _, bottom = text.partition("/")
    if top.lstrip("-").isdigit() and (not bottom or bottom.isdigit()):
        try:
            return fmpq(fmpz(top), fmpz(bottom or "1"))
        except (ZeroDivisionError, ValueError):
            raise BoundcheckError(f"the weight {text[:40]!r} is not a number") from None
    return parse_term(text)
