"""The options of `tockdeck hours`, and what is wrong with them together.

They are read before anything of what they ask for is imported.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.cli import add_configuration_arguments
from tui.workspace.hours.forms import READ, WRITTEN
from tui.workspace.timers.period_text import NAMED
from tui.workspace.timers.reckoning.sheet import BYS

WHICH = ("first", "second")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """In or out, the file, and what it does not tell itself."""
    parser.add_argument(
        "way",
        choices=["import", "export", "report", "enter"],
        help="hours in, or out, or summed up, or into the timesheet",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="what to import; - is standard input"
    )
    parser.add_argument(
        "--as",
        dest="form",
        choices=list(dict.fromkeys([*READ, *WRITTEN])),
        help="the format: of an import where it is not plain, of an export always",
    )
    own = parser.add_argument_group("of import")
    own.add_argument(
        "--map",
        metavar="NAME=TRACKER",
        action="append",
        default=[],
        help="which tracker a name of the file is, remembered; * is all others; may be repeated",
    )
    own.add_argument("--all", action="store_true", help="show what is already there as well")
    own.add_argument(
        "--place",
        metavar="TIME",
        help="put lengths without times into the gaps of their day, from this time on",
    )
    own.add_argument("--zone", metavar="ZONE", help="the zone of times without one")
    own.add_argument(
        "--dates", choices=["dmy", "mdy"], help="the order of dates, where none of them tells it"
    )
    own.add_argument(
        "--twice", choices=WHICH, help="which one a time is that clocks show twice that night"
    )
    own.add_argument(
        "--person", metavar="NAME", default="", help="only this person's entries, of several"
    )
    sent = parser.add_argument_group("of import and enter")
    sent.add_argument(
        "--yes", action="store_true", help="add or enter what is new, and ask nobody before"
    )
    days = parser.add_argument_group("of export, report and enter")
    days.add_argument(
        "--from", dest="first", metavar="DAY", help="the first day of an export or report"
    )
    days.add_argument(
        "--to", dest="last", metavar="DAY", help="the last day of it (default: today)"
    )
    days.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the file of an export or report (default: standard output, as -)",
    )
    _of_report(parser.add_argument_group("of report and enter"))
    _of_enter(parser.add_argument_group("of enter"))
    add_configuration_arguments(parser)


def _of_report(parser: argparse._ArgumentGroup) -> None:
    """Which period, and how it is read."""
    parser.add_argument(
        "--period",
        metavar="TEXT",
        help=f"of a report, or to enter: {', '.join(NAMED)}, 2026-03, 2026-W12, 2026, or"
        " 1 to 15 Nov (default: this week)",
    )
    parser.add_argument(
        "--by", choices=BYS, default="tracker", help="the lines of a report (default: %(default)s)"
    )
    parser.add_argument(
        "--round",
        metavar="RULE",
        help="of a report, or to enter: none, up 15, or nearest 6 per day (default: as in the"
        " deck); the exact hours stand beside it",
    )
    parser.add_argument(
        "--tracker", metavar="NAME", help="of a report: only this one, and what is under it"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", dest="told", action="store_const", const="json", help="as JSON")
    form.add_argument("--csv", dest="told", action="store_const", const="csv", help="as CSV")
    form.add_argument(
        "--markdown", dest="told", action="store_const", const="md", help="as Markdown"
    )


def _of_enter(parser: argparse._ArgumentGroup) -> None:
    """Which task a tracker is, and whether anything is sent."""
    parser.add_argument(
        "--task",
        metavar="TRACKER=TASK",
        action="append",
        default=[],
        help="to enter: which task a tracker and all under it is, remembered; `never` for none;"
        " may be repeated",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be entered, send nothing"
    )


def misused(options: argparse.Namespace) -> str:
    """What is wrong with the options together; "" for nothing."""
    if options.way == "import":
        if options.file is None:
            return "name the file to import, or - for standard input"
        if options.form is not None and options.form not in READ:
            return f"--as {options.form}: an import reads {', '.join(READ)}"
        return ""
    if options.way == "enter":
        return _misused_enter(options)
    if options.file is not None:
        return f"what is {options.way}ed is written to -o FILE"
    if options.way == "report":
        return "--as is for import and export: --csv, --json, --markdown" if options.form else ""
    if options.form not in WRITTEN:
        return f"--as: an export is written as {', '.join(WRITTEN)}"
    return "" if options.first else "say the first day with --from"


def _misused_enter(options: argparse.Namespace) -> str:
    """What is wrong with the options together; "" for nothing."""
    if options.file is not None:
        return "hours are entered from your timers: name no file"
    if options.form or options.told not in (None, "json") or options.output is not None:
        return "what is entered is told as a table or with --json"
    return ""
