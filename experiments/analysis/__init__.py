"""What many runs say together: which inputs matter, where which regime does better, what carries the difference.

Every function here takes a unit design (rows in [0, 1], one column an input) and values of finished runs, and knows
nothing of how they were run: ``experiments.analysis.carry`` brings them together with the store.
"""
