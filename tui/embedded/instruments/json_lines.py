"""JSON documents, one a line, out of bytes that come torn anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tui.embedded.instruments.lines import Lines, text_of
from tui.embedded.instruments.readings import Loss, Reading, Tally

DOCUMENT_BYTES = 1 << 20
"""A full Signal K delta of a busy harbour has some hundred kilobytes."""

Object = dict[str, object]


class JsonLines:
    """Whole objects; what is none is counted."""

    def __init__(self, tally: Tally) -> None:
        self._lines = Lines(DOCUMENT_BYTES, tally)
        self._tally = tally

    def feed(self, chunk: bytes) -> Iterator[Object]:
        """The documents that this chunk ends."""
        return self._read(self._lines.feed(chunk))

    def end(self) -> Iterator[Object]:
        """A last document that nothing ended."""
        return self._read(self._lines.end())

    def _read(self, lines: list[bytes]) -> Iterator[Object]:
        for line in lines:
            try:
                found = json.loads(text_of(line))
            except (ValueError, RecursionError):
                found = None
            if isinstance(found, dict):
                yield found
            else:
                self._tally.lose(Loss.UNREADABLE)


class JsonReader:
    """Reads one connection or one file of documents; what each says is told by `_document`."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._lines = JsonLines(self.tally)
        self.names: dict[str, str] = {}
        """Of vessels that said theirs since somebody last looked, by boat."""

    def feed(self, chunk: bytes, _arrival: int | None = None) -> list[Reading]:
        """The readings of the documents that this chunk ends. A message needs its `end`."""
        return [found for one in self._lines.feed(chunk) for found in self._document(one)]

    def end(self) -> list[Reading]:
        """The readings of a document that nothing ended."""
        return [found for one in self._lines.end() for found in self._document(one)]

    def _document(self, document: Object) -> Iterator[Reading]:
        raise NotImplementedError


def objects(value: object) -> Iterator[Object]:
    """The objects of a list; nothing where it is none."""
    for one in value if isinstance(value, list) else []:
        if isinstance(one, dict):
            yield one


def text_at(document: Object, name: str) -> str:
    """A text of a document, without halves of characters; empty where it is none."""
    found = document.get(name)
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""
