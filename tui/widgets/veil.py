"""What was kept of the last frame, standing where panes have nothing to show yet."""

from __future__ import annotations

import re

_MOVE = re.compile(r"(\x1b\[[0-9]+;[0-9]+H)")
_ROW = re.compile(r"\x1b\[([0-9]+)")


class Veil:
    """The lines of the terminal that no frame touches until it is lifted: all but the first, in
    which the tabs are, and the last, which has the keys. Those are true from the first frame on.
    """

    def __init__(self) -> None:
        self._rows = range(0)

    @property
    def is_there(self) -> bool:
        """Whether it lies over anything."""
        return bool(self._rows)

    def lay(self, height: int) -> None:
        """Lay it over a terminal of so many lines."""
        self._rows = range(2, height)

    def lift(self) -> None:
        """Have every frame from now on touch all lines."""
        self._rows = range(0)

    def seen(self, frame: str) -> str:
        """What of a frame lies in no line that is covered; where it leaves the cursor stays."""
        return self._part(frame, covered=False) if self._rows else frame

    def covered(self, frame: str) -> str:
        """What of a frame lies in lines that are covered."""
        return self._part(frame, covered=True)

    def _part(self, frame: str, *, covered: bool) -> str:
        parts = _MOVE.split(frame)
        found = [] if covered else [parts[0]]
        for move, content in zip(parts[1::2], parts[2::2], strict=True):
            row = _ROW.match(move)
            assert row is not None
            lies_below = bool(content) and int(row[1]) in self._rows
            if lies_below == covered:
                found.append(move + content)
        return "".join(found)
