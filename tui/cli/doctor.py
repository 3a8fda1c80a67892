"""`tockdeck doctor`: what may be wrong with terminal, services and store, and what mends it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Sequence

from tui.cli import DONE, REFUSED, USAGE, add_configuration_arguments, fail
from tui.cli.keys import clashes_of
from tui.cli.narration import narrated
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.commands import shown_key
from tui.config.load import ConfigError, Loaded
from tui.config.locations import Locations
from tui.keymap import GaveWay
from tui.workspace.doctor.finding import Finding, worst_of
from tui.workspace.doctor.services import look_at_services, look_at_store, versions
from tui.workspace.doctor.terminal import (
    Seat,
    asked_of_system,
    is_installed,
    look_at_terminal,
    totals,
)

ABOUT, VERDICT = 22, 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How it is told, and what the status says."""
    parser.epilog = (
        "The exit status is 0 where nothing is wrong or there are but warnings, 1 where something "
        "is, 2 where something could not be checked."
    )
    parser.add_argument("--json", action="store_true", help="an object instead of lines")
    parser.add_argument("--strict", action="store_true", help="warnings are faults: status 1")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything."""
    try:
        loaded, locations = read_settings(options)
    except ConfigError as error:
        return fail(str(error), REFUSED)
    findings = asyncio.run(_findings(loaded, locations))
    worst = worst_of(findings)
    if options.json:
        print_json({"worst": worst, "checks": [one._asdict() for one in findings]})
    else:
        for one in findings:
            print(f"{one.verdict:<{VERDICT}} {one.about:<{ABOUT}} {one.found}")
            if one.mend and one.verdict != "ok":
                print(f"{'':<{VERDICT}} {'':<{ABOUT}} mend: {one.mend}")
        print(totals(findings))
    if worst == "fault" or (options.strict and any(one.verdict == "warning" for one in findings)):
        return REFUSED
    return USAGE if worst == "unknown" else DONE


async def _findings(loaded: Loaded, locations: Locations) -> list[Finding]:
    seat = Seat(os.environ, _size(), asked_of_system, is_installed)
    workspace = narrated(loaded, locations)
    try:
        return [
            versions(),
            *look_at_terminal(seat, loaded.settings.deck),
            *_look_at_keys(clashes_of(loaded)),
            *[one async for one in look_at_services(workspace)],
            *[one async for one in look_at_store(workspace)],
        ]
    finally:
        await workspace.close()


def _look_at_keys(clashes: Sequence[GaveWay]) -> Iterator[Finding]:
    """Each command that has one key less, because the person gave it to another."""
    for one in clashes:
        mend = f'in [keys], give "{one.command}" a key of its own, or [] where it needs none'
        found = f"{shown_key(one.key)}: {one.in_words}"
        yield Finding("keys", "warning", found, mend)
    if not clashes:
        yield Finding("keys", "ok", "no default gave way to one of [keys]")


def _size() -> tuple[int, int] | None:
    """The size of the terminal that this is written to; None where it is none."""
    if sys.__stdout__ is None:
        return None
    try:
        columns, rows = os.get_terminal_size(sys.__stdout__.fileno())
    except (OSError, ValueError):
        return None
    return columns, rows
