"""Filling in a form widget: answers read from what is typed, saved as JSON, drafted as a mail.

A draft is written or shown, never sent: where a form goes is for a person to see first.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from datetime import date, tzinfo
from decimal import Decimal, InvalidOperation
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import quote, urlencode

from tui.services.errors import InvalidArgument
from tui.services.widgets import (
    Answers,
    Question,
    WidgetDocument,
    answers_json,
    answers_text,
    is_address,
    questions_of,
    shown_answer,
)
from tui.services.widgets.form import CustomForm
from tui.services.widgets.records import WIRE_DATE, read_wire_date
from tui.words import counted
from tui.workspace.operations.operations import to_json
from tui.workspace.text import clean
from tui.workspace.times import TimeTextError, read_day

__all__ = ["Answers", "Question", "shown_answer"]

LARGEST_DRAFT = 20 * 1024 * 1024
"""Bytes of all photos of one mail; most mail services refuse larger ones."""
_NO = frozenset({"", "no", "n", "false", "0", "off"})
_YES = frozenset({"yes", "y", "true", "1", "on", "x", "checked"})


class AnswerError(ValueError):
    """What is wrong with an answer, in words."""


def form_of(document: WidgetDocument) -> CustomForm:
    """The form of a document. Raises InvalidArgument where it is another widget."""
    if not isinstance(document.data, CustomForm):
        what = document.kind.heading if document.kind else document.type or "this"
        raise InvalidArgument(
            f"{what} is no form: there is nothing to fill in",
            service="widgets",
            advice="Only a CustomForm widget is filled in.",
        )
    return document.data


def questions(document: WidgetDocument) -> list[Question]:
    """What a form asks for. Raises InvalidArgument where it is another widget."""
    return questions_of(form_of(document))


def read_answer(question: Question, text: str, where: tzinfo) -> str | list[str]:
    """An answer in the form's own words from what was typed.

    Days are typed as everywhere (`2026-08-21`, `today`) or as the form writes them, photos as
    file names between commas. Raises AnswerError.
    """
    # What was typed may hold bytes that are no text at all.
    text = text.encode("utf-8", errors="replace").decode()
    plain = text.strip()
    match question.kind:
        case "yes":
            if plain.lower() in _NO | _YES:
                return "" if plain.lower() in _NO else "checked"
            raise AnswerError("Answer yes or no.")
        case "one":
            if plain and plain not in question.choices:
                raise AnswerError("Choose one of: " + ", ".join(question.choices))
            return plain
        case "number":
            if plain and not _is_number(plain):
                raise AnswerError("This is not a number.")
            return plain
        case "date":
            return _wire_day(plain, where).strftime(WIRE_DATE) if plain else ""
        case "photos":
            return _photos(question, plain)
        case _:
            return text.rstrip("\n")


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _wire_day(text: str, where: tzinfo) -> date:
    try:
        return read_wire_date(text) or read_day(text, where)
    except TimeTextError as error:
        raise AnswerError(str(error)) from None


def _photos(question: Question, text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if question.most is not None and len(names) > question.most:
        raise AnswerError(f"At most {counted(question.most, 'file')} can be attached.")
    for name in names:
        if not Path(name).expanduser().is_file():
            raise AnswerError(f"There is no file {name}.")
    return names


def typed_answer(question: Question, answer: str | list[str]) -> str:
    """An answer, or the default, as a person would type it; a day as ISO 8601."""
    if isinstance(answer, list):
        return ", ".join(answer)
    if question.kind == "yes":
        return "yes" if answer else ""
    day = read_wire_date(answer) if question.kind == "date" else None
    return day.isoformat() if day else answer


def as_json(document: WidgetDocument, answers: Answers) -> bytes:
    """The answers as a JSON file."""
    content = answers_json(document.id, document.title, form_of(document), answers)
    return to_json(content, indent=2) + b"\n"


def mail_draft(document: WidgetDocument, answers: Answers) -> bytes:
    """The answers as a mail that is not sent yet (.eml), photos attached.

    A recipient that is no plain mail address is left out. Raises InvalidArgument for photos
    that are too large, OSError where one cannot be read.
    """
    form = form_of(document)
    mail = EmailMessage(policy=SMTP)
    # Mail programs open a message with this header to be edited and sent.
    mail["X-Unsent"] = "1"
    if is_address(form.email.address):
        mail["To"] = form.email.address
    mail["Subject"] = _subject(document)
    mail.set_content(answers_text(form, answers))
    size = 0
    for path in attached(document, answers):
        size += path.stat().st_size
        if size > LARGEST_DRAFT:
            raise InvalidArgument(
                f"the photos are larger than {LARGEST_DRAFT // 1024 // 1024} MB together",
                service="widgets",
                advice="Attach fewer or smaller ones.",
            )
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        mail.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
    return mail.as_bytes()


def mailto_link(document: WidgetDocument, answers: Answers) -> str:
    """The answers as a mailto: link; it cannot carry photos."""
    form = form_of(document)
    address = form.email.address if is_address(form.email.address) else ""
    body = answers_text(form, answers).replace("\n", "\r\n")
    fields = urlencode({"subject": _subject(document), "body": body}, quote_via=quote)
    return f"mailto:{quote(address, safe='@')}?{fields}"


def attached(document: WidgetDocument, answers: Answers) -> list[Path]:
    """The files of all answers that are photos."""
    return [
        Path(name).expanduser()
        for question in questions(document)
        if question.kind == "photos" and isinstance(names := answers.get(question.key), list)
        for name in names
    ]


def _subject(document: WidgetDocument) -> str:
    form = form_of(document)
    # A line break would begin another header.
    return clean(" ".join((form.email.subject or document.title).split())[:200])


def read_answers(
    document: WidgetDocument, texts: Mapping[str, str], where: tzinfo
) -> tuple[dict[str, str | list[str]], dict[str, str]]:
    """Every answer by the question's key, and what is wrong with those that cannot be read."""
    answers: dict[str, str | list[str]] = {}
    wrong: dict[str, str] = {}
    for question in questions(document):
        try:
            answers[question.key] = read_answer(question, texts.get(question.key, ""), where)
        except AnswerError as error:
            wrong[question.key] = str(error)
    return answers, wrong


def problem_with(question: Question, text: str, where: tzinfo) -> str | None:
    """What is wrong with an answer as it was typed, or None."""
    try:
        read_answer(question, text, where)
    except AnswerError as error:
        return str(error)
    return None
