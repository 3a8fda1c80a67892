"""`tockdeck call ID name=value ...`: one operation, its answer as JSON on standard output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

import msgspec

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate, narrated
from tui.cli.output import OutputFailed, print_json, write_data, write_json
from tui.cli.settings import read_settings
from tui.cli.statuses import report, to_its_end
from tui.cli.tables import print_table
from tui.config.load import ConfigError
from tui.services.errors import ProtocolViolation, ServiceError
from tui.services.left_out import collecting
from tui.words import counted
from tui.workspace.changes.errors import Waiting
from tui.workspace.csv_cells import csv_text, guarded_text
from tui.workspace.operations.arguments import ArgumentError, from_object, from_words, missing
from tui.workspace.operations.catalogue import callable_operation
from tui.workspace.operations.operations import Operation, RawAnswer, to_json
from tui.workspace.operations.rows import lines_of, rows_of
from tui.workspace.problems import one_line
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The operation, its arguments, and the form of the answer."""
    parser.add_argument("id", help="operation id, as `tockdeck ops` lists them")
    parser.add_argument(
        "arguments",
        nargs="*",
        metavar="name=value",
        help="name=value, name:=JSON or name@=FILE; a repeated name or commas make a list,"
        " key:value,key:value a map",
    )
    parser.add_argument(
        "--json", metavar="OBJECT|@FILE|-", help="arguments as one JSON object, a file, or stdin"
    )
    parser.add_argument("--dry-run", action="store_true", help="print the request, send nothing")
    parser.add_argument(
        "--later",
        action="store_true",
        help="keep a change that cannot leave now, to be sent when the way is open",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before destroying")
    parser.add_argument("--json-errors", action="store_true", help="errors as JSON objects")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="the answer's own bytes")
    form.add_argument("--table", action="store_true", help="the rows of the answer, aligned")
    form.add_argument("--csv", action="store_true", help="the rows of the answer as CSV")
    form.add_argument("--jsonl", action="store_true", help="the rows of the answer, one a line")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Call the operation and print what it answers."""
    try:
        loaded, locations = read_settings(options)
        workspace = narrated(loaded, locations)
        workspace.history.sender.waits = options.later
        operation = callable_operation(options.id)
        arguments = _arguments(options, operation, workspace)
    except ArgumentError as error:
        return fail(str(error))
    except (ConfigError, ServiceError) as error:
        return report(error, as_json=options.json_errors)
    lacking = missing(operation, arguments)
    if lacking:
        return fail(f"{operation.id} needs {', '.join(lacking)}")
    if options.later and operation.effect == "read":
        return fail(f"{operation.id} only reads: --later is for changes")
    if operation.effect == "destructive" and not (options.yes or options.dry_run):
        if not sys.stdin.isatty():
            return fail(f"{operation.id} destroys something: add --yes to do it")
        print(f"{operation.title}. Type yes to go on: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != "yes":
            return fail("nothing was sent", REFUSED)
    return to_its_end(_call(options, workspace, operation, arguments))


async def _call(
    options: argparse.Namespace,
    workspace: Workspace,
    operation: Operation,
    arguments: Mapping[str, Any],
) -> int:
    operations = workspace.operations
    try:
        if options.dry_run:
            request = await operations.preview(operation, arguments)
            print_json(request, indent=2)
        elif options.raw:
            with collecting() as unread:
                raw = await operations.raw(operation, arguments)
                unread.clear()  # Bytes lack nothing, whatever of them can be read.
            return _show_raw(raw, operation, options)
        else:
            _print(await operations.call(operation, arguments), options, workspace.zone)
    except Waiting as error:
        # Asked for by --later, so that it is no failure.
        print_json({"waiting": error.change})
        narrate(one_line(error))
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=options.json_errors)
    except OutputFailed as error:
        if operation.effect == "read" or options.dry_run:
            raise
        raise type(error)(f"{error}; the service did it all the same: do not repeat it") from error
    finally:
        await workspace.close()
    return DONE


def _show_raw(raw: RawAnswer, operation: Operation, options: argparse.Namespace) -> int:
    """Print the bytes as they came, to a terminal without secrets that were sent; what is wrong
    with them is said beside.
    """
    write_data(raw.shown if sys.stdout.isatty() else raw.content)
    if raw.answers > 1:
        print(
            f"tockdeck: {counted(raw.answers, 'answer')} came, and this is the last",
            file=sys.stderr,
        )
    if raw.error is None:
        return DONE
    status = report(raw.error, as_json=options.json_errors)
    # Bytes were asked for and are there, whether or not they can be read.
    unread = isinstance(raw.error, ProtocolViolation) and operation.effect == "read"
    return DONE if unread else status


def _arguments(
    options: argparse.Namespace, operation: Operation, workspace: Workspace
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if options.json is not None:
        text: str | bytes = options.json
        if text == "-":
            text = sys.stdin.buffer.read()
        elif options.json.startswith("@"):
            path = Path(options.json[1:]).expanduser()
            try:
                text = path.read_bytes()
            except OSError as error:
                raise ArgumentError(f"--json: {path} cannot be read") from error
        try:
            content = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise ArgumentError(f"--json: not valid JSON: {error}") from error
        given |= from_object(operation, content, workspace.zone)
    return given | from_words(operation, options.arguments, workspace.zone)


def _print(result: Any, options: argparse.Namespace, where: tzinfo) -> None:
    if isinstance(result, bytes):
        write_data(result)
    elif isinstance(result, str):
        # The services answer text only where they export CSV.
        write_data(guarded_text(result).encode())
    elif options.table or options.csv:
        rows = list(rows_of(result, where))
        names = list(dict.fromkeys(name for row in rows for name in row))
        if options.csv:
            write_data(csv_text(names, rows).encode("utf-8", "replace"))
        else:
            print_table(names, rows, counted(len(rows), "row"))
    elif options.jsonl:
        for line in lines_of(result):
            write_json(line.decode())
    else:
        write_json(to_json(result, indent=2 if sys.stdout.isatty() else 0).decode())
