"""A multipart body as a whole: fields and files, or a refusal.

Not through Starlette's form: that takes a body that breaks off for a complete one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from tui.embedded.timetonic.envelope import Refusal

if TYPE_CHECKING:
    # The library defines it for type checkers only.
    from python_multipart.multipart import MultipartCallbacks

MAX_PARTS = 5000
FIELD_LIMIT = 8 * 1024 * 1024
"""Bytes of all parts that are no files."""


@dataclass(frozen=True)
class Part:
    """One part; `file_name` is None for a field."""

    name: str
    file_name: str | None
    content: bytes


@dataclass
class _Reader:
    parts: list[Part] = field(default_factory=list)
    complete: bool = False
    _disposition: bytes = b""
    _header: bytes = b""
    _value: bytes = b""
    _content: bytearray = field(default_factory=bytearray)
    _fields: int = 0

    def callbacks(self) -> MultipartCallbacks:
        """What the parser is to call."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_header,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_part_data": self._on_data,
            "on_part_end": self._on_part,
            "on_end": self._on_end,
        }

    def _begin(self) -> None:
        self._disposition, self._content = b"", bytearray()

    def _on_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def _on_part(self) -> None:
        _, options = parse_options_header(self._disposition)
        name, file_name = options.get(b"name"), options.get(b"filename")
        if name is None:
            raise Refusal("invalid_encoding", "a part of the multipart body has no name")
        if file_name is None:
            self._fields += len(self._content)
        if self._fields > FIELD_LIMIT or len(self.parts) >= MAX_PARTS:
            raise Refusal("too_large", "the multipart body has too many fields")
        shown = None if file_name is None else file_name.decode()
        self.parts.append(Part(name.decode(), shown, bytes(self._content)))

    def _on_end(self) -> None:
        self.complete = True


def read_multipart(content_type: str, body: bytes) -> list[Part]:
    """All parts. Raises Refusal for a body that is broken, incomplete or no UTF-8."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise Refusal("invalid_encoding", "the multipart body names no boundary")
    reader = _Reader()
    try:
        parser = MultipartParser(boundary, reader.callbacks())
        parser.write(body)
        parser.finalize()
    except UnicodeDecodeError:
        raise Refusal("invalid_encoding", "the names of the parts are not valid UTF-8") from None
    except FormParserError:
        raise Refusal("invalid_encoding", "the multipart body cannot be read") from None
    if not reader.complete:
        raise Refusal("invalid_encoding", "the multipart body breaks off")
    return reader.parts
