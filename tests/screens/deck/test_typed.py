"""What is typed after `:`, read and completed; and what the words after a command answer."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.commands import COMMANDS, in_scope
from tui.screens.answers import Answers, choice_of
from tui.screens.deck.typed import Known, NotUnderstood, completed, meant
from tui.widgets.dialogs import Choice, Confirm, TextPrompt
from tui.widgets.outline_model import Node

KNOWN = Known(
    here=in_scope("books", "deck"),
    elsewhere=[one for one in COMMANDS.values() if one.scope in ("tocks", "live", "timers")],
    themes=["ember", "fjord"],
    operations=["timetonic.get_all_books", "igtimi.devices.list"],
    refused={"paste": "Paste: the deck is read-only."},
)


def test_a_line_means_a_command_a_row_a_theme_a_screen_or_an_operation() -> None:
    export = meant("export  csv", KNOWN)
    assert (export.command, export.words) == (COMMANDS["books.export"], ("csv",))
    assert meant("books.export", KNOWN).command == COMMANDS["books.export"]
    assert meant("live.export gpx", KNOWN).command == COMMANDS["live.export"]
    assert meant("submit", KNOWN).command == COMMANDS["tocks.submit"], "no other screen has it"
    assert meant("q", KNOWN).command == COMMANDS["deck.quit"]
    assert meant("timers", KNOWN).command == COMMANDS["deck.timers"]
    assert meant("theme", KNOWN).command == COMMANDS["deck.theme"]
    assert meant("theme ember", KNOWN).theme == "ember"
    assert meant("go console", KNOWN).screen == "console"
    assert meant(" 120 ", KNOWN).row == 120
    assert meant("9" * 9000, KNOWN).row > 10**9
    called = meant("igtimi.devices.list a=1 b=x=y", KNOWN)
    assert (called.operation, called.values) == ("igtimi.devices.list", {"a": "1", "b": "x=y"})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("xport csv", "There is no command xport; did you mean export?"),
        ("0", "Rows are numbered from 1."),
        ("zzzzz", "There is no command zzzzz."),
        ("theme embre", "There is no theme embre; did you mean ember?"),
        ("go", "Go where: today, books"),
        ("go timer", "There is no screen timer; did you mean timers?"),
        ("go timers now", "Go where"),
        ("igtimi.devices.list x", "Write name=value instead of x."),
    ],
)
def test_what_is_not_understood_is_said(line: str, why: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        meant(line, KNOWN)
    assert str(refused.value).startswith(why)


def test_of_what_two_other_screens_have_it_is_asked_which() -> None:
    twice = KNOWN._replace(elsewhere=[*KNOWN.elsewhere, COMMANDS["today.start"]])
    with pytest.raises(NotUnderstood, match=r"Which one: timers.start, today.start\?"):
        meant("start", twice)
    assert meant("start", KNOWN).command == COMMANDS["timers.start"]


def test_what_is_refused_here_says_why() -> None:
    here = [one for one in KNOWN.here if one.name != "paste"]
    with pytest.raises(NotUnderstood, match="read-only"):
        meant("paste", KNOWN._replace(here=here))


def test_tab_goes_as_far_as_only_one_way_leads_on() -> None:
    assert completed("expo", KNOWN) == ("export", ["export"])
    assert completed("theme f", KNOWN) == ("theme fjord", ["fjord"])
    assert completed("go se", KNOWN) == ("go sessions", ["sessions"])
    text, fits = completed("mark", KNOWN)
    assert text == "mark"
    assert {"mark", "mark_to", "mark_read"} <= set(fits)
    assert completed("igtimi.", KNOWN)[0] == "igtimi.devices.list"
    assert completed("wibble", KNOWN) == ("wibble", [])
    assert completed("export cs", KNOWN) == ("export cs", [])


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_line_is_read_or_refused_in_words(line: str) -> None:
    text, fits = completed(line, KNOWN)
    assert text.startswith(line)
    assert all(text.endswith(fits[0][: len(text.rpartition(" ")[2])]) for _ in fits[:1])
    what = None
    with suppress(NotUnderstood):
        what = meant(line, KNOWN)
    if what is None:
        with pytest.raises(NotUnderstood, match=r"\w"):
            meant(line, KNOWN)
    else:
        assert any(what), line


FORMS = [Node("csv", "CSV"), Node("xlsx", "Excel"), Node("md", "Markdown"), Node("mdx", "Marked")]


def test_words_answer_the_first_question_that_they_fit() -> None:
    assert choice_of("CSV", FORMS) == "csv"
    assert choice_of("excel", FORMS) == "xlsx"
    assert choice_of("md", FORMS) == "md", "its key is it"
    assert choice_of("mark", FORMS) is None, "two begin so"
    answers = Answers(["csv", "two", "words"])
    assert answers.given(Choice("Export", [Node("shown", "What is shown")])) is None
    assert answers.given(Choice("Export as", FORMS)) == "csv"
    assert answers.given(TextPrompt("Password", secret=True)) is None
    assert answers.given(Confirm("Delete", "Delete it?")) is None
    wrong = TextPrompt("File", check=lambda text: "no" if text == "two words" else None)
    assert answers.given(wrong) is None
    assert answers.given(TextPrompt("File")) == "two words"
    assert answers.given(TextPrompt("File")) is None
    assert answers.take_all() == ""
