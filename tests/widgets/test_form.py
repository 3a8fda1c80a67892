from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from textual.message import Message
from textual.widgets import TextArea

from tests.deck import until
from tests.widgets.hosts import Host, line_of, lines_of, settle
from tui.widgets.buttons import Buttons
from tui.widgets.dialog_frame import Frame
from tui.widgets.filterline import LineInput
from tui.widgets.form import Form
from tui.widgets.form_fields import FieldRow, FormScroll
from tui.widgets.form_values import FieldError, FormField
from tui.widgets.lines import Lines
from tui.widgets.pointing import place_of

NOW = datetime(2026, 8, 21, 14, 5, tzinfo=UTC)
FIELDS = [
    FormField("title", "Title", required=True, limit=10, help="What others read."),
    FormField("price", "Price", "money", default=Decimal("12.50")),
    FormField("kind", "Kind", "choice", choices=[("a", "Alpha"), ("b", "Beta")], default="a"),
    FormField("tags", "Tags", "choices", choices=[("x", "Ex"), ("y", "Why")]),
    FormField("paid", "Paid", "boolean"),
    FormField("token", "Token", "secret"),
    FormField("note", "Note", "lines"),
]


class Opened:
    """A form in an application, and what it gave."""

    def __init__(self, form: Form, size: tuple[int, int] = (80, 24)) -> None:
        self.form = form
        self.app = Host(notes=(Form.DraftChanged, Form.LinkCopyWanted))
        self.given: list[object] = []
        self.size = size

    async def __aenter__(self) -> Opened:
        self.running = self.app.run_test(size=self.size)
        self.pilot = await self.running.__aenter__()
        self.app.push_screen(self.form, self.given.append)
        await settle(self.pilot)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.running.__aexit__(None, None, None)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    def row(self, name: str) -> FieldRow:
        return next(row for row in self.form.query(FieldRow) if row.field.name == name)

    def wrong(self, name: str) -> str:
        lines = self.row(name).query_one("#wrong", Lines)
        return lines_of(lines)[0].strip() if lines.display else ""


def form(**more: object) -> Form:
    return Form("New", FIELDS, form_id="new", now=lambda: NOW, zone=UTC, **more)  # type: ignore[arg-type]


async def test_values_by_name() -> None:
    async with Opened(form()) as opened:
        await opened.press(*"Sail", "enter", "enter", "right", "enter", "enter", "space", "f2")
        assert opened.given == [
            {
                "title": "Sail",
                "price": Decimal("12.50"),
                "kind": "b",
                "tags": [],
                "paid": True,
                "token": None,
                "note": None,
            }
        ]


async def test_a_number_or_a_day_is_typed_over_and_kept_by_a_key_that_moves() -> None:
    fields = [
        FormField("price", "Price", "money", default=Decimal("1000.00")),
        FormField("day", "Day", "date", default="2026-08-21"),
        FormField("name", "Name", default="Sail"),
        FormField("hours", "Hours", "number", default=Decimal("1.5")),
    ]
    async with Opened(Form("Pay", fields, now=lambda: NOW, zone=UTC)) as opened:
        await opened.press(*"500", "tab")
        assert opened.row("price").text == "500"
        await opened.press("end", "backspace", "2", "tab")
        assert opened.row("day").text == "2026-08-22", "a key that moves keeps the rest"
        await opened.press(*"or", "tab")
        assert opened.row("name").text == "Sailor", "texts are gone on with"
        await opened.press("backspace", "7", "shift+tab", "tab", "5")
        assert opened.row("hours").text == "1.75", "what was typed is not typed over"


async def test_the_line_of_keys_says_what_enter_does_where_the_focus_is() -> None:
    async with Opened(form()) as opened:
        box = opened.form.query_one(Frame)
        assert box.keys.startswith("enter next · f2 or ctrl+o saves"), box.keys
        await opened.press(*["enter"] * (len(FIELDS) - 1))
        await settle(opened.pilot)
        assert box.keys.startswith("enter new line · tab next · f2 or ctrl+o saves"), box.keys
        await opened.press("a", "enter", "b", "tab")
        await settle(opened.pilot)
        assert opened.row("note").text == "a\nb"
        assert box.keys.startswith("enter presses · "), box.keys


async def test_what_is_wrong_stands_at_the_field_and_the_focus_goes_there() -> None:
    async with Opened(form()) as opened:
        await opened.press("enter", "x", "ctrl+o")
        assert opened.given == []
        assert opened.wrong("title") == "✗ This is needed."
        assert opened.wrong("price") == "✗ This is not a number."
        assert opened.row("title").editor.has_focus
        await opened.press("a")
        assert opened.wrong("title") == ""
        assert opened.wrong("price") != ""


async def test_the_limit_is_counted() -> None:
    async with Opened(form()) as opened:
        await opened.press(*"abc")
        assert line_of(opened.row("title").query_one("#count"), 0).strip() == "3/10"
        opened.row("title").text = "a" * 12
        await opened.press("f2")
        assert opened.wrong("title") == "✗ 2 characters too long."


