"""Recordings and past sessions, whole, as files that other programs read."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, TypeVar

from tui.live.derived.deriver import Deriver
from tui.live.derived.water import Water
from tui.live.export import Called, Row, Source, rows, undated, write_csv, write_json_lines
from tui.live.line_protocol import influx_line
from tui.live.parquet import need_parquet, write_parquet
from tui.live.recording import MAGIC
from tui.live.replay import RecordingSource, Replay
from tui.live.ring import Samples
from tui.live.sentences import SENTENCED, write_expedition, write_nmea
from tui.live.series import SeriesKey
from tui.live.session_source import SessionSource
from tui.live.store import FeedStore
from tui.live.suspects import POSITION
from tui.live.tiers import Retention
from tui.live.tracks import label, logs, write_fixes, write_geojson, write_gpx, write_kml
from tui.services.errors import InvalidArgument
from tui.words import counted, were
from tui.workspace.csv_cells import guard
from tui.workspace.live.apart import left_apart
from tui.workspace.live.called import told_apart
from tui.workspace.live.derived import ALL_KINDS
from tui.workspace.live.export_forms import BY_NAME, OF_ONE, TRACKS, ExportForm
from tui.workspace.live.holes import conflicts_said
from tui.workspace.text import clean

if TYPE_CHECKING:
    from tui.live.supervisor import LiveFeed
    from tui.workspace.live.live import LiveRoom

T = TypeVar("T")
NAMES = {number: (kind.short, kind.axes, kind.unit) for number, kind in ALL_KINDS.items()}
"""Of each data type its short name, the names of its axes, and its unit."""
END = (1 << 63) - 1
"""No record comes later: its time has 64 bits."""


async def whole(feed: Replay) -> FeedStore:
    """Everything that a replay would play, without playing it; nothing is thinned out."""
    source = feed.source
    if isinstance(source, SessionSource):
        return source.archive
    store = FeedStore(Retention(samples=END, tiers=()))

    def read() -> None:
        source.rewind()
        while source.upcoming() is not None:
            batches = source.advance(END)
            store.add(batches, source.horizon, fetched=source.fetched)

    await asyncio.to_thread(read)
    return store


@dataclass(frozen=True)
class Exported:
    """How many samples, fixes, or moments of a log were written."""

    count: int
    since: int | None
    """The time of the oldest sample, in milliseconds; None without any."""
    remarks: tuple[str, ...] = ()
    """What is missing of it, in sentences."""


class NotWanted(Exception):
    """Nobody wants the file any more that a thread is writing."""


class _OnLoop:
    """A store that may change while it is written: read on the loop that changes it, in slices.

    `wanted` is set to false where nobody wants any more of it.
    """

    def __init__(self, store: FeedStore, loop: asyncio.AbstractEventLoop) -> None:
        self.wanted = True
        self._store = store
        self._loop = loop

    def check(self) -> None:
        """Raise NotWanted where it is so."""
        if not self.wanted:
            raise NotWanted

    def _read(self, read: Callable[[], T]) -> T:
        self.check()

        async def on_loop() -> T:
            return read()

        return asyncio.run_coroutine_threadsafe(on_loop(), self._loop).result()

    def span(self) -> tuple[int, int] | None:
        return self._read(self._store.span)

    def sorted_keys(self) -> list[SeriesKey]:
        return self._read(self._store.sorted_keys)

    def next_time(self, key: SeriesKey, time: int) -> int | None:
        return self._read(lambda: self._store.next_time(key, time))

    def samples(self, key: SeriesKey, start: int, end: int) -> Samples:
        return self._read(lambda: self._store.samples(key, start, end))


async def export_feed(
    room: LiveRoom,
    feed: LiveFeed | Replay,
    path: Path,
    form: ExportForm,
    derived: Collection[int] = (),
    water: Water | None = None,
    *,
    only: Collection[str] = (),
) -> Exported:
    """Write all that a feed has: of a recording or a session the whole, of a live feed what is
    kept of it sample by sample. Series of `derived` types are reckoned over all of it, in forms
    that hold samples. `only` names the devices that are written, where these are not all. Who
    gives it up finds no file. Raises OSError, ParquetMissing, ReplayFailed, InvalidArgument.
    """
    source = feed.store
    remarks: tuple[str, ...] = ()
    if isinstance(feed, Replay):
        if isinstance(feed.source, RecordingSource):
            # Another reader: the one that plays must not be wound back under the picture.
            feed = await room.replay_recording(feed.source.recording.path)
        if isinstance(feed.source, RecordingSource):
            remarks = missing(feed)
        source = await whole(feed)
    said = source
    if derived and form not in TRACKS:
        source = await _with_derived(source, feed, derived, water)
    firsts = [source.next_time(key, -1) for key in source if not only or key.serial in only]
    since = min((first for first in firsts if first is not None), default=None)
    kept = _OnLoop(source, asyncio.get_running_loop())
    refuse_recording(path, feed)
    writing = asyncio.create_task(
        asyncio.to_thread(
            write_file,
            path,
            Chosen(kept, only) if only else kept,
            form,
            called=room.name,
            check=kept.check,
        )
    )
    try:
        count = await asyncio.shield(writing)
    except asyncio.CancelledError:
        # The thread ends by itself alone: at its next look, and with it what it has written.
        kept.wanted = False
        await asyncio.gather(writing, return_exceptions=True)
        raise
    tracked = (POSITION,) if form in TRACKS else ()
    # Of what was measured: a copy with derived series has but what is written.
    return Exported(count, since, (*remarks, *left_out(said, tracked, only)))


async def _with_derived(
    store: FeedStore, feed: LiveFeed | Replay, types: Collection[int], water: Water | None
) -> FeedStore:
    """A store with derived series over all of it: the feed's own, or a copy of what is played."""
    if isinstance(feed, Replay) and isinstance(feed.source, SessionSource):
        store = await asyncio.to_thread(_copy, store)
    deriver = Deriver(store, water)
    keys = deriver.offered(store.serials(), types)
    # In slices: keys and pictures go on.
    more = True
    while more:
        more = deriver.bring(keys, 0)
        await asyncio.sleep(0)
    deriver.close()
    return store


