"""The output folder: written beside its final place and renamed when complete, so that nothing stands half-written."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ecology.errors import BadInput

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Output:
    """A folder in the making: work goes into ``partial``; ``publish`` puts it at ``final``, ``discard`` removes it."""

    final: Path
    partial: Path

    @classmethod
    def start(cls, final: Path, overwrite: bool = False) -> "Output":
        """Make the working folder. Raises BadInput if a folder is in the way or nothing can be written here."""
        final = final.absolute()
        if final.exists() and not overwrite:
            raise BadInput(f"{final} exists; give another --out, or --overwrite to replace it.")
        if final.exists() and not (final / MANIFEST).is_file():
            raise BadInput(f"{final} holds no {MANIFEST}, so this program did not make it and will not replace it.")
        old = final.with_name(final.name + ".old")
        if old.exists():
            raise BadInput(
                f"{old} is left from a run that was killed while it replaced {final}; keep of the two what you want, "
                "and remove the first."
            )
        partial = final.with_name(final.name + ".partial")
        if partial.exists():
            raise BadInput(
                f"{partial} is left from a run that was killed, or belongs to one that still goes on; "
                "remove it or give another --out."
            )
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            partial.mkdir()
        except OSError as error:
            raise BadInput(f"cannot write to {final.parent}: {error.strerror or error}.") from None
        return cls(final, partial)

    def publish(self) -> None:
        """Put the working folder in its final place; what was there goes only when the new one is complete."""
        if self.final.exists():
            old = self.final.with_name(self.final.name + ".old")
            os.replace(self.final, old)
            os.replace(self.partial, self.final)
            shutil.rmtree(old)
        else:
            os.replace(self.partial, self.final)

    def discard(self) -> None:
        """Remove the working folder."""
        shutil.rmtree(self.partial, ignore_errors=True)