async def test_every_edit_is_told_so_that_nothing_is_lost() -> None:
    async with Opened(form(draft={"title": "Kept", "gone": "x"})) as opened:
        assert opened.row("title").text == "Kept"
        assert opened.app.heard(Form.DraftChanged) == []
        await opened.press("s")
        (told,) = opened.app.heard(Form.DraftChanged)
        assert isinstance(told, Form.DraftChanged)
        assert told.form_id == "new"
        assert told.values["title"] == "Kepts"
        assert "price" not in told.values, "as the record has it, which may be changed meanwhile"
        assert "token" not in told.values
        await opened.press("escape")
        assert opened.given == [None]


async def test_errors_of_a_service_stand_at_their_fields_from_the_start() -> None:
    errors = {"price": "Too dear.", "": "The service refused."}
    async with Opened(form(draft={"title": "Kept"}, errors=errors)) as opened:
        assert opened.wrong("price") == "✗ Too dear."
        assert opened.row("price").editor.has_focus
        assert "✗ The service refused." in lines_of(opened.form.query_one("#refusal"))[0]


async def test_the_link_of_a_refusal_is_shown_and_asked_to_be_copied() -> None:
    link = "https://example.org/blocks/7/edit"
    refused = form(errors={"": "It overlaps."}, link=link)
    async with Opened(refused) as opened:
        assert link in "".join(lines_of(opened.form.query_one("#refusal")))
        await opened.press("f4")
        (wanted,) = opened.app.heard(Form.LinkCopyWanted)
        assert isinstance(wanted, Form.LinkCopyWanted)
        assert wanted.link == link


async def test_all_values_are_checked_together() -> None:
    def check(values: Mapping[str, object]) -> dict[str, str]:
        return {"price": "Paid and free."} if values["paid"] else {}

    async with Opened(form(check=check, draft={"title": "a", "paid": "yes"})) as opened:
        await opened.press("f2")
        assert opened.wrong("price") == "✗ Paid and free."
        assert opened.given == []


async def test_lists_open_over_the_form() -> None:
    async with Opened(form(draft={"title": "a"})) as opened:
        opened.row("kind").editor.focus()
        await opened.press("space", "G", "enter")
        assert opened.row("kind").text == "b"
        opened.row("tags").editor.focus()
        await opened.press("space", "space", "space", "enter")
        assert opened.row("tags").text == "x, y"
        await opened.press("f2")
        (values,) = opened.given
        assert isinstance(values, dict)
        assert (values["kind"], values["tags"]) == ("b", ["x", "y"])


async def test_arrows_and_enter_go_through_but_lines_keep_theirs() -> None:
    async with Opened(form(draft={"title": "a"})) as opened:
        await opened.press("down", "down", "up")
        assert opened.row("price").editor.has_focus
        assert isinstance(opened.row("note").editor, TextArea)
        opened.row("note").editor.focus()
        await opened.press("o", "enter", "t", "up", "tab", "enter")
        (values,) = opened.given
        assert isinstance(values, dict)
        assert values["note"] == "o\nt"


async def test_buttons_save_and_cancel() -> None:
    async with Opened(form(draft={"title": "a"})) as opened:
        opened.row("note").editor.focus()
        await opened.press("tab", "right", "enter")
        assert opened.given == [None]


async def test_a_long_form_fits_and_scrolls_in_80_by_24() -> None:
    many = [FormField(f"f{n}", f"Field {n}") for n in range(40)]
    async with Opened(Form("Many", many, intro="There are many.")) as opened:
        assert opened.form.query_one("#box").region.bottom <= 24
        buttons = opened.form.query_one("Buttons").region
        assert buttons.bottom < 24
        opened.row("f39").editor.focus()
        await opened.press("x")
        row = opened.row("f39").region
        assert 0 < row.y < buttons.y
        await opened.press("enter")
        assert opened.form.query_one("Buttons").has_focus


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5)])
async def test_what_has_the_keys_is_seen_whichever_way_one_goes(size: tuple[int, int]) -> None:
    many = [FormField(f"f{n}", f"Field {n}", limit=99) for n in range(25)]
    async with Opened(Form("Many", many), size) as opened:

        def is_seen() -> bool:
            focused, box = opened.form.focused, opened.form.query_one("#box").content_region
            scroll = opened.form.query_one(FormScroll).region
            place = place_of(focused)
            if focused is None or place is None or not box.contains_point(place):
                return False
            return isinstance(focused, Buttons) or scroll.contains_point(place)

        await until(opened.pilot, is_seen, "the first")
        for key, last in (("down", Buttons), ("up", LineInput), ("tab", LineInput)):
            for step in range(25):
                before = opened.form.focused
                await opened.press(key)
                assert opened.form.focused is not before, f"{key} {step}"
                await until(opened.pilot, is_seen, f"{key} {step}")
            if key != "tab":
                assert isinstance(opened.form.focused, last)


