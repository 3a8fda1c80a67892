"""What stands in a cell of a sheet of which nobody knows what it holds."""

from __future__ import annotations

from typing import NamedTuple


class Faulty(NamedTuple):
    """A cell that cannot be taken, and why."""

    why: str


def error_of(shown: str) -> Faulty:
    """A cell in which a spreadsheet shows an error, such as #N/A."""
    return Faulty(f"the sheet has the error {shown} there: mend or empty the cell in it")
