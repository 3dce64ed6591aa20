"""Designs for sensitivity, in the unit cube: Morris trajectories and Saltelli blocks, with the luck each row meets.

Every row of a block meets the same seeds, so that an input that does nothing changes nothing, to the last bit. Blocks
differ in their seeds. The first row of each block is run once more with other seeds: what then changes is luck, and
what the ensemble draws by seed and the design does not vary.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ecology.errors import BadInput
from experiments.analysis.settings import setting

MORRIS, SOBOL = "morris", "sobol"
THE_REST = "the rest"


@dataclass(frozen=True)
class Inputs:
    """The inputs of a design: their names and the group to which each belongs (its own name, if to none)."""

    names: tuple[str, ...]
    groups: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what SALib would take in silence and answer wrongly."""
        if len(self.names) != len(self.groups):
            raise BadInput(f"{len(self.names)} inputs and {len(self.groups)} groups: each input belongs to one group.")
        if len(set(self.names)) < len(self.names):
            twice = next(name for name in self.names if self.names.count(name) > 1)
            raise BadInput(f"input {twice} stands twice; name each input once.")

    @property
    def group_names(self) -> tuple[str, ...]:
        """The groups, in the order in which they first appear."""
        return tuple(dict.fromkeys(self.groups))

    @property
    def problem(self) -> dict[str, Any]:
        """The problem as SALib wants it. SALib writes into it, so each call gets its own."""
        bounds = [[0.0, 1.0] for _ in self.names]
        problem: dict[str, Any] = {"num_vars": len(self.names), "names": list(self.names), "bounds": bounds}
        if self.groups != self.names:
            problem["groups"] = list(self.groups)
        return problem

    def only(self, chosen: Sequence[str]) -> "Inputs":
        """Return the same inputs with the groups not chosen put together in one, ``the rest``."""
        return Inputs(self.names, tuple(group if group in chosen else THE_REST for group in self.groups))


@dataclass(frozen=True)
class BlockDesign:
    """A design of blocks of equal size. ``unit`` has shape (blocks × block size, inputs), all within 0 to 1.

    ``left_out`` holds the numbers of blocks that are no longer part of it; the others keep their rows and seeds.
    """

    kind: str
    inputs: Inputs
    whole: np.ndarray
    block_size: int
    seeds_a_block: int
    first_seed: int = 1
    left_out: frozenset[int] = frozenset()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the blocks, from 0, without those left out."""
        return [block for block in range(len(self.whole) // self.block_size) if block not in self.left_out]

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return len(self.numbers)

    @property
    def rows(self) -> np.ndarray:
        """The number of each row, block after block."""
        first = np.array(self.numbers, dtype=int)[:, None] * self.block_size
        return (first + np.arange(self.block_size)).ravel()

    @property
    def unit(self) -> np.ndarray:
        """The rows themselves: shape (blocks × block size, inputs)."""
        return self.whole[self.rows]

    def seeds(self, block: int, other: bool = False) -> list[int]:
        """Return the seeds of a block's rows, or the ``other`` ones, with which its first row is run once more.

        The others follow after those of all blocks, so that either go through every member of an ensemble.
        """
        blocks = len(self.whole) // self.block_size
        first = self.first_seed + (block + blocks * other) * self.seeds_a_block
        return list(range(first, first + self.seeds_a_block))

    def runs(self) -> list[tuple[int, int]]:
        """Return (row, seed) of every row, in order: the seeds of a row stand together."""
        return [(row, seed) for row in self.rows.tolist() for seed in self.seeds(row // self.block_size)]

    def repeats(self) -> list[tuple[int, int]]:
        """Return (row, seed) of the first row of each block with its other seeds."""
        return [(block * self.block_size, seed) for block in self.numbers for seed in self.seeds(block, other=True)]

    @property
    def firsts(self) -> np.ndarray:
        """Where in ``unit`` the blocks begin."""
        return np.arange(self.blocks) * self.block_size

    def without(self, rows: Collection[int]) -> "BlockDesign":
        """Return this design without the blocks of some rows. Raises BadInput if fewer than two blocks are left."""
        left = replace(self, left_out=self.left_out | {row // self.block_size for row in rows})
        if not left.blocks > 1:
            raise BadInput(f"{self.kind}: runs of {len(left.left_out)} blocks failed and fewer than 2 blocks are left.")
        return left

    def told(self, regimes: int) -> str:
        """Return the number of runs as a sentence, to be said before they start."""
        pairs = len(self.runs()) + len(self.repeats())
        groups = len(self.inputs.group_names)
        return (
            f"{self.kind.capitalize()}: {len(self.unit)} points ({self.blocks} blocks of {self.block_size} for "
            f"{groups} groups of {len(self.inputs.names)} inputs), {self.seeds_a_block} seed(s) a block, "
            f"{len(self.repeats())} repeats with other luck: {pairs} pasts, {pairs * regimes} runs."
        )


def morris_design(inputs: Inputs, trajectories: int, seeds_a_block: int = 1, first_seed: int = 1) -> BlockDesign:
    """Return Morris trajectories over the groups; each is a block. Raises BadInput for fewer than two of either."""
    from SALib.sample.morris import morris

    _refuse_too_few(inputs, trajectories, "trajectories")
    _refuse_seeds(seeds_a_block, first_seed)
    unit = morris.sample(inputs.problem, trajectories, num_levels=setting("morris", "levels"), seed=_seed())
    return BlockDesign(MORRIS, inputs, unit, len(inputs.group_names) + 1, seeds_a_block, first_seed)


def sobol_design(inputs: Inputs, blocks: int, seeds_a_block: int = 1, first_seed: int = 1) -> BlockDesign:
    """Return Saltelli's design with second order over the groups. Raises BadInput if blocks is no power of two."""
    from SALib.sample import sobol

    _refuse_too_few(inputs, blocks, "blocks")
    _refuse_seeds(seeds_a_block, first_seed)
    refuse_blocks(blocks)
    unit = sobol.sample(inputs.problem, blocks, calc_second_order=True, seed=_seed())
    return BlockDesign(SOBOL, inputs, unit, 2 * len(inputs.group_names) + 2, seeds_a_block, first_seed)


def refuse_blocks(blocks: int) -> None:
    """Raise BadInput for a number of blocks that Sobol's sequence cannot have."""
    if not blocks > 1:
        raise BadInput(f"blocks: {blocks} is not enough; at least 2 are needed, and intervals need many more.")
    if blocks & (blocks - 1):
        raise BadInput(
            f"blocks: {blocks} is no power of two, as Sobol's sequence needs; take {1 << blocks.bit_length()}."
        )


def _seed() -> int:
    """Return the seed of designs. SALib takes 0 for none, so 0 is refused."""
    seed = int(setting("all", "seed"))
    if seed == 0:
        raise BadInput("settings.toml, all.seed: 0 is no seed for SALib, so that nothing could be repeated; give 1.")
    return seed


def _refuse_too_few(inputs: Inputs, number: int, what: str) -> None:
    if not len(inputs.group_names) > 1:
        raise BadInput("at least two groups of inputs are needed: with one there is nothing to tell apart.")
    if not number > 1:
        raise BadInput(f"{what}: {number} is not enough; at least 2 are needed, and intervals need many more.")


def _refuse_seeds(seeds_a_block: int, first_seed: int) -> None:
    if not seeds_a_block > 0 or first_seed < 0:
        raise BadInput(
            f"{seeds_a_block} seeds a block from seed {first_seed}: at least one seed is needed, from 0 or later."
        )
