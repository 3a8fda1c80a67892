"""`tockdeck replay FILE`: a recording on standard output, as it once came."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate, narrated
from tui.cli.numbers import number_within
from tui.cli.settings import read_settings
from tui.cli.statuses import report
from tui.cli.streams import (
    Form,
    add_end_argument,
    add_form_arguments,
    add_type_argument,
    stream,
    types_of,
)
from tui.config.load import ConfigError
from tui.live.replay import FASTEST, SLOWEST
from tui.services.errors import ServiceError
from tui.workspace.live.export import missing
from tui.workspace.live.stream import StreamStore
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to play, how fast, in which form."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the recording")
    parser.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="TIMES",
        help=f"{SLOWEST:g} to {FASTEST:g} times as fast (default: %(default)g)",
    )
    add_type_argument(parser)
    add_form_arguments(parser)
    add_end_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Play to the end."""
    try:
        loaded, locations = read_settings(options)
        types = types_of(options.type)
    except ConfigError as error:
        return fail(str(error))
    return asyncio.run(_run(options, narrated(loaded, locations), types))


async def _run(options: argparse.Namespace, workspace: Workspace, types: list[int]) -> int:
    room = workspace.live
    try:
        feed = await room.replay_recording(options.file.expanduser())
        room.take_names(feed)
        for remark in missing(feed):
            narrate(remark)
        feed.store = store = StreamStore(types)
        feed.set_speed(options.speed)
        form = Form(options, workspace.settings.deck.speed_unit, workspace.zone, room.name)
        await stream(
            feed,
            store,
            form,
            seconds=options.seconds,
            over=lambda: feed.ended or bool(feed.failure),
        )
        if feed.failure:
            return fail(feed.failure, REFUSED)
    except (ServiceError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()
    return DONE


def _speed(text: str) -> float:
    return number_within(text, SLOWEST, FASTEST)
