"""Execute the notebooks and write them beside their sources: ``python notebooks/render.py``.

A notebook keeps in its metadata a digest of its sources, and a digest of what it says when it runs small. With these a
test tells within seconds whether the notebook that stands here is stale.
"""

import ast
import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
HELPERS = ("intervals.py", "pictures.py", "render.py", "sums.py", "telling.py")
PARAMETERS = "parameters"  # the tag of the cell that says how large the runs are
TINY = {"CHILDREN": 2_000, "YEARS": 1, "PAST_YEARS": 2}
SMALL: dict[str, dict[str, Any]] = {
    "comparison_for_advisers": {**TINY, "SEEDS": (1, 2), "FEW": (1, 2)},
    "for_analysts": {**TINY, "INPUTS": ("minutes_line_of_sight", "interdependence"), "TRAJECTORIES": 2, "BLOCKS": 2,
                     "WORLDS": 3, "PAIRS": (1, 2), "ORDERS": 2},
    "where_numbers_come_from": {"SHOWN": 5},
}  # fmt: skip
SECONDS_A_CELL = 1_200
NO_PROGRESS_BARS = "ignore:IProgress not found"  # tqdm misses the widgets of a live notebook


def sources() -> list[Path]:
    """Return the sources of the notebooks: the percent files."""
    return sorted(path for path in HERE.glob("*.py") if path.name not in HELPERS)


def sources_digest(source: Path) -> str:
    """Return a digest of a notebook's source and of the helpers that it imports."""
    parts = [path.read_bytes() for path in (source, *(HERE / name for name in HELPERS))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def execute(source: Path, changes: Mapping[str, Any] | None = None) -> nbformat.NotebookNode:
    """Return the executed notebook of a percent file.

    ``changes`` replaces values in the cell tagged ``parameters``. Raises CellExecutionError with the traceback of the
    first cell that fails.
    """
    notebook = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # Jupytext draws a new one each time
        if changes and PARAMETERS in cell.metadata.get("tags", ()):
            cell.source += "\n" + "\n".join(f"{name} = {value!r}" for name, value in changes.items())
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(HERE)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    client.execute(env={**os.environ, "PYTHONWARNINGS": NO_PROGRESS_BARS})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times of day
    notebook.metadata.pop("language_info", None)
    return notebook


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what the cells say: their outputs as text, without pictures."""
    said = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {"text/plain": output.get("text", "")})
            if "image/png" not in data:
                said.append(str(data.get("text/markdown", data.get("text/plain", ""))))
    return said


def texts_digest(notebook: nbformat.NotebookNode) -> str:
    """Return a digest of what the cells say."""
    return hashlib.sha256("\0".join(texts(notebook)).encode()).hexdigest()


def parameters(source: Path) -> set[str]:
    """Return the names that the cell tagged ``parameters`` sets."""
    cells = [c for c in jupytext.read(source, fmt="py:percent").cells if PARAMETERS in c.metadata.get("tags", ())]
    return {
        node.id
        for cell in cells
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def main() -> None:
    """Execute every notebook small and in full, and write the full one with what is needed to tell when it is stale."""
    for source in sources():
        print(f"{source.name}: executing", file=sys.stderr)
        small = execute(source, SMALL[source.stem])
        full = execute(source)
        full.metadata["ecology"] = {"sources": sources_digest(source), "small": texts_digest(small)}
        nbformat.write(full, source.with_suffix(".ipynb"))
        print(source.with_suffix(".ipynb"))


if __name__ == "__main__":
    main()
