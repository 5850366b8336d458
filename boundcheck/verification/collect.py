"""The collector: claims from proof files (Python) and claims files (TOML).

A proof file is a program and runs with the rights of whoever verifies it, as a test file does. A
claims file is data: its texts go through the whitelist parser.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tomllib
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from boundcheck.claims.claim import Claim, claim_from
from boundcheck.errors import BoundcheckError

SHIPPED = "_proofs"
"""The folder of the installed package that holds `proofs`; pyproject.toml puts it there."""


@dataclass(frozen=True)
class BrokenFile:
    """A file from which no claims could be read, and why.

    >>> _ = Path("claims.toml").write_text("claim = 3")
    >>> (broken,) = collect(["claims.toml"]).broken
    >>> broken.path.name, "write [[claim]]" in broken.reason
    ('claims.toml', True)
    """

    path: Path
    reason: str


@dataclass(frozen=True)
class Collection:
    """All claims of some paths in the order of the files, and the files that failed.

    >>> text = 'claim = [{id = "young", states = "2*x <= 1 + x**2", on = "x in [0, 9]"}]'
    >>> _ = Path("claims.toml").write_text(text)
    >>> found = collect(["claims.toml"])
    >>> found.by_id("young").statements()[0].text()
    '2*x <= 1 + x**2, on x in [0, 9]'
    >>> len(found.select("young").claims), len(found.select("not young").claims), found.broken
    (1, 0, ())
    """

    claims: tuple[Claim, ...]
    broken: tuple[BrokenFile, ...]

    def by_id(self, claim_id: str) -> Claim:
        """The claim of that id.

        Raises:
            BoundcheckError: there is none; it names similar ones.
        """
        import difflib

        found = next((c for c in self.claims if c.id == claim_id), None)
        if found is None:
            near = difflib.get_close_matches(claim_id, [c.id for c in self.claims], 3, 0.4)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise BoundcheckError(f"there is no claim {claim_id!r}{hint}")
        return found

    def select(self, expression: str) -> Collection:
        """The claims whose id matches words joined with `and`, `or`, `not` and brackets.

        Raises:
            BoundcheckError: as `compile_selection`.
        """
        chosen = compile_selection(expression)
        return Collection(tuple(c for c in self.claims if chosen(c.id)), self.broken)


def collect(paths: Iterable[str | Path]) -> Collection:
    """Read every claim below the paths (files or folders).

    Raises:
        BoundcheckError: a path that does not exist, or a file of another kind named explicitly.

    >>> text = 'claim = [{id = "young", states = "2*x <= 1 + x**2", on = "x in [0, 9]"}]'
    >>> _ = Path("claims.toml").write_text(text)
    >>> [claim.id for claim in collect(["claims.toml"]).claims]
    ['young']
    """
    claims: list[Claim] = []
    broken: list[BrokenFile] = []
    for path in files(map(Path, paths)):
        try:
            claims += _from_toml(path) if path.suffix == ".toml" else _from_python(path)
        except BoundcheckError as error:
            broken.append(BrokenFile(path, str(error)))
        except (
            Exception,
            SystemExit,
        ) as error:  # a proof file is a program: whatever it raises is reported
            broken.append(BrokenFile(path, describe(error, path)))
    seen: dict[str, Claim] = {}
    for c in claims:
        if c.id in seen:
            broken.append(
                BrokenFile(
                    c.path or Path(),
                    f"the id {c.id!r} is used twice ({seen[c.id].path}); ids must differ",
                )
            )
        seen.setdefault(c.id, c)
    return Collection(tuple(seen.values()), tuple(broken))


def default_proofs() -> Path:
    """Where the claims are if nobody says it: the folder `proofs` here, or else the one that comes
    with boundcheck, which is then named in one line on standard error.

    A wheel has it inside the package; where boundcheck runs from its sources, it stands beside it.

    Raises:
        BoundcheckError: there is neither.

    >>> Path("proofs").mkdir(exist_ok=True)
    >>> default_proofs().name
    'proofs'
    """
    here = Path("proofs")
    if here.exists():
        return here
    shipped = _shipped()
    if shipped is None:
        raise BoundcheckError(
            "there is no folder proofs here, and none came with boundcheck; name a folder of "
            "proofs, a .py file or a .toml file"
        )
    print(f"no folder proofs here: taking what comes with boundcheck, {shipped}", file=sys.stderr)
    return shipped


def _shipped() -> Path | None:
    """The folder of proofs that comes with boundcheck."""
    package = Path(__file__).resolve().parents[1]
    places = [package / SHIPPED]
    if (package.parent / "pyproject.toml").is_file():
        places.append(package.parent / "proofs")
    return next((p for p in places if p.is_dir()), None)


def files(paths: Iterable[Path]) -> list[Path]:
    """The files that are named, and those of the folders that are: programs and TOML, but no tests,
    settings of tools, hidden folders or virtual environments.

    Raises:
        BoundcheckError: as `collect`.

    >>> for name in ("gates.py", "test_gates.py", "notes.txt"):
    ...     Path(name).touch()
    >>> [path.name for path in files([Path()]) if "gates" in path.name]
    ['gates.py']
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for s in ("*.py", "*.toml") for p in path.rglob(s))
            environments = {p.parent for p in path.rglob("pyvenv.cfg")}
            found += [
                p
                for p in inside
                if not p.name.startswith(("_", "test_", "conftest", "pyproject"))
                and not any(part.startswith(".") for part in p.relative_to(path).parts)
                and environments.isdisjoint(p.parents)
            ]
        elif not path.exists():
            raise BoundcheckError(
                f"{path} does not exist; name a folder of proofs, a .py file or a .toml file"
            )
        elif path.suffix not in (".py", ".toml"):
            raise BoundcheckError(f"{path} is neither a proof file (.py) nor a claims file (.toml)")
        else:
            found.append(path)
    return list(dict.fromkeys(p.resolve() for p in found))


