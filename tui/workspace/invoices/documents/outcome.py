"""What comes of writing a document: a file, or why there is none."""

from __future__ import annotations

from typing import NamedTuple


class DocumentError(Exception):
    """A document cannot be written so; the message says what is wrong and what next."""


class MissingExtra(DocumentError):
    """A library is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed: pip install 'tockdeck[{extra}]'")


class Written(NamedTuple):
    """A file, and what a person should know of it."""

    content: bytes
    said: tuple[str, ...] = ()
