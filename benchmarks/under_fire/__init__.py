"""Batches under fire: workers and drivers are killed, bits flipped, disks filled, and what survives is counted.

``python -m benchmarks.under_fire`` prints a line a trial, with counts and upper bounds; see ``docs/reliability.md``.
"""
