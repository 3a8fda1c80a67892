"""What the verbs of the live feed share: what to watch, how to print it, how it goes."""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import os
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from difflib import get_close_matches
from select import select

from tui.cli.narration import narrate
from tui.cli.numbers import number_within, whole_number
from tui.cli.output import OutputFailed, ReaderGone
from tui.live.export import CSV_HEADER, EARLIEST, LATEST, Row, csv_row, json_line
from tui.live.feed import Feed, FeedState, Phase
from tui.live.line_protocol import influx_line
from tui.live.units import SpeedUnit, bearing, from_kmh, relative
from tui.services.errors import ConnectionFailed, NotFound, ServiceError
from tui.words import counted, were
from tui.workspace.live.export import NAMES, cell, left_undated
from tui.workspace.live.live import TYPES, DataType, LiveRoom, type_of
from tui.workspace.live.sources import Source, address_text, out_of_reach, stands
from tui.workspace.live.stream import StreamStore
from tui.workspace.problems import OptionError
from tui.workspace.text import clean

CHUNK = 4096
"""Bytes that a pipe takes at once without making anybody wait (POSIX: at least 512)."""


def add_type_argument(parser: argparse.ArgumentParser) -> None:
    """--type."""
    parser.add_argument(
        "--type",
        action="append",
        default=[],
        metavar="TYPE",
        help="data type by number or short name, such as SOG; may be repeated (default: all)",
    )


def add_choice_arguments(parser: argparse.ArgumentParser) -> None:
    """Which devices of which account."""
    parser.add_argument(
        "--device",
        action="append",
        default=[],
        metavar="DEVICE",
        help="serial number or name; may be repeated (default: every device of the account)",
    )
    parser.add_argument(
        "--session", type=whole_number(), metavar="ID", help="the devices of a session"
    )


def add_form_arguments(parser: argparse.ArgumentParser) -> None:
    """In which form samples are printed."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--plain", action="store_true", help="for people (the default)")
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    form.add_argument("--csv", action="store_true", help="CSV with a header; speeds in km/h, UTC")
    form.add_argument("--to", choices=["influx"], help="line protocol of InfluxDB, for Telegraf")


def add_end_argument(parser: argparse.ArgumentParser) -> None:
    """--for."""
    parser.add_argument(
        "--for",
        dest="seconds",
        type=positive_seconds,
        metavar="SECONDS",
        help="end after this long (default: when interrupted)",
    )


def positive_seconds(text: str) -> float:
    """A length of time on the command line."""
    return number_within(text, 0, 366 * 86_400.0, least_too=False)


def types_of(words: Iterable[str]) -> list[int]:
    """Data types by their numbers or names. Raises OptionError that names the nearest."""
    known = {kind.short.lower(): number for number, kind in TYPES.items()}
    known |= {kind.name.lower(): number for number, kind in TYPES.items()}
    known |= {str(number): number for number in TYPES}
    found: dict[int, None] = {}
    for word in (part.strip() for one in words for part in one.split(",")):
        number = known.get(word.lower())
        if number is None:
            near = get_close_matches(word.lower(), known, n=1) or ["sog"]
            meant = TYPES[known[near[0]]].short
            raise OptionError(f"--type {word}: there is no such type; {meant} would be one")
        found[number] = None
    return list(found)


async def serials_of(
    room: LiveRoom, options: argparse.Namespace, patience: float | None = None
) -> list[str]:
    """The serial numbers that the options mean: without any, those of the boats that are heard, or
    of all devices where no real boats are. The first boat is waited for, `patience` seconds at
    most.

    Raises ServiceError, OptionError.
    """
    if options.session is not None and not options.device:
        session = await room.session(options.session)
        if not session.serials:
            raise OptionError(f"the log of session {options.session} names no devices")
        return list(session.serials)
    if options.session is not None:
        await room.session(options.session)
    if not options.device:
        heard = await heard_boats(room, patience)
        places = await room.devices()
        if heard is not None:
            return heard
        if not places:
            raise OptionError("this account has no devices; name one with --device")
        return [place.serial for place in places]
    await room.devices()
    called = devices_called(room.names.items())
    found: dict[str, None] = {}
    words = [word.strip() for one in options.device for word in _listed(one, called)]
    for word in filter(None, words):
        serial = the_one(word, called)
        if serial is None:
            narrate(f"{word} is no name of a device that is known here; taken for a serial number")
        found[serial or word] = None
    return list(found)


def devices_called(names: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The serial numbers that a word means, as it is and in small letters: a serial number its own
    alone, a name all that are called so. `names` are serial numbers with names.
    """
    pairs = list(names)
    found: dict[str, list[str]] = {}
    for serial, name in pairs:
        found.setdefault(name.casefold(), []).append(serial)
    found |= {serial.casefold(): [serial] for serial, _ in pairs}
    return found | {serial: [serial] for serial, _ in pairs}


