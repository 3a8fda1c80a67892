"""Reading: the thirteen samples verbatim, and whatever else may stand in a file."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.leaves import lost, unknown_keys
from tests.services.strategies import json_objects
from tests.services.widgets.samples import FOLDER, TYPES, content, raw, sample
from tui.services.errors import ProtocolViolation
from tui.services.widgets import KINDS, LARGEST, check, document_of, questions_of, read_document
from tui.services.widgets.form import CustomForm

ROWS = [
    row
    for row in csv.DictReader(
        (FOLDER.parent / "operations.tsv").read_text().splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    if row["id"].startswith("widgets.")
]


def test_every_row_of_the_list_is_a_type_with_a_sample() -> None:
    assert [row["id"] for row in ROWS] == [kind.id for kind in KINDS.values()]
    assert sorted(KINDS) == TYPES
    assert len(TYPES) == 13


@pytest.mark.parametrize("name", TYPES)
def test_a_sample_is_read_whole(name: str) -> None:
    document = sample(name)
    assert document.problem == ""
    assert (document.type, document.id) == (name, raw(name)["widgetid"])
    assert isinstance(document.data, KINDS[name].data)
    assert not lost(_spoken(raw(name)["data"]), document.data)
    assert unknown_keys(document.data) == []


def _spoken(value: Any) -> Any:
    """The sample with its switches as the leaves of a typed result are spelled."""
    if isinstance(value, dict):
        return {key: _spoken(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spoken(item) for item in value]
    return (
        {"on": "active", "off": "inactive"}.get(value, value)
        if isinstance(value, str)
        else ({1: "active", 0: ""}.get(value, value))
    )


@pytest.mark.parametrize("name", TYPES)
def test_the_documents_own_samples_are_sound(name: str) -> None:
    assert check(sample(name)) == []


@pytest.mark.parametrize(
    ("name", "title"),
    [("ebook", "PDF Reader Content Management"), ("htmlurl", "Website"), ("qrscaner",
     "QR-Code Scaner"), ("catalogbooks", "Bookstore Widget")],
)  # fmt: skip
def test_a_document_has_a_title_in_any_case(name: str, title: str) -> None:
    assert sample(name).title == title


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ([], "is an object"),
        ("text", "is an object"),
        (None, "is an object"),
        ({}, "does not say its type"),
        ({"type": 7}, "does not say its type"),
        ({"type": "ebook"}, "has no data"),
        ({"type": "rss", "data": {}}, "rss was never published"),
        ({"type": "map", "data": {}}, "map was never published"),
        ({"type": "twitter2", "data": {}}, "was never published"),
        ({"type": "facebook2", "data": {}}, "was never published"),
        ({"type": "contacts", "data": {}}, "was never published"),
        ({"type": "powr", "data": {"#plugins": 1}}, "a web page of the vendor's app"),
        ({"type": "instagramweb", "data": {}}, "a web page of the vendor's app"),
        ({"type": "x" * 300, "data": {}}, "none of the 13"),
        ({"type": "ebook", "data": {"row": "no list"}}, "data.row should be a list"),
        ({"type": "ebook", "data": "text"}, "data should be an object"),
    ],
)
def test_what_has_no_typed_reading_is_kept_as_json(given: Any, problem: str) -> None:
    document = document_of(given)
    assert problem in document.problem
    assert document.data is None
    assert document.raw == given
    assert [finding.weight for finding in check(document)][:1] == ["wrong"]


def test_an_empty_list_for_the_data_is_an_empty_map() -> None:
    assert document_of({"widgetid": "1", "type": "ebook", "data": []}).problem == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"", "no JSON"),
        (b'{"widgetid": "1", "ty', "no JSON"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b'\xff\xfe{"a": 1}', "no JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b" " * (LARGEST + 1), "larger than 8 MB"),
        (b'{"type": "\xc3"}', "no JSON"),
    ],
)
def test_what_is_no_json_is_refused_in_words(given: bytes, words: str) -> None:
    with pytest.raises(ProtocolViolation, match=words) as caught:
        read_document(given)
    assert caught.value.advice == "A widget document is one JSON object."


KEYS = [
    "title", "#title", "form", "email", "#address", "groups", "fields", "type", "#label",
    "#value", "value", "row", "#url", "menu", "content", "items", "tag", "album", "image",
    "track", "video", "button", "label", "data", "colorskin", "#id", "style", "limit",
]  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=25)
@given(data=st.data())
def test_no_document_is_too_strange(name: str, data: st.DataObject) -> None:
    document = document_of({"widgetid": "1", "type": name, "data": data.draw(json_objects(KEYS))})
    for finding in check(document):
        assert finding.weight in ("odd", "wrong")
        assert finding.text
    if isinstance(document.data, CustomForm):
        assert len({q.key for q in questions_of(document.data)}) == len(questions_of(document.data))


@settings(max_examples=40)
@given(st.binary(max_size=60))
def test_no_bytes_are_too_strange(given_bytes: bytes) -> None:
    try:
        document = read_document(given_bytes)
    except ProtocolViolation:
        return
    assert document.data is None
    assert document.problem


@pytest.mark.parametrize("name", TYPES)
def test_a_sample_cut_anywhere_is_refused(name: str) -> None:
    whole = content(name).rstrip()
    for cut in range(0, len(whole), 37):
        with pytest.raises(ProtocolViolation, match="no JSON"):
            read_document(whole[:cut])


def test_samples_are_those_of_the_document() -> None:
    # What an editor might mend by itself would no longer be what is printed.
    gallery = content("photogallery").decode()
    assert '"#id": 1648263286121670' in gallery
    assert json.loads(content("dashboard"))["widgetid"] == "-1"
    assert content("dashboard").decode().index('"type"') < content("dashboard").decode().index(
        '"widgetid"'
    )
    assert Path(FOLDER / "qrscaner.json").exists()
