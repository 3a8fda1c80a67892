"""`tockdeck record`: what the live feed brings, to disk, frame by frame as it came."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import time

from tui.cli import REFUSED, add_configuration_arguments, fail
from tui.cli.live import all_refused, end_of
from tui.cli.narration import narrate
from tui.cli.output import OutputFailed
from tui.cli.running import run_narrated
from tui.cli.statuses import report
from tui.cli.streams import (
    Form,
    add_choice_arguments,
    add_end_argument,
    joins,
    serials_of,
    stream,
    told_joined,
)
from tui.config.load import ConfigError
from tui.live.day import Day
from tui.services.errors import ServiceError
from tui.words import counted
from tui.workspace.live.day import day_of, day_told
from tui.workspace.live.holes import holes_said
from tui.workspace.live.joining import join_boats
from tui.workspace.live.live import LiveRoom
from tui.workspace.live.stream import StreamStore
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, what, for how long."""
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="the recording; one that is there is continued (default: a new one, its path printed)",
    )
    add_choice_arguments(parser)
    add_end_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Record until the end."""
    return run_narrated(options, _run)


def _tell(path: Path) -> None:
    """Print where it goes; that nobody reads it is no reason not to record."""
    with suppress(OutputFailed):
        print(path, flush=True)


async def _day(options: argparse.Namespace, room: LiveRoom, serials: Sequence[str]) -> Day:
    """The day as the service tells it; where it does not, nobody is kept from recording."""
    session = None
    try:
        if options.session is not None:
            session = await room.session(options.session, naming=False)
        return await day_told(room, serials, session)
    except ServiceError as error:
        narrate(f"names and course are not recorded whole: {error.message}")
        return day_of(room, serials, session)


async def _run(options: argparse.Namespace, workspace: Workspace) -> int:
    room = workspace.live
    workspace.connections.told = narrate
    try:
        store = StreamStore()
        # Nothing of before is fetched: a recording holds what was heard, and what was missed.
        serials = await serials_of(room, options, options.seconds)
        feed = room.feed(serials, history=0, store=store)
        path = None if options.file is None else options.file.expanduser()
        recorder = await room.record(feed, path)
        recorder.day(await _day(options, room, feed.serials), round(time() * 1000))
        _tell(recorder.path)
        form = Form(options, workspace.settings.deck.speed_unit, workspace.zone)

        async def joined(others: Sequence[str]) -> None:
            told_joined(room, others)
            recorder.day(await _day(options, room, feed.serials), round(time() * 1000))

        try:
            ran = await stream(
                feed,
                store,
                form,
                seconds=options.seconds,
                over=lambda: recorder.failure is not None or all_refused(feed),
                printing=False,
                beside=join_boats(room, feed, joined) if joins(options) else None,
            )
        finally:
            held = f"{counted(recorder.frames, 'frame')}, {counted(recorder.bytes, 'byte')}"
            narrate(f"{held} in {recorder.path}")
            if recorder.fetches:
                narrate(f"{counted(recorder.fetches, 'stretch', 'stretches')} fetched later")
            for said in holes_said(feed.standing(), room.name, workspace.zone):
                narrate(said)
        if recorder.failure is not None:
            return fail(recorder.failure, REFUSED)
        return end_of(feed, stood=ran.stood)
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()
