"""What bringing a file into a table changes, row by row: what is to be sent, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Failed(NamedTuple):
    """A row that cannot be brought in: its line, the column, and why."""

    line: int
    column: str
    why: str


class Lost(NamedTuple):
    """A cell that is brought in, of which not all is kept, or which is odd."""

    line: int
    column: str
    what: str
    example: str


@dataclass
class Plan:
    """What is to be sent: rows that change by their ids, and new ones."""

    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What stands in the cells that change, by the same ids."""
    new: list[dict[str, Any]] = field(default_factory=list)
    is_data: bool = False
    """Whether the new rows are in the form in which they are sent already."""
    lines: dict[str, int] = field(default_factory=dict)
    """The lines of the file that the rows of calls come from, by the names that they have there."""
    unchanged: int = 0
    failed: list[Failed] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to be sent."""
        return not self.changed and not self.new

    @property
    def verb(self) -> str:
        """What its rows are, once they are sent: `added` where all are new, else `written`."""
        return "added" if self.new and not self.changed else "written"
