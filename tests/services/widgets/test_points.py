"""What is odd about widget documents, one test a point, named by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.services.widgets.samples import form, raw, sample
from tui.services.widgets import Finding, check, document_of, questions_of
from tui.services.widgets.bookstore import Bookstore
from tui.services.widgets.dashboard import Dashboard
from tui.services.widgets.form import CustomForm, FormField
from tui.services.widgets.media import AudioList, Photogallery, VideoList
from tui.services.widgets.records import Ebook, HtmlCode, HtmlUrl


def changed(name: str, *path: str | int, value: Any = None, drop: bool = False) -> Any:
    """A sample's document with one value replaced, added, or dropped."""
    content = raw(name)
    inner = content
    for step in path[:-1]:
        inner = inner[step]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return document_of(content)


def findings(document: Any) -> list[tuple[str, str, str]]:
    return [(one.weight, one.at, one.text) for one in check(document)]


def field_of(**keys: Any) -> FormField:
    document = form(keys)
    assert isinstance(document.data, CustomForm)
    return document.data.groups[0].fields[0]


@pytest.mark.parametrize("key", ["title", "#title", "@title"])
def test_title_stands_under_any_of_its_keys(key: str) -> None:
    document = document_of({"widgetid": "1", "type": "taptocall", "data": {key: "Call us"}})
    assert document.title == "Call us"
    other = document_of({"widgetid": "1", "type": "htmlcode", "data": {key: "Page"}})
    assert other.title == "Page"


def test_a_key_spelled_otherwise_is_told() -> None:
    document = changed("taptocall", "data", "phone", value="+49 1")
    del document.raw["data"]["#phone"]
    again = document_of(document.raw)
    assert again.data.phone == "+49 1"  # type: ignore[union-attr]
    assert findings(again) == [("odd", "data.phone", "is #phone in the document")]


def test_of_two_spellings_the_documented_one_counts() -> None:
    document = changed("taptocall", "data", "phone", value="+49 1")
    assert document.data.phone == "+47(345)4356234523"
    assert findings(document) == [("odd", "data.phone", "stands beside #phone")]


def test_a_key_that_nobody_documents_is_told() -> None:
    document = changed("ebook", "data", "row", 0, "#pages", value=3)
    assert findings(document) == [("odd", "data.row[0].#pages", "is no documented key")]
    assert document.data.row[0].extra == {"#pages": 3}


@pytest.mark.parametrize(
    ("value", "checked", "odd"),
    [("checked", True, False), ("", False, False), ("on", True, True), ("nope", False, True)],
)
@pytest.mark.parametrize("kind", ["checkbox", "radiobutton"])
def test_checkbox_and_radio_are_checked_or_empty(
    kind: str, value: str, checked: bool, odd: bool
) -> None:
    document = form({"type": kind, "#label": "x", "#value": value})
    assert field_of(**{"type": kind, "#label": "x", "#value": value}).checked is checked
    expected = [("odd", "data.form.groups[0].fields[0].#value", 'is neither "checked" nor empty')]
    assert findings(document) == (expected if odd else [])


def test_dropdown_has_a_list_under_value() -> None:
    assert field_of(**{"type": "dropdown", "#label": "n", "value": ["a", 2]}).choices == ["a", "2"]


def test_dropdown_with_its_list_under_hash_value_is_read_and_told() -> None:
    document = form({"type": "dropdown", "#label": "n", "#value": ["a", "b"]})
    assert isinstance(document.data, CustomForm)
    assert questions_of(document.data)[0].choices == ("a", "b")
    assert findings(document) == [
        ("odd", "data.form.groups[0].fields[0].#value", "is value in the document")
    ]


def test_dropdown_may_say_which_one_is_chosen() -> None:
    document = form({"type": "dropdown", "#label": "n", "#value": "b", "value": ["a", "b"]})
    assert isinstance(document.data, CustomForm)
    assert questions_of(document.data)[0].default == "b"


def test_dropdown_without_choices_is_wrong() -> None:
    assert findings(form({"type": "dropdown", "#label": "n"})) == [
        ("wrong", "data.form.groups[0].fields[0].value", "has no choices")
    ]


@pytest.mark.parametrize(("limit", "most"), [("2", 2), (2, 2), ("", None), ("two", None)])
def test_limit_is_a_numeric_string(limit: Any, most: int | None) -> None:
    assert field_of(**{"type": "photopicker", "#label": "p", "limit": limit}).most == most


