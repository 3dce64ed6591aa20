"""``ecology export``: a study of a store as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from experiments.store import Store


@click.command()
@click.argument("path", metavar="STORE", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder that does not exist yet.")
@click.option("--name", help="Which study, if the store holds several.")
@click.option("--overwrite", is_flag=True, help="Replace an earlier output folder when the new one is complete.")
def export(path: Path, out: Path, name: str | None, overwrite: bool) -> None:
    """Write a study of a run store as files, also while it is still being run.

    Writes points.csv, outcomes.csv, differences.csv, failed.csv (with yearly.csv if it was kept), the same as Parquet
    where pyarrow is installed, a picture of the differences (differences.svg, differences.png) and manifest.json.

    \b
    Example:
      ecology export leeds.sqlite --out leeds-tables
    """
    from experiments.inventory import chosen
    from experiments.store import Store

    with Store(path, create=False, write=False) as store:
        leave(store, chosen(store, name), out, overwrite)


def usable(out: Path, study: str) -> None:
    """Raise BadInput if a folder is in the way that does not hold earlier files of this study."""
    import json

    from ecology.errors import BadInput
    from experiments.output import MANIFEST

    try:
        known = json.loads((out / MANIFEST).read_text(encoding="utf-8")).get("study") if out.exists() else study
    except (OSError, ValueError):
        known = None
    if known != study:
        raise BadInput(f"{out} exists and holds no results of the study {study}; give another --out.")


def leave(store: "Store", study: str, out: Path, overwrite: bool) -> None:
    """Write the files of a study and say where they are."""
    from experiments.export import export as write

    remark = write(store, study, out, overwrite)
    if remark:
        click.echo(remark, err=True)
    click.echo(out / "outcomes.csv")
