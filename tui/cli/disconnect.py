"""`tockdeck disconnect`: forget what was set up for a service inside the deck."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.asking import can_ask, says_yes
from tui.cli.narration import narrate
from tui.cli.settings import read_settings
from tui.config.load import ConfigError
from tui.config.settings import SERVICES
from tui.words import counted

if TYPE_CHECKING:
    from tui.workspace.workspace import Workspace

ENDINGS = ("send", "keep", "drop")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which, and whether it is asked about first."""
    parser.add_argument("service", choices=SERVICES, help="the service")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--waiting",
        choices=ENDINGS,
        help="what becomes of changes that wait for this account: send them first, keep them until"
        " it is connected again, or drop them",
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Ask, then remove what the deck itself keeps; say where the service is still set up."""
    try:
        loaded, locations = read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    from tui.workspace.accounts import standing
    from tui.workspace.problems import EXPECTED, SERVICE_TITLES, one_line
    from tui.workspace.workspace import Workspace

    workspace, title = Workspace(loaded, locations), SERVICE_TITLES[options.service]
    elsewhere = standing(workspace.accounts.stands_elsewhere(options.service))
    if not workspace.accounts.is_kept(options.service):
        print(f"{title} is not set up by the deck: there is nothing to forget.")
        _tell_where(elsewhere)
        return DONE
    if not options.yes:
        if not can_ask():
            return fail("nobody can be asked here: say --yes")
        if not says_yes(f"Forget the account of {title} and what is kept of it?"):
            return fail(f"{title} stays connected", REFUSED)

    async def disconnect() -> int:
        try:
            seen_to = await _see_to(options, workspace, title)
            if seen_to == DONE:
                await workspace.accounts.disconnect(options.service)
            return seen_to
        finally:
            await workspace.close()

    try:
        status = asyncio.run(disconnect())
    except EXPECTED as error:
        return fail(one_line(error), REFUSED)
    if status != DONE:
        return status
    print(f"{title} is disconnected.")
    _tell_where(elsewhere)
    return DONE


async def _see_to(options: argparse.Namespace, workspace: Workspace, title: str) -> int:
    """Ask what becomes of what waits for the account, where something does, and do that."""
    outbox = workspace.history.outbox
    waiting = await outbox.waiting_for(options.service)
    if not waiting:
        return DONE
    how, many = options.waiting, counted(len(waiting), "change")
    if how is None:
        if options.yes or not can_ask():
            return fail(f"{many} of {title} not settled: say --waiting send, keep or drop")
        for one in waiting:
            narrate(f"{one.id} {one.title}: {one.state}")
        question = f"{many} not settled: send first, keep or drop? [send/keep/drop] "
        print(question, end="", file=sys.stderr, flush=True)
        how = (await asyncio.to_thread(sys.stdin.readline)).strip().lower()
        if how not in ENDINGS:
            return fail(f"{title} stays connected", REFUSED)
    left = await outbox.before_another(options.service, how)
    for one in left:
        narrate(f"{one.id} {one.title}: {one.reason or one.state}")
    if left:
        many = counted(len(left), "change")
        return fail(f"{many} could not be sent; {title} stays connected", REFUSED)
    return DONE


def _tell_where(elsewhere: str) -> None:
    if elsewhere:
        narrate(f"It is still set up: {elsewhere}.")