def test_limit_that_is_no_number_or_stands_elsewhere_is_told() -> None:
    assert findings(form({"type": "photopicker", "#label": "p", "limit": "two"})) == [
        ("wrong", "data.form.groups[0].fields[0].limit", "is no number")
    ]
    assert findings(form({"type": "textarea", "#label": "p", "limit": "2"})) == [
        ("odd", "data.form.groups[0].fields[0].limit", "is only for photos")
    ]


@pytest.mark.parametrize(
    ("given", "read"), [("on", True), ("off", False), (1, True), ("0", False), ("maybe", "maybe")]
)
def test_switches_are_on_and_off(given: Any, read: Any) -> None:
    document = changed("audioplayer", "data", "allowsharing", value=given)
    assert document.data.allow_sharing is read or document.data.allow_sharing == read
    expected = [("wrong", "data.allowsharing", 'is neither "on" nor "off"')]
    assert findings(document) == (expected if read == "maybe" else [])


def test_switches_that_are_absent_are_neither() -> None:
    document = changed("videoplayer", "data", "allowlikes", drop=True)
    assert document.data.allow_likes is None


def test_books_mark_themselves_with_numbers() -> None:
    data = sample("catalogbooks").data
    assert isinstance(data, Bookstore)
    assert [book.recommended for book in data.content] == [True, False, False]
    document = changed("catalogbooks", "data", "content", 0, "releases", value="perhaps")
    assert findings(document) == [("wrong", "data.content[0].releases", "is neither 1 nor 0")]


@pytest.mark.parametrize(
    ("price", "amount"),
    [("5", Decimal(5)), ("", None), ("12.50", Decimal("12.50")), ("on request", None),
     (7, Decimal(7)), ("NaN", None)],
)  # fmt: skip
def test_price_is_text(price: Any, amount: Decimal | None) -> None:
    document = changed("catalogbooks", "data", "content", 0, "price", value=price)
    assert document.data.content[0].price == str(price)
    assert document.data.content[0].amount == amount


@pytest.mark.parametrize("number", [1648263286121670, 2**63 - 1, 2**64 - 1, str(2**62)])
def test_ids_need_64_bits(number: Any) -> None:
    document = changed("photogallery", "data", "album", 0, "image", 0, "#id", value=number)
    assert document.data.album[0].image[0].id == int(number)
    assert findings(document) == []


def test_ids_of_more_than_64_bits_are_told_and_text_is_kept() -> None:
    document = changed("videoplayer", "data", "video", 0, "#id", value=2**64)
    assert ("wrong", "data.video[0].#id", "does not fit into 64 bits") in findings(document)
    document = changed("videoplayer", "data", "video", 0, "#id", value="abc")
    assert document.data.video[0].id == "abc"
    assert ("odd", "data.video[0].#id", "is no number") in findings(document)


@pytest.mark.parametrize(
    ("style", "told"),
    [("normal", None), ("bold", None), ("italic bold", None), ("bol", "is read as bold"),
     ("fat", "is no documented style")],
)  # fmt: skip
def test_font_style_is_misspelled_in_the_document(style: str, told: str | None) -> None:
    document = changed("dashboard", "data", "button", 0, "style", value=style)
    words = [text for _, at, text in findings(document) if at == "data.button[0].style"]
    assert (words == []) if told is None else words[0].startswith(told)


@pytest.mark.parametrize("key", ["#allowsharing", "#allow_sharing", "allow_sharing"])
def test_allow_sharing_is_spelled_with_and_without_underscore(key: str) -> None:
    document = changed("photogallery", "data", "album", 0, "#allowsharing", drop=True)
    document.raw["data"]["album"][0][key] = "on"
    data = document_of(document.raw).data
    assert isinstance(data, Photogallery)
    assert data.album[0].allow_sharing is True


def test_the_list_widgets_read_both_spellings_too() -> None:
    document = document_of(
        {"widgetid": "1", "type": "audioplayer", "data": {"allow_sharing": "on",
         "allow_comments": "off"}}
    )  # fmt: skip
    assert isinstance(document.data, AudioList)
    assert (document.data.allow_sharing, document.data.allow_comments) == (True, False)


@pytest.mark.parametrize(
    ("text", "day"),
    [("10/08/2019", date(2019, 10, 8)), ("2019-10-08", None), ("31/12/2019", None), ("", None)],
)
def test_dates_are_month_day_year(text: str, day: date | None) -> None:
    assert field_of(**{"type": "datepicker", "#label": "d", "#value": text}).day == day
    told = findings(form({"type": "datepicker", "#label": "d", "#value": text}))
    assert bool(told) == (bool(text) and day is None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("1281122058", datetime(2010, 8, 6, 19, 14, 18, tzinfo=UTC)), ("soon", None),
     ("9" * 30, None), ("", None)],
)  # fmt: skip
def test_creation_time_is_unix_seconds_as_text(text: str, moment: datetime | None) -> None:
    document = changed("videoplayer", "data", "video", 0, "#creation_time", value=text)
    assert document.data.video[0].created == moment
    assert document.data.video[0].creation_time == text


