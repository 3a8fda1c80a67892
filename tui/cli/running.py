"""A verb that runs until its end over a workspace that says what happens under it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Coroutine

from tui.cli import fail
from tui.cli.narration import narrated
from tui.cli.settings import read_settings
from tui.config.load import ConfigError
from tui.workspace.workspace import Workspace

Verb = Callable[[argparse.Namespace, Workspace], Coroutine[None, None, int]]


def run_narrated(options: argparse.Namespace, verb: Verb) -> int:
    """Run a verb as its options and the settings say; its exit status."""
    try:
        loaded, locations = read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    return asyncio.run(verb(options, narrated(loaded, locations)))
