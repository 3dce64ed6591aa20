"""What test_same_bits asks of another process: live some weeks, and say with which draws."""

import json
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
import numpy as np

from ecology import Locality, luck
from tests.places import scenario

Key = tuple[int, int, str]


@contextmanager
def watched() -> Iterator[set[Key]]:
    """Note which line of which function asks for which (decision, week). Only uncompiled code can be watched."""
    keys: set[Key] = set()
    stream = luck.stream

    def noted(seed: int, decision: int, week: int) -> np.uint64:
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_globals["__name__"] == luck.__name__:
            frame = frame.f_back
        where = f"{frame.f_globals['__name__']}.{frame.f_code.co_name}:{frame.f_lineno}"
        keys.add((int(decision), int(week), where))
        return stream(seed, decision, week)

    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        luck.stream = noted  # type: ignore[assignment]
    try:
        yield keys
    finally:
        luck.stream = stream  # type: ignore[assignment]


def main(job: Path) -> None:
    """Live the first weeks of a place, then some weeks of one handed over at the switch; print what came of it."""
    asked = pickle.loads(job.read_bytes())
    with watched() as keys:
        place = Locality(scenario(**asked["scenario"]), seed=asked["seed"])
        start = place.run(asked["weeks"]).digest()
        place.tables, place.week = asked["tables"], asked["week"]
        after = place.run(asked["weeks_after"]).digest()
    print(json.dumps({"start": start, "after": after, "keys": sorted(keys)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