@pytest.mark.parametrize(
    ("text", "length"),
    [("00:04:01", timedelta(minutes=4, seconds=1)), ("100:00:00", timedelta(hours=100)),
     ("4:01", None), ("00:99:00", None)],
)  # fmt: skip
def test_duration_is_hours_minutes_seconds(text: str, length: timedelta | None) -> None:
    document = changed("videoplayer", "data", "video", 0, "#duration", value=text)
    assert isinstance(document.data, VideoList)
    assert document.data.video[0].length == length
    assert bool(findings(document)) == (length is None)


def test_a_dashboard_has_the_id_minus_one() -> None:
    assert sample("dashboard").id == "-1"
    told = findings(changed("dashboard", "widgetid", value="7"))
    assert told == [("odd", "widgetid", "is -1 for a dashboard")]
    told = findings(changed("ebook", "widgetid", value="-1"))
    assert told == [("odd", "widgetid", "is a number in digits in the document")]


@pytest.mark.parametrize(("given", "read"), [(36559206, "36559206"), (True, ""), (None, "")])
def test_the_id_is_text(given: Any, read: str) -> None:
    document = changed("ebook", "widgetid", value=given)
    assert document.id == read
    assert [at for _, at, _ in findings(document)] == ["widgetid"]


def test_a_dashboards_buttons_name_other_widgets() -> None:
    data = sample("dashboard").data
    assert isinstance(data, Dashboard)
    assert [(one.type, one.widget_id) for one in data.button] == [
        ("htmlcode", "36575814"),
        ("htmlcode", "36575815"),
    ]
    told = findings(changed("dashboard", "data", "button", 0, "widget_id", drop=True))
    assert told == [("wrong", "data.button[0].widget_id", "is missing: the button opens nothing")]
    told = findings(changed("dashboard", "data", "button", 1, "type", value="radio"))
    assert told == [("odd", "data.button[1].type", "is no documented type of widget")]


def test_unknown_field_types_and_formats_are_tolerated() -> None:
    document = form({"type": "slider", "#label": "s", "@format": "percent", "#value": "3"})
    assert isinstance(document.data, CustomForm)
    question = questions_of(document.data)[0]
    assert (question.kind, question.type, question.default) == ("text", "slider", "3")
    assert [text for _, _, text in findings(document)] == [
        "is no documented type of field",
        "is only for entry fields",
    ]
    told = findings(form({"type": "entryfield", "#label": "s", "@format": "percent"}))
    assert [text for _, _, text in told] == ["is neither general nor number"]


def radio(label: str, value: str = "") -> dict[str, str]:
    return {"type": "radiobutton", "#label": label, "#value": value}


def test_radio_buttons_in_a_row_are_one_group() -> None:
    text = {"type": "textarea", "#label": "between"}
    document = form(radio("a"), radio("b", "checked"), text, radio("c"), radio("d"))
    assert isinstance(document.data, CustomForm)
    first, _, second = questions_of(document.data)
    assert (first.choices, first.default) == (("a", "b"), "b")
    assert (second.choices, second.default) == (("c", "d"), "")
    assert findings(document) == []


def test_two_checked_radio_buttons_of_one_group_are_wrong() -> None:
    told = findings(form(radio("a", "checked"), radio("b"), radio("c", "checked")))
    assert told == [
        ("wrong", "data.form.groups[0].fields[2]",
         "is checked, and another one of its radio group is")
    ]  # fmt: skip


def test_type_and_label_are_mandatory_and_the_rest_is_not() -> None:
    assert findings(form({"type": "entryfield", "#label": ""})) == []
    told = findings(form({"#label": "x"}, {"type": "textarea"}))
    assert told == [
        ("wrong", "data.form.groups[0].fields[0].type", "is missing, and is mandatory"),
        ("wrong", "data.form.groups[0].fields[1].#label", "is missing, and is mandatory"),
    ]


@pytest.mark.parametrize(
    ("url", "pdf"),
    [("http://x.example/a.pdf", True), ("http://x.example/a.PDF?v=1", True),
     ("http://x.example/pdf", False)],
)  # fmt: skip
def test_an_ebook_entry_is_a_pdf_by_its_address(url: str, pdf: bool) -> None:
    document = changed("ebook", "data", "row", 0, "#url", value=url)
    assert isinstance(document.data, Ebook)
    assert document.data.row[0].is_pdf is pdf


