import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from ecology.errors import BadInput
from ecology.lever_tables import presets
from ecology.scenario import Scenario
from ecology.scenario_file import Source
from ecology.scenario_pressure import pressure, pressure_names, read_pressure

SCENARIOS = Path(str(files("scenarios")))
WHY = 'why = "To see."\n'


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(path: Path | str) -> str:
    with pytest.raises(BadInput) as caught:
        Scenario.load(path)
    return str(caught.value)


# What is packaged --------------------------------------------------------------------------------------------------


def test_all_seven_regimes_and_the_neutral_one_are_packaged() -> None:
    assert set(Scenario.names()) == {*presets(), "neutral_orchestrated", "joint_inspection"}
    for regime in presets():
        scenario = Scenario.load(regime)
        assert (scenario.name, scenario.regime, scenario.levers) == (regime, regime, {})


@pytest.mark.parametrize("name", Scenario.names())
def test_every_packaged_scenario_says_why_and_starts_from_the_same_world(name: str) -> None:
    scenario = Scenario.load(name)
    assert len(scenario.why.split()) > 10
    assert scenario.past_digest == Scenario.load("accountable_without_levers").past_digest
    assert (scenario.authority, scenario.pressure, scenario.switch_week, scenario.weeks) == ("England", "both", 0, 520)


def test_the_four_pressures_are_what_they_say() -> None:
    worlds = {name: pressure(name) for name in pressure_names()}
    courses = {name: (world.budgets, world.population, world.poverty) for name, world in worlds.items()}
    assert courses == {
        "austerity": ("published", "held", "held"),
        "rising_demand": ("held", "published", "published"),
        "both": ("published", "published", "published"),
        "none": ("held", "held", "held"),
    }
    assert [name for name in pressure_names() if pressure(name).holds_everything] == ["none"]


def test_a_pressure_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.toml", 'why = ""\nbudget = "held"\npopulation = "rising"\npoverty = 1\n')
    with pytest.raises(BadInput) as caught:
        read_pressure(Source("mine.toml", "mine", path))
    text = str(caught.value)
    missing = ("'budget': no such field. Did you mean budgets?", "budgets: is missing", "why: must be a text")
    for needed in (*missing, "population: must be one of", "poverty: must be one of"):
        assert f"mine.toml: {needed}" in text
    with pytest.raises(BadInput, match="Did you mean both"):
        pressure("booth")


def test_an_unknown_scenario_is_refused_with_the_nearest_and_all_names() -> None:
    text = refusal("orchestated")
    assert text.startswith("'orchestated': no such scenario. Did you mean orchestrated?")
    assert all(name in text for name in Scenario.names())
    assert "ending in .toml" in text


# A file ------------------------------------------------------------------------------------------------------------


