"""A form that is saved as it was opened gives back what it was opened with, and nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.hosts import lines_of
from tests.widgets.test_form import Opened
from tests.workspace.times.changes import PLACES, around_changes
from tui.widgets.form import Form
from tui.widgets.form_checks import ends_after_start
from tui.widgets.form_filled import Filled, read_all
from tui.widgets.form_understood import understood
from tui.widgets.form_values import FormField, default_text, hint_of
from tui.workspace.times import later, start_of_day, typed_moment

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 29, 14, 5, 30, tzinfo=PARIS)
ODD = [
    FormField("text", "Text", default="  two blanks at both ends  ", required=True),
    FormField("tab", "Tab", default="a\tb\u00a0c\u202ed"),
    FormField("several", "Several", default="one\ntwo\n"),
    FormField("long", "Long", default="x" * 300, limit=255),
    FormField("words", "Words", "lines", default="\r\n one\r\ntwo \n\rthree\n\n"),
    FormField("number", "Number", "number", default=Decimal("1.2500"), minimum=2),
    FormField("money", "Money", "money", default=Decimal("1250.00499")),
    FormField("choice", "Choice", "choice", default="gone", choices=[("new", "New")]),
    FormField("choices", "Choices", "choices", default=["a, b", 'c"d'], choices=[("x", "X")]),
    FormField("yes", "Yes", "boolean", default=True),
    FormField("day", "Day", "date", default=date(2026, 3, 29)),
    FormField("clock", "Clock", "time", default=time(2, 30, 15, 250)),
    FormField("start", "From", "datetime", until="end",
              default=datetime(2026, 10, 25, 2, 30, 15, 250, tzinfo=PARIS)),
    FormField("end", "To", "datetime",
              default=datetime(2026, 10, 25, 2, 10, tzinfo=PARIS, fold=1)),
    FormField("length", "Length", "duration", default=timedelta(seconds=5400.4)),
    FormField("list", "List", "list", default=["a", "b, c", " d"]),
    FormField("secret", "Secret", "secret", default=" pass word "),
]  # fmt: skip


def form(fields: Sequence[FormField], **more: Any) -> Form:
    return Form("Old", fields, form_id="old", now=lambda: NOW, zone=PARIS, **more)


async def test_what_is_saved_unchanged_is_what_it_was_opened_with() -> None:
    async with Opened(form(ODD, check=ends_after_start), (100, 40)) as opened:
        await opened.press("f2")
        (given_back,) = opened.given
        assert isinstance(given_back, Filled)
        assert given_back.changed == frozenset()
        for field in ODD:
            assert given_back[field.name] is field.default, field.name


async def test_only_what_a_person_changed_is_changed() -> None:
    async with Opened(form(ODD), (100, 40)) as opened:
        opened.row("end").text = "2026-10-25 03:30"
        opened.row("text").text = "  three blanks at both ends   "
        await opened.press("f2")
        (given_back,) = opened.given
        assert isinstance(given_back, Filled)
        assert given_back.news == {
            "end": datetime(2026, 10, 25, 2, 30, tzinfo=UTC),
            "text": "  three blanks at both ends   ",
        }
        assert given_back["start"] is ODD[12].default


async def test_a_draft_that_says_the_same_changes_nothing() -> None:
    draft = {"text": "  two blanks at both ends  ", "day": "2026-03-29", "clock": "03:00"}
    async with Opened(form(ODD, draft=draft), (100, 40)) as opened:
        await opened.press("f2")
        (given_back,) = opened.given
        assert isinstance(given_back, Filled)
        assert given_back.changed == {"clock"}


def moments(where: ZoneInfo, start: datetime, length: timedelta) -> list[FormField]:
    end = later(start, length)
    return [
        FormField("start", "From", "datetime", default=start.astimezone(where), until="end"),
        FormField("end", "To", "datetime", default=end.astimezone(where)),
    ]


LENGTHS = st.timedeltas(timedelta(seconds=1), timedelta(days=3))


@given(around_changes(), LENGTHS)
def test_times_around_a_change_of_clocks_stay_as_they_were(
    place: tuple[ZoneInfo, datetime], length: timedelta
) -> None:
    where, start = place
    fields = moments(where, start, length)
    texts = {field.name: default_text(field, where) for field in fields}
    values, wrong = read_all(fields, texts, start, where, untouched=["start", "end"])
    assert (wrong, ends_after_start(values)) == ({}, {})
    assert [values[field.name] for field in fields] == [field.default for field in fields]
    assert values.news == {}


@given(around_changes(), LENGTHS, LENGTHS)
def test_a_start_does_not_move_when_only_the_end_is_changed(
    place: tuple[ZoneInfo, datetime], length: timedelta, other: timedelta
) -> None:
    where, start = place
    fields = moments(where, start, length)
    end = later(start, other).replace(microsecond=0)
    texts = {"start": default_text(fields[0], where), "end": typed_moment(end, where)}
    values, wrong = read_all(fields, texts, start, where, untouched=["start"])
    assert wrong == {}
    assert values["start"] is fields[0].default
    assert values["end"] == end
    assert values.changed == {"end"}
    # Both as they stand, read anew: the texts alone say the same moments, to the second.
    read_again, _ = read_all(fields, texts, start, where)
    assert (read_again["start"], read_again["end"]) == (start, end)


# -- a stretch of time typed into one field --------------------------------------------------------

PAIR = [
    FormField("start", "From", "datetime", required=True, until="end", default="today 8:00"),
    FormField("end", "To", "datetime", required=True, default="now"),
    FormField("day", "Day", "date"),
    FormField("length", "Length", "duration"),
]


def test_a_stretch_fills_both_fields() -> None:
    texts = {"start": "yesterday 14-16", "end": "now"}
    values, wrong = read_all(PAIR, texts, NOW, PARIS, untouched=["end", "day", "length"])
    assert wrong == {}
    assert values.news == {
        "start": datetime(2026, 11, 28, 13, tzinfo=UTC),
        "end": datetime(2026, 11, 28, 15, tzinfo=UTC),
    }
    _, wrong = read_all(PAIR, {"start": "14-16", "end": "17"}, NOW, PARIS)
    assert wrong == {"start": "The end stands here and in “To”: write it once."}
    _, wrong = read_all(PAIR[1:], {"end": "14-16"}, NOW, PARIS)
    assert wrong == {"end": "This is from one time to another: write only one."}


@pytest.mark.parametrize("where", PLACES, ids=str)
def test_a_bare_day_in_the_field_of_an_end_is_the_end_of_that_day(where: ZoneInfo) -> None:
    """As the window that lets somebody see data: until a day is with that day."""
    for change in ("27.11.2026", "2026-04-05", "2026-09-27", "2026-03-08", "2026-11-01"):
        values, wrong = read_all(PAIR, {"start": change, "end": change}, NOW, where)
        assert wrong == {}
        day = values["start"].astimezone(where).date()
        assert values["start"] == start_of_day(day, where)
        assert values["end"] == start_of_day(day + timedelta(days=1), where)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("start", "9:00-11:15", "Sun 29 Nov 09:00 to 11:15, 2:15 h"),
        ("start", "9:00", "Sun 29 Nov 09:00"),
        ("end", "11:15", "Sun 29 Nov 11:15, 3:15 h"),
        ("end", "7:00", "Sun 29 Nov 07:00, before the start"),
        ("end", "27.11.2027", "Sat 27 Nov 2027 24:00, 8728:00 h"),
        (
            "start",
            "2026-03-29 2:30-4:00",
            "! 02:30 does not exist on Sun 29 Mar 2026 in "
            "Europe/Paris: clocks go from 02:00 to 03:00.",
        ),
        (
            "end",
            "2026-10-25 2:30",
            "! 02:30 exists twice on Sun 25 Oct 2026 in Europe/Paris: write "
            "“02:30 first” (UTC+02:00) or “02:30 second” (UTC+01:00).",
        ),
        ("start", "2026-10-25 2:30 second", "Sun 25 Oct 02:30 (UTC+01:00)"),
        ("start", "9:00-", ""),
        ("start", "", ""),
        ("day", "27.11.", "Fri 27 Nov"),
        ("day", "27.11.2027", "Sat 27 Nov 2027"),
        ("length", "1,5 h", "1:30 h"),
    ],
)
def test_what_has_been_understood_is_said(name: str, text: str, words: str) -> None:
    field = next(one for one in PAIR if one.name == name)
    texts = {"start": "8:00", "end": "9:00", name: text}
    assert understood(PAIR, texts, field, NOW, PARIS) == words


async def test_what_has_been_understood_is_shown_while_typing() -> None:
    async with Opened(form(PAIR)) as opened:
        opened.row("start").text = ""
        await opened.press(*"yesterday")
        await opened.press("space", *"14-16")
        foot = lines_of(opened.form.query_one("#foot"))[0]
        assert foot.strip() == "= Sat 28 Nov 14:00 to 16:00, 2:00 h · f3: calendar"
        await opened.press("-")
        shown = " ".join(" ".join(lines_of(opened.form.query_one("#foot"))).split())
        assert shown == f"{hint_of(PAIR[0])} · f3: calendar"
