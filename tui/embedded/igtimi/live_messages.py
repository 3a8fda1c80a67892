"""The live feed's messages: from a step to JSON arrays (reference/igtimi.md section 1.5).

Each burst is encoded once a step, however many connections want it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from tui.embedded.igtimi.blocks import Series
from tui.embedded.igtimi.data_types import ALTITUDE, DATA_TYPES, POSITION, QUALITY, SATELLITES
from tui.embedded.igtimi.fleet import Burst, Step
from tui.embedded.igtimi.riot_messages import (
    LIVE_ONLY,
    LIVE_PERSISTENT,
    Columns,
    encode_message,
)

FIX = frozenset({POSITION, QUALITY, SATELLITES, ALTITUDE})
"""Types that come together with the position."""

NUMBERS = frozenset(number for number, kind in DATA_TYPES.items() if not kind.is_text)

_SPLIT_ONE_IN = 7
_LARGEST_MESSAGE = 1 << 18


_encoder = msgspec.json.Encoder()

Piece = tuple[str, bytes]
"""Serial number and one object of an array, encoded."""


_key = lru_cache(maxsize=1024)(lambda kind, source: Series("", kind, source).key)


def _encoded(burst: Burst, *, fix: bool | None = None) -> bytes | None:
    """A burst as one object: all of it, only the fix, or only the rest."""
    wanted = {
        key: column
        for key, column in burst.columns.items()
        if fix is None or (key[0] in FIX) == fix
    }
    if not wanted:
        return None
    series: dict[str, dict[str, object]] = {}
    text = False
    for (kind, source), column in wanted.items():
        text = text or kind not in NUMBERS
        axes = series[_key(kind, source)] = {"t": column.stamps}
        for number, axis in enumerate(column.axes, 1):
            axes[str(number)] = axis
    content = _encoder.encode(series)
    if text or b"-0.0" in content:
        whole = {_key(*key): column.wire() for key, column in wanted.items()}
        return _encoder.encode({burst.serial: whole})
    # The same as `wire` of each column, whose look at each value costs more than all the rest.
    content = content.replace(b".0,", b",").replace(b".0]", b"]")
    return b"{%b:%b}" % (_encoder.encode(burst.serial), content)


def _columns(burst: Burst, fix: bool) -> Columns:
    return {key: column for key, column in burst.columns.items() if (key[0] in FIX) == fix}


def _service(burst: Burst) -> int:
    return LIVE_PERSISTENT if burst.stored else LIVE_ONLY


def _is_split(burst: Burst) -> bool:
    """Whether this unit's speed and the like come in a message of their own this time."""
    stamp = next(iter(burst.columns.values())).stamps[0]
    return (stamp // 100 + sum(burst.serial.encode())) % _SPLIT_ONE_IN == 0


class StepMessages:
    """The messages of one step, for any set of serial numbers."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._arrays: list[list[Piece]] | None = None
        self._texts: dict[frozenset[str], list[str]] = {}
        self._binaries: list[tuple[str, bytes]] | None = None

    def texts(self, serials: frozenset[str]) -> list[str]:
        """The text frames for a connection that wants these units."""
        found = self._texts.get(serials)
        if found is None:
            if self._arrays is None:
                self._arrays = self._encode()
            found = [text for array in self._arrays for text in _texts(array, serials)]
            self._texts[serials] = found
        return found

    def binaries(self, serials: frozenset[str]) -> list[bytes]:
        """The binary frames of the other dialect: the position first, then the rest."""
        if self._binaries is None:
            self._binaries = [
                (burst.serial, encode_message(burst.serial, columns, service=_service(burst)))
                for burst in self._step.live
                for fix in (True, False)
                if (columns := _columns(burst, fix))
            ]
        return [message for serial, message in self._binaries if serial in serials]

    def _encode(self) -> list[list[Piece]]:
        if self._step.messages is not None:
            return [
                [(burst.serial, piece) for burst in array if (piece := _encoded(burst))]
                for array in self._step.messages
            ]
        now: list[Piece] = []
        late: list[Piece] = []
        for burst in self._step.live:
            for fix in (True, False):
                piece = _encoded(burst, fix=fix)
                if piece is not None:
                    # The position comes first; what has the same stamp may come in the same
                    # array as a second object, or in the next message.
                    is_late = not fix and _is_split(burst)
                    (late if is_late else now).append((burst.serial, piece))
        return [now, late]


def _texts(array: Iterable[Piece], serials: frozenset[str]) -> Iterable[str]:
    pieces: list[bytes] = []
    length = 0
    for serial, piece in array:
        if serial not in serials:
            continue
        if pieces and length + len(piece) > _LARGEST_MESSAGE:
            yield _array(pieces)
            pieces, length = [], 0
        pieces.append(piece)
        length += len(piece)
    if pieces:
        yield _array(pieces)


def _array(pieces: list[bytes]) -> str:
    return (b"[" + b",".join(pieces) + b"]").decode()
