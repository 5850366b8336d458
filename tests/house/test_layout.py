"""The house: arrows point down, no circle, few doors to a folder; examples in
docstrings and the notebooks run."""

import ast
import subprocess
import sys
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import boundcheck
from boundcheck.checking.checker import EX_FALSO, RULES

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "boundcheck").rglob("*.py"))
MOST_DOORS = 14
FLOORS = (  # noqa: SIM905
    "errors version rims documents"
    " exact.terms exact.algebra exact.cells exact.networks"
    " settings math sympy_rim"
    " enclosure.intervals enclosure.arrays enclosure.networks enclosure.cubature"
    " claims"
    " theory.formulas theory.ridge theory.kernels theory.risk theory.outputs theory.theorems"
    " torchnet"
    " checking"
    " search.problem search.cells search.completion search.contradictions search.closed"
    " search.points search.algebra search.calculus search.boxes search.premises"
    " search.rungs search.climb search.finish search.fewer search.absurdity"
    " search.ladder search.branches"
    " norms"
    " theorems.notation theorems.language theorems.kernel theorems.axioms theorems.rules"
    " theorems.records theorems.engine theorems.author"
    " verification"
    " perturb"
    " constructions"
    " experiments testing"
    " report.typeset report.tables report"
    " cli"
).split()
"""From the ground up: what stands further down in the house stands earlier."""


def _module(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_module(p): p for p in FILES}


def _imports(path):
    """Every module that a file imports, wherever in the file; for types only counts too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("boundcheck"):
            for name in (a.name for a in node.names):
                inner = f"{node.module}.{name}"
                yield inner if inner in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name in MODULES)


GRAPH = {m: set(_imports(p)) for m, p in MODULES.items() if m != "boundcheck"}


def _floor(module):
    inside = module.removeprefix("boundcheck.")
    fitting = [f for f in FLOORS if inside == f or inside.startswith(f"{f}.")]
    assert fitting, f"{module} stands on no floor"
    return FLOORS.index(max(fitting, key=len))


@pytest.mark.parametrize("module", [m for m in GRAPH if MODULES[m].name != "__init__.py"])
def test_arrows_point_down(module):
    for imported in GRAPH[module]:
        assert _floor(imported) <= _floor(module), f"{module} imports {imported}"


def test_there_is_no_circle():
    try:
        list(TopologicalSorter(GRAPH).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_a_folder_is_taken_in_at_a_glance():
    files = [*FILES, *(ROOT / "proofs").rglob("*.py")]
    doors = Counter(p.parent for p in files if p.name != "__init__.py")
    assert {str(f): n for f, n in doors.items() if n > MOST_DOORS} == {}


def test_a_name_stands_for_one_file():
    names = Counter(p.name for p in FILES if p.name not in ("__init__.py", "__main__.py"))
    assert {n: k for n, k in names.items() if k > 1} == {}
    for folder in ("tests", "proofs"):
        names = Counter(p.name for p in (ROOT / folder).rglob("*.py"))
        assert {n: k for n, k in names.items() if k > 1} == {}


TRUSTED = """
    boundcheck boundcheck.errors boundcheck.version boundcheck.rims boundcheck.documents
    boundcheck.exact boundcheck.exact.terms boundcheck.exact.algebra boundcheck.exact.cells
    boundcheck.exact.terms.activation boundcheck.exact.terms.box boundcheck.exact.terms.defined
    boundcheck.exact.terms.derivative boundcheck.exact.terms.linear boundcheck.exact.terms.parser
    boundcheck.exact.terms.printer boundcheck.exact.terms.rational boundcheck.exact.terms.term
    boundcheck.exact.terms.unroll boundcheck.exact.terms.work
    boundcheck.exact.algebra.bernstein boundcheck.exact.algebra.exponents
    boundcheck.exact.algebra.forms boundcheck.exact.algebra.gammas
    boundcheck.exact.algebra.limit boundcheck.exact.algebra.normal
    boundcheck.exact.algebra.polynomial boundcheck.exact.algebra.rational_function
    boundcheck.exact.algebra.rewrite boundcheck.exact.algebra.sturm
    boundcheck.exact.cells.cell boundcheck.exact.cells.guide boundcheck.exact.cells.integration
    boundcheck.exact.cells.moves boundcheck.exact.cells.nonzero boundcheck.exact.cells.orthant
    boundcheck.exact.cells.scene
    boundcheck.enclosure boundcheck.enclosure.intervals
    boundcheck.enclosure.intervals.algebraic boundcheck.enclosure.intervals.at_point
    boundcheck.enclosure.intervals.ball_functions boundcheck.enclosure.intervals.decimals
    boundcheck.enclosure.intervals.gradient boundcheck.enclosure.intervals.integral
    boundcheck.enclosure.intervals.interval boundcheck.enclosure.intervals.on_box
    boundcheck.enclosure.intervals.rational_points boundcheck.enclosure.intervals.series
    boundcheck.claims boundcheck.claims.comparison boundcheck.claims.verdict
    boundcheck.checking boundcheck.checking.certificate boundcheck.checking.checker
    boundcheck.checking.closed_terms boundcheck.checking.direct_rules boundcheck.checking.families
    boundcheck.checking.form_rules boundcheck.checking.goals boundcheck.checking.hypotheses
    boundcheck.checking.hypothesis_rules
    boundcheck.checking.leaves boundcheck.checking.polynomial_rules boundcheck.checking.rule
    boundcheck.checking.set_rules boundcheck.checking.slope_rules
