"""What is odd or wrong in a widget document, in a person's words.

Reading is tolerant; this is where it says what it tolerated. Source: iBuildApp API document,
chapter Widgets; what the vendor's own apps do is said as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from tui.services.reading import Record
from tui.services.widgets.bookstore import BOOK_TAGS, Bookstore
from tui.services.widgets.dashboard import Dashboard
from tui.services.widgets.document import KINDS, WidgetDocument
from tui.services.widgets.findings import Finding, key_findings
from tui.services.widgets.form import CustomForm, FormField
from tui.services.widgets.media import AudioList, Id, Photogallery, VideoList
from tui.services.widgets.records import (
    Camera,
    ColorSkin,
    Ebook,
    Email,
    HtmlUrl,
    Number,
    OnOff,
    Phonecall,
)

_COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\Z")
FIELD_TYPES = (
    "entryfield", "textarea", "checkbox", "radiobutton", "dropdown", "datepicker", "photopicker",
)  # fmt: skip
STYLES = ("normal", "bold", "bol", "italic", "italic bold")
TAGS = ("category", *BOOK_TAGS)


def is_address(text: str) -> bool:
    """Whether the text is one mail address and nothing more."""
    return _ADDRESS.match(text) is not None and len(text) <= 254


def check(document: WidgetDocument) -> list[Finding]:
    """Everything that is odd or wrong, in the document's order."""
    found = list(_frame(document))
    data = document.data
    if data is None:
        return found
    found += key_findings(document.raw["data"], type(data), "data")
    found += _skin(getattr(data, "colorskin", None))
    for kind, rules in _RULES.items():
        if isinstance(data, kind):
            found += rules(data)
    return found


def _frame(document: WidgetDocument) -> Iterator[Finding]:
    if document.problem:
        yield Finding("wrong", document.type or "document", document.problem)
    raw = document.raw
    if not isinstance(raw, dict):
        return
    given = raw.get("widgetid")
    if given is None:
        yield Finding("wrong", "widgetid", "is missing")
    elif not isinstance(given, str):
        yield Finding("odd", "widgetid", "is text in the document")
    elif document.type == "dashboard" and given != "-1":
        yield Finding("odd", "widgetid", "is -1 for a dashboard")
    elif document.type != "dashboard" and not given.isdecimal():
        yield Finding("odd", "widgetid", "is a number in digits in the document")
    for key in raw:
        if key not in ("widgetid", "type", "data"):
            yield Finding("odd", key, "is no documented key")


def _skin(skin: ColorSkin | None) -> Iterator[Finding]:
    if skin is None:
        return
    for name in ("background", "primary", "secondary", "text", "accent"):
        color = getattr(skin, name)
        if not color:
            yield Finding("odd", f"data.colorskin.{name}", "is missing")
        elif not _COLOR.match(color):
            yield Finding("odd", f"data.colorskin.{name}", "is no colour as #rrggbb")


def _link(url: str, at: str, *, needed: bool = False) -> Iterator[Finding]:
    if not url:
        if needed:
            yield Finding("wrong", at, "is empty: there is nothing to open")
        return
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        yield Finding("wrong", at, "is no http or https address")


def _switch(value: OnOff, at: str) -> Iterator[Finding]:
    if isinstance(value, str):
        yield Finding("wrong", at, 'is neither "on" nor "off"')


def _id(value: Id, at: str) -> Iterator[Finding]:
    if isinstance(value, str):
        yield Finding("odd", at, "is no number")
    elif not -(2**63) <= value < 2**64:
        yield Finding("wrong", at, "does not fit into 64 bits")


def _size(value: Number, at: str) -> Iterator[Finding]:
    if isinstance(value, str):
        yield Finding("wrong", at, "is no number")


def _form(data: CustomForm) -> Iterator[Finding]:
    if not is_address(data.email.address):
        yield Finding("wrong", "data.form.email.#address", "is no mail address: it goes nowhere")
    if not data.groups:
        yield Finding("wrong", "data.form.groups", "is empty: there is nothing to fill")
    for number, group in enumerate(data.groups):
        at = f"data.form.groups[{number}]"
        if not group.fields:
            yield Finding("odd", f"{at}.fields", "is empty")
        checked = False
        for place, one in enumerate(group.fields):
            here = f"{at}.fields[{place}]"
            if one.label is None:
                yield Finding("wrong", f"{here}.#label", "is missing, and is mandatory")
            yield from _field(one, here)
            # Radio buttons that follow one another are one group, of which one is on.
            if one.type != "radiobutton":
                checked = False
            elif one.checked and checked:
                yield Finding("wrong", here, "is checked, and another one of its radio group is")
            else:
                checked = checked or one.checked


