"""Files of instruments into a session: a call that only the embedded Igtimi has.

It is no operation of Igtimi's documents, and so none of the registry. What it means stands in
the embedded service.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tui.services.igtimi.client import Igtimi
from tui.services.igtimi.data import file_part
from tui.services.igtimi.dialect import single
from tui.services.left_out import operating
from tui.services.reading import Milliseconds, Record
from tui.services.wire import segment


class BroughtSeries(Record, frozen=True, kw_only=True):
    """One type of a boat: how many samples, how many of them are not there yet, how often."""

    type: int
    name: str
    samples: int
    new: int
    hertz: float | None = None


class BroughtBoat(Record, frozen=True, kw_only=True):
    """One boat of a file; its serial number once it was kept, and whether the session names it."""

    name: str
    serial_number: str | None = None
    in_session: bool
    start_time: Milliseconds
    end_time: Milliseconds
    series: list[BroughtSeries]


class BroughtEvent(Record, frozen=True, kw_only=True):
    """What somebody did at a time, in words, and whether the session's log lacks it."""

    time: Milliseconds
    text: str
    new: bool


class BroughtFile(Record, frozen=True, kw_only=True):
    """What is in a file, and whether it was kept.

    `lines` counts what the file is made of, `unit` says what that is. `lost` counts by reason what
    gave no sample, `lost_words` says each reason, `passed_over` counts sentences or paths that
    have no type, `remarks` are sentences about the file as a whole.
    """

    form: str
    lines: int
    unit: str = "line"
    kept: bool
    boats: list[BroughtBoat]
    lost: dict[str, int]
    lost_words: dict[str, str]
    passed_over: dict[str, int]
    remarks: list[str] = []
    events: list[BroughtEvent] = []

    @property
    def new_events(self) -> int:
        """Notes that the session's log lacks."""
        return sum(event.new for event in self.events)

    @property
    def new(self) -> int:
        """Samples that are not there yet."""
        return sum(series.new for boat in self.boats for series in boat.series)

    @property
    def nothing_new(self) -> bool:
        """Whether keeping it would change nothing: no sample, no note, no boat of the session."""
        named = all(boat.in_session for boat in self.boats)
        return not self.new and not self.new_events and named


@dataclass(frozen=True)
class Answers:
    """What a person says of a file that it does not tell itself.

    `day`: of times without a date. `lenient`: sentences without a checksum are read, too, and
    those whose checksum is of the address only. Of Expedition's log `heading` is true or
    magnetic, `heel` starboard or port: the side that is plus.
    """

    day: date | None = None
    lenient: bool = False
    heading: str = ""
    heel: str = ""


HEADINGS = ("true", "magnetic")
SIDES = ("starboard", "port")


async def bring_file(
    client: Igtimi, session_id: int, file: Path, answers: Answers, *, keep: bool
) -> BroughtFile:
    """Send a file into a session; without `keep` nothing is written.

    A second sending adds nothing twice. Raises InvalidArgument where there is no such file,
    Refused with the reason where it cannot be read, and what a transport raises.
    """
    part = await asyncio.to_thread(file_part, file, "application/octet-stream")
    with operating():
        answer = await client.json(
            "POST",
            f"/local/sessions/{segment(session_id)}/files",
            form={
                "keep": keep,
                "lenient": answers.lenient,
                "day": None if answers.day is None else answers.day.isoformat(),
                "heading": answers.heading or None,
                "heel": answers.heel or None,
            },
            files=(part,),
        )
        return single(BroughtFile, answer, "file")
