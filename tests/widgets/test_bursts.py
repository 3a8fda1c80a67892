"""What is typed and what is pasted, where the terminal does not say so; and pastes into lines."""

from __future__ import annotations

import pytest
from textual.events import Paste

from tests.widgets.hosts import Host, settle
from tui.widgets.bursts import MOST_TYPED, MOST_TYPED_LINES, Bursts
from tui.widgets.filterline import LineInput
from tui.widgets.form import Form
from tui.widgets.form_fields import TextLines
from tui.widgets.form_values import FormField


def parts(text: str) -> list[tuple[bool, str]]:
    """Of what came at once, and nothing before it."""
    return list(Bursts().parts(text))


LETTER = "Dear Ada,\rthe mast is mended.\rYours\r"


@pytest.mark.parametrize(
    "typed",
    [
        "j",
        "2jj\r",
        "2jj\rjj\r\r",
        "/sail\rjjd",
        "aKeel repair\rBob\r",
        "a rather long text that a person has typed in a hurry\r",
        "j" * 500,
        "jjjjkkkk\r" * 100,
        "\x157.5\t\t\ta day in the garden\t\r",
        "aDear Ada,\rthe mast\x0fjjjj",
        "\x1b[B" * 200,
    ],
)
def test_keys_that_come_at_once_are_keys(typed: str) -> None:
    assert parts(typed) == [(False, typed)]


@pytest.mark.parametrize(
    "pasted",
    [
        LETTER,
        "dd delete\nq quit\n",
        "first line\rsecond line\rthird",
        "https://example.org/a/very/long/address?that=nobody&types=so&quickly=1",
        "one\ttwo\tthree\rfour\tfive\tsix\r",
        "größer\r\nals vorher\r\nund länger",
    ],
)
def test_more_text_than_anybody_types_at_once_is_pasted(pasted: str) -> None:
    assert parts(pasted) == [(True, pasted)]


def test_the_edges_are_where_they_are_said_to_be() -> None:
    words = "abcdefgh" * 20
    for most, form in ((MOST_TYPED, "{}"), (MOST_TYPED_LINES, "x\r{}")):
        at_most = form.format(words)[:most]
        assert parts(at_most) == [(False, at_most)]
        assert parts(form.format(words)[: most + 1])[0][0]


def test_what_stands_in_brackets_is_left_to_them() -> None:
    bursts = Bursts()
    for read in ("\x1b[20", "0~" + LETTER, LETTER, LETTER + "\x1b[2", "01~"):
        assert list(bursts.parts(read)) == [(False, read)]
    assert list(bursts.parts(LETTER)) == [(True, LETTER)]


def test_keys_around_pasted_text_stay_keys() -> None:
    assert parts(f"\x1b[I{LETTER}\x1b[Ajj\x0f") == [
        (False, "\x1b[I"), (True, LETTER), (False, "\x1b[Ajj\x0f")
    ]  # fmt: skip


class Pasted:
    """A form of one line and of several, into which something is pasted."""

    def __init__(self) -> None:
        self.app = Host()
        fields = [FormField("line", "Line"), FormField("lines", "Lines", "lines")]
        self.form = Form("Form", fields)

    async def into(self, name: str, text: str, before: str = "") -> str:
        async with self.app.run_test(size=(80, 24)) as pilot:
            self.app.push_screen(self.form)
            await settle(pilot)
            row = next(one for one in self.form._rows if one.field.name == name)
            assert isinstance(row.editor, (LineInput, TextLines))
            row.text = before
            self.form.set_focus(row.editor)
            await pilot.press("end")
            self.app.post_message(Paste(text))
            await settle(pilot)
            self.said = [toast.message for toast in self.app._notifications]
            return row.text


@pytest.mark.parametrize(
    ("text", "before", "after", "lines"),
    [
        ("one", "", "one", 0),
        ("one\n", "", "one", 0),
        ("\none", "", "one", 0),
        ("\r\n\r\none", "", "one", 0),
        ("one\ntwo\n\nthree\n", "", "one two three", 3),
        ("one\rtwo", "", "one two", 2),
        ("\none", "half", "half one", 0),
        ("one", "half", "halfone", 0),
        ("\n \n", "half", "half", 0),
    ],
)
async def test_lines_are_joined_in_a_field_of_one_line(
    text: str, before: str, after: str, lines: int
) -> None:
    pasted = Pasted()
    assert await pasted.into("line", text, before) == after
    assert pasted.said == ([f"{lines} lines were joined with blanks."] if lines else [])


async def test_a_field_of_several_lines_takes_all_as_it_is() -> None:
    pasted = Pasted()
    assert await pasted.into("lines", "\none\ntwo\n") == "\none\ntwo\n"
    assert pasted.said == []
