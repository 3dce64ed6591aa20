"""Calibration: what England published, which parameters may move to meet it, and the ensemble that was left."""
