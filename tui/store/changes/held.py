"""Arguments of a change that are very many: kept beside it, and read when somebody asks for them.

An import has a thousand rows a call. Its state changes some times, and it is listed among others,
without any of that being written or read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

FROM = 8 * 1024
"""Bytes of a change from which on its arguments stand beside it."""
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Held(Mapping[str, Any]):
    """Arguments as they are kept, and as values once they were asked for."""

    __slots__ = ("_values", "kept")

    def __init__(self, kept: bytes, values: Mapping[str, Any] | None = None) -> None:
        """`kept` is JSON; `values` the same where they are known. Raises MsgspecError later."""
        self.kept = kept
        self._values = values

    @property
    def values_now(self) -> Mapping[str, Any]:
        """What is in it."""
        if self._values is None:
            self._values = _decode(self.kept)
        return self._values

    def __getitem__(self, name: str) -> Any:
        return self.values_now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_now)

    def __len__(self) -> int:
        return len(self.values_now)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Held):
            return self.kept == other.kept
        return self.values_now == other

    __hash__ = None  # type: ignore[assignment]
