"""Theorems as LaTeX: what they say, how they are broken, and that pdflatex takes them."""

import re
import shutil
import subprocess

import pytest
from expressions import sequents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boundcheck.errors import BoundcheckError
from boundcheck.theorems.language.expr import symbol
from boundcheck.theorems.language.reading import read
from boundcheck.theorems.language.sequent_reading import read_sequent
from boundcheck.theorems.language.sort_reading import Declarations
from boundcheck.theorems.language.sorts import REAL, function
from boundcheck.theorems.notation.latex_width import measure
from boundcheck.theorems.notation.sequent_latex import sequent_display, sequent_latex
from boundcheck.theorems.notation.sequent_text import sequent_text

BARRON = """\
Theorem: averages of n samples
Let
  X, T : Space
  H : inner-product space
  n : Nat
  b, sigma0, epsilon : Real
  f : X -> Real
  g : (X, T) -> Real
  feature : T -> Vec(H)
  K : X -> Law(T)
  mu : Law(X)
  pi : Law(T)
  rho : Law(Vec(H)), on {v : dot(v, v) <= 1 and sqrt(dot(v, v)) >= sigma0/2}
Assume
  (1) n >= 1 and 0 < epsilon
  (2) for all x in mu, t in pi. Abs(g(x, t)) <= b
  (3) for all x in mu. f(x) == Mean(g(x, t), (t, pi))
  (4) for all x in mu. for all t in K(x). dot(feature(t), feature(t)) <= b**2 implies
      there is v in rho. Abs(dot(feature(t), v)) <= epsilon*sqrt(1 + sigma0**2/n)
Then
  there is s in pi^oo.
    Norm(f(x) - Sum(g(x, s(j)), (j, 1, n))/n, 2, (x, mu))**2
      <= (b**2 - Mean(f(x)**2, (x, mu)))/n + Mean(Abs(f(x) - Sum(g(x, s(j)) + epsilon, (j, 1, n))/n
      - b**2*exp(-n*epsilon**2/(2*b**2)) + 3*sigma0 + 5*b*n), (x, mu))
    and there is N : Network(signrelu). depth(N) == 3 and width(N) <= 2*n + natceil(b/epsilon)
Resting on
  Fubini: Rudin, Real & complex analysis, 8.8
  law of large numbers
"""

NAMES = """\
Theorem: every letter has its place
Let
  err, x_max, sigmabar, Theta1 : Real
  y : Seq(Real)
  N : Network(relu)
  p : Pair(Real, Nat)
Then
  err <= x_max and sigmabar <= Theta1 + y(1)*value(N, 1, y) and Theta1 <= first(p) and
  Product(y(j)/2, (j, 1, second(p)))**2 <= Largest(y(j), (j, 0, 3)) and
  Integral(exp(-t**2), (t, 0, 1)) <= 1 and exists(1/err) and Ind(err <= 1) <= 1 and
  (Theta1 <= 1 implies for all x : Real. x <= Theta1 implies x <= 1)
"""


def test_what_a_document_gets():
    t = read_sequent(BARRON)
    code = sequent_latex(t.hyps, t.concl, t.title, t.axioms)
    assert code.isascii()
    lines = code.splitlines()
    assert lines[:12] == [
        r"\begin{theorem}[averages of n samples]",
        r"Let $T$ and $X$ be standard Borel spaces and $H$ a real inner-product space.",
        r"Let $n \in \mathbb{N}_0$ and $b, \varepsilon, \sigma_{0} \in \mathbb{R}$.",
        r"Let $\mathit{feature}\colon T \to H$, $f\colon X \to \mathbb{R}$, "
        r"and $g\colon X \times T \to \mathbb{R}$ be measurable.",
        r"Let $K\colon X \to \mathcal{P}(T)$ be a probability kernel.",
        r"Let $\pi$ be a probability law on $T$ that lives on $\mathcal{S}_{\pi}$.",
        r"Let $\rho$ be a probability law on $H$ that lives on $\mathcal{S}_{\rho} \subseteq "
        r"\{v \in H : \lvert v \rvert^2 \le 1 \text{ and } "
        r"\lvert v \rvert \ge \frac{\sigma_{0}}{2}\}$.",
        r"Let $\mu$ be a probability law on $X$ that lives on $\mathcal{S}_{\mu}$.",
        "Assume",
        r"\begin{enumerate}",
        r"\item[(1)] $\displaystyle n \ge 1 \text{ and } 0 < \varepsilon,$",
        r"\item[(2)] $\displaystyle \text{for all } x \in \mathcal{S}_{\mu},\ "
        r"t \in \mathcal{S}_{\pi}\colon \lvert g(x, t) \rvert \le b,$",
    ]
    end = lines[lines.index(r"\begin{align*}") :]
    assert end == [
        r"\begin{align*}",
        r"& \text{there is } s \in \mathcal{S}_{\pi^{\infty}} \text{ with } \\",
        r"& \hspace{1em} \left\lVert f(x) - \frac{1}{n} \sum_{j=1}^{n} g(x, s_{j}) "
        r"\right\rVert_{L^{2}(\mu(\mathrm{d}x))}^{2} \\",
        r"& \hspace{2em} \le \frac{b^{2} - \mathbb{E}_{x \sim \mu}[f(x)^{2}]}{n} \\",
        r"& \hspace{3em} + \mathbb{E}_{x \sim \mu}\biggl[ \biggl\lvert f(x) - \frac{1}{n} "
        r"\sum_{j=1}^{n} (g(x, s_{j}) + \varepsilon) "
        r"- b^{2}\, \exp\left(-\frac{n\, \varepsilon^{2}}{2 b^{2}} \right) "
        r"+ 3 \sigma_{0} \\",
        r"& \hspace{4em} + 5 b\, n \biggr\rvert \biggr] \\",
        r"& \hspace{1em} \text{and } \text{there is } N \in \mathcal{N}_{\mathrm{SignReLU}} "
        r"\text{ with } \\",
        r"& \hspace{2em} \operatorname{depth}(N) = 3 \text{ and } \operatorname{width}(N) \le 2 n "
        r"+ \left\lceil \frac{b}{\varepsilon} \right\rceil_+.",
        r"\end{align*}",
        r"{\upshape\footnotesize It rests on Fubini (Rudin, Real \& complex analysis, 8.8) "
        r"and law of large numbers.\par}",
        r"\end{theorem}",
    ]