def _from_toml(path: Path) -> list[Claim]:
    try:
        # decimals stay texts: 0.1 in a claims file is 1/10, not a double
        document = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        raise BoundcheckError(f"cannot read {path}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise BoundcheckError(f"{path} is not TOML: {error}") from None
    unknown = sorted(document.keys() - {"claim"})
    if unknown:
        raise BoundcheckError(
            f"{path} has the unknown key {unknown[0]!r}; a claims file consists of "
            "[[claim]] entries"
        )
    entries = document.get("claim", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise BoundcheckError(f"{path}: write [[claim]], with two brackets, above each claim")
    if not entries:
        raise BoundcheckError(f"{path} has no [[claim]] entries")
    return [claim_from(entry, path, number) for number, entry in enumerate(entries, start=1)]


def _from_python(path: Path) -> list[Claim]:
    name = f"_boundcheck_claims_{abs(hash(path)):x}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BoundcheckError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    twice = _declared_twice(path)
    if twice is not None:
        raise BoundcheckError(
            f"{path} defines {twice} twice; the first one would be lost: rename one"
        )
    own = [
        c
        for c in vars(module).values()
        if isinstance(c, Claim) and c.path is not None and c.path.resolve() == path
    ]
    found = sorted(own, key=lambda c: c.line)
    _read[path] = (path.stat().st_mtime_ns, found)
    return found


def _declared_twice(path: Path) -> str | None:
    """A decorated function that another one of the same name replaces."""
    tree = ast.parse(path.read_bytes())
    names = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and n.decorator_list]
    return next((n for k, n in enumerate(names) if n in names[:k]), None)


_read: dict[Path, tuple[int, list[Claim]]] = {}
"""Proof files as they were read last, so that a theorem that others use is derived once."""


def claim_beside(file: Path | None, claim_id: str) -> Claim:
    """The claim of that id: of a proof file beside another one, anywhere in the folder `proofs`
    that holds that one, or of those that come with boundcheck.

    Raises:
        BoundcheckError: there is none, or its file is broken.

    >>> claim_beside(None, "nowhere.anything")
    Traceback (most recent call last):
        ...
    boundcheck.errors.BoundcheckError: there is no nowhere.py, where nowhere.anything should be
    """
    stem = claim_id.partition(".")[0]
    path = Path(f"{stem}.py") if file is None else file.with_name(f"{stem}.py")
    if not path.is_file():
        path = _in_proofs(file, path.name) or path
    if not path.is_file():
        beside = "" if file is None else f" beside {file}"
        raise BoundcheckError(f"there is no {path.name}{beside}, where {claim_id} should be")
    path = path.resolve()
    changed, claims = _read.get(path, (None, []))
    if changed != path.stat().st_mtime_ns:
        found = collect([path])
        for broken in found.broken:
            raise BoundcheckError(f"{broken.path.name}: {broken.reason}")
        claims = list(found.claims)
    return Collection(tuple(claims), ()).by_id(claim_id)


def _in_proofs(file: Path | None, name: str) -> Path | None:
    """The proof file of that name in the folders `proofs` where it may be; nothing is looked for
    outside them, as a proof file is a program."""
    if not name.removesuffix(".py").isidentifier():
        return None
    around = [] if file is None else [p for p in file.absolute().parents if p.name == "proofs"][-1:]
    shipped = _shipped()
    for folder in (*around, *((shipped,) if shipped else ())):
        found = _places.get((folder, name))
        if found is None or not found.is_file():
            found = next((p for p in files([folder]) if p.name == name), None)
        if found is not None:
            _places[folder, name] = found
            return found
    return None


_places: dict[tuple[Path, str], Path] = {}
"""Where proof files were found last."""


def describe(error: BaseException, path: Path | None = None) -> str:
    """An exception in one line, with the line of the user's file that raised it or led to it.

    Where that file (`path`) had no part in it, the innermost place is shown, except for bad input
    and syntax errors: their messages say what to mend.

    >>> describe(BoundcheckError("R = 0; it must be a positive number"))
    'BoundcheckError: R = 0; it must be a positive number'
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if path is not None and Path(f.filename).resolve() == path.resolve()]
    shown = own or ([] if isinstance(error, (BoundcheckError, SyntaxError)) else frames)
    at = f" (line {shown[-1].lineno} of {Path(shown[-1].filename).name})" if shown else ""
    return f"{type(error).__name__}: {error}{at}"


def compile_selection(expression: str) -> Callable[[str], bool]:
    """A test of ids from an expression such as `"gate and not clip"`; words
    match as parts of the id.

    Raises:
        BoundcheckError: not words joined with and, or, not and brackets.

    >>> chosen = compile_selection("gate and not (clip or square)")
    >>> chosen("gates.division_gate"), chosen("gates.clip_gate")
    (True, False)
    """
    tokens = re.findall(r"[()]|[^\s()]+", expression)
    position = 0

    def fail() -> BoundcheckError:
        return BoundcheckError(
            f"-k {expression!r} cannot be read; use words with and, or, not and brackets"
        )

    def peek() -> str | None:
        return tokens[position] if position < len(tokens) else None

    def take() -> str:
        nonlocal position
        if position >= len(tokens):
            raise fail()
        position += 1
        return tokens[position - 1]

    def either() -> Callable[[str], bool]:
        left = both()
        while peek() == "or":
            take()
            left = _either(left, both())
        return left

    def both() -> Callable[[str], bool]:
        left = single()
        while peek() == "and":
            take()
            left = _both(left, single())
        return left

    def single() -> Callable[[str], bool]:
        token = take()
        if token == "not":
            inner = single()
            return lambda s: not inner(s)
        if token == "(":
            inner = either()
            if take() != ")":
                raise fail()
            return inner
        if token in (")", "and", "or"):
            raise fail()
        return lambda s: token.lower() in s.lower()

    if len(tokens) > 200:
        raise fail()
    chosen = either()
    if position != len(tokens):
        raise fail()
    return chosen


def _either(a: Callable[[str], bool], b: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda s: a(s) or b(s)


def _both(a: Callable[[str], bool], b: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda s: a(s) and b(s)
