"""What a store holds of a study: what is done, failed or left, how fast it goes, and its results as tables."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from ecology.errors import BadInput, no_such
from experiments.manifest import code_version
from experiments.store import DONE, FAILED, Planned, Run, Store


@dataclass(frozen=True)
class Standing:
    """How far a study is, in runs. ``rate`` is runs a second in the last session; None before its first run."""

    study: str
    done: int = 0
    left: int = 0
    failed: list[str] = field(default_factory=list)
    rate: float | None = None
    last: float | None = None
    command: str = ""

    @property
    def total(self) -> int:
        """How many runs the study has."""
        return self.done + self.left + len(self.failed)

    @property
    def seconds_to_go(self) -> float | None:
        """How long the rest takes at the last rate; None if nobody can say."""
        return self.left / self.rate if self.rate else None


def chosen(store: Store, name: str | None) -> str:
    """Return the name of the study that is meant: as given, or the only one. Raises BadInput."""
    names = list(store.studies())
    if name is not None:
        if name not in names:
            raise no_such("study", name, names, str(store.path))
        return name
    if not names:
        raise BadInput(f"{store.path}: holds no study yet; `ecology sweep ... --store {store.path}` begins one.")
    if len(names) > 1:
        raise BadInput(f"{store.path}: holds several studies; say which with --name: {', '.join(names)}.")
    return names[0]


def version_of(store: Store, study: str) -> str:
    """Return the version of the model that a study's points were made for: this one, if some were, or the only one.

    Points that an earlier version left are passed over as soon as this one has points of its own. Raises BadInput if
    there are several versions and none is this one.
    """
    codes = {point.code for point in store.points(study)}
    if code_version() in codes or not codes:
        return code_version()
    if len(codes) > 1:
        raise BadInput(
            f"{store.path}: study {study} holds points of {len(codes)} earlier versions of the model "
            f"({', '.join(sorted(codes))}), which must not be mixed; give the sweep's command again."
        )
    return codes.pop()


def runs(store: Store, study: str) -> Iterator[tuple[Planned, str, str, Run | None]]:
    """Yield point, regime, key and row of every run of a study, by row and seed; no row if it was not run yet.

    Raises BadInput if some of its points are of another version of the model than others.
    """
    code = version_of(store, study)
    for point in store.points(study):
        if point.code != code:
            continue
        for regime, key in point.keys.items():
            yield point, regime, key, store.read(key)


def standing(store: Store, study: str) -> Standing:
    """Return how far a study is. Every row is checked. Raises BadInput for a damaged one."""
    done = left = 0
    failed = []
    for point, regime, _, run in runs(store, study):
        done += run is not None and run.status == DONE
        left += run is None
        if run is not None and run.status == FAILED:
            failed.append(f"row {point.row}, seed {point.seed}, {regime}: failed ({run.stage}): {run.message}")
    session = store.last_session(study)
    rate = last = None
    if session is not None:
        ended, at = store.progress(session[0])
        rate = ended / max(at - session[0], 1.0) if ended else None
        last = at or None
    return Standing(study, done, left, failed, rate, last, session[1] if session else "")


def told(state: Standing) -> str:
    """Return the state of a study in a few lines."""
    lines = [f"{state.study}: {state.done} of {state.total} runs done, {len(state.failed)} failed, {state.left} left"]
    if state.rate is not None and state.last is not None:
        since = f"last run finished {span(time.time() - state.last)} ago"
        lines.append(f"  {state.rate:.3g} runs a second in the last session; {since}")
    if state.left and state.seconds_to_go is not None:
        lines.append(f"  {span(state.seconds_to_go)} to go at that rate")
    if state.left and state.command:
        lines.append(f"  to go on: {state.command}")
    return "\n".join(lines)


def span(seconds: float) -> str:
    """Return a time in words: seconds, minutes or hours."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def points_of(store: Store, study: str) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield row and values by column of each point, once a row."""
    before, code = None, version_of(store, study)
    for point in store.points(study):
        if point.code == code and point.row != before:
            content = json.loads(point.content)
            yield (
                point.row,
                {
                    **content["parameters"],
                    **{
                        f"levers.{r}.{name}": value for r, of in content["levers"].items() for name, value in of.items()
                    },
                    **{f"failure_modes.{name}": float(on) for name, on in content["failure_modes"].items()},
                },
            )
        before = point.row
