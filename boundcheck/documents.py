"""Files of ours: written so that nobody sees half of one, and read as what they
are, which is not trusted."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from boundcheck.errors import BoundcheckError, Rejected

MAX_BYTES = 256 * 1024 * 1024

REPLAY_BUDGET = 600.0
"""Units of work for the replay of a file (see `exact.terms.work`)."""

Json: TypeAlias = Mapping[str, "Json"] | Sequence["Json"] | str | float | bool | None
"""What can be written as JSON."""

JsonObject: TypeAlias = dict[str, Json]
"""An object that is written as JSON."""

Document: TypeAlias = Mapping[str, Any]
"""An object that was read from JSON or TOML: what stands in it is not trusted, and known only where
it is checked."""


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
        raise BoundcheckError(
            f"cannot write {str(path)!r}: {error.strerror}; name a file, not a folder"
        ) from None
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_document(
    path: Path, kind: str, version: int, remedy: str, most: int | None = None
) -> dict[str, Any]:
    """A JSON file of ours, which is not trusted, as far as that it says what it is.

    Raises:
        BoundcheckError: no such file, too large a one, not JSON, another kind or version.
    """
    return read_one_of(path, {kind: version}, remedy, most)


def read_one_of(
    path: Path, versions: Mapping[str, int], remedy: str, most: int | None = None
) -> dict[str, Any]:
    """As `read_document`, for a file of one of some kinds.

    Args:
        versions: the version that is read, of each kind.
    """
    if not path.is_file():
        raise BoundcheckError(f"cannot read {path}: it is not a file")
    limit = MAX_BYTES if most is None else most
    if path.stat().st_size > limit:
        raise BoundcheckError(f"{path} is larger than {limit} bytes; it is not read")
    try:
        document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_object)
    except OSError as error:
        raise BoundcheckError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise BoundcheckError(f"{path} is not JSON ({error}); {remedy}") from None
    kind = document.get("format") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in versions:
        raise BoundcheckError(f"{path} is not a {' or '.join(versions)} file; {remedy}")
    if document.get("version") is not versions[kind]:
        raise BoundcheckError(
            f"{path} has version {document.get('version')!r}; this boundcheck reads "
            f"version {versions[kind]}; {remedy}"
        )
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, none of whose keys stands in it twice: others might read another value."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a key twice")
    return found


# -- checksums -------------------------------------------------------------------------------------


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with its checksum. It finds damage at once, while whoever edits a file can renew
    it: what protects from that is the replay.

    >>> sealed({"format": "boundcheck.certificate"})["sha256"][:8]
    '2a98fe75'
    """
    rest = {k: v for k, v in document.items() if k != "sha256"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return {**rest, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def read_sealed(path: Path, versions: Mapping[str, int], remedy: str) -> dict[str, Any]:
    """As `read_one_of`, for a file with a checksum.

    Raises:
        Rejected: the checksum is wrong.
    """
    document = read_one_of(path, versions, remedy)
    if document.get("sha256") != sealed(document)["sha256"]:
        raise Rejected("the checksum does not match: the file was changed after it was written")
    return document
