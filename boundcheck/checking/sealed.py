"""Documents with a checksum: it finds damage at once, while who edits a file can renew it. What
protects from that is the replay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boundcheck.checking.goals import Rejected
from boundcheck.documents import read_one_of

DEFAULT_BUDGET = 600.0
"""Units of work for a replay (see `exact.terms.work`)."""


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with its checksum.

    >>> sealed({"format": "boundcheck.certificate"})["sha256"][:8]
    '2a98fe75'
    """
    rest = {k: v for k, v in document.items() if k != "sha256"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return {**rest, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def read_sealed(path: Path, versions: Mapping[str, int], remedy: str) -> dict[str, Any]:
    """A file with a checksum, of one of some kinds.

    Raises:
        Rejected: the checksum is wrong.
        BoundcheckError: as `documents.read_one_of`.
    """
    document = read_one_of(path, versions, remedy)
    if document.get("sha256") != sealed(document)["sha256"]:
        raise Rejected("the checksum does not match: the file was changed after it was written")
    return document
