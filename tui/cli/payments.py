"""`tockdeck payments import FILE`: a bank's statement, looked at first, then noted.

Without --yes it says what each payment seems to be for and notes nothing; with it those are noted
whose number and amount are an invoice's, and no others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate
from tui.cli.output import print_json
from tui.cli.statuses import report, to_its_end
from tui.cli.tables import print_table
from tui.cli.timing import opened
from tui.config.load import ConfigError
from tui.services.errors import ServiceError
from tui.words import counted
from tui.workspace.changes.history import Waiting
from tui.workspace.invoices.amounts import plain
from tui.workspace.invoices.bank.matching import FITS, Match
from tui.workspace.invoices.bank.statement import BankError, Statement
from tui.workspace.invoices.bank_desk import back_told, read_statement
from tui.workspace.workspace import Workspace

COLUMNS = ("day", "amount", "currency", "from", "text", "for", "why")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and whether its payments are noted."""
    parser.add_argument("way", choices=["import"], help="payments in, from a bank's statement")
    parser.add_argument("file", type=Path, metavar="FILE", help="CAMT.053, 052, 054, MT940 or CSV")
    parser.add_argument(
        "--yes", action="store_true", help="note what is sure, instead of only saying"
    )
    parser.add_argument(
        "--dates", choices=["dmy", "mdy"], help="the order of days, where none of them tells it"
    )
    parser.add_argument("--json", action="store_true", help="an array of objects")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Look, and note where that is wanted."""
    first = None if options.dates is None else options.dates == "dmy"
    try:
        content = options.file.expanduser().read_bytes()
        statement = read_statement(content, day_first=first)
        workspace = opened(options)
    except BankError as error:
        more = " --dates says it." if "two ways" in str(error) else ""
        return fail(f"{options.file}: {error}{more}", REFUSED)
    except ConfigError as error:
        return fail(str(error))
    except OSError as error:
        return report(error, as_json=options.json)
    return to_its_end(_run(options, workspace, statement))


async def _run(options: argparse.Namespace, workspace: Workspace, statement: Statement) -> int:
    try:
        look = await workspace.bank.look(statement)
        for one in statement.unread:
            narrate(f"{one.where} was not read: {one.why}")
        for said in back_told(look):
            narrate(said)
        rows = [_row(one) for one in look.matches]
        sure = [
            (one.movement, one.invoice.invoice)
            for one in look.matches
            if one.sure and one.invoice is not None
        ]
        if options.json:
            print_json(rows)
        else:
            print_table(COLUMNS, rows, f"{counted(len(rows), 'payment')}, {len(sure):,} sure")
        if not options.yes:
            narrate("nothing was noted: --yes notes those that are sure, the deck all others")
        elif sure:
            narrate(await workspace.bank.note(look, sure))
        else:
            narrate("nothing of it is sure and new: nothing was noted")
    except Waiting as error:
        narrate(str(error))
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=options.json)
    finally:
        await workspace.close()
    return DONE


def _row(match: Match) -> dict[str, str]:
    movement = match.movement
    wanted = match.invoice.number if match.invoice is not None else ""
    return {
        "day": movement.day.isoformat(),
        "amount": plain(movement.amount, movement.currency),
        "currency": movement.currency,
        "from": movement.name,
        "text": movement.text,
        "for": wanted or " or ".join(one.number for one in match.others),
        "why": FITS[match.fit],
    }
