"""`tockdeck stop`: the timer that runs ends."""

from __future__ import annotations

import argparse

from tui.cli import add_configuration_arguments
from tui.cli.timing import FRESH, add_description_argument, refuse_standing, run_timer
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What was done."""
    add_description_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Stop it."""

    async def act(workspace: Workspace) -> tuple[str, str]:
        overview = (await workspace.timers.overview(FRESH)).value
        ended = refuse_standing(overview, workspace.zone)
        return f"Stopped: {ended}", await workspace.timers.stop(
            overview, options.description or None
        )

    return run_timer(options, act)
