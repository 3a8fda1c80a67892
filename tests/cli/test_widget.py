"""`tockdeck widget`: documents shown, checked, filled in; nothing is ever sent."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tests.cli.conftest import PATIENCE, ROOT, Shell
from tui.cli import DONE, INTERRUPTED, REFUSED, UNREACHABLE, USAGE

SAMPLES = ROOT / "tests" / "data" / "widgets"
FORM = str(SAMPLES / "customform.json")


def path(name: str) -> str:
    return str(SAMPLES / f"{name}.json")


def changed(tmp_path: Path, name: str, *steps: str | int, value: object) -> str:
    """A file with a sample in which one value is another one."""
    content = json.loads((SAMPLES / f"{name}.json").read_bytes())
    inner = content
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = value
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(content))
    return str(file)


@pytest.mark.parametrize("name", sorted(one.stem for one in SAMPLES.glob("*.json")))
def test_every_type_is_shown_and_sound(shell: Shell, name: str) -> None:
    shown = shell.run("widget", path(name))
    assert shown.status == DONE
    assert shown.out.strip()
    checked = shell.run("widget", path(name), "--check")
    assert (checked.status, checked.out) == (DONE, "")
    assert checked.err.endswith(": 0 wrong, 0 odd\n")
    typed = json.loads(shell.run("widget", path(name), "--json").out)
    assert typed["type"] == name
    assert "problem" not in typed


def test_a_form_in_a_pipe_is_its_fields_as_text(shell: Shell) -> None:
    shown = shell.run("widget", FORM).out
    assert shown.startswith("My custom form\n\nReality\n")
    assert "  yes: [x]\n  No: [ ]\n  (radiobutton): (•) Hi  ( ) Hello\n" in shown
    assert "  Image: photos, at most 2\n" in shown


def test_a_list_in_a_pipe_has_its_addresses_whole(shell: Shell) -> None:
    lines = shell.run("widget", path("ebook")).out.splitlines()
    assert lines[0].split() == ["title", "kind", "address"]
    assert lines[2].endswith("upload-5daf146ac4c8a6.35940948.pdf")


def test_books_are_filtered(shell: Shell) -> None:
    said = shell.run("widget", path("catalogbooks"), "--filter", "tower")
    assert [line[:18] for line in said.out.splitlines()[1:]] == ["Towers of Midnight"]
    assert said.err.endswith("1 of 3 entries\n")
    said = shell.run("widget", path("catalogbooks"), "--choose", "recommended")
    assert "The Atlatis Gene" in said.out
    assert said.err.endswith("1 of 3 entries\n")
    menu = shell.run("widget", path("catalogbooks"), "--menu").out
    assert "category/Science Fiction                     3  Genre: Science Fiction\n" in menu
    said = shell.run("widget", path("catalogbooks"), "--choose", "cheap")
    assert (said.status, said.out) == (USAGE, "")
    assert "--menu lists them" in said.err


def test_another_type_is_a_tree_of_json(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "rss.json"
    file.write_text('{"widgetid": "1", "type": "rss", "data": {"#url": "http://a", "n": [1, {}]}}')
    said = shell.run("widget", str(file))
    assert said.status == DONE
    assert said.out == (
        "widgetid: 1\ntype: rss\ndata\n  #url: http://a\n  n\n    0: 1\n    1: {}\n"
    )
    assert "rss was never published in the document; shown as JSON" in said.err
    assert json.loads(shell.run("widget", str(file), "--json").out)["problem"]


def test_what_a_document_holds_is_text_and_no_control_sequence(
    shell: Shell, tmp_path: Path
) -> None:
    evil = "\x1b]0;gone\x07\x1b[2J\u202e[bold]x[/]\nnext"
    for name, steps in (
        ("ebook", ("data", "row", 0, "#title")),
        ("customform", ("data", "form", "groups", 0, "fields", 0, "#label")),
        ("customform", ("data", "title")),
        ("htmlcode", ("data", "#content")),
        ("catalogbooks", ("data", "menu", 0, "name")),
        ("ebook", ("type",)),
    ):
        file = changed(tmp_path, name, *steps, value=evil)
        for words in ([], ["--check"], ["--menu"], ["--fill"]):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sys, "stdin", io.StringIO(""))
                said = shell.run("widget", file, *words)
            for text in (said.out, said.err):
                assert "\x1b" not in text, words
                assert "\x07" not in text, words
                assert "\u202e" not in text, words


def test_depth_is_no_trouble(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "deep.json"
    file.write_text('{"type": "x", "data": ' + "[" * 800 + "1" + "]" * 800 + "}")
    said = shell.run("widget", str(file))
    assert said.status in (DONE, REFUSED)
    assert "Traceback" not in said.err
    file.write_text("[" * 100_000)
    said = shell.run("widget", str(file))
    assert said.status == REFUSED
    assert "nested too deeply" in said.err


def test_what_is_wrong_is_told_and_is_the_status(shell: Shell, tmp_path: Path) -> None:
    file = changed(tmp_path, "ebook", "data", "row", 2, "#url", value="javascript:alert(1)")
    said = shell.run("widget", file, "--check")
    assert said.status == REFUSED
    assert said.out == "wrong  data.row[2].#url: is no http or https address\n"
    assert said.err == "PDF Reader Widget: 1 wrong, 0 odd\n"
    file = changed(tmp_path, "dashboard", "widgetid", value="12")
    said = shell.run("widget", file, "--check")
    assert (said.status, said.out) == (DONE, "odd    widgetid: is -1 for a dashboard\n")


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        ("nowhere.json", USAGE, "There is no file nowhere.json. Check the path."),
        ("http://127.0.0.1:9/x", UNREACHABLE, "could not be reached"),
        ("ftp://example.com/x", USAGE, "Only http and https addresses are fetched."),
        ("http://me:secret@example.com/x", USAGE, "with a user or a password"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    shell: Shell, source: str, status: int, words: str
) -> None:
    said = shell.run("widget", source)
    assert (said.status, said.out) == (status, "")
    assert words in said.err
    assert said.err.startswith("tockdeck: Widget document: ")
    assert said.err.count("\n") == 1
    assert "secret" not in said.err


def test_a_document_comes_from_standard_input(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(Path(path("qrscaner")).read_bytes()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert shell.run("widget", "-").out == "title: QR-Code Scaner\n"


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_a_form_is_filled_in_question_by_question(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What cannot be is asked again: the word for a number, and a day that there is not.
    typed(
        monkeypatch, "seven", "7", "any", "", "no", "yes", "9" * 5000, "2", "three",
        "2026-02-30", "2026-11-22", *[""] * 6,
    )  # fmt: skip
    said = shell.run("widget", FORM, "--fill")
    assert said.status == DONE
    answers = [one["value"] for one in json.loads(said.out)["groups"][0]["answers"]]
    assert answers == ["7", "any", "", "", "checked", "Hello", "three", "11/22/2026"]
    assert "This is not a number." in said.err
    assert "There is no day 2026-02-30." in said.err
    assert "Reality · Choose the number (number or text) [One]:" in said.err


def test_a_form_that_is_given_up_keeps_nothing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    typed(monkeypatch, "7")
    said = shell.run("widget", FORM, "--fill", "--save", str(tmp_path / "answers.json"))
    assert (said.status, said.out) == (INTERRUPTED, "")
    assert "given up: nothing was kept" in said.err
    assert not (tmp_path / "answers.json").exists()


def test_answers_are_saved_and_filled_in_again(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved, draft = tmp_path / "answers.json", tmp_path / "form.eml"
    typed(monkeypatch, "7", *[""] * 14)
    said = shell.run("widget", FORM, "--fill", "--save", str(saved))
    assert (said.status, said.out) == (DONE, "")
    assert saved.stat().st_mode & 0o077 == 0
    said = shell.run("widget", FORM, "--answers", str(saved), "--draft", str(draft), "--mailto")
    assert said.status == DONE
    assert said.out.startswith("mailto:123@gmail.com?subject=My%20custom%20form&body=Reality")
    message = message_from_bytes(draft.read_bytes(), policy=default)
    assert (message["To"], message["X-Unsent"]) == ("123@gmail.com", "1")
    assert b"789: 7" in draft.read_bytes()


def test_a_file_that_is_there_is_not_overwritten_unasked(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved, draft = tmp_path / "answers.json", tmp_path / "mine.eml"
    typed(monkeypatch, *[""] * 15)
    shell.run("widget", FORM, "--fill", "--save", str(saved))
    draft.write_text("mine")
    again = ("widget", FORM, "--answers", str(saved), "--draft", str(draft))
    said = shell.run(*again)
    assert said.status == REFUSED
    assert "is there already; --force overwrites it" in said.err
    assert draft.read_text() == "mine"
    assert shell.run(*again, "--force").status == DONE
    assert draft.read_text() != "mine"


def test_answers_to_another_form_are_refused(shell: Shell, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    for content in ("[]", "{", '{"groups": [{"answers": [{"value": 1}]}]}', '"x"'):
        wrong.write_text(content)
        said = shell.run("widget", FORM, "--answers", str(wrong))
        assert (said.status, said.out) == (USAGE, ""), content
        assert "does not hold the answers to this form" in said.err


def test_what_is_no_form_cannot_be_filled_in(shell: Shell) -> None:
    said = shell.run("widget", path("ebook"), "--fill")
    assert (said.status, said.out) == (USAGE, "")
    assert "PDF Reader Widget is no form" in said.err
    said = shell.run("widget", FORM, "--mailto")
    assert said.status == USAGE
    assert "there is no terminal" in said.err


def test_on_a_terminal_a_form_is_a_form(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "tui", "widget", FORM, "--save", str(tmp_path / "a.json")],
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            env={**os.environ, "TOCKDECK_HOME": str(tmp_path)},
        ) as process:
            os.write(ours, b"42\n" + b"\n" * 14)
            _, said = process.communicate(timeout=PATIENCE)
    finally:
        os.close(theirs)
        os.close(ours)
    assert process.returncode == DONE, said
    saved = json.loads((tmp_path / "a.json").read_bytes())
    assert saved["groups"][0]["answers"][0]["value"] == "42"
