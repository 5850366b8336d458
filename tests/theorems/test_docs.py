"""The examples of the page on theorems are derived, as they stand there."""

import re
from pathlib import Path

from boundcheck.claims.claim import Claim
from boundcheck.theorems.author.proof import Proof
from boundcheck.verification.decide import decide

PAGE = (Path(__file__).parents[2] / "docs" / "theorems.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_of_the_page_are_proved(tmp_path):
    file = tmp_path / "examples.py"
    file.write_text("\n".join(BLOCKS), encoding="utf-8")
    names: dict = {}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), names)
    claims = [c for c in names.values() if isinstance(c, Claim)]
    assert len(claims) == 4
    for claim in claims:
        (statement,) = claim.statements()
        verdict = decide(statement)
        assert verdict.name == "proved", verdict.detail()
        assert statement.shown.texts().axioms == ()
        assert statement.shown.texts().unused == ()


def steps_of_proofs():
    """What the page says that `t` can do: each step by its docstring."""
    for base in reversed(Proof.__mro__[:-1]):
        for name, step in vars(base).items():
            if not name.startswith("_") and name not in ("fact", "finished"):
                words = " ".join((step.__doc__ or "").split("\n\n")[0].split())
                yield f"| `t.{name}` | {words} |"


def test_the_page_lists_every_step():
    assert [line for line in steps_of_proofs() if line not in PAGE.splitlines()] == []
    assert sum(line.startswith("| `t.") for line in PAGE.splitlines()) == len([*steps_of_proofs()])
