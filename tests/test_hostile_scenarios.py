"""Whatever a scenario file or a change holds, there is a scenario or a clear refusal, soon, and nothing is executed."""

import random
import string
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from ecology.errors import BadInput
from ecology.scenario import Scenario

SECONDS = 10.0  # of CPU time, ten times the aim: a busy machine is no hang, and a hang takes minutes
LONGEST = 100_000
RICH = b"""
why = "Everything at once."
name = "rich"
base = "fragmented"
authority = "Leeds"
children = 3000
pressure = "austerity"
regime = "orchestrated"
switch_date = 2014-04-01
years = 5
past_years = 12
extrapolation = "refuse"
levers = { shared_record = 0.6, tempo = 0.1 }
events = [{ date = 2015-07-01, kind = "child_death_publicity", size = 1.0 }]
parameters = {}
[failure_modes]
gaming = false
"""
PACKAGED = [Path(str(files("scenarios"))) / f"{name}.toml" for name in Scenario.names()]
TEXTS = [RICH, *(path.read_bytes() for path in PACKAGED)]
PIECES = [
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\x1b[2J", b"[" * 400, b"{a=" * 200, b"." * 40, b"9" * 5000, b"1e999",
    b"nan", b"-inf", b"true", b'"', b"'", b'"""', b"=", b"[[levers]]\n", b"[levers]\n", b"a.b.c=1\n", b"#", b"\n",
    b"0x" + b"f" * 5000, b"9999-12-31", b"0001-01-01", b"../", b"\xf0\x9f\x92\xa5", b"\\u202e", b"\\U0010FFFF",
    b"-0.0", b"1_000", b"__class__",
]  # fmt: skip
EVENT = {"date": "2015-01-01", "kind": "leader_lost", "size": 1}
VALUES: list[Any] = [
    None, True, 0, 1, -1, 10**5000, 2**63, 0.5, float("nan"), float("inf"), -0.0, "", "x" * 70000, "\0", "\x1b",
    "both", "England", "orchestrated", "2014-04-01", "0000-00-00", "../x.toml", "/etc/passwd", b"bytes", "\ud800",
    [], [[]], {}, {"tempo": 0.5}, {"tempo": {}}, {"": 0}, {1: 2}, {None: None}, {"x" * 70000: 1}, {"gaming": False},
    [EVENT], [None], [{"kind": []}], [{**EVENT, "date": "9999-12-31"}], object(), set(), ..., 1j,
]  # fmt: skip


def answer(make: Callable[[], Scenario]) -> bool:
    """Return whether there is a scenario; anything but a scenario or a short, printable refusal fails."""
    started = time.process_time()
    try:
        scenario = make()
    except BadInput as refused:
        text = str(refused)
        assert 0 < len(text) < LONGEST
        assert all(line.isprintable() for line in text.splitlines()), text
        made = False
    else:
        assert len(scenario.digest) == 64
        made = True
    assert time.process_time() - started < SECONDS
    return made


def mutated(text: bytes, draw: random.Random) -> bytes:
    """Return a text with some of its bytes changed, doubled, taken out, or with something nasty put in."""
    data = bytearray(text)
    for _ in range(draw.choice((1, 1, 2, 5))):
        at = draw.randrange(len(data) + 1)
        to = min(len(data), at + draw.choice((1, 3, 20)))
        kind = draw.randrange(5)
        if kind == 0:
            data[at:to] = bytes(draw.randrange(256) for _ in range(to - at))
        elif kind == 1:
            data[at:to] = b""
        elif kind == 2:
            data[at:at] = draw.choice(PIECES)
        elif kind == 3:
            data[at:at] = bytes(data[at : at + 200])
        else:
            other = draw.choice(TEXTS)
            data[at:at] = other[draw.randrange(len(other)) :]
    return bytes(data)


def as_toml(value: Any) -> str:
    """Return a value as it could stand in a file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {as_toml(entry)}' for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return (
        str(value).lower()
        if isinstance(value, bool)
        else str(value)
        if isinstance(value, int | float)
        else f'"{value}"'
    )


def nonsense(draw: random.Random, depth: int = 2) -> Any:
    """Return a random value of any shape that TOML can hold."""
    kind = draw.randrange(7 if depth else 5)
    words = [
        "tempo",
        "date",
        "kind",
        "size",
        "leader_lost",
        "both",
        "2015-01-01",
        "".join(draw.choices(string.printable, k=6)),
    ]
    if kind < 5:
        return [
            draw.choice(words),
            draw.uniform(-2, 2),
            draw.randrange(-5, 5000),
            draw.random() < 0.5,
            draw.choice(words),
        ][kind]
    if kind == 5:
        return [nonsense(draw, depth - 1) for _ in range(draw.randrange(4))]
    return {draw.choice(words): nonsense(draw, depth - 1) for _ in range(draw.randrange(4))}


def test_files_with_mutated_bytes(tmp_path: Path) -> None:
    draw = random.Random(1)
    path = tmp_path / "fuzz.toml"
    path.write_bytes(RICH)
    assert answer(lambda: Scenario.load(path))
    made = 0
    for _ in range(1500):
        path.write_bytes(mutated(draw.choice(TEXTS), draw))
        made += answer(lambda: Scenario.load(path))
    assert 0 < made < 1500


def test_files_with_nonsense_in_their_fields(tmp_path: Path) -> None:
    draw = random.Random(2)
    path = tmp_path / "fuzz.toml"
    made = 0
    for _ in range(1000):
        fields = draw.sample(sorted(Scenario.model_fields), k=draw.choice((1, 2, 6)))
        lines = [f"{field} = {as_toml(nonsense(draw))}" for field in fields]
        path.write_text("\n".join(["why = 'x'"] * ("why" not in fields) + lines), encoding="utf-8")
        made += answer(lambda: Scenario.load(path))
    assert 0 < made < 1000


def changes(draw: random.Random) -> Iterator[dict[str, Any]]:
    for field in [*Scenario.model_fields, "unknown"]:
        for value in VALUES:
            yield {field: value}
    for _ in range(1000):
        yield {field: draw.choice(VALUES) for field in draw.sample(sorted(Scenario.model_fields), k=4)}


def test_changes_with_values_of_every_kind() -> None:
    start = Scenario.load("fragmented")
    made = [answer(lambda: start.with_changes(**change)) for change in changes(random.Random(3))]  # noqa: B023
    assert 0 < sum(made) < len(made)


@pytest.mark.parametrize("name", [value for value in VALUES if isinstance(value, str)])
def test_names_and_paths_of_every_kind(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer(lambda: Scenario.load(name))
    answer(lambda: Scenario.load(f"{name}.toml"))


@pytest.mark.parametrize(
    "bomb",
    [
        "\n".join(f"field_{number} = 1" for number in range(4000)),
        "[parameters]\n" + "\n".join(f"hours_{number} = 1" for number in range(4000)),
        "\n".join(".".join("a" * 50) + f".b{number} = 1" for number in range(300)),
        "\n".join(f"[{'.'.join('a' * 49)}.b{number}]\n{'.'.join('c' * 50)} = 1" for number in range(300)),
        "\n".join(["[[events]]"] * 5900),
        "events = [" + "{}," * 20000 + "]",
        "'" + "x" * 65000 + "' = 1",
        "levers = {'" + "x" * 65000 + "' = 1}",
        'why = "' + "\\n" * 32000 + '"',
        "authority = '" + "Leeds" * 13000 + "'",
    ],
)
def test_files_made_to_be_slow(bomb: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.toml"
    path.write_text(bomb, encoding="utf-8")
    assert path.stat().st_size <= 65536
    answer(lambda: Scenario.load(path))


WATCHED = """
import sys
from pathlib import Path
from ecology.errors import BadInput
from ecology.scenario import Scenario

folder = Path({folder!r})
hostile = sorted(folder.glob("*.toml"))
def load_all():
    for path in hostile:
        try:
            Scenario.load(path)
        except BadInput:
            pass
load_all()  # everything that is imported on demand is imported before the watch begins
events, opened = [], set()
FORBIDDEN = ("exec", "compile", "import", "subprocess.", "socket.", "os.system", "os.exec", "os.fork", "os.spawn",
             "os.remove", "os.rename", "os.mkdir", "shutil.", "ctypes.", "pickle.", "urllib.")
def watch(event, arguments):
    if event.startswith(FORBIDDEN):
        events.append((event, str(arguments)[:80]))
    if event == "open":
        opened.add((str(arguments[0]), arguments[1]))
sys.addaudithook(watch)
load_all()
found = list(events)
outside = [path for path, mode in opened if not path.startswith((str(folder), {packaged!r}))]
written = [path for path, mode in opened if mode not in ("r", "rb")]
exec("1")  # the watch is awake
open({canary!r}).close()
assert [event for event, _ in events] != [] and any(path == {canary!r} for path, _ in opened)
print(len(hostile), found, outside, written)
"""


def test_nothing_in_a_file_is_executed_and_nothing_outside_its_folder_is_opened(tmp_path: Path) -> None:
    draw = random.Random(4)
    folder = tmp_path / "folder"
    folder.mkdir()
    attacks = [
        "__import__('os').system('true')", "!!python/object/apply:os.system ['true']", "{{ 7*7 }}", "$(touch x)",
        "`touch x`", "../../../etc/passwd", "/etc/passwd", "http://localhost/x.toml", "file:///etc/passwd", "%s%n",
        "\\\\host\\x",
    ]  # fmt: skip
    fields = sorted(Scenario.model_fields)
    for number in range(400):
        attack = draw.choice(attacks)
        base = f"base = '{attack}.toml'" if number % 2 else f"{draw.choice(fields)} = '{attack}'"
        text = f"{base}\n{draw.choice(['', 'parameters = {x = 1}', 'authority = 3', 'children = 5'])}\n".encode()
        (folder / f"{number}.toml").write_bytes(text if number % 3 else mutated(RICH + text, draw))
    canary = tmp_path / "canary"
    canary.touch()
    packaged = str(files("scenarios"))
    program = textwrap.dedent(WATCHED).format(folder=str(folder), packaged=packaged, canary=str(canary))
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{program}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "400 [] [] []"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["canary", "folder"]
