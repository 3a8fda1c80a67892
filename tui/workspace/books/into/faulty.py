"""What stands in a cell of a sheet of which nobody knows what it holds."""

from __future__ import annotations

from typing import NamedTuple


class Faulty(NamedTuple):
    """A cell that cannot be taken, and why."""

    why: str