def the_one(word: str, called: Mapping[str, Sequence[str]]) -> str | None:
    """The device that a word means, if there is one. Raises OptionError where there are several."""
    there = called.get(word) or called.get(word.casefold(), ())
    if len(there) > 1:
        raise OptionError(
            f"--device {clean(word)}: {counted(len(there), 'device')} are called so; name the one "
            f"that is meant by its serial number: {', '.join(map(clean, sorted(there)))}"
        )
    return there[0] if there else None


async def heard_boats(room: LiveRoom, patience: float | None = None) -> list[str] | None:
    """The boats that real sources hear, the first of them waited for; None without a source.

    Raises ServiceError: NotFound where none is heard, ConnectionFailed where no source is reached.
    """
    heard = await room.sources.boats(lambda: narrate("no boat is heard yet; waiting"), patience)
    if heard == []:
        raise _no_boat(await room.sources.heard(), patience)
    return heard


def _no_boat(sources: Sequence[Source], patience: float | None) -> ServiceError:
    """That no source hears a boat, how each of them stands, and what helps."""
    within = "" if patience is None else f" within {patience:g} s"
    stand = "; ".join(f"{address_text(one)}: {stands(one)}" for one in sources)
    said = f"no boat was heard{within} ({stand})"
    if sources and all(map(out_of_reach, sources)):
        return ConnectionFailed(said, advice="Check the addresses and the network, then try again.")
    longer = "" if patience is None else ", or give it longer with --for"
    return NotFound(said, advice=f"Have the instruments send, then try again{longer}.")


def _listed(text: str, known: Mapping[str, Sequence[str]]) -> list[str]:
    """Several devices with commas between them; a name may hold a comma itself."""
    return [text] if text in known or text.casefold() in known else text.split(",")


def joins(options: argparse.Namespace) -> bool:
    """Whether boats that are heard later belong to it, too: nobody said which are meant."""
    return not options.device and options.session is None


def told_joined(room: LiveRoom, serials: Sequence[str]) -> None:
    """Narrate which boats are followed from now on, too."""
    names = ", ".join(clean(room.name(serial)) for serial in serials)
    narrate(f"{counted(len(serials), 'more boat')} heard: {names}")