"""
"""All that runs where a certificate is checked: what has to be right."""


_STATEMENTS_ALONE = """
    boundcheck.checking.certificate boundcheck.checking.hypotheses
    boundcheck.enclosure.intervals.rational_points
"""
THEOREMS = f"""
    {" ".join(sorted(set(TRUSTED.split()) - set(_STATEMENTS_ALONE.split())))}
    boundcheck.theorems boundcheck.theorems.language boundcheck.theorems.kernel
    boundcheck.theorems.rules boundcheck.theorems.kernel.calculus
    boundcheck.theorems.rules.integral_rules
    boundcheck.exact.terms.letters
    boundcheck.theorems.notation boundcheck.theorems.notation.declarations
    boundcheck.theorems.notation.latex_names boundcheck.theorems.notation.latex_terms
    boundcheck.theorems.notation.latex_text
    boundcheck.theorems.notation.names boundcheck.theorems.notation.nodes
    boundcheck.theorems.notation.phrases boundcheck.theorems.notation.plain_text
    boundcheck.theorems.notation.sequent_text boundcheck.theorems.notation.text_layout
    boundcheck.theorems.language.binding boundcheck.theorems.language.expr
    boundcheck.theorems.language.formulas boundcheck.theorems.language.heads
    boundcheck.theorems.language.sorts boundcheck.theorems.language.storage
    boundcheck.theorems.axioms boundcheck.theorems.axioms.all_axioms
    boundcheck.theorems.axioms.axiom boundcheck.theorems.axioms.network_axioms
    boundcheck.theorems.axioms.normal_density_axioms
    boundcheck.theorems.axioms.interval_law_axioms
    boundcheck.theorems.axioms.gamma_axioms boundcheck.theorems.axioms.information_axioms
    boundcheck.theorems.axioms.normal_law_axioms boundcheck.theorems.axioms.uniform_law_axioms
    boundcheck.theorems.kernel.abstraction boundcheck.theorems.kernel.affine_terms
    boundcheck.theorems.rules.arithmetic_rule boundcheck.theorems.rules.axiom_rule
    boundcheck.theorems.kernel.existence boundcheck.theorems.rules.independence_rules
    boundcheck.theorems.rules.logic_rules boundcheck.theorems.rules.mean_rules
    boundcheck.theorems.rules.nat_rules boundcheck.theorems.rules.network_rules
    boundcheck.theorems.rules.norm_rules boundcheck.theorems.rules.range_rules
    boundcheck.theorems.rules.all_rules boundcheck.theorems.kernel.sequent
    boundcheck.theorems.rules.vector_rules
    boundcheck.theorems.records boundcheck.theorems.records.replay
    boundcheck.theorems.records.rule_data boundcheck.theorems.records.theorem_certificate
"""
"""All that runs where a certificate of a theorem is checked."""


@pytest.mark.parametrize(
    ("entrance", "names"),
    [
        ("boundcheck.checking.certificate", TRUSTED),
        ("boundcheck.theorems.records.theorem_certificate", THEOREMS),
    ],
)
def test_the_checker_rests_on_this_and_nothing_else(entrance, names):
    program = f"import sys, {entrance}; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    ours = {m for m in loaded if m.split(".")[0] == "boundcheck"}
    assert ours == set(names.split())
    assert not loaded & {"sympy", "torch", "mpmath", "scipy"}


@pytest.mark.parametrize("names", [TRUSTED, THEOREMS], ids=["statements", "theorems"])
def test_no_trusted_file_imports_what_may_guess(names):
    """Not even inside a function."""
    for module in set(names.split()) & GRAPH.keys():
        assert GRAPH[module] <= set(names.split()), module


def test_every_rule_of_the_checker_says_why_it_is_sound():
    for name, rule in {**RULES, **EX_FALSO}.items():
        words, _, argument = rule.__doc__.partition("\n\n")
        assert len(words) > 20, name
        assert len(argument.split()) > 12, name


def test_the_picture_of_the_house_is_true():
    """Every folder, each above those that it imports from."""
    text = (ROOT / "CONTRIBUTING.md").read_text().partition("## The house")[2]
    drawn = [line.split()[0] for line in text.split("```")[1].strip().splitlines()]
    folders = {p.parent for p in FILES if p.name != "__init__.py"} - {ROOT / "boundcheck"}
    assert sorted(drawn) == sorted(str(f.relative_to(ROOT / "boundcheck")) for f in folders)
    for module, imported in GRAPH.items():
        here, theirs = _folder(module), {_folder(m) for m in imported}
        for there in theirs - {here, None}:
            whole = here is None or here in there.split("/") or there in here.split("/")
            assert whole or drawn.index(here) < drawn.index(there), f"{module} imports {imported}"


def _folder(module):
    folder = MODULES[module].parent.relative_to(ROOT / "boundcheck")
    return None if str(folder) == "." else str(folder)


def test_public_names_exist():
    for name in boundcheck.__all__:
        assert getattr(boundcheck, name) is not None
    with pytest.raises(AttributeError, match="has no 'nonsense'"):
        boundcheck.nonsense  # noqa: B018


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.name)
def test_notebooks_run(path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
