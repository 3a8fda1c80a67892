"""`tockdeck describe TEXT`: what is done, said while the timer runs."""

from __future__ import annotations

import argparse

from tui.cli import add_configuration_arguments
from tui.cli.timing import refuse_standing, run_timer
from tui.services.errors import ConnectionFailed
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.timers import Timers
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is done."""
    parser.add_argument(
        "text",
        nargs="+",
        metavar="TEXT",
        help='what is done; it is sent with the stop, and "" leaves it out again',
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Keep it."""

    async def act(workspace: Workspace) -> tuple[str, str]:
        timers = workspace.timers
        overview, besides = await _overview(timers)
        runs = refuse_standing(overview, workspace.zone)
        text = " ".join(" ".join(options.text).split())
        await timers.describing.describe(overview, text)
        return f"{runs}: {text or 'nothing is said of it'}", besides

    return run_timer(options, act)


async def _overview(timers: Timers) -> tuple[Overview, str]:
    """What runs; as it was told last where the service cannot be reached: it need not know."""
    try:
        return (await timers.overview()).value, ""
    except ConnectionFailed:
        known = await timers.kept()
        if known is None or known.value.now is None:
            raise
        return known.value, "The service cannot be reached: this is about what it told last."
