"""Say what the first result costs with nothing compiled: ``python -m benchmarks.first_result``.

Runs in a folder for compiled rules that it makes and removes. CPU seconds, because other work on the machine must not
count.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

WATCH = """
import time
from typing import Any

from numba.core import event


class Watch(event.Listener):
    def __init__(self) -> None:
        self.open, self.own = [], {}

    def on_start(self, e: Any) -> None:
        self.open.append([time.process_time(), 0.0])

    def on_end(self, e: Any) -> None:
        start, inner = self.open.pop()
        taken = time.process_time() - start
        if self.open:
            self.open[-1][1] += taken
        name = e.data["dispatcher"].__name__
        seconds, times = self.own.get(name, (0.0, 0))
        self.own[name] = (seconds + taken - inner, times + 1)


watch = Watch()
event.register("numba:compile", watch)
from ecology import Locality, Scenario

Locality(Scenario.load("orchestrated", children=2000), seed=1).run(weeks=60)
print(f"{sum(seconds for seconds, _ in watch.own.values()):6.1f} CPU s compiling, of which")
for name, (seconds, times) in sorted(watch.own.items(), key=lambda one: -one[1][0])[:12]:
    print(f"{seconds:6.1f} {name} ({times})")
print(f"{time.process_time():6.1f} CPU s in all")
"""
COMPARE = (
    "-c", "from experiments.cli import main; main()", "compare", "--authority", "Leeds", "--children", "2000",
    "--regimes", "fragmented,orchestrated", "--years", "1", "--seeds", "1", "--workers", "1",
)  # fmt: skip


def cpu_seconds(arguments: list[str], cache: str) -> float:
    """Run Python on ``arguments`` with compiled rules kept in ``cache``; return the CPU seconds it took."""
    before = os.times()
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    shown = None if WATCH in arguments else subprocess.DEVNULL
    subprocess.run([sys.executable, *arguments], check=True, env=environment, stdout=shown)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Print the cost of compiling each loop, then of a first and of a second small comparison."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cpu_seconds(["-c", WATCH], f"{folder}/rules")
        for which in ("first", "second"):
            start = time.perf_counter()
            seconds = cpu_seconds([*COMPARE, "--out", f"{folder}/{which}"], f"{folder}/cache")
            print(f"{which} comparison: {seconds:.1f} CPU s, {time.perf_counter() - start:.1f} s by the clock")


if __name__ == "__main__":
    main()
