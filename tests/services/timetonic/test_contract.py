"""Every TimeTonic request against the document: what is sent, and what is read.

Requests are held against the document's own example queries and forms, which stand verbatim in
tests/data/timetonic/requests.tsv. The document shows no answers; saved real ones are read where
there are any, and a row without one says so.
"""

from __future__ import annotations

import re

import pytest

from tests.services.capture import Capture
from tests.services.timetonic.rows import Row
from tests.services.timetonic.rows_books import BOOK_ROWS
from tests.services.timetonic.rows_tables import TABLE_ROWS
from tests.services.timetonic.sample import client, example
from tui.services.timetonic import TimeTonic

ROWS = [*BOOK_ROWS, *TABLE_ROWS]


def test_every_request_has_its_row() -> None:
    assert sorted(f"timetonic.{row.id}" for row in ROWS) == sorted(TimeTonic.operations())


def sent_form(capture: Capture) -> dict[str, str]:
    """The fields sent; of a multipart form too, without the file."""
    if capture.request.headers["content-type"].startswith("multipart/form-data"):
        return dict(
            re.findall(
                r'form-data; name="(\w+)"\r\n\r\n(.*?)\r\n--',
                capture.request.content.decode(errors="replace"),
                re.DOTALL,
            )
        )
    return capture.form


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_sends_the_documented_request_and_reads_the_answer(row: Row) -> None:
    capture = Capture(row.answer)
    assert row.check(await row.call(client(capture)))
    if row.id == "file":
        assert capture.request.method == "GET"
        assert str(capture.request.url) == (
            "https://timetonic.com/live/dbi/in/tb/FU-1701419839-65699b3f78400/"
            "modele-suivi-projet.jpg"
        )
        return
    assert capture.request.method == "POST"
    assert str(capture.request.url) == "https://timetonic.com/live/api.php"
    sent = sent_form(capture)
    assert sent.pop("req") == row.id
    if row.id == "resumableUpload":
        assert sent.pop("uuid") == sent.pop("resumableIdentifier") != ""
    assert sent == row.form


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_sends_nothing_that_the_document_does_not_name(row: Row) -> None:
    """And all that its example query fills in, with the same values where they are given."""
    documented = example(row.id)
    if documented is None:
        assert "index entry" in row.section
        return
    query, fields = documented
    named = set(query) | {"sesskey", "u_c", "nbDocs", "nbMedias"}
    for words in fields:
        named |= set(re.findall(r"\w+", words))
    # Named by the reference page for this request, beside the document.
    named |= row.undocumented
    assert set(row.form) <= named, set(row.form) - named
    for name, value in query.items():
        if name != "req" and value not in ("", '""'):
            assert row.form[name] == value, name
        elif name not in ("req", "viewId"):
            assert name in row.form, name
