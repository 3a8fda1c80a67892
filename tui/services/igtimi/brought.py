"""Files of instruments into a session: a call that only the embedded Igtimi has.

It is no operation of Igtimi's documents, and so none of the registry. What it means stands in
the embedded service.
"""

from __future__ import annotations

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

    @property
    def new(self) -> int:
        """Samples that are not there yet."""
        return sum(series.new for boat in self.boats for series in boat.series)

    @property
    def nothing_new(self) -> bool:
        """Whether keeping it would change nothing: no sample, and no boat of the session."""
        return not self.new and all(boat.in_session for boat in self.boats)


async def bring_file(
    client: Igtimi, session_id: int, file: Path, *, keep: bool, day: date | None, lenient: bool
) -> BroughtFile:
    """Send a file into a session; without `keep` nothing is written.

    A second sending adds nothing twice. Raises InvalidArgument where there is no such file,
    Refused with the reason where it cannot be read, and what a transport raises.
    """
    part = file_part(file, "application/octet-stream")
    with operating():
        answer = await client.json(
            "POST",
            f"/local/sessions/{segment(session_id)}/files",
            form={
                "keep": keep,
                "lenient": lenient,
                "day": None if day is None else day.isoformat(),
            },
            files=(part,),
        )
        return single(BroughtFile, answer, "file")
