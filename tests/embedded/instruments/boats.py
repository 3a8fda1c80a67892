"""What boats' instruments say: the samples, and sentences made for a test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tui.embedded.instruments.live import Heard
from tui.embedded.instruments.readings import Reading
from tui.embedded.instruments.sentences import checksum

SAMPLES = Path(__file__).parents[2] / "data" / "instruments"
BOAT = (SAMPLES / "boat.nmea").read_bytes()


def at(text: str) -> int:
    """A moment in ISO 8601 as milliseconds since 1970."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


NOON = at("2026-11-29T12:00:00Z")


def sentence(body: str) -> bytes:
    """A line of NMEA 0183 with its right checksum."""
    return f"${body}*{checksum(body):02X}\r\n".encode()


def fix(seconds: int, knots: float = 4.4) -> bytes:
    """Where the boat is, so many seconds after noon."""
    return sentence(f"GPRMC,1200{seconds:02},A,3649.1106,S,17452.0278,E,{knots},100.0,291126,,,A")


def tagged(name: str, line: bytes) -> bytes:
    """A line behind the tag block of a source."""
    body = f"s:{name}"
    return f"\\{body}*{checksum(body):02X}\\".encode() + line


def said(
    heard: Heard, chunk: bytes = b"", arrival: int = NOON, *, whole: bool = False
) -> list[Reading]:
    """What a chunk adds, by boat and type."""
    heard.feed(chunk, arrival, whole=whole)
    return [
        Reading(kind, values, stamp, "", boat)
        for boat, kinds in heard.take().items()
        for kind, samples in kinds.items()
        for stamp, values in zip(samples.stamps, zip(*samples.axes, strict=True), strict=True)
    ]
