"""Measurements of speed and memory. They report; they never gate."""
