"""One way to build a screen: it composes panes, and what it says goes up by messages.

`tui/ARCHITECTURE.md` says how; here is what cannot be done any more.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tui.commands import COMMANDS, SCREENS
from tui.screens.base import DeckScreen

ROOT = Path(__file__).resolve().parents[2] / "tui" / "screens"
ROOMS = sorted(
    path.name
    for path in ROOT.iterdir()
    if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists())
)
DECK = "deck"
"""Its commands mean the whole deck: they take the screen that they were called on."""
QUERIES = ("query", "query_one", "query_exactly_one", "query_children", "query_ancestor")
BASE = "DeckScreen"


@cache
def trees(room: str) -> list[tuple[str, ast.Module]]:
    path = ROOT / room
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [(str(one.relative_to(ROOT)), ast.parse(one.read_text("utf-8"))) for one in files]


@cache
def screens() -> dict[str, tuple[str, list[str]]]:
    """Every class that is a screen by any way: its room, and the names of its bases."""
    classes = {
        node.name: (room, [name_in(base) for base in node.bases])
        for room in ROOMS
        for _, tree in trees(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {BASE}
    while more := {
        name for name, (_, bases) in classes.items() if name not in found and found & set(bases)
    }:
        found |= more
    return {name: classes[name] for name in found}


def name_in(node: ast.expr | None) -> str:
    """`Name` of `Name`, `module.Name`, `Name[int]`, "Name" and `Name | None`."""
    if isinstance(node, ast.BinOp):
        return name_in(node.left)
    if isinstance(node, ast.Subscript):
        return name_in(node.value)
    if isinstance(node, ast.Constant):
        return str(node.value)
    return getattr(node, "id", getattr(node, "attr", ""))


def by_string(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Actions and widgets that are named by strings, which nothing checks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "run_action":
            yield node.lineno, "run_action: say it by a message of tui/screens/messages.py"
        if isinstance(node, ast.Call) and name_in(node.func) in QUERIES and node.args:
            asked = node.args[0]
            first = asked.values[0] if isinstance(asked, ast.JoinedStr) else asked
            if isinstance(first, ast.Constant) and str(first.value).startswith("#"):
                yield node.lineno, "a widget by its id: the pane that made it holds it"


def reaching_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Functions and objects that are given a screen, and so may reach everything in it."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            for one in given:
                if name_in(one.annotation) in screens():
                    yield node.lineno, f"{node.name} is given a screen: take an Asking"


def chains(room: str) -> Iterator[tuple[int, str]]:
    """Screens that are built on screens."""
    for _, tree in trees(room):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef) or node.name not in screens():
                continue
            if node.name == BASE:
                continue
            if BASE not in map(name_in, node.bases):
                yield node.lineno, f"{node.name} is built on another screen"
            if node.name != f"{room.title()}Screen":
                yield node.lineno, f"{node.name} is a second screen of one room"


def wrong(room: str) -> list[str]:
    found = [
        f"{file}:{line}: {what}"
        for file, tree in trees(room)
        for check in (by_string, reaching_in)
        if not (check is reaching_in and room == DECK)
        for line, what in check(tree)
    ]
    return found + [f"{room}:{line}: {what}" for line, what in chains(room)]


def shared_by(room: str) -> set[str]:
    """The rooms that are no screen's own, and that this one takes classes from."""
    imported = {
        (node.module or "").removeprefix("tui.screens.").partition(".")[0]
        for _, tree in trees(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    return {one for one in imported if one in ROOMS and (ROOT / one).is_dir()} - {room, *SCREENS}


def test_what_is_forbidden_would_be_found() -> None:
    tree = ast.parse(
        "class A:\n"
        "    def a(self):\n"
        "        self.app.run_action('x')\n"
        "        self.call_later(self.run_action, 'x')\n"
        "        self.query_one('#a', B)\n"
        "        self.query(f'#a-{b}')\n"
        "        self.query(B)\n"
        "    async def b(self, screen: DeckScreen | None, *, other: 'TimersScreen'): ...\n"
    )
    assert sorted(line for line, _ in by_string(tree)) == [3, 4, 5, 6]
    assert [line for line, _ in reaching_in(tree)] == [8, 8]


@pytest.mark.parametrize("room", ROOMS)
def test_a_screen_is_built_in_the_one_way(room: str) -> None:
    assert wrong(room) == []


def test_no_worker_is_given_a_coroutine_that_it_may_never_begin() -> None:
    package = ROOT.parent
    told = {
        str(file.relative_to(package))
        for file in package.rglob("*.py")
        if "run_worker(" in file.read_text("utf-8")
    }
    assert told == {"widgets/work.py"}, "begin_work takes the function"


def test_a_screen_loads_nothing_itself() -> None:
    assert not hasattr(DeckScreen, "load")


@pytest.mark.parametrize("scope", [*SCREENS, "console", "widget", "changes"])
def test_every_command_is_carried_out_by_somebody(scope: str) -> None:
    methods = {
        node.name
        for room in (scope, *shared_by(scope))
        for _, tree in trees(room)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    names = {command.name for command in COMMANDS.values() if command.scope == scope}
    assert {name for name in names if f"command_{name}" not in methods} == set()


def test_what_tests_of_screens_share_stands_beside_them() -> None:
    """A helper within a test is found by nobody, and written again: `put` stood in three."""
    tests = Path(__file__).resolve().parents[1]
    of_a_test = re.compile(r"^from tests\.screens\.(?:\w+\.)*test_\w+ import", re.MULTILINE)
    found = {
        str(file.relative_to(tests))
        for file in tests.rglob("*.py")
        if of_a_test.search(file.read_text("utf-8"))
    }
    assert found == set(), "it belongs into tests/deck.py, a conftest.py or the folder's steps.py"
