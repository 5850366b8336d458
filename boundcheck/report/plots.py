"""Pictures of what experiments measured, beside the bounds: log-log, drawn by
matplotlib without a window."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from boundcheck.documents import Document
from boundcheck.errors import BoundcheckError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".svg", ".pdf", ".png")


def checked(path: Path) -> Path:
    """The path, if a picture can go there.

    Raises:
        BoundcheckError: another suffix, or no matplotlib.
    """
    if path.suffix not in SUFFIXES:
        raise BoundcheckError(
            f"--plot {path}: a picture is called {', '.join(f'FILE{s}' for s in SUFFIXES)}"
        )
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise BoundcheckError(
            f"--plot {path} needs matplotlib: pip install 'boundcheck[plots]'"
        ) from None
    return path


def plot(found: Document, suffix: str) -> bytes:
    """A picture of the document of an experiment, in the format of the suffix.

    erm: the excess risk over m, its bound, and a line with the theory's slope through
    the last bound; ddpm: the gap E|x̂_0(x_t) - E[x_0|x_t]|² over t, its bound, and what
    the predictor 0 has at most; classes and values: w_t times the gap, likewise.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    {"erm": _erm, "ddpm": _ddpm}.get(found["experiment"], _conditional)(axes, found)
    axes.set_yscale("log")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize="small")
    stream = io.BytesIO()
    figure.savefig(
        stream,
        format=suffix.removeprefix("."),
        metadata={"Date": None} if suffix == ".svg" else None,
    )
    return stream.getvalue()


def _erm(axes: Axes, found: Document) -> None:
    rows, total = found["rows"], found["total"]
    m = [row["m"] for row in rows]
    for row in rows:
        axes.plot(
            [row["m"]] * len(row["measured"]["excess"]),
            row["measured"]["excess"],
            ".",
            color="C0",
            alpha=0.4,
        )
    slope, exponent = total["measured"]["slope"], total["bound"]["exponent"]
    fit = "" if slope is None else f" (slope {slope:.2f})"
    means, bounds = (
        [r["measured"]["mean"] for r in rows],
        [float(r["bound"]["excess"]) for r in rows],
    )
    axes.plot(m, means, "o-", color="C0", label=f"excess risk, measured{fit}")
    axes.plot(m, bounds, "s-", color="C3", label="bound of the oracle inequality")
    theory = [bounds[-1] * (v / m[-1]) ** float(Fraction(exponent)) for v in m]
    axes.plot(m, theory, "--", color="C3", alpha=0.6, label=f"slope {exponent} of the theory")
    axes.axhline(
        float(total["bound"]["trivial"]), color="gray", linestyle=":", label="predictor 0, at most"
    )
    axes.set_xscale("log")
    axes.set_xlabel("samples m")
    axes.set_ylabel("excess risk")


def _ddpm(axes: Axes, found: Document) -> None:
    rows = found["rows"]
    t = [row["t"] for row in rows]
    axes.plot(
        t, [row["measured"]["gap"] for row in rows], "o-", color="C0", label="risk gap, measured"
    )
    axes.plot(t, [float(row["bound"]["gap"]) for row in rows], "s-", color="C3", label="bound")
    trivial = [float(row["bound"]["trivial"]) / row["w"] for row in rows]
    axes.plot(t, trivial, ":", color="gray", label="predictor 0, at most")
    axes.set_xlabel("step t")
    axes.set_ylabel("mean of |predictor - E[x_0|x_t]|²")


def _conditional(axes: Axes, found: Document) -> None:
    rows = found["rows"]
    t = [row["t"] for row in rows]
    seen = [row["measured"]["excess"] for row in rows]
    axes.plot(t, seen, "o-", color="C0", label="w gap, measured")
    for name, style, colour, words in (
        ("excess", "s-", "C3", "bound"),
        ("trivial", ":", "gray", "predictor 0, at most"),
    ):
        axes.plot(t, [float(row["bound"][name]) for row in rows], style, color=colour, label=words)
    axes.set_xlabel("step t")
    axes.set_ylabel("w times the mean of |predictor - E[x_0|x_t, y]|²")