def test_a_menus_tag_in_lower_case_is_the_key_of_a_book() -> None:
    data = sample("catalogbooks").data
    assert isinstance(data, Bookstore)
    assert [data.content[0].has(item.tag) for item in data.menu] == [False, True, False, False]
    told = findings(changed("catalogbooks", "data", "menu", 1, "tag", value="Cheap"))
    assert told == [("odd", "data.menu[1].tag", "is none of the documented tags: it finds no book")]
    assert data.content[0].has("title") is False


def test_a_book_of_no_category_of_the_menu_is_told() -> None:
    told = findings(changed("catalogbooks", "data", "content", 1, "category", value="Sailing"))
    assert told == [("odd", "data.content[1].category", "is not in the menu: it is never chosen")]


def test_colours_may_be_left_out_and_are_rrggbb() -> None:
    assert changed("ebook", "data", "colorskin", drop=True).data.colorskin is None
    told = findings(changed("ebook", "data", "colorskin", "text", value="white"))
    assert told == [("odd", "data.colorskin.text", "is no colour as #rrggbb")]
    told = findings(changed("ebook", "data", "colorskin", "accent", drop=True))
    assert told == [("odd", "data.colorskin.accent", "is missing")]


def test_html_content_stands_under_content_and_hash_content() -> None:
    code = document_of({"widgetid": "1", "type": "htmlcode", "data": {"content": "<b>x</b>"}})
    assert isinstance(code.data, HtmlCode)
    assert code.data.content == "<b>x</b>"
    page = document_of(
        {"widgetid": "1", "type": "htmlurl", "data": {"content": "http://a.example"}}
    )
    assert isinstance(page.data, HtmlUrl)
    assert page.data.url == "http://a.example"
    assert ("odd", "data.content", "is an object with @src in the document") in findings(page)


def test_a_forms_subject_stands_under_both_of_its_keys() -> None:
    document = form({"type": "textarea", "#label": "x"}, subject="Plain")
    assert isinstance(document.data, CustomForm)
    assert document.data.email.subject == ""
    del document.raw["data"]["form"]["email"]["#subject"]
    again = document_of(document.raw).data
    assert isinstance(again, CustomForm)
    assert again.email.subject == "Plain"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "www.example.com", "http://[x", "//x.y/z"]
)
def test_an_address_that_is_not_of_the_web_is_wrong(url: str) -> None:
    told = findings(changed("ebook", "data", "row", 0, "#url", value=url))
    assert told == [("wrong", "data.row[0].#url", "is no http or https address")]


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b@c", "a@b.example\nBcc: x@y.example", "a@b.example, c@d.example",
     "a@b.example?bcc=x", "a b@c.example", "a@\x1b[2J"],
)  # fmt: skip
def test_a_form_that_goes_to_no_address_is_wrong(address: str) -> None:
    told = findings(form({"type": "textarea", "#label": "x"}, **{"#address": address}))
    assert told == [("wrong", "data.form.email.#address", "is no mail address: it goes nowhere")]


@pytest.mark.parametrize(
    ("name", "path", "value", "expected"),
    [
        ("taptocall", ("data", "#phone"), "call me", "has no digit"),
        ("taptoemail", ("data", "#mailto"), "nobody", "is no mail address"),
        ("takepicture", ("data", "button", "type"), "print", "is neither share nor email"),
        ("takepicture", ("data", "button", "type"), "email", "is no mail address"),
        ("takepicture", ("data", "button"), None, "is missing"),
        ("htmlurl", ("data", "content", "@src"), "", "there is nothing to open"),
        ("photogallery", ("data", "style", "columns"), 7, "is none of 2, 3 and 4"),
        ("photogallery", ("data", "style", "type"), "wall", "is neither grid nor list"),
        ("dashboard", ("data", "image", 0, "x"), "left", "is no number"),
        ("dashboard", ("data", "label", 0, "data"), None, "the label is empty"),
        ("audioplayer", ("data", "track", 0, "#stream_url"), "", "there is nothing to open"),
        ("customform", ("data", "form", "groups"), [], "there is nothing to fill"),
        ("customform", ("more",), 1, "is no documented key"),
    ],
)
def test_what_else_breaks_a_rule_is_told(
    name: str, path: tuple[str | int, ...], value: Any, expected: str
) -> None:
    told = check(changed(name, *path, value=value))
    assert [finding for finding in told if expected in finding.text], told
    assert all(isinstance(finding, Finding) for finding in told)