def test_what_a_notebook_gets():
    t = read_sequent(NAMES)
    shown = sequent_display(t.hyps, t.concl)
    assert shown.startswith("$\\displaystyle \\begin{aligned}\n& \\text{Let $")
    assert shown.endswith("\n\\end{aligned}$")
    assert r"\Theta_{1}, \mathit{err}, \bar{\sigma}, x_{\mathit{max}} \in \mathbb{R}$" in shown
    assert r"y \in \mathbb{R}^{\mathbb{N}_0}$" in shown
    assert r"$p \in \mathbb{R} \times \mathbb{N}_0$" in shown
    assert r"\text{Let $N$ be a network with the activation ReLU.}" in shown
    assert "Assume" not in shown


def test_what_is_too_deep_or_too_long_is_refused():
    x, h = symbol("x", REAL), symbol("h", function((REAL,), REAL))
    deep, long = x, x
    for _ in range(120):
        deep = h(deep)
    for _ in range(18):
        long = long * long
    for printed in (sequent_text, sequent_latex, sequent_display):
        with pytest.raises(BoundcheckError, match="nested more than 100 deep"):
            printed([], deep <= x)
        with pytest.raises(BoundcheckError, match="more than 20000 nodes"):
            printed([long <= x], deep <= x)


def test_the_set_of_a_law_is_declared_only_where_it_is_about_points():
    declared = Declarations({"x": REAL}, frozenset(), frozenset())
    assert read("x <= 1", declared) == (symbol("x", REAL) <= 1)
    for condition, moved in [
        ("y <= 1", True),
        ("y**2 <= x and x >= 0", True),
        ("x <= 1", False),
        ("f(y) <= 1", False),
        ("Mean(z, (z, pi)) <= y", False),
        ("for all z : Real. y <= z", False),
        ("y <= 1 implies y <= 2", False),
    ]:
        t = read_sequent(
            "Theorem\nLet\n  x : Real\n  f : Real -> Real\n  pi : Law(Real)\n"
            f"Assume\n  (1) for all y in pi. {condition}\nThen\n  x <= x"
        )
        assert ("on {y" in sequent_text(t.hyps, t.concl)) == moved, condition


def test_widths():
    assert measure(r"\frac{a}{bcd}") == measure("bcd") == 3
    assert measure(r"\text{for all } x") == 9
    assert measure("{}") == measure("") == 0


# -- pdflatex --------------------------------------------------------------------------------------


def compiled(tmp_path, parts):
    """What pdflatex says of a document with these parts."""
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex here; apt-get install texlive-latex-recommended")
    document = "\n\n".join(
        [
            r"\documentclass{article}",
            r"\usepackage{amsmath,amssymb,amsthm}",
            r"\newtheorem{theorem}{Theorem}",
            r"\begin{document}",
            *parts,
            r"\end{document}",
        ]
    )
    (tmp_path / "theorems.tex").write_text(document)
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "theorems.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert (tmp_path / "theorems.pdf").stat().st_size > 10_000
    return done.stdout


def test_pdflatex_sets_theorems_within_the_margins(tmp_path):
    parts = []
    for t in map(read_sequent, (BARRON, NAMES)):
        parts.append(sequent_latex(t.hyps, t.concl, t.title, t.axioms))
    log = compiled(tmp_path, parts)
    too_wide = [float(w) for w in re.findall(r"Overfull \\hbox \(([0-9.]+)pt", log)]
    assert all(w < 2 for w in too_wide), too_wide


@settings(max_examples=1, suppress_health_check=list(HealthCheck))
@given(theorems=st.lists(sequents(), min_size=25, max_size=25))
def test_pdflatex_takes_whatever_is_said(theorems, tmp_path_factory):
    parts = [sequent_latex(hyps, concl, "& % $ ] \\x") for hyps, concl in theorems]
    parts += [sequent_display(hyps, concl) for hyps, concl in theorems]
    compiled(tmp_path_factory.mktemp("theorems"), parts)
