"""Pages of small comparisons of stand-ins, and what is found in them."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from experiments.compare import carry_out
from experiments.design import comparison
from tests.standin import MODEL, settings_of

FOUR_AND_MORE = ("fragmented", "partnership_board", "accountable_without_levers", "soft_orchestration", "orchestrated")
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """What a reader without a screen, or a machine, finds in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.open: list[str] = []
        self.text_of: dict[str, str] = {}
        self.unnamed_svg: list[dict[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags.append((tag, known))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self.open.append(known.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for name in filter(None, self.open):
            self.text_of[name] = self.text_of.get(name, "") + data
        if self.headings and data.strip():
            level, so_far = self.headings[-1]
            self.headings[-1] = (level, so_far + data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [known for name, known in self.tags if name == tag]


def make(folder: Path, **changes: Any) -> Path:
    carry_out(comparison(**settings_of(**({"years": 1} | changes))), folder, model=MODEL)
    return folder


def html(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
