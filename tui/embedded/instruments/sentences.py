"""One line of NMEA 0183: what stands before the sentence, its checksum, its fields.

Section 3 of reference/instruments.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache

import msgspec

from tui.embedded.instruments.readings import Loss, Tally

FOLDED = 128
"""Bytes that `folded` takes at once."""

_SUM = re.compile(r"[0-9A-Fa-f]{2}", re.ASCII)
_TAG = re.compile(r"(?P<body>[^*]*)\*(?P<sum>[0-9A-Fa-f]{2})", re.ASCII)
_EPOCH = re.compile(r"\d{10}|\d{13}", re.ASCII)
_ADDRESS = re.compile(r"[A-Z][A-Z0-9]{2,9}", re.ASCII)


class Checksum(Enum):
    """What a sentence's checksum says; the middle two may be accepted where a person says so."""

    GOOD = "good"
    MISSING = "missing"
    OF_ADDRESS = "of the address letters only"
    WRONG = "wrong"


class Sentence(msgspec.Struct, frozen=True):
    """Talker, name (`RMC`) and fields. `before` is the time that a logger or TAG block gave it."""

    start: str
    talker: str
    name: str
    fields: tuple[str, ...]
    checksum: Checksum
    source: str = ""
    before: int | None = None

    def at(self, place: int) -> str:
        """A field; empty where the sentence has fewer."""
        return self.fields[place] if place < len(self.fields) else ""


def checksum(body: str) -> int:
    """The XOR of all characters."""
    raw = body.encode("utf-8", "replace")
    found = 0
    for place in range(0, len(raw), FOLDED):
        found ^= folded(raw[place : place + FOLDED])
    return found


def folded(raw: bytes) -> int:
    """The XOR of up to 128 bytes: halves upon each other, all bytes of a half at a time.

    What stands above the half is left there: nothing of it ever reaches the last byte twice.
    """
    found = int.from_bytes(raw, "big")
    found ^= found >> 512
    found ^= found >> 256
    found ^= found >> 128
    found ^= found >> 64
    found ^= found >> 32
    found ^= found >> 16
    return (found ^ found >> 8) & 0xFF


def is_address(text: str) -> bool:
    """Whether it can be a talker and a sentence's name."""
    return _ADDRESS.fullmatch(text) is not None


def moment(text: str) -> int | None:
    """UTC milliseconds of an ISO time with its zone, or of UNIX seconds or milliseconds."""
    if _EPOCH.fullmatch(text):
        return int(text) * (1000 if len(text) == 10 else 1)
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            return None
        return round((found - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    except (ValueError, OverflowError):
        return None


def read_sentence(line: str, tally: Tally) -> Sentence | None:
    """The last sentence of a line; None, and counted, where there is none."""
    place = max(line.rfind("$"), line.rfind("!"))
    body, star, given = line[place + 1 :].partition("*")
    given = given.strip()
    whole = place >= 0 and body.isascii() and body.isprintable()
    if not whole or (star and not _SUM.fullmatch(given)):
        tally.lose(Loss.NO_SENTENCE)
        return None
    address, *fields = body.split(",")
    if not is_address(address):
        tally.lose(Loss.NO_SENTENCE)
        return None
    source, before = in_front(line[:place].strip(), tally)
    kept = address.startswith("P")
    return Sentence(
        line[place],
        "P" if kept else address[:-3],
        address if kept else address[-3:],
        tuple(map(str.strip, fields)),
        _judged(body, address, given),
        source,
        before,
    )


def _judged(body: str, address: str, given: str) -> Checksum:
    if not given:
        return Checksum.MISSING
    wanted = int(given, 16)
    if wanted == checksum(body):
        return Checksum.GOOD
    return Checksum.OF_ADDRESS if wanted == checksum(address) else Checksum.WRONG


def in_front(text: str, tally: Tally) -> tuple[str, int | None]:
    """Source and time of a TAG block, or the time of a logger."""
    if not text:
        return "", None
    if text.count("\\") < 2:
        if "$" in text or "!" in text:
            tally.lose(Loss.RUN_TOGETHER)
        return "", moment(text)
    _, block, _ = text.rsplit("\\", 2)
    said = _tag(block)
    if said is None:
        tally.lose(Loss.TAG)
        return "", None
    return said


@lru_cache(maxsize=256)
def _tag(block: str) -> tuple[str, int | None] | None:
    """Source and time of a TAG block; None where it is none. Boats say the same ones again."""
    found = _TAG.fullmatch(block)
    if found is None or int(found["sum"], 16) != checksum(found["body"]):
        return None
    said = dict(part.partition(":")[::2] for part in found["body"].split(","))
    return said.get("s", "")[:32], moment(said.get("c", ""))
