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

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that this chunk ends."""
        said = self._rest + chunk if self._rest else chunk
        if said.endswith(b"\n") and not self._overlong and b"\0" not in said:
            # Nearly all datagrams: whole lines, and hardly ever one that is too long.
            lines = said.splitlines()
            if len(said) <= self._limit or max(map(len, lines)) <= self._limit:
                self._rest = b""
                found = list(filter(None, map(bytes.strip, lines)))
                self._tally.lines += len(found)
                return found
        *whole, rest = _ENDS.split(said)
        self._rest = rest
        found = self._kept(whole)
        if len(rest) > self._limit:
            self._rest, self._overlong = b"", True
        return found

    def end(self) -> list[bytes]:
        """What stands after the last end of a line: a file's last line, a datagram's only one."""
        if not self._rest and not self._overlong:
            return []
        rest, self._rest = self._rest, b""
        return self._kept([rest])

    def _kept(self, whole: list[bytes]) -> list[bytes]:
        found = []
        for line in whole:
            if self._overlong or len(line) > self._limit:
                self._overlong = False
                self._tally.lines += 1
                self._tally.lose(Loss.TOO_LONG)
            elif stripped := line.strip():
                self._tally.lines += 1
                found.append(stripped)
        return found


def text_of(line: bytes) -> str:
    """A line as text. Sentences are ASCII: what is not cannot match, and is counted then."""
    return line.decode("utf-8", "replace").strip()
