"""`tockdeck widget FILE|URL`: an iBuildApp widget document, shown, checked or filled in.

A form is filled in on a terminal and shown as text in a pipe; its answers go to a file, to a
draft of a mail, or to standard output. Nothing is ever sent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

from tui.cli import DONE, INTERRUPTED, REFUSED, add_configuration_arguments, fail
from tui.cli.output import print_json, write_data
from tui.cli.settings import read_settings
from tui.cli.statuses import report
from tui.cli.tables import WIDEST, print_table
from tui.config.load import ConfigError
from tui.services.digits import whole
from tui.services.errors import InvalidArgument, ServiceError
from tui.words import counted
from tui.workspace.operations.operations import plain_result
from tui.workspace.saved_files import put
from tui.workspace.text import REPLACEMENT, clean, clean_block
from tui.workspace.times import zone
from tui.workspace.widget import answers as answering
from tui.workspace.widget import documents as documents

LONGEST_SHOWN = 4000
"""Characters of a text that the tree of JSON shows whole."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The document, what to show of it, and where a filled form goes."""
    parser.add_argument("source", metavar="FILE|URL|-", help="the document; - is standard input")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="the document as it was read, as JSON")
    what.add_argument("--check", action="store_true", help="what is odd or wrong in it")
    what.add_argument("--fill", action="store_true", help="fill the form in, in a pipe too")
    what.add_argument("--menu", action="store_true", help="the choices of a bookstore's menu")
    parser.add_argument("--answers", metavar="FILE", help="fill in from answers saved before")
    parser.add_argument("--save", metavar="FILE", help="write the answers as JSON")
    parser.add_argument("--draft", metavar="FILE", help="write the answers as a mail (.eml)")
    parser.add_argument("--mailto", action="store_true", help="print the answers as a mailto: link")
    parser.add_argument("--force", action="store_true", help="overwrite files that are there")
    parser.add_argument("--filter", metavar="TEXT", default="", help="entries that hold a text")
    parser.add_argument(
        "--choose", metavar="CHOICE", default="", help="books of one choice of the menu"
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Show the document, or fill it in."""
    try:
        loaded, _ = read_settings(options)
        where = zone(loaded.settings.deck.time_zone)
        if options.source == "-":
            document = documents.read_document(sys.stdin.buffer.read(documents.LARGEST + 1))
        else:
            document = asyncio.run(documents.load(options.source, loaded.settings.network))
        return _shown(options, document, where)
    except (ConfigError, ServiceError, OSError) as error:
        return report(error, as_json=False)


def _shown(options: argparse.Namespace, document: documents.WidgetDocument, where: tzinfo) -> int:
    if options.check:
        return _print_findings(document)
    if options.json:
        print_json(_as_json(document), indent=2)
        return DONE
    if options.menu:
        for choice in documents.menu_of(document):
            print(f"{clean(choice.key):<40} {choice.books:>5}  {clean(choice.title)}")
        return DONE
    if isinstance(document.data, documents.CustomForm) or options.fill or options.answers:
        return _form(options, document, where)
    print(f"{clean(document.title)}  ({clean(document.type) or 'JSON'})", file=sys.stderr)
    if document.problem:
        print(f"tockdeck: {clean(document.problem)}; shown as JSON", file=sys.stderr)
    listing = documents.listing_of(document)
    if listing is None:
        content = document.raw if document.data is None else document.raw["data"]
        _print_tree(content, 0)
        return DONE
    if options.choose and options.choose not in {c.key for c in documents.menu_of(document)}:
        return fail(f"{options.choose!r} is no choice of the menu; --menu lists them")
    entries = listing.matching(options.filter, options.choose)
    print_table(
        list(listing.columns),
        [dict(zip(listing.columns, one.values, strict=True)) for one in entries],
        f"{len(entries):,} of {counted(len(listing.entries), 'entry')}",
        # In a pipe an address is wanted whole.
        widest=WIDEST if sys.stdout.isatty() else None,
    )
    return DONE


def _print_findings(document: documents.WidgetDocument) -> int:
    found = documents.check(document)
    for finding in found:
        print(f"{finding.weight:<6} {clean(finding.at)}: {clean(finding.text)}")
    wrong = sum(finding.weight == "wrong" for finding in found)
    kind = document.kind.heading if document.kind else document.type or "no widget"
    print(f"{clean(kind)}: {wrong} wrong, {len(found) - wrong} odd", file=sys.stderr)
    return REFUSED if wrong else DONE


def _as_json(document: documents.WidgetDocument) -> dict[str, Any]:
    content: dict[str, Any] = {
        "widgetid": document.id,
        "type": document.type,
        "title": document.title,
        "data": document.raw if document.data is None else plain_result(document.data),
    }
    if document.problem:
        content["problem"] = document.problem
    return content


def _print_tree(value: Any, depth: int) -> None:
    """JSON as indented lines. A list stands in for recursion: documents may be deep."""
    waiting: list[tuple[int, str, Any]] = [(depth, "", value)]
    while waiting:
        level, name, one = waiting.pop()
        label = f"{clean(name)}: " if name else ""
        before = "  " * min(level, 40)
        if isinstance(one, (dict, list)) and one:
            if name:
                print(f"{before}{clean(name)}")
            pairs = one.items() if isinstance(one, dict) else enumerate(one)
            inner = [(level + bool(name), str(key), item) for key, item in pairs]
            waiting += reversed(inner)
        elif isinstance(one, str):
            text = clean(one)
            print(f"{before}{label}{text[:LONGEST_SHOWN]}{'…' * (len(text) > LONGEST_SHOWN)}")
        else:
            print(f"{before}{label}{json.dumps(one)}")


# -- forms ----------------------------------------------------------------------------------------


def _form(options: argparse.Namespace, document: documents.WidgetDocument, where: tzinfo) -> int:
    asked = answering.questions(document)
    wanted = options.save or options.draft or options.mailto
    if options.answers:
        texts = _saved_answers(Path(options.answers), asked)
    elif options.fill or (sys.stdin.isatty() and (sys.stdout.isatty() or wanted)):
        print(f"{clean(document.title)}\nenter takes what stands in [ ]", file=sys.stderr)
        try:
            texts = {question.key: _ask(question, where) for question in asked}
        except EOFError:
            return fail("given up: nothing was kept", INTERRUPTED)
    elif wanted:
        return fail("there is no terminal to fill the form in; use --answers FILE")
    else:
        _print_questions(document, asked)
        return DONE
    answers, wrong = answering.read_answers(document, texts, where)
    if wrong:
        label = {question.key: question.label or question.key for question in asked}
        return fail("; ".join(f"{clean(label[key])}: {text}" for key, text in wrong.items()))
    return _hand_on(options, document, answers)


def _hand_on(
    options: argparse.Namespace,
    document: documents.WidgetDocument,
    answers: answering.Answers,
) -> int:
    files = [(name, make) for name, make in (
        (options.save, answering.as_json), (options.draft, answering.mail_draft)
    ) if name]  # fmt: skip
    for name, _ in files:
        if Path(name).expanduser().exists() and not options.force:
            return fail(f"{name} is there already; --force overwrites it", REFUSED)
    for name, make in files:
        path = Path(name).expanduser()
        put(path, make(document, answers))
        print(f"Wrote {path}.", file=sys.stderr)
    if options.mailto:
        if answering.attached(document, answers):
            print("tockdeck: the link does not carry the photos; --draft does", file=sys.stderr)
        print(answering.mailto_link(document, answers))
    elif not files:
        write_data(answering.as_json(document, answers))
    return DONE


def _saved_answers(path: Path, asked: list[answering.Question]) -> dict[str, str]:
    """The answers of a file that --save wrote, by their places in the form."""
    try:
        content = json.loads(path.expanduser().read_text(encoding="utf-8"))
        values = [one["value"] for group in content["groups"] for one in group["answers"]]
        texts = [", ".join(one) if isinstance(one, list) else str(one) for one in values]
        return {question.key: text for question, text in zip(asked, texts, strict=True)}
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidArgument(
            f"{path} does not hold the answers to this form",
            service="widgets",
            advice="A file that --save wrote does.",
        ) from error


def _print_questions(document: documents.WidgetDocument, asked: list[answering.Question]) -> None:
    print(clean(document.title))
    group = ""
    for question in asked:
        if question.group != group:
            group = question.group
            print(f"\n{clean(group)}")
        print(f"  {clean(_described(question))}")


def _described(question: answering.Question) -> str:
    label = question.label or f"({question.type})"
    if question.kind == "one":
        marks = (f"({'•' if c == question.default else ' '}) {c}" for c in question.choices)
        return f"{label}: {'  '.join(marks)}"
    if question.kind == "yes":
        return f"{label}: [{'x' if question.default else ' '}]"
    if question.kind == "photos":
        return f"{label}: photos" + (f", at most {question.most}" if question.most else "")
    hint = f" ({question.hint})" if question.hint else ""
    return f"{label}: {question.default}{hint}"


def _ask(question: answering.Question, where: tzinfo) -> str:
    """One question until its answer can be read. Raises EOFError when given up."""
    default = answering.typed_answer(question, question.default)
    print(file=sys.stderr)
    if question.kind == "one":
        for place, choice in enumerate(question.choices, 1):
            print(f"  {place} {clean(choice)}", file=sys.stderr)
    while True:
        print(f"{_prompt(question, default)} ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        text = _meant(question, line.strip() or default)
        if REPLACEMENT in line:
            print(f"  this is no text in {sys.stdin.encoding}; type it again", file=sys.stderr)
            continue
        try:
            answering.read_answer(question, text, where)
        except answering.AnswerError as error:
            print(f"  {error}", file=sys.stderr)
        else:
            return text


def _prompt(question: answering.Question, default: str) -> str:
    words = clean(" · ".join(filter(None, (question.group, question.label or question.type))))
    ways: Mapping[str, str] = {
        "yes": "yes/no", "one": "number or text", "date": "YYYY-MM-DD",
        "photos": "file names, with commas",
    }  # fmt: skip
    way = ways.get(question.kind, clean(question.hint))
    shown = clean_block(default).replace("\n", " ") or ("no" if question.kind == "yes" else "")
    return f"{words}{f' ({way})' if way else ''}{f' [{shown}]' if shown else ''}:"


def _meant(question: answering.Question, text: str) -> str:
    """A choice may be given by its number, where no choice is called like it."""
    if question.kind == "one" and text not in question.choices:
        number = whole(text) or 0
        if 0 < number <= len(question.choices):
            return question.choices[number - 1]
    return text
