"""A story as text for the terminal, as Markdown, or as a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecology.errors import BadInput

if TYPE_CHECKING:
    from experiments.report.drawing import Picture

KINDS = (".md", ".html")


@dataclass(frozen=True)
class Told:
    """A table of a story: what it shows, its heads, and rows of one label and one text a regime."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Story:
    """A story: its title, what opens it, its tables in order, notes, how to have it told again, and its picture."""

    title: str
    opening: tuple[str, ...]
    tables: tuple[Told, ...]
    notes: tuple[str, ...]
    command: str
    picture: Picture | None = None


def text(story: Story) -> str:
    """Return the story for a terminal, in columns."""
    from experiments.commands.listing import aligned

    parts = [story.title, *story.opening]
    for table in story.tables:
        parts += [table.caption + ":", "\n".join(aligned([table.head, *table.rows]))]
    return "\n\n".join([*parts, *story.notes])


def markdown(story: Story, picture: str | None) -> str:
    """Return the story as Markdown; ``picture`` is the name of the file that shows it."""
    parts = [f"# {story.title}", *story.opening]
    if picture is not None and story.picture is not None:
        parts += [f"![{story.picture.alt}]({picture})"]
    for table in story.tables:
        rows = [table.head, ("---",) * len(table.head), *table.rows]
        parts += [f"## {table.caption}", "\n".join("| " + " | ".join(_cell(row)) + " |" for row in rows)]
    return "\n\n".join([*parts, "## Notes", *story.notes, f"`{story.command}`"]) + "\n"


def _cell(row: Sequence[str]) -> list[str]:
    return [cell.replace("|", "\\|") for cell in row]


def html(story: Story) -> str:
    """Return the story as one page without outside requests."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    from experiments.report.page import _style

    environment = Environment(
        loader=PackageLoader("experiments.stories", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["markup"] = Markup
    return environment.get_template("story.html.j2").render(story=story, style=_style())


def checked(out: Path, overwrite: bool) -> None:
    """Raise BadInput if the story cannot be written to ``out``; nothing has been run yet."""
    if out.suffix not in KINDS:
        raise BadInput(f"--out: {out}: a story is written as {' or '.join(KINDS)}; let the name end in one of them.")
    taken = [path for path in (out, _picture_of(out)) if path.exists()]
    if taken and not overwrite:
        raise BadInput(f"--out: {taken[0]} exists; give another name, or --overwrite to replace it.")
    if not out.parent.is_dir():
        raise BadInput(f"--out: {out.parent}: no such folder; make it first, or write somewhere else.")


def write(story: Story, out: Path) -> None:
    """Write the story to ``out``, and beside a Markdown file its picture."""
    if out.suffix == ".html":
        _put(out, html(story))
        return
    if story.picture is not None:
        _put(_picture_of(out), story.picture.file)
    _put(out, markdown(story, _picture_of(out).name if story.picture is not None else None))


def _picture_of(out: Path) -> Path:
    return out.with_suffix(".svg") if out.suffix == ".md" else out


def _put(path: Path, content: str) -> None:
    draft = path.with_name(path.name + ".partial")
    try:
        draft.write_text(content, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise BadInput(f"cannot write {path}: {error.strerror or error}.") from None
