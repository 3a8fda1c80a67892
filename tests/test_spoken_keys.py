"""A text that names a key names the one that has to be pressed: it is derived, never written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tui.commands import COMMANDS
from tui.key_sets import SETS
from tui.keymap import fitted
from tui.spoken_keys import (
    either_of,
    fitting,
    key_for,
    letter_for,
    pair_of,
    reachable,
    speak_of,
    with_keys,
)
from tui.widget_keys import WIDGET_KEYS

ROOT = Path(__file__).resolve().parents[1] / "tui"
ROOMS = ("screens", "widgets", "workspace")
SPEAKERS = ("key_for", "letter_for", "either_of", "pair_of", "with_keys")
WORD = re.compile(
    r"(?<![\w<.-])(?:enter|esc|escape|space|tab|backspace|pgup|pgdn|pageup|pagedown|↑↓|f\d{1,2}"
    r"|(?:ctrl|shift|alt)\+\S+)(?![\w>+-])"
)
SINGLE = re.compile(
    r"(?:^ ?|[.:;·,…(] |\b(?:and|or|then|press|with) )([A-Za-z0-9/+*#?]) (?=[a-z]+s\b)"
)
"""A letter, a digit or a sign that does something: `u takes it back`; where the text goes on from
another one a blank stands before it.
"""
NAMED = re.compile(r"<([a-z_]+\.[a-z_0-9]+)>")
BARE = re.compile(r"\b(?:see|press|Changes \()\s?[A-Z](?![\w'])")
"""A key of the deck that is named as a place to look at, as in `see H`."""
OF_A_LINE = (
    "enter in a line that is typed, and what edits it, are Textual's own and no binding of ours"
)
TAB = "tab cannot be set"
NO_KEY = "no key"
ALLOWED = {
    ": tab goes there.": TAB,
    ", tab goes on": TAB,
    "This is a folder: tab shows what is in it.": TAB,
    "enter carries out": OF_A_LINE,
    "enter adds": OF_A_LINE,
    "ctrl+u empties": OF_A_LINE,
    "filter: enter or ": OF_A_LINE,
    "filter: enter keeps, ": OF_A_LINE,
    "type the name, then enter: ": OF_A_LINE,
    "enter next": OF_A_LINE,
    "enter new line · tab next": OF_A_LINE,
    "enter it anew": NO_KEY,
    "enter it all the same": NO_KEY,
    "new to enter": NO_KEY,
    "nothing to enter": NO_KEY,
    " to enter, ": NO_KEY,
    "to enter": NO_KEY,
    "or a tab": NO_KEY,
    "Free space": NO_KEY,
    "screen holds back every esc": "said of GNU screen",
    "every esc takes": "said of tmux",
    "In 2 hours, 3 days ago": NO_KEY,
    "S has a rate; Z is VAT": NO_KEY,
    "K is for goods": NO_KEY,
    "G is for goods": NO_KEY,
}
WHOLE = {"enter ": OF_A_LINE, "tab ": NO_KEY}
"""Parts of texts in which such a word stands by itself, and why."""


@cache
def trees() -> dict[str, ast.Module]:
    """What the modules of the deck say, by their paths."""
    files = [ROOT / "app.py", *(one for room in ROOMS for one in (ROOT / room).rglob("*.py"))]
    return {str(one.relative_to(ROOT)): ast.parse(one.read_text("utf-8")) for one in files}


@cache
def speaking() -> list[tuple[str, ast.Module]]:
    """The modules that name keys."""
    return [
        (file, tree)
        for file, tree in trees().items()
        if any(isinstance(one, ast.ImportFrom) and one.module == "tui.spoken_keys"
               for one in tree.body)
        or any(NAMED.search(str(one.value)) for one in texts(tree))
    ]  # fmt: skip


@cache
def texts(tree: ast.Module) -> list[ast.Constant]:
    """All strings of more than one word but docstrings."""
    alone, found = set[int](), []
    for node in ast.walk(tree):  # a statement comes before what it is made of
        if isinstance(node, ast.Expr):
            alone.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if " " in text and id(node) not in alone and text not in WHOLE:
                found.append(node)
    return found


def names_a_key(text: str) -> bool:
    for allowed in ALLOWED:
        text = text.replace(allowed, "")
    return WORD.search(text) is not None or SINGLE.search(text) is not None


def test_no_text_names_a_key_that_could_be_another_one() -> None:
    found = [
        f"{file}:{node.lineno}: {node.value!r}"
        for file, tree in trees().items()
        for node in texts(tree)
        if names_a_key(str(node.value))
    ]
    assert not found, "\n".join(found)
    # What it looks for is found, and what is allowed stands somewhere.
    for one in (
        "u takes it back.", "Sent. u takes it back.", "space marks · / filters · esc closes",
        "enter opens", "f2 or ctrl+o saves", "a page · ↑↓ scroll", "No task. a makes one.",
        " C connects it.",
    ):  # fmt: skip
        assert names_a_key(one), one
    whole = "\n".join(str(node.value) for tree in trees().values() for node in texts(tree))
    assert [one for one in ALLOWED if one not in whole] == []


def test_what_verbs_may_print_names_verbs_and_says_of_keys_that_they_are_the_decks() -> None:
    """A shell has none of them: `see H` says nothing there."""
    of_the_deck = "import_pane alone raises it: a file that the deck was asked to read"
    allowed = {
        "hours.open_file": of_the_deck,
        "hours.reads": of_the_deck,
        "books.import": "nothing is pasted but in the deck",
    }
    wrong, named = [], 0
    for room in ("workspace", "cli", "services", "store", "config"):
        for file in sorted((ROOT / room).rglob("*.py")):
            name = str(file.relative_to(ROOT))
            tree = trees().get(name) or ast.parse(file.read_text("utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.JoinedStr) and (ids := spoken_in(node) - set(allowed)):
                    named += 1
                    if "in the deck" not in ast.unparse(node):
                        wrong.append(f"{name}:{node.lineno}: {', '.join(sorted(ids))}")
            wrong += [
                f"{name}:{node.lineno}: {node.value!r}"
                for node in texts(tree)
                if BARE.search(str(node.value))
            ]
    assert wrong == []
    assert named > 5
    assert all(BARE.search(one) for one in ("it waits: see H", "Changes (H) looks", "press H."))


def spoken_in(text: ast.JoinedStr) -> set[str]:
    """The ids of the keys that a text names."""
    return {
        str(argument.value)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in SPEAKERS
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }


def test_texts_name_known_ids_and_not_before_the_keys_are_known() -> None:
    known = {*COMMANDS, *WIDGET_KEYS}
    wrong, named = [], 0
    for file, tree in speaking():
        inside = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            for part in (function.body if isinstance(function.body, list) else [function.body])
            for node in ast.walk(part)
        }
        for node in ast.walk(tree):
            ids: list[str] = []
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                ids = NAMED.findall(node.value)
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPEAKERS:
                if id(node) not in inside:
                    wrong.append(f"{file}:{node.lineno}: said before the keys are known")
                ids = [
                    one.value
                    for argument in node.args
                    for one in ast.walk(argument)
                    if isinstance(one, ast.Constant) and "." in str(one.value)
                    and " " not in str(one.value) and not isinstance(argument, ast.JoinedStr)
                ]  # fmt: skip
            named += len(ids)
            wrong += [f"{file}:{node.lineno}: {one}" for one in ids if one.strip("<>") not in known]
    assert wrong == []
    assert named > 200


def test_a_key_is_named_as_it_is_and_else_the_title() -> None:
    try:
        speak_of({})
        assert (key_for("deck.undo"), key_for("dialog.cancel"), key_for("list.choose")) == (
            "u", "esc", "enter",
        )  # fmt: skip
        assert either_of("form.save") == "f2 or ctrl+o"
        assert either_of("dialog.close", "dialog.cancel") == "q or esc"
        assert pair_of("text.up", "text.down") in ("↑↓", "up down")
        assert pair_of("month.month_before", "month.next_month") == "pgup pgdn"
        assert (letter_for("startline.down"), letter_for("deck.undo")) == ("j", "u")
        assert with_keys("No. <books.add_row> adds <x> {y}.") == "No. a adds <x> {y}."
        speak_of(
            {"deck.undo": ["ctrl+underscore"], "dialog.cancel": ["f11"], "dialog.close": [],
             "books.add_row": []}
        )  # fmt: skip
        assert (key_for("deck.undo"), key_for("dialog.cancel")) == ("ctrl+_", "f11")
        assert either_of("dialog.close", "dialog.cancel") == "f11"
        assert key_for("books.add_row") == "“Add row”"
        assert reachable(f"space marks · {key_for('dialog.close')} closes · f11") == (
            "space marks · f11"
        )
        # The defaults are back where somebody opens a deck without keys of their own.
        speak_of({})
        assert key_for("deck.undo") == "u"
    finally:
        speak_of({})


def test_a_line_of_keys_says_how_to_leave_however_little_room_it_has() -> None:
    line = "space marks · / filters · enter takes them · esc closes"
    assert fitting(line, len(line)) == line
    assert fitting(line, len(line) - 1) == "space marks · / filters · … · esc closes"
    assert fitting(line, 30) == "space marks · … · esc closes"
    assert fitting(line, 12) == "… · esc closes"
    assert fitting("esc closes", 3) == "esc closes"


def test_every_set_of_keys_is_named_by_keys_that_it_has() -> None:
    try:
        for name, one in SETS.items():
            keys = fitted({}, one.keys)
            speak_of(keys)
            for owner in (*COMMANDS.values(), *WIDGET_KEYS.values()):
                said, has = key_for(owner.id), keys.get(owner.id, owner.keys)
                speak_of({owner.id: has[:1]})
                assert said == key_for(owner.id), (name, owner.id)
                assert bool(has) == (not said.startswith("“") or [*has] == ["quotation_mark"])
                speak_of(keys)
        speak_of(SETS["numpad"].keys)
        assert key_for("deck.timers") == "g5"
        speak_of(SETS["azerty"].keys)
        assert key_for("books.first_match") == "ç"
    finally:
        speak_of({})


def test_texts_with_ids_are_never_shown_as_they_are() -> None:
    """A constant that names keys by their ids goes through `with_keys`, wherever it is taken."""
    templates: dict[str, set[str]] = {}
    for file, tree in speaking():
        for node in ast.walk(tree):
            value = getattr(node, "value", None)
            if not isinstance(node, (ast.Assign, ast.AnnAssign)) or value is None:
                continue
            if any(NAMED.search(str(one.value)) for one in constants(value)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = {one.id for part in targets for one in ast.walk(part)
                         if isinstance(one, ast.Name)}  # fmt: skip
                templates.setdefault("tui." + file[:-3].replace("/", "."), set()).update(names)
    wrong, seen = [], 0
    for file, tree in speaking():
        names = set(templates.get("tui." + file[:-3].replace("/", "."), ()))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in templates:
                names |= {one.name for one in node.names} & templates[node.module]
        filled = {
            id(one)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "with_keys"
            for one in ast.walk(call)
        }
        for node in ast.walk(tree):
            name = getattr(node, "id", getattr(node, "attr", ""))
            if name in names and isinstance(getattr(node, "ctx", None), ast.Load):
                seen += 1
                if id(node) not in filled:
                    wrong.append(f"{file}:{getattr(node, 'lineno', 0)}: {name}")
    assert wrong == []
    assert seen > 20


def constants(node: ast.AST) -> Iterator[ast.Constant]:
    """The strings in a value that is not made by a call."""
    calls = {
        id(one) for call in ast.walk(node) if isinstance(call, ast.Call) for one in ast.walk(call)
    }
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in calls:
            yield one
