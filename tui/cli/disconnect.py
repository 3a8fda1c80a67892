"""`tockdeck disconnect`: forget what was set up for a service inside the deck."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate
from tui.cli.settings import read_settings
from tui.config.load import ConfigError
from tui.config.settings import SERVICES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which, and whether it is asked about first."""
    parser.add_argument("service", choices=SERVICES, help="the service")
    parser.add_argument("--yes", action="store_true", help="do not ask")
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
        if not sys.stdin.isatty():
            return fail("nobody can be asked here: say --yes")
        question = f"Forget the account of {title} and what is kept of it? [y/N] "
        print(question, end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            return fail(f"{title} stays connected", REFUSED)

    async def disconnect() -> None:
        try:
            await workspace.accounts.disconnect(options.service)
        finally:
            await workspace.close()

    try:
        asyncio.run(disconnect())
    except EXPECTED as error:
        return fail(one_line(error), REFUSED)
    print(f"{title} is disconnected.")
    _tell_where(elsewhere)
    return DONE


def _tell_where(elsewhere: str) -> None:
    if elsewhere:
        narrate(f"It is still set up: {elsewhere}.")