class Form:
    """Samples as text: for people, as JSON lines, as CSV or in line protocol."""

    def __init__(
        self,
        options: argparse.Namespace,
        unit: str,
        zone: tzinfo,
        name: Callable[[str], str] = str,
    ) -> None:
        self._options = options
        self._unit = SpeedUnit(unit)
        self._zone = zone
        self._name = name
        self._begun = False
        self.undated = 0
        """Samples left out, as their times are no dates."""

    def text(self, rows: Sequence[Row]) -> str:
        """Some samples, and before the first of all what stands above them."""
        dated = [row for row in rows if EARLIEST <= row[0] <= LATEST]
        self.undated += len(rows) - len(dated)
        rows = dated
        if self._options.json:
            return "".join(json_line(row, NAMES, self._name) for row in rows)
        if self._options.to == "influx":
            return "".join(influx_line(row, NAMES, clean, self._name) for row in rows)
        if not self._options.csv:
            return "".join(self._plain(row) for row in rows)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        if not self._begun:
            writer.writerow(CSV_HEADER)
            self._begun = True
        writer.writerows(csv_row(row, NAMES, cell, self._name) for row in rows)
        return out.getvalue()

    def _plain(self, row: Row) -> str:
        time, key, values = row
        kind = type_of(key.type)
        moment = datetime.fromtimestamp(time // 1000, self._zone)
        source = f"/{key.source}" if key.source else ""
        shown = value_text(kind, values, self._unit)
        when = f"{moment:%Y-%m-%d %H:%M:%S}.{time % 1000:03}"
        return f"{when}  {clean(self._name(key.serial)):<16}  {kind.short + source:<5} {shown}\n"


def value_text(kind: DataType, values: Sequence[float], unit: SpeedUnit) -> str:
    """A sample for people, in the unit that they chose."""
    if kind.kind == "position":
        longitude, latitude = values
        return (
            f"{abs(latitude):.6f}°{'S' if latitude < 0 else 'N'} "
            f"{abs(longitude):.6f}°{'W' if longitude < 0 else 'E'}"
        )
    if kind.kind == "speed":
        return f"{from_kmh(values[0], unit):.2f} {unit.value}"
    if kind.kind == "bearing":
        return f"{bearing(values[0]):.1f}°"
    if kind.kind == "relative":
        return f"{relative(values[0]):+.1f}°"
    return f"{' '.join(f'{value:.6g}' for value in values)} {kind.unit}".rstrip()


class Output:
    """Standard output that never holds up the feed: it is written when the reader has room.

    `descriptor` is another open file to write to.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = descriptor

    async def write(self, text: str) -> None:
        """Write all of it. Raises OutputFailed; ReaderGone where nobody reads any more."""
        if self._descriptor is None and sys.stdout.isatty():
            # A terminal stops no feed, and what goes to one passes the gate.
            sys.stdout.write(text)
            return
        descriptor = sys.stdout.fileno() if self._descriptor is None else self._descriptor
        rest = memoryview(text.encode("utf-8", "replace"))
        while rest:
            if not select([], [descriptor], [], 0)[1]:
                await self._room(descriptor)
            try:
                rest = rest[os.write(descriptor, rest[:CHUNK]) :]
            except BrokenPipeError as error:
                raise ReaderGone("nobody reads standard output any more") from error
            except OSError as error:
                raise OutputFailed(f"standard output: {error.strerror}") from error

    @staticmethod
    async def _room(descriptor: int) -> None:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_writer(descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_writer(descriptor)


class Narrator:
    """Tells each state of a feed once, when it changes."""

    def __init__(self) -> None:
        self._told: tuple[Phase, str] | None = None

    def tell(self, state: FeedState) -> None:
        """A state that may be the one that was told already."""
        said = (state.phase, state.reason)
        if said == self._told or state.phase is Phase.STOPPED:
            return
        self._told = said
        where = f" at {state.server}" if state.server and state.phase is Phase.LIVE else ""
        narrate(f"{state.phase}{where}" + (f": {state.reason}" if state.reason else ""))


async def written_by(writing: Coroutine[None, None, None], end: float | None) -> None:
    """Write until the time is over at the latest: a reader may be stuck."""
    try:
        async with asyncio.timeout_at(end):
            await writing
    except TimeoutError:
        narrate("the reader did not take all of it in time")


@dataclass
class Ran:
    """How a stream went: samples printed, whether the feed ever stood, its last state."""

    samples: int
    stood: bool
    state: FeedState


async def stream(
    feed: Feed,
    store: StreamStore,
    form: Form,
    *,
    seconds: float | None = None,
    over: Callable[[], bool] = lambda: False,
    printing: bool = True,
    beside: Coroutine[None, None, None] | None = None,
) -> Ran:
    """Start a feed and print what is new until `over`, or for `seconds`; `beside` runs meanwhile.

    Raises OutputFailed, and what `beside` raises; ReaderGone where nobody reads any more.
    """
    out, narrator, news = Output(), Narrator(), asyncio.Event()
    loop = asyncio.get_running_loop()
    end = None if seconds is None else loop.time() + seconds
    ran = Ran(0, False, feed.state)
    unsubscribe = feed.subscribe(news.set)
    helper = None if beside is None else asyncio.create_task(beside, name="beside a stream")
    if helper is not None:
        helper.add_done_callback(lambda _: news.set())
    try:
        # A table without any row has its header, too.
        if printing and (header := form.text([])):
            await written_by(out.write(header), end)
        await feed.start()
        while True:
            news.clear()
            if helper is not None and helper.done():
                helper.result()
            ran.state = feed.state
            ran.stood = ran.stood or ran.state.phase in (Phase.LIVE, Phase.QUIET, Phase.STALE)
            narrator.tell(ran.state)
            rows = store.take()
            if rows and printing:
                await written_by(out.write(form.text(rows)), end)
                ran.samples += len(rows)
            # What came while the reader took its time is printed before the end, too.
            if over() and not news.is_set():
                return ran
            left = None if end is None else end - loop.time()
            if left is not None and left <= 0:
                return ran
            try:
                await asyncio.wait_for(news.wait(), left)
            except TimeoutError:
                continue
    finally:
        unsubscribe()
        if helper is not None:
            helper.cancel()
            await asyncio.gather(helper, return_exceptions=True)
        if form.undated:
            narrate(left_undated(form.undated))
        if store.passed_by:
            passed = counted(store.passed_by, "sample")
            narrate(f"{passed} {were(store.passed_by)} passed by: the reader was too slow")
