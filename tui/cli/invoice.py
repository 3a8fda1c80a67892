"""`tockdeck invoice ID`: an invoice as a document, in a form that a client or a state reads.

`--check` holds it against schema and rules of e-invoices, in this process, before it is sent.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate, narrated
from tui.cli.output import refuse_closed, write_data
from tui.cli.settings import read_settings
from tui.cli.statuses import report, to_its_end
from tui.config.load import ConfigError
from tui.services.digits import whole
from tui.services.errors import ServiceError
from tui.workspace.invoices.document_desk import Unmade
from tui.workspace.invoices.documents.forms import FORMS, file_name, mail, written
from tui.workspace.invoices.documents.outcome import DocumentError
from tui.workspace.saved_files import save
from tui.workspace.text import clean
from tui.workspace.times import TimeTextError, read_day
from tui.workspace.uncollected import uncollected
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.invoices.document_desk import DocumentDesk
    from tui.workspace.invoices.documents.document import Document

SHOWN = "md"
MAIL = "eml"
CHECKED = ("facturx", "ubl", "xrechnung")
FRANCE = "fr"
MOST_IDS = 2**63
"""SQLite keeps no larger ones."""
Failure = DocumentError | ServiceError | ConfigError | OSError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which ones, in which form, where to, and whether they are checked."""
    parser.add_argument(
        "invoice",
        nargs="+",
        metavar="ID",
        help="the service's id of an invoice, or its number; several with -o FOLDER",
    )
    parser.add_argument("--to", choices=list(FORMS), help=f"the form (default: {SHOWN})")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the file, or the folder of several (default: standard output, as -)",
    )
    parser.add_argument(
        "--attach",
        choices=[one for one in FORMS if one != MAIL],
        help=f"what goes with a mail (--to {MAIL}; default: pdf)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="hold it against schema and rules (of --to, else of facturx and ubl); written only "
        "where -o says so and nothing is wrong",
    )
    parser.add_argument(
        "--rules",
        choices=[FRANCE],
        help="further rules: fr is the French reform's; from France to France they always hold",
    )
    parser.add_argument(
        "--issued",
        metavar="DAY",
        help="the day on which it was issued, where it is not kept here",
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write or check."""
    if options.output == Path("-"):
        options.output = None
    wrong = _misused(options)
    if wrong:
        return fail(wrong)
    if options.output is None or options.check:
        refuse_closed()
    try:
        workspace = narrated(*read_settings(options))
        issued = read_day(options.issued, workspace.zone) if options.issued else None
    except (ConfigError, TimeTextError) as error:
        return fail(str(error))
    # One document is soon done: the garbage between would cost a tenth of it to look for.
    with uncollected() if len(options.invoice) == 1 else nullcontext():
        return to_its_end(_run(options, workspace, issued))


def _misused(options: argparse.Namespace) -> str:
    """What is wrong with the options together; "" for nothing."""
    form = options.to or SHOWN
    to_output = options.output is None and not options.check
    if to_output and not FORMS[form].text and sys.stdout.isatty():
        return f"{FORMS[form].title} is nothing for a terminal: name a file with -o, or a pipe"
    if len(options.invoice) > 1 and to_output:
        return "several invoices need a folder: name one with -o"
    if options.attach is not None and form != MAIL:
        return f"--attach is for a mail: --to {MAIL}"
    if options.check and options.to is not None and options.to not in CHECKED:
        return f"--check: rules are there for {', '.join(CHECKED)}, not for {options.to}"
    return ""


async def _run(options: argparse.Namespace, workspace: Workspace, issued: date | None) -> int:
    desk, several = workspace.documents, len(options.invoice) > 1
    statuses, wanted, done = list[int](), dict[int, None](), 0
    failures: dict[object, list[tuple[int, Failure]]] = {}
    try:
        template = desk.template
        for word in options.invoice:
            try:
                wanted[await _id(word, desk)] = None
            except ServiceError as error:
                statuses.append(report(error, as_json=False))
        asked = len(wanted) + len(statuses)
        async for one in desk.documents(wanted, issued=issued):
            if isinstance(one, Unmade):
                failures.setdefault(_why(one.error), []).append((one.invoice_id, one.error))
                continue
            document_id, document, said = one
            for words in said:
                narrate(words)
            try:
                if options.check and not _checked(document_id, document, options):
                    statuses.append(REFUSED)
                    done += options.output is None
                    continue
                if options.output is not None or not options.check:
                    await _write(document_id, document, options, template)
                done += 1
            except (DocumentError, ServiceError, ConfigError, OSError) as error:
                failures.setdefault(_why(error), []).append((one.invoice_id, error))
        for failed in failures.values():
            statuses += [_tell(failed, options.output, several=several)] * len(failed)
    finally:
        await workspace.close()
    if several and done < asked:
        looked_at = options.check and options.output is None
        narrate(f"{done:,} of {asked:,} {'checked' if looked_at else 'written'}")
    return _together(statuses)


def _why(error: Failure) -> object:
    """What failures have in common that are told once. The files that could not be written are
    others in the same folder.
    """
    return error.errno if isinstance(error, OSError) else (type(error), str(error))


def _tell(failed: list[tuple[int, Failure]], folder: Path | None, *, several: bool) -> int:
    """Say why some are not written, once for all that fail alike, and by line where their documents
    lack several things; the status.
    """
    ids = [f"{one}" for one, _ in failed]
    error = failed[0][1]
    about = f"invoice {ids[0]}: " if several else ""
    if len(ids) > 1:
        about = f"invoices {', '.join(ids[:-1])} and {ids[-1]}: "
        if isinstance(error, OSError) and error.filename and folder is not None:
            error = type(error)(error.errno, error.strerror, str(folder))
    if not isinstance(error, DocumentError):
        return report(error, as_json=False, about=about)
    for line in str(error).splitlines():
        narrate(about + line)
    return REFUSED


def _together(statuses: list[int]) -> int:
    """The status of all that failed, where it is one and the same; of several kinds, refused."""
    if not statuses:
        return DONE
    return statuses[0] if len(set(statuses)) == 1 else REFUSED


async def _id(word: str, desk: DocumentDesk) -> int:
    """The id of what is called by its id or by its number. Raises NotFound.

    What has more digits than any id can only be a number.
    """
    found = whole(word) if word.isascii() else None
    return found if found is not None and found < MOST_IDS else await desk.numbered(word)


async def _write(
    document_id: int, document: Document, options: argparse.Namespace, template: Path | None
) -> None:
    form = options.to or SHOWN
    if form == MAIL:
        content, said = mail(document, template, options.attach or "")
    else:
        content, said = written(document, form, template)
    for words in said:
        narrate(words)
    if options.output is None:
        write_data(content)
        return
    path = options.output.expanduser()
    if len(options.invoice) > 1 or path.is_dir():
        path = path / file_name(document, form, document_id)
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    await save(path, content)
    narrate(f"{FORMS[form].title} written to {path}")


def _checked(document_id: int, document: Document, options: argparse.Namespace) -> bool:
    """Check one and say what came of it; whether it is valid in every form that was asked."""
    from tui.workspace.invoices.documents.report import held_against

    standards = [options.to] if options.to else list(CHECKED[:2])
    result = held_against(document, standards, french=options.rules == FRANCE)
    for line in result.lines:
        print(clean(f"invoice {document_id}: {line}"))
    return result.valid
