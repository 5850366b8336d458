"""The README's Python runs, from top to bottom, but for what stands for a reader's own objects."""

import re
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
THEIR_OWN = ("TARGET", "@claim")


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # one of them writes a certificate
    names: dict = {}
    run = [b for b in BLOCKS if not any(word in b for word in THEIR_OWN)]
    assert len(run) >= 4
    for block in run:
        exec(compile(block, "README.md", "exec"), names)
    assert (tmp_path / "error.json").exists()
