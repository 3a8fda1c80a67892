"""A server that ends a connection on its own: for good, or to be met again."""

from __future__ import annotations

from dataclasses import dataclass

TOO_SOON = frozenset({408, 423, 425, 429})
"""Codes of the refusals' range that ask for another attempt."""


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Why, and where it says to connect again; codes are those of HTTP (riot-ingest, section 3)."""

    words: str
    code: int = 0
    reconnect_url: str = ""

    @property
    def refuses(self) -> bool:
        """Whether connecting again is pointless."""
        return 400 <= self.code < 500 and self.code not in TOO_SOON
