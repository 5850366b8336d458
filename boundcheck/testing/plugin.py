"""The plugin for pytest: claims are tests, and their verdicts are the outcomes.

`pytest proofs/` and `pytest claims.toml` collect every claim of a file as an item:

    proved      passes
    steps       passes too, but as `:`, and pytest counts these apart: formulas are proved, and
                words stand between them
    assumed     is skipped, with its reference: it was not proved here (-rs lists these)
    refuted     fails, with the statement and the witness
    undecided   fails, with the enclosure that is known
    ill-posed   fails, with what is undefined, and where
    raises      is an error, with the message and the line

As for `boundcheck verify`, a claim is as good as the claims that it uses; these are looked for in
its own file, then in its folder. A claim with a `norm_bound` of a network gives two more items,
which test the network's instances in float64 and float32 at many points (see `testing.instances`;
how many, hypothesis' profile says).

Files are found by their text: a top-level `@claim(...)` in Python, `[[claim]]` and `states = `
in TOML. Nothing else is imported. (Claims are built when they are collected, to see
which of them have networks.)
"""

from __future__ import annotations

import ast
import math
import re
from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from boundcheck.claims.claim import Claim
    from boundcheck.claims.statement import NormBound
    from boundcheck.claims.verdict import Verdict
    from boundcheck.verification.verify import Result

DTYPES = ("float64", "float32")
_DONE: pytest.StashKey[dict[Claim, Result]] = pytest.StashKey()
_PYTHON = re.compile(r"^@(\w+\.)*claim\(", re.MULTILINE)
_TOML = re.compile(r"^\s*\[\[\s*claim\s*\]\].*^\s*states\s*=", re.MULTILINE | re.DOTALL)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("boundcheck", "claims of boundcheck")
    group.addoption(
        "--boundcheck-budget",
        type=_units,
        metavar="S",
        help=(
            "units of work for each statement of a claim, each about a second (default: "
            "that of boundcheck verify)"
        ),
    )
    group.addoption(
        "--boundcheck-digits",
        type=_digits,
        default=10,
        metavar="N",
        help="digits of the numbers in the reports of claims, 1 to 1000 (default: 10)",
    )


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """What passes as steps is counted apart from what is proved."""
    if (
        report.when == "call"
        and report.passed
        and ("boundcheck", "steps") in map(tuple, report.user_properties)
    ):
        return "steps", ":", "STEPS"
    return None


