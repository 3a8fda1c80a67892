"""Messages and events beside the tables: searched, answered, passed on, added, by the month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import deck_of, gone, opened, screen_text, seen, until, zone_at_noon
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, texts
from tui.screens.books import messages
from tui.screens.books.events import EventsMonth, check_event, end_of, event_fields
from tui.screens.books.items import OLDER
from tui.screens.books.lines import Item
from tui.screens.books.searching import matching
from tui.services.timetonic import BookEvent, Message
from tui.widgets.lines import Paragraph
from tui.widgets.month import DayPrompt
from tui.workspace.books.talk import QUOTED_LINES, quoted

pytestmark = pytest.mark.usefixtures("as_at_the_start")


SIZE = (120, 40)


def item(key: str, *lines: str) -> Item:
    return Item(key, [Paragraph(line) for line in lines])


def test_words_are_found_in_any_order_and_unwanted_ones_are_not() -> None:
    items = [
        item(OLDER, "loads older, with ice"), item("1", "Zoë · today", "Café GLACÉ [b]"),
        item("2", "You", "ice"), item("3", "Zoe", "glace"),
    ]  # fmt: skip
    for typed, keys in [
        ("glace zoe", ["1", "3"]), ("GLACÉ", ["1", "3"]), ("!cafe zoe", ["3"]), ("[b]", ["1"]),
        ("ice", ["2"]), ("!", ["1", "2", "3"]), ("", ["1", "2", "3"]), ("nowhere", []),
    ]:  # fmt: skip
        assert [one.key for one in matching(items, typed)] == keys, typed


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), max_size=30))
def test_every_line_of_what_is_answered_is_quoted(lines: list[str]) -> None:
    said = quoted(Message(smid=1, text="\n".join(lines)), "Zoë [b]", "today 14:00")
    head, *rest = said.split("\n")
    assert head == "Zoë [b], today 14:00:"
    assert rest[-2:] == ["", ""]
    assert all(one.startswith(">") for one in rest[:-2])
    assert len(rest) - 2 <= QUOTED_LINES + 1
    assert (rest[-3] == "> …") or len(rest) - 2 <= QUOTED_LINES


def test_an_event_ends_where_it_was_told_and_after_it_begins() -> None:
    at = datetime(2026, 11, 29, 9, tzinfo=UTC)
    event = BookEvent(id=1, text="a\nb", start=at, end=at)
    defaults = {one.name: one.default for one in event_fields(event, None)}
    assert defaults == {"text": "a\nb", "start": at, "end": None}
    assert check_event({"start": at, "end": at - timedelta(minutes=1)}).keys() == {"end"}
    assert check_event({"start": at, "end": at}) == check_event({"start": at, "end": None}) == {}
    long = BookEvent(id=1, start=at, end=at + timedelta(hours=2))
    later = at + timedelta(hours=3)
    assert check_event({"start": later, "end": long.end}, long) == {}
    assert end_of({"start": later, "end": long.end}, long) == later + timedelta(hours=2)
    # What a person wrote there counts, and what still comes after the start.
    typed = later - timedelta(minutes=1)
    assert check_event({"start": later, "end": typed}, long).keys() == {"end"}
    assert end_of({"start": at + timedelta(hours=1), "end": long.end}, long) == long.end


async def test_messages_are_searched_answered_and_passed_on(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, SIZE) as pilot:
        await seen(pilot, "Seamarks")
        await pilot.press("enter")
        side = books_of(app).side
        lines = side.talk_lines
        await until(pilot, lambda: lines.has_focus and lines.row_count > 5, "messages are there")
        all_of_it = texts(server, "seabright-fleet")
        word = "Antifouling"
        places = [number for number, text in enumerate(all_of_it) if word in text]
        assert places
        await pilot.press("slash", *word.lower(), "enter")
        await until(pilot, lambda: lines.has_focus, "the list has the keys")
        await seen(pilot, f"{len(places)} of {len(all_of_it)}")
        await pilot.press("n")
        await seen(pilot, f"1 of {len(places)} with “antifouling”")
        # Answered: quoted, and nothing but the quote is not sent.
        answered = side.message
        assert answered is not None
        assert word in answered.text
        await pilot.press("Q")
        await seen(pilot, f"> {word}")
        await pilot.press("f2")
        await seen(pilot, "nothing in it but what is quoted")
        await pilot.press(*"[aye]", "f2")
        await seen(pilot, "Sent to")
        sent = texts(server, "seabright-fleet")[-1]
        assert sent.endswith("\n\n[aye]")
        assert f"> {word}" in sent
        # The one that was sent holds the word too.
        await pilot.press("escape")
        await until(pilot, lambda: not side.filter_text, "all is shown")
        await seen(pilot, f" {len(all_of_it) + 1} ")
        await until(pilot, lambda: lines.has_focus, "the list has the keys")
        # Passed on: a copy there, then the message itself, and both are taken back.
        there = texts(server, "notebook")
        for way, key in (("Copied", "enter"), ("Moved", "j")):
            await pilot.press("G", "k")
            await until(
                pilot,
                lambda: side.message is not None and "[aye]" in side.message.text,
                "the cursor is on the answer",
            )
            await pilot.press("T")
            await seen(pilot, "goes to")
            await seen(pilot, "1 other book is left out: you may only read there.")
            assert "Harbour" not in screen_text(pilot).partition("goes to")[2]
            await pilot.press("slash", *"notebook", "enter")
            await seen(pilot, "Copy it to Notebook")
            await pilot.press(key, *(["enter"] if key == "j" else []))
            await seen(pilot, f"{way} the message to Notebook")
            assert texts(server, "notebook") == [*there, sent]
            assert (sent in texts(server, "seabright-fleet")) is (way == "Copied")
            await pilot.press("u")
            if way == "Moved":
                await seen(pilot, "It comes back as a new message there")
                await pilot.press("y")
            await until(pilot, lambda: texts(server, "notebook") == there, "it is taken back")
            await seen(pilot, "Undone: ")
        assert texts(server, "seabright-fleet")[-1] == sent


async def test_events_are_added_by_the_month_changed_and_deleted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    def stored() -> list[tuple[str, int, int]]:
        rows = server.context.database.read(
            "SELECT s.msg, s.event_start, s.event_end"
            " FROM timetonic_message s JOIN timetonic_book b ON b.id = s.book_id"
            " WHERE b.b_c = 'notebook' AND NOT s.deleted"
            " AND s.event_start IS NOT NULL"
        )
        return [(row["msg"], row["event_start"], row["event_end"]) for row in rows]

    # The day that it is while the calendar is open has to be the one that the month began on.
    app = deck_of(server, tmp_path, "books", deck__time_zone=zone_at_noon())
    async with opened(app, SIZE) as pilot:
        await seen(pilot, "Notebook")
        shelf, side = books_of(app).shelf, books_of(app).side
        assert shelf.shelf is not None
        book = next(one for one in shelf.shelf.books if one.b_c == "notebook")
        # Out of the books: what the cursor rests on there is shown beside them.
        side.talk_lines.focus()
        await until(pilot, lambda: side.talk_lines.has_focus, "the list has the keys")
        side.open(book, "events")
        await seen(pilot, "a adds one")
        await until(pilot, lambda: side.event is None and side.book is book, "no event is there")
        await pilot.press("v")
        await seen(pilot, "Nothing takes place.")
        month = app.screen
        assert isinstance(month, EventsMonth)
        today = month.month.day
        await pilot.press("pagedown", "h", "down", "a")
        await seen(pilot, "New event in")
        await pilot.press(*"Haul [out]", "tab")
        await seen(pilot, "f3: calendar")
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, DayPrompt), "the calendar is there")
        await pilot.press("t", "l", "enter")
        wanted = today + timedelta(days=1)
        await seen(pilot, f"{wanted} 09:00")
        await pilot.press("f2")
        await seen(pilot, "u deletes it again")
        (added,) = stored()
        zone = app.workspace.zone
        start = datetime.fromtimestamp(added[1], zone)
        assert (added[0], start.date(), start.hour) == ("Haul [out]", wanted, 9)
        await until(
            pilot, lambda: side.event is not None and side.event.text == "Haul [out]", "it is seen"
        )
        # Changed: typed times still work; both are put back by one undo.
        await pilot.press("e")
        await seen(pilot, "Change the event")
        await pilot.press("tab", "ctrl+u", *f"{wanted} 14-16:30", "f2")
        await seen(pilot, "Changed the event")
        (changed,) = stored()
        assert changed[2] - changed[1] == 9_000
        await until(pilot, lambda: "to 16:30" in screen_text(pilot), "it reads so")
        # Moved behind its end, which is left as it is: it is as long as before.
        await pilot.press("e")
        await seen(pilot, "Change the event")
        await pilot.press("tab", "ctrl+u", *f"{wanted} 18:00", "f2")
        await seen(pilot, "Its end went along")
        (moved,) = stored()
        assert (moved[1] - changed[1], moved[2] - moved[1]) == (14_400, 9_000)
        await pilot.press("u")
        await until(pilot, lambda: stored() == [changed], "it is at its time again")
        await until(pilot, lambda: "to 16:30" in screen_text(pilot), "it reads so again")
        await pilot.press("u")
        await until(pilot, lambda: stored() == [added], "it is as it was")
        await seen(pilot, "Undone: Change the event")
        await gone(pilot, "to 16:30")
        await until(pilot, lambda: side.event is not None, "the cursor is on it")
        await pilot.press("d")
        await seen(pilot, "Delete “Haul [out]”?")
        await pilot.press("y")
        await until(pilot, lambda: stored() == [], "it is gone")
        await seen(pilot, "u sends it again")
        await pilot.press("u")
        await seen(pilot, "It comes back as a new message")
        await pilot.press("y")
        await until(pilot, lambda: stored() == [added], "with its time")


def test_days_are_counted_from_today() -> None:
    # What the month says below itself.
    from tui.widgets.month import day_line

    day = date(2026, 11, 29)
    assert day_line(day, day) == "Sunday 29 November 2026 · today"
    assert day_line(day + timedelta(days=1), day).endswith("30 November 2026 · tomorrow")
    assert day_line(day - timedelta(days=2), day) == "Friday 27 November 2026"


async def test_files_go_with_a_message(server: EmbeddedServer, tmp_path: Path) -> None:
    for name, content in (
        ("chart.png", b"\x89PNG\r\n"),
        ("plan.pdf", b"%PDF-1.7"),
        ("no.pdf", b""),
    ):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "list.txt").write_text("two lines\nof it\n")
    app = deck_of(server, tmp_path, "books")
    async with opened(app, SIZE) as pilot:
        await seen(pilot, "Seamarks")
        await pilot.press("enter")
        side = books_of(app).side
        lines = side.talk_lines
        await until(pilot, lambda: lines.has_focus and lines.row_count > 5, "messages are there")
        await pilot.press("m")
        await seen(pilot, "several as in ~/photos/*.jpg")
        await pilot.press(*"With [it]", "tab", *str(tmp_path / "missing"), "f2")
        await seen(pilot, "There is no such file.")
        await pilot.press("ctrl+u", *str(tmp_path / "no.pdf"), "f2")
        await seen(pilot, "no.pdf is empty.")
        await pilot.press("ctrl+u", *str(tmp_path / "[clp]*.*"), "f2")
        await seen(pilot, "No file there is called so.")
        (tmp_path / "no.pdf").unlink()
        await pilot.press("ctrl+u", *str(tmp_path / "*.p?*"), "f2")
        await seen(pilot, "with 2 files.")
        assert texts(server, "seabright-fleet")[-1] == "With [it]"

        def attached() -> list[str]:
            message = side.message
            return [] if message is None else [one.name for one in (*message.docs, *message.medias)]

        # What others write is looked for as well, and may be read between the two files.
        await until(pilot, lambda: attached() == ["plan.pdf", "chart.png"], "both are with it")
        await pilot.press("m")
        await seen(pilot, "Message to Seabright Fleet")
        await pilot.press(*"Alone", "f2")
        await until(pilot, lambda: texts(server, "seabright-fleet")[-1] == "Alone")


def test_a_file_that_goes_while_it_is_looked_at_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, whole = tmp_path / "plan.pdf", messages.files_meant
    file.write_bytes(b"%PDF-1.7")

    def meant(path: Path) -> list[Path]:
        found = whole(path)
        file.unlink()
        return found

    monkeypatch.setattr(messages, "files_meant", meant)
    assert "No such file" in (messages._why_not_attached(str(file)) or "")