def _field(one: FormField, at: str) -> Iterator[Finding]:
    if not one.type:
        yield Finding("wrong", f"{at}.type", "is missing, and is mandatory")
    elif one.type not in FIELD_TYPES:
        yield Finding("odd", f"{at}.type", "is no documented type of field")
    if one.format and one.type != "entryfield":
        yield Finding("odd", f"{at}.@format", "is only for entry fields")
    elif one.format not in ("", "general", "number"):
        yield Finding("odd", f"{at}.@format", "is neither general nor number")
    if one.type == "dropdown":
        if not one.choices:
            yield Finding("wrong", f"{at}.value", "has no choices")
        elif isinstance(one.value, list):
            yield Finding("odd", f"{at}.#value", "is value in the document")
    elif one.choices:
        yield Finding("odd", at, "has choices, and is no dropdown")
    if one.type in ("checkbox", "radiobutton") and one.text not in ("", "checked"):
        yield Finding("odd", f"{at}.#value", 'is neither "checked" nor empty')
    if one.type == "datepicker" and one.text and one.day is None:
        yield Finding("wrong", f"{at}.#value", "is no date as MM/DD/YYYY")
    if one.limit and one.type != "photopicker":
        yield Finding("odd", f"{at}.limit", "is only for photos")
    elif one.limit and one.most is None:
        yield Finding("wrong", f"{at}.limit", "is no number")


def _phone(data: Phonecall) -> Iterator[Finding]:
    if not any(character.isdigit() for character in data.phone):
        yield Finding("wrong", "data.#phone", "has no digit: there is nobody to call")


def _page(data: HtmlUrl) -> Iterator[Finding]:
    yield from _link(data.url, "data.content.@src", needed=True)
    if isinstance(data.content, str) and data.content:
        yield Finding("odd", "data.content", "is an object with @src in the document")


def _email(data: Email) -> Iterator[Finding]:
    if not is_address(data.mailto):
        yield Finding("wrong", "data.#mailto", "is no mail address")


def _camera(data: Camera) -> Iterator[Finding]:
    if data.button is None:
        yield Finding("wrong", "data.button", "is missing")
    elif data.button.type not in ("share", "email"):
        yield Finding("wrong", "data.button.type", "is neither share nor email")
    elif data.button.type == "email" and not is_address(data.button.email):
        yield Finding("wrong", "data.button.email", "is no mail address")


def _ebook(data: Ebook) -> Iterator[Finding]:
    for place, chapter in enumerate(data.row):
        yield from _link(chapter.url, f"data.row[{place}].#url", needed=True)


def _bookstore(data: Bookstore) -> Iterator[Finding]:
    known: set[str] = set()
    for place, item in enumerate(data.menu):
        at = f"data.menu[{place}]"
        if item.tag.lower() not in TAGS:
            yield Finding("odd", f"{at}.tag", "is none of the documented tags: it finds no book")
        if item.items and item.tag.lower() != "category":
            yield Finding("odd", f"{at}.items", "is only for the tag Category")
        if item.tag.lower() == "category":
            known |= set(item.items)
    for place, book in enumerate(data.content):
        at = f"data.content[{place}]"
        if book.category and known and book.category not in known:
            yield Finding("odd", f"{at}.category", "is not in the menu: it is never chosen")
        if book.price and book.amount is None:
            yield Finding("odd", f"{at}.price", "is no amount")
        for tag in BOOK_TAGS:
            if isinstance(getattr(book, tag), str):
                yield Finding("wrong", f"{at}.{tag}", "is neither 1 nor 0")
        for key, url in (
            ("url", book.url),
            ("thumbnail", book.thumbnail),
            ("thumbnailAuthor", book.thumbnail_author),
        ):
            yield from _link(url, f"{at}.{key}")


