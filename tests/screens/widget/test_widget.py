"""The screen of widget documents: forms, lists, trees, and documents that mean harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.screens.messages import CommandWanted, hand_over

SAMPLES = Path(__file__).parents[2] / "data" / "widgets"


async def read(pilot: Pilot[Any], source: str, seen: str) -> None:
    """Go to the document by the palette's command and its prompt."""
    await hand_over(pilot.app, CommandWanted("deck.widget"))
    await until(pilot, lambda: "File, or http(s) address" in screen_text(pilot))
    await pilot.press(*source, "enter")
    await until(pilot, lambda: seen in screen_text(pilot), seen)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short names are typed quickly."""
    monkeypatch.chdir(tmp_path)


def sample(tmp_path: Path, name: str, change: Callable[[Any], None] = lambda content: None) -> str:
    """A copy of a sample with a short path."""
    content = json.loads((SAMPLES / f"{name}.json").read_bytes())
    change(content)
    file = tmp_path / "w.json"
    file.write_text(json.dumps(content))
    return file.name


def deck(server: EmbeddedServer, tmp_path: Path) -> Tockdeck:
    return deck_of(server, tmp_path, "timers")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_form_is_filled_in_and_saved(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int], copied: list[str]
) -> None:
    saved, draft = tmp_path / "a.json", tmp_path / "d.eml"
    async with opened(deck(server, tmp_path), size) as pilot:
        await read(pilot, sample(tmp_path, "customform"), "goes to 123@gmail.com")
        assert "(000)" in screen_text(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "Keep the answers" in screen_text(pilot))
        await pilot.press(*"many", "f2")
        await until(pilot, lambda: "not a number" in screen_text(pilot))
        await pilot.press(*["backspace"] * 4, *"42", "f2")
        await until(pilot, lambda: "nothing was sent" in screen_text(pilot))
        assert "(000)" not in screen_text(pilot)
        await pilot.press("w")
        await until(pilot, lambda: "Save the answers" in screen_text(pilot))
        assert "My_custom_form-answers.json" in screen_text(pilot)
        await pilot.press("ctrl+u", *saved.name, "enter")
        await until(pilot, saved.exists)
        await pilot.press("m")
        await until(pilot, lambda: "My_custom_form.eml" in screen_text(pilot))
        await pilot.press("ctrl+u", *draft.name, "enter")
        await until(pilot, draft.exists)
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
    answers = json.loads(saved.read_bytes())["groups"][0]["answers"]
    assert [one["value"] for one in answers] == [
        "42", "", "", "checked", "", "Hi", "One", "10/08/2019",
    ]  # fmt: skip
    assert b"X-Unsent: 1" in draft.read_bytes()
    assert copied[0].startswith("mailto:123@gmail.com?subject=My%20custom%20form&body=Reality")


async def test_a_file_that_is_there_is_asked_about(server: EmbeddedServer, tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text("mine")
    async with opened(deck(server, tmp_path)) as pilot:
        await read(pilot, sample(tmp_path, "ebook"), "Chapter 1")
        for answer, kept in (("n", True), ("y", False)):
            await pilot.press("w")
            await until(pilot, lambda: "Save the document" in screen_text(pilot))
            await pilot.press("ctrl+u", *mine.name, "enter")
            await until(pilot, lambda: "Overwrite" in screen_text(pilot))
            await pilot.press(answer)
            await until(pilot, lambda: "Overwrite" not in screen_text(pilot))
            if not kept:
                await until(pilot, lambda: "Saved" in screen_text(pilot))
            assert (mine.read_text() == "mine") is kept
    assert json.loads(mine.read_bytes())["type"] == "ebook"


async def test_books_are_filtered_chosen_and_copied(
    server: EmbeddedServer, tmp_path: Path, copied: list[str]
) -> None:
    async with opened(deck(server, tmp_path)) as pilot:
        await read(pilot, sample(tmp_path, "catalogbooks"), "Stieg Larsson")
        await pilot.press("slash", *"riddle", "enter")
        await until(pilot, lambda: "1 of 3" in screen_text(pilot))
        assert "Stieg Larsson" not in screen_text(pilot)
        await pilot.press("y")
        await until(pilot, lambda: copied == ["https://ibuildapp.com"])
        await pilot.press("enter")
        await until(pilot, lambda: "authorDescription" in screen_text(pilot))
        await pilot.press("escape", "slash", "escape")
        await until(pilot, lambda: "Stieg Larsson" in screen_text(pilot))
        await pilot.press("c")
        await until(pilot, lambda: "All books" in screen_text(pilot))
        await pilot.press("slash", *"Recomm", "enter")
        await until(pilot, lambda: "recommended · 1 of 3" in screen_text(pilot))


async def test_the_keys_of_a_document_are_those_that_it_can_do(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck(server, tmp_path)) as pilot:
        await read(pilot, sample(tmp_path, "catalogbooks"), "Stieg Larsson")
        keys = screen_text(pilot).splitlines()[-1]
        assert "Menu" in keys
        assert "Fill in" not in keys
        await pilot.press("f")
        await until(pilot, lambda: "Only a CustomForm widget" in screen_text(pilot))
        await pilot.press("o")
        await until(pilot, lambda: "File, or http(s) address" in screen_text(pilot))
        await pilot.press("ctrl+u", *sample(tmp_path, "customform"), "enter")
        await until(pilot, lambda: "goes to" in screen_text(pilot))
        keys = screen_text(pilot).splitlines()[-1]
        assert "Menu" not in keys
        assert "Fill in" in keys


async def test_a_document_is_also_a_tree_and_its_oddities_are_told(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    def odd(content: Any) -> None:
        content["data"]["row"][0]["#url"] = "javascript:alert(1)"

    async with opened(deck(server, tmp_path)) as pilot:
        await read(pilot, sample(tmp_path, "ebook", odd), "1 wrong, 0 odd")
        assert "✗ data.row[0].#url  is no http or https address" in screen_text(pilot)
        await pilot.press("t")
        await until(pilot, lambda: "colorskin" in screen_text(pilot))
        await pilot.press("t")
        await until(pilot, lambda: "colorskin" not in screen_text(pilot))


async def test_an_unknown_type_is_a_tree(server: EmbeddedServer, tmp_path: Path) -> None:
    def other(content: Any) -> None:
        content["type"] = "rss"

    async with opened(deck(server, tmp_path)) as pilot:
        await read(pilot, sample(tmp_path, "ebook", other), "kept as JSON")
        assert "rss was never published" in screen_text(pilot)
        assert "widgetid" in screen_text(pilot)


@pytest.mark.parametrize(
    ("source", "words"),
    [("/nowhere/x.json", "There is no file"), ("ftp://x/y", "Only http and https"),
     ("http://127.0.0.1:9/x", "could not be reached")],
)  # fmt: skip
async def test_what_cannot_be_read_is_said_in_place(
    server: EmbeddedServer, tmp_path: Path, source: str, words: str
) -> None:
    async with opened(deck(server, tmp_path), (80, 24)) as pilot:
        await read(pilot, source, words)
        await until(pilot, lambda: "r tries again" in screen_text(pilot))
        await pilot.press("w")
        await until(pilot, lambda: "no document to save" in screen_text(pilot))
        await pilot.press("5")
        await until(pilot, lambda: "Trackers" in screen_text(pilot))


async def test_a_document_that_means_harm_is_only_text(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    evil = "[bold red]\x1b[2J\x1b]0;gone\x07\u202e" + "x" * 300

    def hostile(content: Any) -> None:
        content["data"]["title"] = evil
        for group in content["data"]["form"]["groups"]:
            group["#title"] = evil
            for field in group["fields"]:
                field["#label"] = evil
                if isinstance(field.get("value"), list):
                    field["value"] = [evil, "a,b"]
        content["data"]["form"]["email"]["#address"] = evil

    async with opened(deck(server, tmp_path), (80, 24)) as pilot:
        await read(pilot, sample(tmp_path, "customform", hostile), "is no mail address")
        assert "[bold red]␛[2J" in screen_text(pilot)
        assert "\x1b" not in screen_text(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "Keep the answers" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "nothing was sent" in screen_text(pilot))


async def test_a_very_deep_document_is_shown_as_far_as_it_can_be(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    file = tmp_path / "w.json"
    file.write_text('{"type": "x", "data": ' + '{"a":' * 300 + "1" + "}" * 301)
    async with opened(deck(server, tmp_path)) as pilot:
        await read(pilot, file.name, "none of the 13")
        await pilot.press("slash", *"deeply", "enter")
        await until(pilot, lambda: "nested too deeply to show" in screen_text(pilot))


async def test_keys_act_on_the_pane_that_has_the_focus_and_the_footer_shows_them(
    server: EmbeddedServer, tmp_path: Path, copied: list[str]
) -> None:
    """With the cursor on a finding no entry of the list above is copied or filtered."""

    def odd(content: Any) -> None:
        content["data"]["row"][0]["#url"] = "javascript:alert(1)"

    async with opened(deck(server, tmp_path)) as pilot:
        await read(pilot, sample(tmp_path, "ebook", odd), "Odd about it")
        keys = screen_text(pilot).splitlines()[-1]
        assert "⏎ Open" in keys
        assert "/ Filter" in keys
        await pilot.press("tab")
        await until(pilot, lambda: "⏎ Read" in screen_text(pilot).splitlines()[-1])
        assert "/ Filter" not in screen_text(pilot).splitlines()[-1]
        await pilot.press("slash")
        await until(pilot, lambda: "Filter means nothing here" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
        assert copied[0].startswith("data.row[0].#url"), "the finding, not an entry's address"
