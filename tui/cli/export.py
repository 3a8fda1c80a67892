"""`tockdeck export`: a recording or a past session as a file that other programs read."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate, narrated
from tui.cli.output import refuse_closed
from tui.cli.settings import read_settings
from tui.cli.statuses import report
from tui.cli.streams import add_type_argument, types_of
from tui.config.load import ConfigError
from tui.live.parquet import ParquetMissing
from tui.live.replay import Replay
from tui.live.suspects import POSITION
from tui.services.errors import ServiceError
from tui.words import counted
from tui.workspace.live.export import (
    FORMS,
    TRACKS,
    left_out,
    missing,
    refuse_recording,
    refuse_unable,
    whole,
    write,
    write_file,
)
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What, in which form, where to."""
    parser.add_argument("recording", nargs="?", type=Path, metavar="RECORDING", help="a recording")
    parser.add_argument("--session", type=int, metavar="ID", help="a past session instead")
    parser.add_argument("--to", required=True, choices=list(FORMS), help="the form of the file")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the file (default: standard output, as -)",
    )
    add_type_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write the export."""
    if (options.recording is None) == (options.session is None):
        return fail("name either a recording or --session ID")
    if options.output == Path("-"):
        options.output = None
    if options.output is None and options.to == "parquet" and sys.stdout.isatty():
        return fail("Parquet is nothing for a terminal: name a file with -o, or a pipe")
    if options.output is None:
        refuse_closed()
    try:
        loaded, locations = read_settings(options)
        types = types_of(options.type)
    except ConfigError as error:
        return fail(str(error))
    return asyncio.run(_run(options, narrated(loaded, locations), types))


async def _run(options: argparse.Namespace, workspace: Workspace, types: list[int]) -> int:
    try:
        output = None if options.output is None else options.output.expanduser()
        refuse_unable(options.to, output, types)
        feed = await _source(options, workspace)
        called = workspace.live.name
        if output is not None:
            refuse_recording(output, feed)
        store = await whole(feed)
        if output is None:
            count = write(sys.stdout.buffer, store, options.to, types, called)
            sys.stdout.buffer.flush()
        else:
            count = write_file(output, store, options.to, types, called)
    except ParquetMissing as error:
        return fail(str(error))
    except (ServiceError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()
    for remark in (
        *missing(feed),
        *left_out(store, (POSITION,) if options.to in TRACKS else types),
    ):
        narrate(remark)
    narrate(counted(count, "fix" if options.to in TRACKS else "sample"))
    return DONE if count else REFUSED


async def _source(options: argparse.Namespace, workspace: Workspace) -> Replay:
    room = workspace.live
    if options.recording is not None:
        replay = await room.replay_recording(options.recording.expanduser())
        room.take_names(replay)
        return replay
    session = await room.session(options.session)
    told = [0]

    def progress(done: int, count: int) -> None:
        share = done * 10 // max(count, 1)
        if share > told[0]:
            told[0] = share
            narrate(f"{session.name}: {done} of {counted(count, 'slice')} fetched")

    return await room.replay_session(session, progress)
