"""How rules and loops are compiled: with Numba, cached, never with reordered arithmetic.

The cache folder is keyed by a hash of every source file that can be compiled, because Numba itself only
notices a change in the file of the outermost function: an edited rule would otherwise run stale.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import platformdirs
from numba import types
from numba.core.registry import CPUDispatcher

Rule = TypeVar("Rule", bound=Callable[..., Any])
_HERE = Path(__file__).parent


@cache
def code_version() -> str:
    """Return a short hash of all source files and parameters of the package: equal code, equal version."""
    digest = hashlib.sha256()
    for path in sorted(_HERE.rglob("*")):
        if path.suffix in {".py", ".toml", ".csv"}:
            digest.update(path.relative_to(_HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _rules_version() -> str:
    """Return a hash of what can be compiled: parameters and agents may change without recompiling."""
    digest = hashlib.sha256(numba.__version__.encode())
    names = ("vocabulary", "vocabulary_of_bodies", "luck", "columns", "bodies", "tables", "world")
    sources = [_HERE / f"{name}.py" for name in names]
    sources += sorted((_HERE / "rules").glob("*.py")) + sorted((_HERE / "week").glob("*.py"))
    for path in sources:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(Path(platformdirs.user_cache_dir("children-services-ecology")) / _rules_version())  # type: ignore[attr-defined]


def _plain(kind: types.Type) -> types.Type:
    """Return the type under which a rule is compiled: whole numbers of any size, and names for them, are int64."""
    kind = types.unliteral(kind)
    whole = isinstance(kind, types.IntEnumMember) or (isinstance(kind, types.Integer) and kind != types.uint64)
    return types.int64 if whole else kind


class _Rule(CPUDispatcher):  # type: ignore[misc]
    """A compiled rule, compiled once for whole numbers of any size: each further type would cost seconds."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        return super().get_call_template(tuple(map(_plain, args)), kws)


class _Inner(_Rule):
    """A compiled rule that only compiled code calls; called from Python it runs as plain Python, with the same bits."""

    def __call__(self, *args: Any) -> Any:
        return self.py_func(*args)


_OPTIONS = {"nopython": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def compiled(rule: Rule) -> Rule:
    """Compile a loop, or a rule that Python also calls. With ``NUMBA_DISABLE_JIT=1`` it stays plain Python."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return rule
    loop = _Rule(rule, targetoptions=_OPTIONS)
    loop.enable_caching()
    return loop  # type: ignore[return-value]


def inlined(rule: Rule) -> Rule:
    """Compile a rule for compiled code only, without the wrapper for Python, which takes longest to compile.

    Such a rule makes no arrays (Numba refuses them here): nothing is counted for the garbage collector either.
    """
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return rule
    return _Inner(rule, targetoptions={**_OPTIONS, "no_cpython_wrapper": True, "_nrt": False})  # type: ignore[return-value]