def _copy(store: FeedStore) -> FeedStore:
    made = FeedStore(Retention(samples=END, tiers=()))
    made.add((key, *store.samples(key, 0, END)) for key in store.sorted_keys())
    return made


def missing(feed: Replay) -> tuple[str, ...]:
    """What of a recording cannot be read, in sentences."""
    source = feed.source
    return tuple(source.recording.remarks) if isinstance(source, RecordingSource) else ()


def left_out(
    store: FeedStore, types: Collection[int] = (), only: Collection[str] = ()
) -> tuple[str, ...]:
    """What of a store, or of these types and devices of it, is in no export, in sentences."""
    count = undated(Chosen(store, only) if only else store, types or None)
    return (
        *((left_undated(count),) if count else ()),
        *left_apart(store.apart(types, only)),
        *conflicts_said(store.counts(types, only).conflicts),
    )


def left_undated(count: int) -> str:
    """That samples are missing, and why."""
    whose = "its time is no date" if count == 1 else "their times are no dates"
    return f"{counted(count, 'sample')} {were(count)} left out: {whose}"


class Chosen:
    """Of what is exported only some devices."""

    def __init__(self, source: Source, serials: Collection[str]) -> None:
        self._source = source
        self._serials = frozenset(serials)
        self.span, self.next_time, self.samples = source.span, source.next_time, source.samples

    def sorted_keys(self) -> list[SeriesKey]:
        """The series of these devices."""
        return [key for key in self._source.sorted_keys() if key.serial in self._serials]


def refuse_several(form: ExportForm, devices: Collection[str]) -> None:
    """Raise InvalidArgument where a form holds one device, and there are more."""
    if form in OF_ONE and len(devices) > 1:
        raise InvalidArgument(
            f"NMEA 0183 has no names for boats, and these are {len(devices)}: {', '.join(devices)}",
            service="igtimi",
            advice="Choose one, in the shell by --device, or another form.",
        )


