"""A form widget filled in: answers, the file, the draft, the link."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.services.widgets.samples import form, sample
from tui.services.errors import InvalidArgument
from tui.workspace.widget import answers as widget_answers
from tui.workspace.widget.answers import (
    AnswerError,
    as_json,
    mail_draft,
    mailto_link,
    questions,
    read_answer,
    read_answers,
    typed_answer,
)

NUMBER = {"type": "entryfield", "#label": "Count", "@format": "number", "#value": "000"}
BOX = {"type": "checkbox", "#label": "Agree", "#value": "checked"}
LIST = {"type": "dropdown", "#label": "Size", "value": ["S", "M"]}
DAY = {"type": "datepicker", "#label": "Day", "#value": "10/08/2019"}
PHOTOS = {"type": "photopicker", "#label": "Image", "#value": "Add Image", "limit": "2"}


def answered(field: dict[str, Any], text: str) -> str | list[str]:
    return read_answer(questions(form(field))[0], text, UTC)


@pytest.mark.parametrize(
    ("field", "text", "answer"),
    [
        (NUMBER, " 12.5 ", "12.5"),
        (NUMBER, "", ""),
        (BOX, "yes", "checked"),
        (BOX, "NO", ""),
        (BOX, "", ""),
        (LIST, "M", "M"),
        (DAY, "2026-11-22", "11/22/2026"),
        (DAY, "11/22/2026", "11/22/2026"),
        (DAY, "", ""),
        (PHOTOS, "", []),
        ({"type": "textarea", "#label": "T"}, " two\nlines\n", " two\nlines"),
        ({"type": "textarea", "#label": "T"}, "\udcff", "?"),
    ],
)
def test_an_answer_is_kept_in_the_forms_own_words(
    field: dict[str, Any], text: str, answer: str | list[str]
) -> None:
    assert answered(field, text) == answer


def test_a_day_may_be_said_in_words() -> None:
    before = datetime.now(UTC)
    days = {f"{before:%m/%d/%Y}", f"{before + timedelta(days=1):%m/%d/%Y}"}
    assert answered(DAY, "today") in days, "midnight may come meanwhile"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (NUMBER, "many", "not a number"),
        (NUMBER, "Infinity", "not a number"),
        (BOX, "perhaps", "yes or no"),
        (LIST, "XXL", "Choose one of: S, M"),
        (DAY, "some day", "Write a date as"),
        (PHOTOS, "/nowhere/x.jpg", "There is no file"),
        (PHOTOS, "a,b,c", "At most 2"),
    ],
)
def test_an_answer_that_cannot_be_is_said(field: dict[str, Any], text: str, words: str) -> None:
    with pytest.raises(AnswerError, match=words):
        answered(field, text)


def test_placeholders_are_no_answers_and_defaults_are() -> None:
    asked = questions(form(NUMBER, BOX, LIST, DAY, PHOTOS))
    assert [(one.default, one.hint) for one in asked] == [
        ("", "000"), ("checked", ""), ("S", ""), ("10/08/2019", ""), ("", "Add Image"),
    ]  # fmt: skip
    assert [typed_answer(one, one.default) for one in asked] == ["", "yes", "S", "2019-10-08", ""]


def test_all_answers_are_read_together_and_what_is_wrong_is_said_by_question() -> None:
    document = form(NUMBER, LIST)
    answers, wrong = read_answers(document, {"0.0": "x", "0.1": "M"}, UTC)
    assert answers == {"0.1": "M"}
    assert list(wrong) == ["0.0"]


def test_answers_are_saved_grouped_as_the_form_is() -> None:
    content = json.loads(as_json(sample("customform"), {"0.0": "7", "0.5": "Hello"}))
    assert content["widgetid"] == "36555161"
    assert content["title"] == "My custom form"
    assert [group["title"] for group in content["groups"]] == [
        "Reality", "0 group", "New group", "xxx",
    ]  # fmt: skip
    reality = content["groups"][0]["answers"]
    assert reality[0] == {"label": "789", "type": "entryfield", "value": "7"}
    assert reality[5] == {"label": "", "type": "radiobutton", "value": "Hello"}
    assert reality[3]["value"] == "checked"


def draft(document: Any, answers: dict[str, str | list[str]]) -> EmailMessage:
    message = message_from_bytes(mail_draft(document, answers), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_draft_goes_to_the_forms_address_and_is_marked_as_not_sent() -> None:
    message = draft(form(NUMBER, BOX, **{"#subject": "Order"}), {"0.0": "3"})
    assert (message["To"], message["Subject"]) == ("a@example.com", "Order")
    assert (message["X-Unsent"], message["From"]) == ("1", None)
    assert body(message) == "Group\nCount: 3\nAgree: yes\n"


def test_a_draft_without_a_subject_has_the_forms_title() -> None:
    assert draft(sample("customform"), {})["Subject"] == "My custom form"


@pytest.mark.parametrize(
    "address",
    ["x@y.example\nBcc: all@y.example", "x@y.example, all@y.example",
     "x@y.example?bcc=all@y.example", "nobody", "\x1b]0;x\x07@y.example"],
)  # fmt: skip
def test_an_address_cannot_add_recipients(address: str) -> None:
    document = form(BOX, **{"#address": address})
    message = draft(document, {})
    assert (message["To"], message["Bcc"], message["Cc"]) == (None, None, None)
    assert mailto_link(document, {}).startswith("mailto:?subject=")


def test_a_subject_cannot_add_headers() -> None:
    message = draft(form(BOX, **{"#subject": "Hi\r\nBcc: all@y.example\n\nbody\x1b[2J"}), {})
    assert message["Bcc"] is None
    assert message["Subject"] == "Hi Bcc: all@y.example body␛[2J"


def test_photos_are_attached(tmp_path: Path) -> None:
    first, second = tmp_path / "é one.jpg", tmp_path / "two.bin"
    first.write_bytes(b"\xff\xd8")
    second.write_bytes(b"\0\1")
    document = form(PHOTOS)
    answers, wrong = read_answers(document, {"0.0": f"{first}, {second}"}, UTC)
    assert wrong == {}
    parts = list(draft(document, answers).iter_attachments())
    assert [part.get_filename() for part in parts] == ["é one.jpg", "two.bin"]
    assert [part.get_content_type() for part in parts] == [
        "image/jpeg", "application/octet-stream",
    ]  # fmt: skip
    assert parts[1].get_content() == b"\0\1"


def test_photos_that_no_mail_carries_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widget_answers, "LARGEST_DRAFT", 3)
    large = tmp_path / "large.jpg"
    large.write_bytes(b"1234")
    with pytest.raises(InvalidArgument, match="the photos are larger"):
        mail_draft(form(PHOTOS), {"0.0": [str(large)]})


def test_the_link_carries_subject_and_body_and_nothing_else() -> None:
    document = form({"type": "textarea", "#label": "Say"}, **{"#subject": "A & B"})
    link = urlsplit(mailto_link(document, {"0.0": "1&bcc=x@y.example\n100%"}))
    assert (link.scheme, link.path) == ("mailto", "a@example.com")
    assert parse_qs(link.query) == {
        "subject": ["A & B"],
        "body": ["Group\r\nSay: 1&bcc=x@y.example\r\n100%\r\n"],
    }
    assert "+" not in link.query


def test_only_a_form_can_be_filled_in() -> None:
    with pytest.raises(InvalidArgument, match="PDF Reader Widget is no form"):
        questions(sample("ebook"))
