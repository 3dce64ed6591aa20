"""Do independent pieces of work in one process or several, lose none, and say which failed and why.

A worker that is killed costs the one piece it was doing: the piece becomes a failure with its reason, a new worker
takes its place, and the rest goes on. (The standard library's executors give up everything that was under way.)
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from traceback import extract_tb
from typing import Generic, TypeVar

from ecology.errors import BadInput

Item = TypeVar("Item")


@dataclass(frozen=True)
class Done(Generic[Item]):
    """One finished piece of work; ``reason`` is None unless it failed."""

    item: Item
    reason: str | None = None


def do_all(work: Callable[[Item], None], items: Iterable[Item], workers: int) -> Generator[Done[Item]]:
    """Call ``work`` on each item, in this process (``workers`` 1) or in spawned ones; yield each as it finishes.

    ``work`` keeps its own results (on disk) and must be importable by name. Closing the iterator, or an interrupt,
    ends the workers.
    """
    if workers == 1:
        for item in items:
            yield Done(item, attempt(work, item))
        return
    crew = Crew(work)
    waiting = deque(items)
    try:
        while waiting or crew.busy:
            while waiting and len(crew.busy) < workers:
                crew.give(waiting.popleft())
            yield from crew.finished()
    finally:
        crew.dismiss()


def attempt(work: Callable[[Item], None], item: Item) -> str | None:
    """Do one piece of work and return the reason of its failure, if it failed."""
    try:
        work(item)
    except BadInput as failure:
        return str(failure)
    except Exception as failure:  # one failed seed must not end the others: its reason is reported
        last = extract_tb(failure.__traceback__)[-1]
        return f"{type(failure).__name__}: {failure} ({Path(last.filename).name}, line {last.lineno})"
    return None


@dataclass
class Crew(Generic[Item]):
    """The worker processes: idle ones, and busy ones with what they do, each known by its end of a pipe."""

    work: Callable[[Item], None]
    idle: list[tuple[Connection, BaseProcess]] = field(default_factory=list)
    busy: dict[Connection, tuple[BaseProcess, Item]] = field(default_factory=dict)

    def give(self, item: Item) -> None:
        """Hand an item to an idle worker, or to a new one."""
        connection, process = self.idle.pop() if self.idle else self.hire()
        try:
            connection.send(item)
        except OSError:  # it died while idle
            connection, process = self.hire()
            connection.send(item)
        self.busy[connection] = (process, item)

    def hire(self) -> tuple[Connection, BaseProcess]:
        """Start a worker process."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self.work), daemon=True)
        process.start()
        theirs.close()
        return ours, process

    def finished(self) -> Iterator[Done[Item]]:
        """Wait until at least one worker has finished or died, and yield what became of its item."""
        ready = wait(list(self.busy))
        for connection in [known for known in self.busy if known in ready]:
            process, item = self.busy.pop(connection)
            try:
                reason = connection.recv()
            except (EOFError, OSError):
                process.join()
                connection.close()
                reason = f"the worker process ended with exit code {process.exitcode}"
            else:
                self.idle.append((connection, process))
            yield Done(item, reason)

    def dismiss(self) -> None:
        """End every worker, busy or idle."""
        everybody = [*self.idle, *((connection, process) for connection, (process, _) in self.busy.items())]
        for connection, process in everybody:
            process.terminate()
            process.join()
            connection.close()


def _serve(connection: Connection, work: Callable[[Item], None]) -> None:
    signal(SIGINT, SIG_IGN)  # Ctrl-C goes to every process of the terminal: only the first one decides what it means
    try:
        while True:
            connection.send(attempt(work, connection.recv()))
    except (EOFError, OSError):
        return  # the first process has gone
