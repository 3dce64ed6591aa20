"""Imports point one way: the world knows nothing of experiments, and a layer knows only the layers under it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

# From the ground up. A layer may import itself and those in earlier lines; layers in one line do not know each other.
# A module named scenario_file belongs to scenario, unless it has a line of its own.
LAYERS = (
    ("errors",),
    ("vocabulary", "columns", "settings"),
    ("vocabulary_of_bodies", "bodies"),
    ("tables",),
    ("compiled",),
    ("luck", "world"),
    ("evidence",),
    ("rules",),
    ("week",),
    ("population", "ledger"),
    ("agents",),
    ("lever_tables",),
    ("scenario",),
    ("board", "checkers", "citizens", "market", "pairs", "school_places", "thresholds", "improving"),
    ("governance",),
    ("pressures", "record"),
    ("commissioning",),
    ("weeks",),
    ("outcomes", "published"),
    ("building",),
    ("clauses",),
    ("locality",),
    ("england",),
    ("the package itself",),  # ecology/__init__.py shows the world to its users
)
HEIGHT = {layer: height for height, line in enumerate(LAYERS) for layer in line}
TOP = LAYERS[-1][0]
# What each importable package may know of the others. The example scripts among the scenarios may use everything.
MAY_KNOW = {"ecology": {"ecology"}, "experiments": {"ecology", "experiments"}}
OURS = {"ecology", "experiments", "scenarios", "tests", "benchmarks", "notebooks"}


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """Yield the dotted name of everything that a module of ``package`` imports, also late and by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            stem = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*stem, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"import_module", "__import__"}:
                yield str(node.args[0].value)


def layer_of_module(name: str) -> str:
    """Return the layer of a module or folder of ``ecology``, or its own name if it has none."""
    return next((layer for layer in (name, name.split("_")[0]) if layer in HEIGHT), name)


def layer_of_import(dotted: str, root: Path) -> str:
    """Return the layer that ``ecology.x.y`` names: that of ``x`` if ``x`` is a module, else the package itself."""
    layer = layer_of_module(dotted.partition(".")[2].partition(".")[0])
    is_module = layer in HEIGHT or (root / f"{layer}.py").exists() or (root / layer / "__init__.py").exists()
    return layer if is_module else TOP


def wrong_imports(root: Path) -> list[str]:
    """Return a sentence for every import under the package folder ``root`` that points the wrong way."""
    wrong = []
    for path in sorted(root.rglob("*.py")):
        within = path.relative_to(root)
        here = TOP if within == Path("__init__.py") else layer_of_module(within.parts[0].removesuffix(".py"))
        if root.name == "ecology" and here not in HEIGHT:
            wrong.append(
                f"ecology.{here} is in no layer: give it a line in LAYERS of {Path(__file__).name}, "
                "after everything it imports and before everything that imports it."
            )
            continue
        package = ".".join([root.name, *within.parts[:-1]])
        for name in imported(ast.parse(path.read_text(encoding="utf-8")), package):
            other = name.split(".")[0]
            if other in OURS and other not in MAY_KNOW[root.name]:
                wrong.append(f"{root.name}/{within} imports {name}: {root.name} must not know {other}.")
            elif root.name == "ecology" == other:
                there = layer_of_import(name, root)
                if there != here and HEIGHT.get(there, len(LAYERS)) >= HEIGHT[here]:
                    wrong.append(f"ecology/{within} imports {name}: {there} does not stand before {here} in LAYERS.")
    return wrong


@pytest.mark.parametrize("folder", ["model/ecology", "experiments"])
def test_imports_point_one_way(project: Path, folder: str) -> None:
    root = project / folder
    assert any(root.rglob("*.py"))
    assert not wrong_imports(root), "\n".join(wrong_imports(root))


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("luck.py", "from ecology.locality import Locality", "locality does not stand before luck"),
        ("luck.py", "from . import rules", "rules does not stand before luck"),
        ("rules/need.py", "from ..agents.school import School", "agents does not stand before rules"),
        ("rules/need.py", "def f():\n    import ecology.agents", "agents does not stand before rules"),
        ("population.py", "from ecology import ledger", "ledger does not stand before population"),
        ("rules/need.py", "from ecology import Locality", "the package itself does not stand before rules"),
        ("locality.py", "from experiments import compare", "must not know experiments"),
        ("locality.py", "import scenarios", "must not know scenarios"),
        ("locality.py", "import_module('experiments.cli')", "must not know experiments"),
        ("weather.py", "", "ecology.weather is in no layer"),
        ("ledger_lines.py", "from ecology import locality", "does not stand before ledger"),
        ("ledger_lines.py", "from ecology import ledger, luck", ""),
        ("locality.py", "from ecology import luck, rules\nfrom .agents.school import School", ""),
        ("rules/need.py", "from .work import hours\nimport numpy", ""),
        ("__init__.py", "from ecology.locality import Locality", ""),
    ],
)
def test_a_wrong_import_is_noticed(tmp_path: Path, path: str, line: str, complaint: str) -> None:
    root = tmp_path / "ecology"
    for file in ("luck.py", "rules/__init__.py", "agents/__init__.py", "ledger.py", "locality.py", path):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    (root / path).write_text(line + "\n", encoding="utf-8")
    wrong = wrong_imports(root)
    assert len(wrong) == bool(complaint)
    assert all(complaint in sentence for sentence in wrong)
