"""`tockdeck live`: the live feed on standard output, for pipes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tui.cli import DONE, REFUSED, UNREACHABLE, add_configuration_arguments, fail
from tui.cli.narration import narrate, narrated
from tui.cli.settings import read_settings
from tui.cli.statuses import report, to_its_end
from tui.cli.streams import (
    Form,
    Output,
    add_choice_arguments,
    add_end_argument,
    add_form_arguments,
    add_type_argument,
    joins,
    serials_of,
    stream,
    told_joined,
    types_of,
)
from tui.config.load import ConfigError
from tui.live.feed import Phase
from tui.live.supervisor import LiveFeed
from tui.services.errors import ServiceError
from tui.workspace.live.joining import join_boats
from tui.workspace.live.stream import StreamStore
from tui.workspace.workspace import Workspace

RECENT = 600_000
"""Milliseconds before now in which --once looks for last values."""
ONCE_SECONDS = 20.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to watch, in which form, for how long."""
    add_choice_arguments(parser)
    add_type_argument(parser)
    add_form_arguments(parser)
    add_end_argument(parser)
    parser.add_argument(
        "--once",
        action="store_true",
        help="print the last values of the latest ten minutes, and end",
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Stream until the end."""
    try:
        loaded, locations = read_settings(options)
        types = types_of(options.type)
    except ConfigError as error:
        return fail(str(error))
    return to_its_end(_run(options, narrated(loaded, locations), types))


async def _run(options: argparse.Namespace, workspace: Workspace, types: list[int]) -> int:
    room = workspace.live
    workspace.connections.told = narrate
    try:
        store = StreamStore(types)
        serials = await serials_of(
            room, options, options.seconds or (ONCE_SECONDS if options.once else None)
        )
        feed = room.feed(serials, history=RECENT if options.once else 0, types=types, store=store)
        form = Form(options, workspace.settings.deck.speed_unit, workspace.zone, room.name)
        if options.once:
            return await _once(options, feed, store, form)

        async def joined(others: Sequence[str]) -> None:
            told_joined(room, others)

        ran = await stream(
            feed,
            store,
            form,
            seconds=options.seconds,
            over=lambda: all_refused(feed),
            beside=join_boats(room, feed, joined) if joins(options) else None,
        )
        return end_of(feed, stood=ran.stood)
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()


def all_refused(feed: LiveFeed) -> bool:
    """Whether no connection of the feed will be tried again."""
    states = feed.states
    return bool(states) and all(state.phase is Phase.REFUSED for _, state in states)


def end_of(feed: LiveFeed, *, stood: bool) -> int:
    """The exit status of what read a feed that stood, or did not."""
    if all_refused(feed):
        return REFUSED
    return DONE if stood else UNREACHABLE


async def read_lasts(
    feed: LiveFeed, store: StreamStore, form: Form, seconds: float = ONCE_SECONDS
) -> bool:
    """Read until the store has the last values; whether the feed stood. Raises ServiceError."""

    def known() -> bool:
        phases = [state.phase for _, state in feed.states]
        stands = all(phase in (Phase.LIVE, Phase.QUIET) for phase in phases)
        return all_refused(feed) or (stands and not feed.health().holes)

    ran = await stream(feed, store, form, seconds=seconds, over=known, printing=False)
    return ran.stood


async def _once(options: argparse.Namespace, feed: LiveFeed, store: StreamStore, form: Form) -> int:
    stood = await read_lasts(feed, store, form, options.seconds or ONCE_SECONDS)
    if status := end_of(feed, stood=stood):
        return status
    lasts = list(store.lasts())
    await Output().write(form.text(lasts))
    if not lasts:
        narrate("nothing was measured in the latest ten minutes")
        return REFUSED
    return DONE