def refuse_unable(form: ExportForm, path: Path | None, types: Collection[int]) -> None:
    """Raise what would keep an export from being written, before anything is fetched for it.

    Raises InvalidArgument, ParquetMissing, OSError.
    """
    if types and form in TRACKS:
        raise InvalidArgument(
            f"--type is nothing for {form}: that holds positions, with what belongs beside them",
            service="igtimi",
            advice="Leave it away, or choose csv, jsonl, parquet or influx.",
        )
    if form == "parquet":
        need_parquet()
    if path is not None:
        refuse_recording(path, None)
        if not path.resolve().parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))


def refuse_recording(path: Path, feed: LiveFeed | Replay | None) -> None:
    """Raise InvalidArgument where an export would replace a recording; OSError."""
    source = feed.source if isinstance(feed, Replay) else None
    own = source.recording.parts if isinstance(source, RecordingSource) else []
    if not path.is_file():
        return
    with path.open("rb") as file:
        begins = file.read(len(MAGIC))
    if begins == MAGIC or any(path.samefile(part) for part in own if part.exists()):
        raise InvalidArgument(
            f"the file {path.name} is a recording",
            service="igtimi",
            advice="Name another file to write.",
        )


def write(
    out: BinaryIO,
    store: Source,
    form: ExportForm,
    types: Collection[int] = (),
    called: Called = str,
) -> int:
    """Write a store; how many samples, fixes of a track, or moments of a log were written.

    `types` narrows what stands in CSV, JSON lines and Parquet; tracks are of positions alone.
    Raises OSError, and ParquetMissing where that form's library is not installed.
    """
    span = store.span()
    start, end = (span[0], span[1] + 1) if span else (0, 0)
    if form == "parquet":
        return write_parquet(out, store, start, end, NAMES, called, types or None)
    found = rows(store, start, end, types or None)
    if form in BY_NAME:
        called = told_apart((key.serial for key in store.sorted_keys()), called)
    refuse_several(form, [label(key, called) for key in logs(store, SENTENCED)])
    text = TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        if form in ("gpx", "gpx1.1"):
            return write_gpx(text, store, start, end, called, extended=form == "gpx1.1")
        if form == "nmea":
            return write_nmea(text, store, start, end)
        if form == "expedition":
            return write_expedition(text, store, start, end, called)
        if form == "influx":
            return _write_influx(text, found, called)
        if form == "geojson":
            return write_geojson(text, store, start, end, called)
        if form == "kml":
            return write_kml(text, store, start, end, called)
        if form == "fixes":
            return write_fixes(text, store, start, end, called, cell)
        if form == "csv":
            return write_csv(text, found, NAMES, cell, called)
        return write_json_lines(text, found, NAMES, called)
    finally:
        text.detach()


def _write_influx(out: TextIO, samples: Iterable[Row], called: Called) -> int:
    count = 0
    for row in samples:
        line = influx_line(row, NAMES, clean, called)
        out.write(line)
        count += bool(line)
    return count


def cell(text: str) -> str:
    """A text of a device as a cell of CSV."""
    return guard(clean(text))


def write_file(
    path: Path,
    store: Source,
    form: ExportForm,
    types: Collection[int] = (),
    called: Called = str,
    check: Callable[[], None] = lambda: None,
) -> int:
    """The same into a file, whole or not at all: beside its place first.

    A symbolic link is followed, and a pipe or a device is written to as it is. `check` is asked
    before the file takes its place; what it raises keeps it from that.
    """
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("wb") as out:
            return write(out, store, form, types, called)
    with placed(path, check) as out:
        return write(out, store, form, types, called)


@contextmanager
def placed(path: Path, check: Callable[[], None] = lambda: None) -> Iterator[BinaryIO]:
    """A file that is written beside its place, and takes it once it is whole, and `check` raises
    nothing. Raises OSError.
    """
    path = path.resolve()
    mode = path.stat().st_mode if path.exists() else None
    part = path.with_name(f".{path.name[:40]}.{os.urandom(6).hex()}.part")
    try:
        with part.open("xb") as out:
            if mode is not None:
                os.fchmod(out.fileno(), stat.S_IMODE(mode))
            yield out
            out.flush()
            os.fsync(out.fileno())
        check()
        part.replace(path)
    except OSError as error:
        error.filename = str(path)  # the name that a person knows
        raise
    finally:
        part.unlink(missing_ok=True)