def test_the_example_of_the_readme_is_a_scenario(tmp_path: Path) -> None:
    text = (SCENARIOS / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    scenario = Scenario.load(write(tmp_path, "mine.toml", example))
    assert (scenario.name, scenario.base) == ("mine", "fragmented")
    assert (scenario.authority, scenario.switch_week) == ("Leeds", 208)
    assert set(re.findall(r"^\| `(\w+)` \| [^|]*\| [^|]*\|$", text, flags=re.MULTILINE)) >= set(Scenario.model_fields)


def test_the_order_of_a_file_does_not_matter(tmp_path: Path) -> None:
    one = "years = 5\n[levers]\ntempo = 0.5\ndelegation = 1\n[failure_modes]\ngaming = false\nbottleneck = false\n"
    two = "failure_modes = {bottleneck=false, gaming=false}\nlevers.delegation=1.0\nlevers.tempo = 5e-1\nyears = 0x5\n"
    scenarios = [Scenario.load(write(tmp_path, f"{name}.toml", WHY + text)) for name, text in (("a", one), ("b", two))]
    assert scenarios[0].digest == scenarios[1].digest
    assert [scenario.name for scenario in scenarios] == ["a", "b"]


def test_every_fault_of_a_file_names_the_file_and_the_field(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.toml", "years = 11\nregime = 'x'\n[levers]\nshared_recrod = 1\ntempo = 2\n")
    lines = refusal(path).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        [str(path), field] for field in ("why", "regime", "levers.shared_recrod", "levers.tempo", "years")
    ]
    assert f"{path}: levers.shared_recrod: no such lever. Did you mean shared_record? There are: common" in lines[2]


def test_changes_are_made_to_the_file_and_checked(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.toml", WHY + "years = 5\n")
    assert Scenario.load(path, years=6, authority="Leeds").weeks == 312
    with pytest.raises(BadInput, match=r"^authority: 'Leds': no such authority\. Did you mean Leeds\?"):
        Scenario.load(path, authority="Leds")


@pytest.mark.parametrize(
    ("content", "needed"),
    [
        (b"", "why: is missing"),
        (b"why = 'x'\n\nyears = = 3", "not valid TOML: Invalid value (at line 3, column 9)"),
        (b"why = 'x'\nwhy = 'y'\n\n", "not valid TOML: Cannot overwrite a value (at line 2"),
        (b"why = 'x'\nname = '\xff'", "line 2 is not UTF-8"),
        ("why = 'x'".encode("utf-16"), "line 1 is not UTF-8"),
        (b"\xef\xbb\xbfwhy = 'x'", "begins with a byte order mark"),
        (b"why = 'x'\nname = 'a\0b'", "line 2 holds a NUL byte"),
        (b"why = '" + b"x" * 65536 + b"'", "is larger than 65536 bytes"),
        (b"x = " + b"[" * 60000, "tables or lists are nested too deep"),
        (b"x = " + b"{a = " * 5000, "tables or lists are nested too deep"),
        (b"x = " + b"9" * 60000, "not valid TOML: Exceeds the limit"),
        (b".".join([b"a"] * 20000) + b" = 1", "line 1 holds more than 50 dots"),
        (b"years = 0x" + b"f" * 60000, "years: a number of thousands of digits lies outside"),
        (b"switch_date = 2010-02-30", "not valid TOML: Invalid date or datetime (at line 1"),
        (b"switch_date = 2010-04-01T00:00:00Z", "switch_date: must be a date such as 2010-04-01"),
        (b'why = "\\u001b[2J"', "why: holds control characters"),
        (b'"\\u001b[2J" = 1', "'\\x1b[2J': no such field"),
        (b"levers = 3", "levers: must be a table, not 3"),
        (b"levers = [1]", "levers: must be a table, not a list"),
        (b"events = {}", "events: must be a list of tables"),
        (b"name = '../../etc/passwd'", "name: '../../etc/passwd' must be small letters"),
        (b"parameters.a.b.c = 1", "parameters.a: no such parameter"),
        (b"base = 3", "base: must be the name of a scenario"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_in_a_sentence(tmp_path: Path, content: bytes, needed: str) -> None:
    path = write(tmp_path, "mine.toml", content)
    text = refusal(path)
    assert f"{path}: {needed}" in text
    assert all(line.isprintable() for line in text.splitlines())


def test_what_is_no_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert f"{tmp_path}: is a folder" in refusal(tmp_path)
    assert "there is no such file. Scenarios known by name: accountable" in refusal(tmp_path / "none.toml")
    assert "cannot be read: File name too long" in refusal(tmp_path / ("x" * 5000 + ".toml"))
    assert "cannot be read: embedded null byte" in refusal("a\0b.toml")
    assert "cannot be read: Not a directory" in refusal(write(tmp_path, "a.toml", WHY) / "b.toml")
    if Path("/dev/zero").exists():
        assert "/dev/zero: is not an ordinary file" in refusal("/dev/zero")
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert "cannot be read" in refusal(loop)


# Bases -------------------------------------------------------------------------------------------------------------


def test_a_file_departs_from_its_base_table_by_table(tmp_path: Path) -> None:
    write(tmp_path, "first.toml", WHY + 'name = "one"\nregime = "orchestrated"\nyears = 4\nlevers.tempo = 0.1\n')
    write(tmp_path, "deep/../second.toml", WHY + 'base = "first.toml"\nyears = 5\nlevers.delegation = 0.3\n')
    path = write(tmp_path, "third.toml", 'why = "Last."\nbase = "second.toml"\nlevers.tempo = 0.2\n')
    scenario = Scenario.load(path)
    assert (scenario.name, scenario.why, scenario.base) == ("third", "Last.", "second.toml")
    assert (scenario.regime, scenario.years) == ("orchestrated", 5)
    assert scenario.levers == {"tempo": 0.2, "delegation": 0.3}
    changed = scenario.with_changes(years=6)
    assert (changed.base, changed.levers) == ("second.toml", scenario.levers)
    same = Scenario(name="x", why="y", regime="orchestrated", years=5, levers={"delegation": 0.3, "tempo": 0.2})
    assert same.digest == scenario.digest


def test_a_base_says_why_for_itself(tmp_path: Path) -> None:
    write(tmp_path, "first.toml", "years = 5\n")
    path = write(tmp_path, "second.toml", WHY + 'base = "first.toml"\n')
    assert refusal(path) == f"{path}: base: first.toml: why: is missing."
    assert (
        refusal(write(tmp_path, "third.toml", 'base = "fragmented"\n'))
        == f"{tmp_path / 'third.toml'}: why: is missing."
    )


def test_faults_of_a_base_and_of_the_file_are_reported_together(tmp_path: Path) -> None:
    write(tmp_path, "first.toml", WHY + "levers.tempo = 2\n")
    path = write(tmp_path, "second.toml", WHY + 'base = "first.toml"\nlevers.delegation = 3\n')
    first, second = refusal(path).splitlines()
    assert first.startswith(f"{path}: base: first.toml: levers.tempo: must be")
    assert second.startswith(f"{path}: levers.delegation: must be")


def test_a_circle_of_bases_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.toml", WHY + 'base = "b.toml"\n')
    write(tmp_path, "b.toml", WHY + 'base = "./a.toml"\n')
    assert "builds on itself: a → b → a" in refusal(path)
    assert "builds on itself: c → c" in refusal(write(tmp_path, "c.toml", WHY + 'base = "c.toml"\n'))


def test_a_long_chain_of_bases_is_refused_and_a_short_one_is_not(tmp_path: Path) -> None:
    write(tmp_path, "s0.toml", WHY)
    for number in range(1, 10):
        write(tmp_path, f"s{number}.toml", WHY + f'base = "s{number - 1}.toml"\n')
    assert Scenario.load(tmp_path / "s8.toml").base == "s7.toml"
    assert "more than 8 bases build on one another" in refusal(tmp_path / "s9.toml")


@pytest.mark.parametrize(
    "base", ["../secret.toml", "/etc/passwd", "sub/../../secret.toml", "link.toml", "out/secret.toml"]
)
def test_a_base_outside_the_folder_is_refused_unread(tmp_path: Path, base: str) -> None:
    write(tmp_path, "secret.toml", WHY)
    folder = tmp_path / "mine"
    path = write(folder, "mine.toml", WHY + f'base = "{base}"\n')
    (folder / "link.toml").symlink_to(tmp_path / "secret.toml")
    (folder / "out").symlink_to(tmp_path)
    assert f"{path}: base: {base} lies outside the folder of this file; copy it there." == refusal(path)


def test_an_unknown_base_is_refused_with_names(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.toml", WHY + 'base = "fragmanted"\n')
    assert refusal(path).startswith(f"{path}: base: 'fragmanted': no such scenario. Did you mean fragmented?")
    path = write(tmp_path, "mine.toml", WHY + 'base = "gone.toml"\n')
    assert refusal(path).startswith(f"{path}: base: gone.toml: there is no such file.")


def test_a_file_in_a_folder_below_can_be_a_base(tmp_path: Path) -> None:
    write(tmp_path, "sub/first.toml", WHY + "years = 3\n")
    assert Scenario.load(write(tmp_path, "mine.toml", WHY + 'base = "sub/first.toml"\n')).years == 3


# Scripts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["compare_two_regimes.py", "change_one_lever.py"])
def test_the_scripts_run_as_they_stand(script: str, tmp_path: Path) -> None:
    run = f"runpy.run_path({str(SCENARIOS / script)!r}, run_name='__main__')"
    command = [sys.executable, "-c", f"import sys, runpy; sys.path[:0] = {sys.path!r}; {run}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert "illustrative, not calibrated" in done.stdout
    assert "harm" in done.stdout
    assert list(tmp_path.iterdir()) == []
