"""Lines out of bytes that come torn anywhere."""

from __future__ import annotations

import re

from tui.embedded.instruments.readings import Loss, Tally

_ENDS = re.compile(rb"[\r\n\x00]+")


class Lines:
    """Whole lines, whatever they end with. A line beyond the limit is counted and left out."""

    def __init__(self, limit: int, tally: Tally) -> None:
        self._limit = limit
        self._tally = tally
        self._rest = b""
        self._overlong = False

    def feed(self, chunk: bytes) -> list[str]:
        """The lines that this chunk ends."""
        *whole, rest = _ENDS.split(self._rest + chunk)
        self._rest = rest
        found = self._kept(whole)
        if len(rest) > self._limit:
            self._rest, self._overlong = b"", True
        return found

    def end(self) -> list[str]:
        """What stands after the last end of a line: a file's last line, a datagram's only one."""
        rest, self._rest = self._rest, b""
        return self._kept([rest])

    def _kept(self, whole: list[bytes]) -> list[str]:
        found = []
        for line in whole:
            if self._overlong or len(line) > self._limit:
                self._overlong = False
                self._tally.lines += 1
                self._tally.lose(Loss.TOO_LONG)
            elif line.strip():
                self._tally.lines += 1
                # Sentences are ASCII; what is not cannot match and is counted where it is read.
                found.append(line.decode("utf-8", "replace").strip())
        return found
