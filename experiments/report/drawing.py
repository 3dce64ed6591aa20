"""Drawing with Matplotlib: SVG whose text stays text, the same bytes every time, with a title and a description.

Nothing is drawn through ``pyplot``, so no state is left behind. A picture goes into the page as it is, and into
``figures/`` with its headline and subtitle above it, so that it can stand alone.
"""

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.report.words import size, table

FONTS = "Arial, Helvetica, 'DejaVu Sans', sans-serif"
POINTS_AN_INCH = 72


@dataclass(frozen=True)
class Picture:
    """One figure of the page: what it says, what it measures, its text alternative, itself, and the table behind it."""

    name: str
    headline: str
    subtitle: str
    alt: str
    svg: str
    table: pd.DataFrame
    note: str = ""

    @property
    def file(self) -> str:
        """The picture as a file of its own, under its headline and subtitle."""
        return _standing_alone(self)


def ink(name: str) -> str:
    """Return a colour of ``look.toml`` that carries no category."""
    return str(table("look.toml")["ink"][name])


def colour(name: str) -> str:
    """Return a colour of the palette."""
    return str(table("look.toml")["palette"][name])


@contextmanager
def style() -> Iterator[None]:
    """Draw with the page's settings and leave Matplotlib as it was."""
    with matplotlib.rc_context(
        {
            "svg.fonttype": "none",
            "font.family": "DejaVu Sans",
            "font.size": size("text"),
            "axes.edgecolor": ink("quiet"),
            "axes.labelcolor": ink("text"),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "grid.color": ink("grid"),
            "text.color": ink("text"),
            "xtick.color": ink("text"),
            "ytick.color": ink("text"),
            "hatch.linewidth": 1,
        }
    ):
        yield


def canvas(height: float) -> Figure:
    """Return an empty figure of the page's width and a height in inches."""
    return Figure(figsize=(size("width"), height), facecolor=ink("paper"))


def axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes by inches from the upper left corner of the figure."""
    w, h = figure.get_size_inches()
    return figure.add_axes((left / w, 1 - (top + height) / h, width / w, height / h))


def svg(figure: Figure, name: str, title: str, description: str) -> str:
    """Return the figure as SVG to stand in a page: own ids, no date, no outside address but the namespaces."""
    with matplotlib.rc_context({"svg.hashsalt": name}):
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'xlink:href="#{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    text = text.replace("'DejaVu Sans'", FONTS)
    opening, rest = text.split(">", 1)
    opening = re.sub(r' (width|height)="[^"]+"', "", opening)
    told = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-description">{escape(description)}</desc>'
    return f'{opening} role="img" aria-labelledby="{name}-title {name}-description">{told}{rest.strip()}\n'


def _standing_alone(picture: Picture) -> str:
    match = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.svg)
    assert match is not None
    width, height = float(match[1]), float(match[2])
    letters = int(width * 2 / size("text"))
    head = textwrap.wrap(picture.headline, letters - size("text"))
    under = textwrap.wrap(picture.subtitle, letters)
    step = size("text") + size("line") * 2
    lines = [(text, "bold") for text in head] + [(text, "normal") for text in under]
    texts = "".join(
        f'<text x="{size("text")}" y="{(position + 1) * step:g}" style="font: {weight} {size("text")}px {FONTS}">'
        f"{escape(text)}</text>"
        for position, (text, weight) in enumerate(lines)
    )
    top = (len(lines) + 1) * step
    inner = picture.svg.replace("<svg", f'<svg y="{top:g}" width="{width:g}" height="{height:g}"', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{top + height:g}pt" '
        f'viewBox="0 0 {width:g} {top + height:g}"><rect width="100%" height="100%" fill="{ink("paper")}"/>'
        f"{texts}{inner}</svg>\n"
    )


def apart(wanted: Sequence[float], gap: float) -> np.ndarray:
    """Return positions at least ``gap`` apart, in the same order and close to those wanted."""
    order = np.argsort(wanted, kind="stable")
    placed = np.asarray(wanted, dtype=float)[order]
    for _ in range(len(placed)):
        for i in range(1, len(placed)):
            short = gap - (placed[i] - placed[i - 1])
            if short > 0:
                placed[i - 1] -= short / 2
                placed[i] += short / 2
    result = np.empty_like(placed)
    result[order] = placed
    return result


def series_style(position: int) -> dict[str, Any]:
    """Return colour, dash and marker of the regime at a position in a chart: never colour alone."""
    look = table("look.toml")["series"]
    return {
        "color": colour(look["colours"][position]),
        "linestyle": look["dashes"][position],
        "marker": look["markers"][position],
    }


def name_series(figure: Figure, left: float, names: Sequence[str]) -> None:
    """Name the regimes in a row at the top of a figure, each beside its own marker, starting ``left`` inches in."""
    room = (size("width") - left) / max(len(names), 1)
    band = axes(figure, left, 0, size("width") - left, size("head"))
    band.set_axis_off()
    band.set_xlim(0, size("width") - left)
    band.set_ylim(0, 1)
    for position, name in enumerate(names):
        look = series_style(position)
        at = position * room + size("head") / size("text")
        band.plot(at, 1 / 2, marker=look["marker"], color=look["color"], markersize=size("gap"), clip_on=False)
        band.annotate(
            wrapped(name), (at, 1 / 2), xytext=(size("gap"), 0), textcoords="offset points", va="center",
            fontsize=size("small"),
        )  # fmt: skip


def name_group(panel: Axes, y: float, name: str, left: float) -> None:
    """Write the name of a group of rows at height ``y``, ``left`` inches to the left of a panel."""
    panel.annotate(
        name, (0, y), xycoords=panel.get_yaxis_transform(), xytext=(size("marker") - left * POINTS_AN_INCH, 0),
        textcoords="offset points", va="center", fontweight="bold", fontsize=size("small"), annotation_clip=False,
    )  # fmt: skip


def wrapped(name: str) -> str:
    """Return the name of a row on as many lines as it needs."""
    return "\n".join(textwrap.wrap(name, size("name_letters")))