async def test_where_there_is_little_room_labels_stand_above_their_fields() -> None:
    async with Opened(form(), (40, 12)) as opened:
        label, editor = opened.row("title").query_one("#label"), opened.row("title").editor
        assert (label.region.x, label.region.bottom) == (editor.region.x, editor.region.y)
        assert editor.region.width > 30
        count = opened.row("title").query_one("#count")
        assert not count.display
        await opened.press(*"eleven long")
        await until(opened.pilot, lambda: count.display, "one too many")
        await opened.pilot.resize_terminal(80, 24)
        await until(opened.pilot, lambda: label.region.y == editor.region.y, "beside it again")
        assert count.display


async def test_the_focused_fields_help_is_shown() -> None:
    async with Opened(form()) as opened:
        assert "What others read." in lines_of(opened.form.query_one("#foot"))[0]
        await opened.press("tab")
        assert "1250.00" in lines_of(opened.form.query_one("#foot"))[0]


def test_two_fields_with_one_name_are_a_mistake() -> None:
    with pytest.raises(FieldError, match="called a"):
        Form("x", [FormField("a", "A"), FormField("a", "B")])


async def test_control_characters_of_a_value_are_seen_and_kept() -> None:
    evil = "a\x1b]0;x\x07\x9b31m\u202eb"
    fields = [FormField("one", "One", default=evil), FormField("two", "Two", "lines", default=evil)]
    async with Opened(Form("Evil", fields)) as opened:
        for name in ("one", "two"):
            editor = opened.row(name).editor
            shown = editor.render_line(0).text
            assert "a␛]0;x␇\ufffd31m\ufffdb" in shown
        await opened.press("f2")
        assert opened.given == [{"one": evil, "two": evil}]


async def test_ctrl_z_is_job_control_in_an_editor_too() -> None:
    async with Opened(form()) as opened:
        editor = opened.row("note").editor
        assert isinstance(editor, TextArea)
        editor.focus()
        await opened.press("a", "b", "ctrl+z")
        assert editor.text == "ab"
        await opened.press("ctrl+underscore")
        assert editor.text == ""
    assert "ctrl+z" not in editor._bindings.key_to_bindings


async def test_a_draft_is_told_at_once_only_where_something_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with Opened(form()) as opened:
        told: list[Message] = []
        with monkeypatch.context() as patch:
            patch.setattr(opened.app.page, "post_message", told.append)
            opened.form.tell_draft()
            assert told == []
            opened.row("title").text = "typed"
            opened.form.tell_draft()
        (draft,) = told  # without a turn of the loop, which brings the news of the typing
        assert isinstance(draft, Form.DraftChanged)
        assert draft.values["title"] == "typed"
        assert "token" not in draft.values


SINCE = datetime(2026, 8, 20, 9, 30, tzinfo=UTC)


def drafted(**draft: str) -> Form:
    """The form with a draft of an earlier time."""
    return form(draft=draft, draft_of="Sail No 5", since=SINCE)


def note(opened: Opened) -> str:
    """What the form says of its draft."""
    lines = opened.form.query("#draft")
    return lines_of(lines.first())[0].strip() if lines else ""


async def test_a_draft_says_that_it_is_one_of_what_and_since_when() -> None:
    async with Opened(drafted(title="Half a ti")) as opened:
        assert note(opened) == "A draft of Thu 20 Aug 09:30, not sent: Sail No 5"
        assert opened.form.texts["title"] == "Half a ti"
    async with Opened(drafted(title="", price="12.50", kind="a")) as opened:
        assert note(opened) == "", "it is what stands there without a draft"
    async with Opened(form(draft={"title": "typed a moment ago"})) as opened:
        assert note(opened) == ""


async def test_a_choice_of_a_draft_that_is_gone_is_said_and_never_saved() -> None:
    gone = {"title": "T", "kind": "z", "tags": "x, zz"}
    fields = [replace(field, required=field.name in gone) for field in FIELDS]
    async with Opened(Form("New", fields, draft=gone, draft_of="Sail", zone=UTC)) as opened:
        for name in ("kind", "tags"):
            assert "not there any more" in opened.wrong(name)
            assert opened.form.texts[name] == ""
        await opened.press("f2")
        assert opened.given == []
        assert opened.wrong("kind")
        assert opened.wrong("tags")
    async with Opened(drafted(title="T", kind="b", tags="x, y")) as opened:
        assert not opened.wrong("kind")
        await opened.press("f2")
        (values,) = opened.given
        assert isinstance(values, dict)
        assert (values["kind"], values["tags"]) == ("b", ["x", "y"])


async def test_a_draft_is_left_for_what_stands_there_without_it() -> None:
    async with Opened(drafted(title="Half", paid="yes", note="lines", token="old")) as opened:
        await opened.press("shift+tab", "right", "right", "enter")
        await settle(opened.pilot)
        assert opened.form.texts == opened.form._draft.anew
        heard = opened.app.heard(Form.DraftChanged)[-1]
        assert isinstance(heard, Form.DraftChanged)
        assert heard.values == {}, "nothing is kept any more"
