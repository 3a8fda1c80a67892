"""The options of `tockdeck listen` that are about units of RIoT rather than about a source."""

from __future__ import annotations

import argparse

from tui.cli import DONE, REFUSED, fail
from tui.cli.narration import narrate
from tui.cli.tables import print_table
from tui.services.errors import NotFound
from tui.words import counted
from tui.workspace.live.units import COMMANDS, Unit, Units, answer_text, unit_text
from tui.workspace.text import clean


def add_unit_arguments(parser: argparse.ArgumentParser) -> None:
    """What may be done with units."""
    parser.add_argument(
        "--units", action="store_true", help="the units that wait or are accepted at riot://"
    )
    parser.add_argument(
        "--accept", metavar="SERIAL", help="take the data of a unit that waits at riot://"
    )
    parser.add_argument(
        "--withdraw", metavar="SERIAL", help="take a unit's data no more; what it sent stays"
    )
    parser.add_argument(
        "--tell",
        nargs=2,
        metavar=("SERIAL", "COMMAND"),
        help=f"have a connected unit do something, and print its answer: {', '.join(COMMANDS)}",
    )


async def for_units(units: Units, options: argparse.Namespace) -> int | None:
    """Do what is asked of units; the exit status, None where nothing is.

    Raises ServiceError with the reason, where it cannot be done.
    """
    try:
        return await _done(units, options)
    except NotFound:
        serial = options.withdraw or options.tell[0]
        return fail(f"{serial} is no unit that was accepted; --units lists them", REFUSED)


async def _done(units: Units, options: argparse.Namespace) -> int | None:
    if options.units:
        return _show(await units.all())
    if options.accept is not None:
        await units.accept(options.accept)
        narrate(
            f"{options.accept} is accepted: what it sends from now on is taken;"
            f" --withdraw {options.accept} takes that back"
        )
        return DONE
    if options.withdraw is not None:
        await units.withdraw(options.withdraw)
        narrate(f"{options.withdraw} is accepted no more; what it sent stays")
        return DONE
    if options.tell is not None:
        serial, command = options.tell
        answer = await units.command(serial, command.upper())
        print(answer_text(answer), flush=True)
        return DONE if answer.state in ("answered", "gone") else REFUSED
    return None


def _show(found: list[Unit]) -> int:
    rows = [
        {"unit": clean(one.serial_number), "name": clean(one.name), "stands": unit_text(one)}
        for one in found
    ]
    print_table(("unit", "name", "stands"), rows, f"tockdeck: {counted(len(rows), 'unit')}")
    return DONE
