"""The report page of a comparison: one file that needs nothing else, written for people who advise on policy."""

from experiments.report.page import write_page

__all__ = ["write_page"]
