"""What the world does to a place, as three switches: each path is published, or held from the switch."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from ecology.errors import BadInput, no_such
from ecology.scenario_file import Source, packaged, packaged_names, read

FOLDER = "pressures"
PATHS = ("budgets", "population", "poverty")
COURSES = ("published", "held")
FIELDS = ("why", *PATHS)


@dataclass(frozen=True, slots=True)
class Pressure:
    """``published`` follows the published path of the authority; ``held`` keeps the level of the switch.

    Held budgets keep their real value: their cash follows the price index.
    """

    name: str
    why: str
    budgets: str
    population: str
    poverty: str

    @property
    def holds_everything(self) -> bool:
        """Whether nothing follows a published path, so that no inputs are needed beyond the switch."""
        return {self.budgets, self.population, self.poverty} == {"held"}


def pressure_names() -> tuple[str, ...]:
    """Return the names of the pressures, sorted."""
    return packaged_names(FOLDER)


@cache
def pressure(name: str) -> Pressure:
    """Return a pressure by name. Raises BadInput for an unknown name or a file with faults."""
    if name not in pressure_names():
        raise no_such("pressure", name, pressure_names())
    return read_pressure(packaged(name, FOLDER, "pressure"))


def read_pressure(source: Source) -> Pressure:
    """Return the pressure that a file holds. Raises BadInput with all its faults."""
    table = read(source)
    faults = [str(no_such("field", field, FIELDS, source.where)) for field in table if field not in FIELDS]
    faults += [f"{source.where}: {field}: is missing." for field in FIELDS if field not in table]
    faults += [fault for path in PATHS if path in table and (fault := _course_fault(table[path], path, source.where))]
    if "why" in table and not (isinstance(table["why"], str) and table["why"].strip()):
        faults.append(f"{source.where}: why: must be a text that is not empty.")
    if faults:
        raise BadInput("\n".join(faults))
    return Pressure(name=source.stem, **table)


def _course_fault(course: Any, path: str, where: str) -> str | None:
    if isinstance(course, str) and course in COURSES:
        return None
    return f"{where}: {path}: must be one of {', '.join(COURSES)}, not {course!r}."
