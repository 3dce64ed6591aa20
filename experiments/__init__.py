"""Experiments with the simulated world of ``ecology``: comparisons, statistics, report page, command line."""