def _dashboard(data: Dashboard) -> Iterator[Finding]:
    for name in ("image", "button", "label"):
        for place, box in enumerate(getattr(data, name)):
            for size in ("x", "y", "width", "height"):
                yield from _size(getattr(box, size), f"data.{name}[{place}].{size}")
    for place, image in enumerate(data.image):
        yield from _link(image.data.url if image.data else "", f"data.image[{place}].data.#url",
                         needed=True)  # fmt: skip
    for place, button in enumerate(data.button):
        at = f"data.button[{place}]"
        yield from _link(button.icon, f"{at}.icon")
        yield from _style(button.style, f"{at}.style")
        if not button.widget_id:
            yield Finding("wrong", f"{at}.widget_id", "is missing: the button opens nothing")
        if button.type not in KINDS:
            yield Finding("odd", f"{at}.type", "is no documented type of widget")
    for place, label in enumerate(data.label):
        if label.data is None:
            yield Finding("wrong", f"data.label[{place}].data", "is missing: the label is empty")
        else:
            yield from _style(label.data.style, f"data.label[{place}].data.style")


def _style(style: str, at: str) -> Iterator[Finding]:
    if style == "bol":
        yield Finding("odd", at, "is read as bold, as the document misspells it")
    elif style and style not in STYLES:
        yield Finding("odd", at, "is no documented style")


def _gallery(data: Photogallery) -> Iterator[Finding]:
    for name in ("sharing", "comments", "saving"):
        yield from _switch(getattr(data, f"allow_{name}"), f"data.allow{name}")
    if data.style is not None:
        if data.style.columns not in (2, 3, 4):
            yield Finding("odd", "data.style.columns", "is none of 2, 3 and 4")
        if data.style.type not in ("grid", "list"):
            yield Finding("odd", "data.style.type", "is neither grid nor list")
    for number, album in enumerate(data.album):
        at = f"data.album[{number}]"
        yield from _id(album.id, f"{at}.#id")
        for name in ("sharing", "comments", "saving"):
            yield from _switch(getattr(album, f"allow_{name}"), f"{at}.#allow{name}")
        for key in ("url", "cover"):
            yield from _link(getattr(album, key), f"{at}.#{key}")
        for place, photo in enumerate(album.image):
            here = f"{at}.image[{place}]"
            yield from _id(photo.id, f"{here}.#id")
            yield from _link(photo.url, f"{here}.#url", needed=True)
            yield from _link(photo.cover, f"{here}.#cover")
            if photo.thumbnail is not None:
                yield from _link(photo.thumbnail.url, f"{here}.thumbnail.url")


def _audio(data: AudioList) -> Iterator[Finding]:
    for name in ("sharing", "comments"):
        yield from _switch(getattr(data, f"allow_{name}"), f"data.allow{name}")
    yield from _link(data.cover_image, "data.#cover_image")
    for place, track in enumerate(data.track):
        at = f"data.track[{place}]"
        yield from _id(track.id, f"{at}.#id")
        yield from _link(track.stream_url, f"{at}.#stream_url", needed=True)
        for key in ("permalink_url", "cover_image"):
            yield from _link(getattr(track, key), f"{at}.#{key}")


def _videos(data: VideoList) -> Iterator[Finding]:
    for name in ("sharing", "comments", "likes"):
        yield from _switch(getattr(data, f"allow_{name}"), f"data.allow{name}")
    for place, video in enumerate(data.video):
        at = f"data.video[{place}]"
        yield from _id(video.id, f"{at}.#id")
        yield from _link(video.url, f"{at}.#url", needed=True)
        yield from _link(video.cover, f"{at}.#cover")
        if video.duration and video.length is None:
            yield Finding("odd", f"{at}.#duration", "is no length as HH:MM:SS")
        if video.creation_time and video.created is None:
            yield Finding("odd", f"{at}.#creation_time", "is no Unix time")


_RULES: dict[type[Record], Callable[[Any], Iterator[Finding]]] = {
    CustomForm: _form,
    Phonecall: _phone,
    HtmlUrl: _page,
    Email: _email,
    Camera: _camera,
    Ebook: _ebook,
    Bookstore: _bookstore,
    Dashboard: _dashboard,
    Photogallery: _gallery,
    AudioList: _audio,
    VideoList: _videos,
}
