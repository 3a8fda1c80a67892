"""`tockdeck export`: a recording or a past session as a file that other programs read.

Several recordings, or one into a folder, are a data set of Parquet by day and device.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate, narrated
from tui.cli.numbers import whole_number
from tui.cli.output import refuse_closed
from tui.cli.settings import read_settings
from tui.cli.statuses import report, to_its_end
from tui.cli.streams import add_type_argument, devices_called, the_one, types_of
from tui.config.load import ConfigError
from tui.live.parquet import ParquetMissing
from tui.live.replay import Replay
from tui.live.store import FeedStore
from tui.live.suspects import POSITION
from tui.services.errors import ServiceError
from tui.words import counted
from tui.workspace.live.dataset import refuse_dataset, write_dataset
from tui.workspace.live.export import (
    Chosen,
    left_out,
    missing,
    refuse_recording,
    refuse_several,
    refuse_unable,
    whole,
    write,
    write_file,
)
from tui.workspace.live.export_forms import FORMS, TRACKS, counted_in
from tui.workspace.problems import OptionError
from tui.workspace.text import clean
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, in which form, where to."""
    parser.add_argument(
        "recording",
        nargs="*",
        type=Path,
        metavar="RECORDING",
        help="a recording; several only as a data set of Parquet",
    )
    parser.add_argument(
        "--session", type=whole_number(), metavar="ID", help="a past session instead"
    )
    parser.add_argument("--to", required=True, choices=list(FORMS), help="the form of the file")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the file, or the folder of a data set (default: standard output, as -)",
    )
    parser.add_argument(
        "--device",
        action="append",
        default=[],
        metavar="DEVICE",
        help="serial number or name; may be repeated (default: every device)",
    )
    add_type_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write the export."""
    if bool(options.recording) == (options.session is not None):
        return fail("name either a recording or --session ID")
    if options.output == Path("-"):
        options.output = None
    folder = options.output is not None and options.output.expanduser().is_dir()
    options.dataset = len(options.recording) > 1 or (folder and options.to == "parquet")
    if options.dataset and (options.to != "parquet" or options.output is None):
        return fail("several recordings are written as --to parquet into a folder, -o FOLDER")
    if options.output is None and options.to == "parquet" and sys.stdout.isatty():
        return fail("Parquet is nothing for a terminal: name a file with -o, or a pipe")
    if options.output is None:
        refuse_closed()
    try:
        loaded, locations = read_settings(options)
        types = types_of(options.type)
    except ConfigError as error:
        return fail(str(error))
    return to_its_end(_run(options, narrated(loaded, locations), types))


async def _run(options: argparse.Namespace, workspace: Workspace, types: list[int]) -> int:
    try:
        if options.dataset:
            return await _write_dataset(options, workspace, types)
        return await _write_one(options, workspace, types)
    except (ParquetMissing, ConfigError) as error:
        return fail(str(error))
    except (ServiceError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()


async def _write_one(options: argparse.Namespace, workspace: Workspace, types: list[int]) -> int:
    output = None if options.output is None else options.output.expanduser()
    refuse_unable(options.to, output, types)
    feed = await _source(options, workspace)
    if output is not None:
        refuse_recording(output, feed)
    store = await whole(feed)
    serials = _of_store(options, workspace, store)
    chosen = Chosen(store, serials) if serials else store
    called = workspace.live.name
    if output is None:
        count = write(sys.stdout.buffer, chosen, options.to, types, called)
        sys.stdout.buffer.flush()
    else:
        count = write_file(output, chosen, options.to, types, called)
    for remark in (
        *missing(feed),
        *left_out(store, (POSITION,) if options.to in TRACKS else types, serials),
    ):
        narrate(remark)
    narrate(counted_in(options.to, count))
    return DONE if count else REFUSED


async def _write_dataset(
    options: argparse.Namespace, workspace: Workspace, types: list[int]
) -> int:
    """One recording after another, so that only one is held at a time."""
    folder = options.output.expanduser()
    paths = [path.expanduser() for path in options.recording]
    refuse_unable(options.to, None, types)
    refuse_dataset(folder, paths)
    room, count = workspace.live, 0
    # A recording that cannot be read is said before any file is written.
    feeds = [] if options.session is None else [await _source(options, workspace)]
    feeds += [await room.replay_recording(path) for path in paths]
    names = [path.stem for path in paths] or [f"session-{options.session}"]
    for name, feed in zip(names, feeds, strict=True):
        room.take_names(feed)
        store = await whole(feed)
        serials = _of_store(options, workspace, store)
        chosen = Chosen(store, serials) if serials else store
        written = await asyncio.to_thread(write_dataset, folder, name, chosen, types, room.name)
        count += written
        for remark in (*missing(feed), *left_out(store, types, serials)):
            narrate(f"{name}: {remark}")
        narrate(f"{name}: {counted(written, 'sample')}")
    return DONE if count else REFUSED


def _of_store(options: argparse.Namespace, workspace: Workspace, store: FeedStore) -> Sequence[str]:
    """Which devices of a store are exported; none for all. Raises OptionError for a device that it
    does not have.
    """
    return _serials(options, workspace, sorted({key.serial for key in store.sorted_keys()}))


def _serials(options: argparse.Namespace, workspace: Workspace, known: Sequence[str]) -> list[str]:
    """The devices that are meant. Raises OptionError for one that is not among those known, and for
    a name that several have.
    """
    called = devices_called((serial, workspace.live.name(serial)) for serial in known)
    chosen = []
    for word in options.device:
        serial = the_one(word, called)
        if serial is None:
            there = ", ".join(clean(workspace.live.name(serial)) for serial in known)
            raise OptionError(f"--device {word}: there is no such device; there are {there}")
        chosen.append(serial)
    return chosen


async def _source(options: argparse.Namespace, workspace: Workspace) -> Replay:
    room = workspace.live
    if options.recording:
        replay = await room.replay_recording(options.recording[0].expanduser())
        room.take_names(replay)
        return replay
    session = await room.session(options.session)
    devices = [room.name(serial) for serial in session.serials]
    refuse_several(options.to, _serials(options, workspace, session.serials) or devices)
    told = [0]

    def progress(done: int, count: int) -> None:
        share = done * 10 // max(count, 1)
        if share > told[0]:
            told[0] = share
            narrate(f"{session.name}: {done} of {counted(count, 'slice')} fetched")

    return await room.replay_session(session, progress)