def _units(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ArgumentTypeError(f"{text!r} is not a positive number of units of work")
    return value


def _digits(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise ArgumentTypeError(f"{text!r} is not a number of digits from 1 to 1000")
    return int(text)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    named = file_path.suffix == ".toml" and parent.session.isinitpath(file_path)
    return (
        ClaimsFile.from_parent(parent, path=file_path) if named or _has_claims(file_path) else None
    )


def _has_claims(path: Path) -> bool:
    if path.suffix not in (".py", ".toml"):
        return False
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False  # whoever owns such a file will say what is wrong with it
    return bool(_TOML.search(text)) if path.suffix == ".toml" else _declares_claims(text)


def _declares_claims(text: str) -> bool:
    """Whether a program declares a claim at its top level; strings that
    look like one do not count."""
    if "boundcheck" not in text or not _PYTHON.search(text):
        return False
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return True  # reading the claims will say what is wrong
    return any(
        _is_claim(d) for f in body if isinstance(f, ast.FunctionDef) for d in f.decorator_list
    )


def _is_claim(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return (isinstance(called, ast.Name) and called.id == "claim") or (
        isinstance(called, ast.Attribute) and called.attr == "claim"
    )


class ClaimsFile(pytest.File):
    """The claims of one proof file or claims file."""

    def collect(self) -> Iterator[pytest.Item]:
        from boundcheck.claims.statement import NormBound
        from boundcheck.exact.networks.network import Network
        from boundcheck.verification.collect import collect, describe

        found = collect([self.path])
        if found.broken:
            raise self.CollectError(
                "\n".join(b.reason for b in found.broken)
            )  # pytest names the file
        done = self.config.stash.setdefault(_DONE, {})
        results = Results(
            self.path.parent, found.claims, done, self.config.getoption("--boundcheck-budget")
        )
        for claim in found.claims:
            problem, about = "", []
            try:
                for s in claim.statements():
                    if isinstance(s, NormBound) and any(isinstance(p, Network) for _, p in s.parts):
                        about.append(s)
            except (
                Exception,
                SystemExit,
            ) as error:  # a claim is its author's program: the item says what it raised
                problem = describe(error, self.path)
            yield ClaimItem.from_parent(
                self, name=claim.id, claim=claim, results=results, problem=problem
            )
            for dtype in DTYPES if about else ():
                yield InstanceItem.from_parent(
                    self, name=f"{claim.id}[{dtype}]", claim=claim, about=about, dtype=dtype
                )


class Results:
    """The results of the claims of a file, found when they are asked for.

    Args:
        folder: where claims are looked for that are used but not in the file.
        claims: those of the file.
        done: the results of this process, those of other files as well.
        budget: units of work for each statement (see `exact.terms.work`); None for the default.
    """

    def __init__(
        self,
        folder: Path,
        claims: tuple[Claim, ...],
        done: dict[Claim, Result],
        budget: float | None,
    ) -> None:
        self.folder, self.done, self.budget = folder, done, budget
        self.known = {c.id: c for c in claims}
        self.whole_folder = False

    def of(self, claim: Claim) -> Result:
        """The result of a claim, with all that it rests on taken into account."""
        from boundcheck.search.ladder import DEFAULT_BUDGET
        from boundcheck.verification.verify import settle, verify_one

        pending, below = [claim.id], {}
        while pending:
            claim_id = pending.pop()
            if claim_id in below or (one := self._claim(claim_id)) is None:
                continue  # a claim that is missing is for `settle` to report
            if one not in self.done:
                self.done[one] = verify_one(one, self.budget or DEFAULT_BUDGET)
            below[claim_id] = self.done[one]
            pending += below[claim_id].rests_on
        return next(r for r in settle(below.values()) if r.claim.id == claim.id)

    def _claim(self, claim_id: str) -> Claim | None:
        from boundcheck.verification.collect import collect, files

        if claim_id not in self.known and not self.whole_folder:
            self.whole_folder = True
            others = filter(_has_claims, files([self.folder]))
            self.known = {c.id: c for c in collect(others).claims} | self.known
        return self.known.get(claim_id)


def skipped(reason: str) -> BaseException:
    """A skip that names the claim's place, not this file's."""
    return pytest.skip.Exception(reason, _use_item_location=True)


class _Item(pytest.Item):
    def __init__(self, *, claim: Claim, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.claim = claim

    def reportinfo(self) -> tuple[Path, int | None, str]:
        line = self.claim.line - 1 if self.path.suffix == ".py" else None
        return self.path, line, self.name


class ClaimItem(_Item):
    """A claim: it passes if it is proved, or its formulas are."""

    def __init__(self, *, results: Results, problem: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.results, self.problem = results, problem

    def setup(self) -> None:
        if self.problem:
            pytest.fail(f"{self.claim.id} raises {self.problem}", pytrace=False)

    def runtest(self) -> None:
        result = self.results.of(self.claim)
        digits = self.config.getoption("--boundcheck-digits")
        self.user_properties.append(("boundcheck", result.verdict.name))
        for c in result.checked:
            if not c.verdict.exit_code:
                self.add_report_section(
                    "call", "boundcheck", f"{c.text}\n  {_line(c.verdict, digits)}\n"
                )
        if result.verdict.name == "assumed":
            cited = "; ".join(f"{a.statement} ({a.reference})" for a in result.axioms)
            raise skipped(f"assumed: {cited or 'rests on ' + ', '.join(result.rests_on)}")
        if result.verdict.exit_code:
            pytest.fail("\n".join(_report(result, digits)), pytrace=False)


class InstanceItem(_Item):
    """The networks of a claim in a dtype, tested at many points."""

    def __init__(self, *, about: list[NormBound], dtype: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.about, self.dtype = about, dtype

    def runtest(self) -> None:
        try:
            import hypothesis  # noqa: F401
        except ImportError:
            raise skipped(
                "property tests of networks need hypothesis: pip install 'boundcheck[testing]'"
            ) from None
        from boundcheck.errors import BoundcheckError
        from boundcheck.rims import MissingLibrary, needed

        try:
            needed("torch", "testing the network of a claim")
        except MissingLibrary as error:
            raise skipped(str(error)) from None
        from boundcheck.testing.instances import check
        from boundcheck.torchnet.roundoff import Void

        void = []
        try:
            for found in (f for statement in self.about for f in check(statement, self.dtype)):
                self.add_report_section("call", "boundcheck", f"{found}\n")
                void += [str(found)] if isinstance(found, Void) else []
        except (AssertionError, BoundcheckError) as error:
            pytest.fail(str(error), pytrace=False)
        if void:
            raise skipped("; ".join(void))


def _report(result: Result, digits: int) -> Iterator[str]:
    """What holds a claim back."""
    words = f", in words: {result.claim.title}" if result.claim.title else ""
    yield f"{result.verdict.name}: {result.claim.id}{words}"
    for c in result.checked:
        if c.verdict.exit_code:
            yield f"{c.verdict.name}: {c.text}"
            yield f"  {_line(c.verdict, digits)}"
    if result.note:
        yield result.note


def _line(verdict: Verdict, digits: int) -> str:
    """A verdict in one line, with numbers of so many digits."""
    from boundcheck.claims.verdict import Proved, Undecided

    found = [getattr(verdict, "reason", "") or getattr(verdict, "reference", "")]
    if (witness := getattr(verdict, "witness", None)) is not None:
        at = ", ".join(f"{n} = {v}" for n, v in witness.point.items()) or "the constants"
        sides = [
            f"{n} = {e.text(digits)}"
            for n, e in (("left", witness.left), ("right", witness.right))
            if e is not None
        ]
        found.append(f"at {at}" + (f": {', '.join(sides)}" if sides else ""))
    if isinstance(verdict, Undecided) and verdict.enclosure is not None:
        found.append(f"right - left in {verdict.enclosure.text(digits)}")
    if isinstance(verdict, Undecided) and verdict.worst:
        found.append(f"worst box {verdict.worst}")
    if isinstance(verdict, Proved) and verdict.margin is not None:
        found.append(f"margin {verdict.margin.text(digits)}")
    return "; ".join(t for t in found if t) or verdict.method
