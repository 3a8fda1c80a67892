"""What stands in for modules until they are used is, once it is used, the module itself."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tui import late_modules
from tui.cli import LATE, main
from tui.cli.verbs import USAGE

DECK = """
import json, sys
from tui import late_modules
late_modules.stand_in()
import tui.cli.open
from tui.widgets import light_nodes, light_tokens
light_nodes.lighten(), light_tokens.lighten()
import tui.app
late_modules.step_aside()
loaded = set(sys.modules)
import tui.screens.today.screen, tui.widgets.driver
rooms = {one.split(".")[2] for one in sys.modules if one.startswith("tui.screens.")
    and one.count(".") > 2}
assert rooms == {"today", "timing"}, f"screens that are not shown first: {rooms}"
named = late_modules.LateName
late = [(name, key, *(value._late if isinstance(value, named) else (value.__name__, "")))
    for name, module in sorted(sys.modules.items()) for key, value in list(vars(module).items())
    if isinstance(value, (named, late_modules.LateModule))]

import asyncio.base_events as base, asyncio.selector_events as selecting, asyncio.sslproto
import ipaddress, locale, ssl, subprocess, traceback, urllib.parse, uuid
import rich.style, textual.app, textual.canvas, textual.command, textual.design, textual.layout
import textual.notifications, textual.suggestions, textual.theme
assert not any(isinstance(one, late_modules.LateModule) for one in sys.modules.values())
assert base.ssl.SSLContext is ssl.SSLContext is selecting.ssl.SSLContext
assert base.sslproto.SSLProtocol is asyncio.sslproto.SSLProtocol
assert asyncio.sslproto.ssl is ssl
assert textual.app.uuid.UUID is uuid.UUID and isinstance(textual.notifications.uuid4(), uuid.UUID)
assert textual.app.mimetypes.guess_type("a.svg")[0] == "image/svg+xml"
assert textual.app.CommandPalette.is_open is textual.command.CommandPalette.is_open
assert isinstance(textual.layout.Canvas(3, 2), textual.canvas.Canvas)
assert rich.style.Style.from_meta({"a": (1,)}).meta == {"a": (1,)}
assert rich.style.Style(link="https://example.org").link_id
import re, logging
assert isinstance(re.compile("a"), re.Pattern)
found = logging.PercentStyle.validation_pattern
assert found.search("%(message)s").group() == "%(message)s" and found.pattern.startswith("%")
assert textual.suggestions.get_suggestion("colour", ["color", "width"]) == "color"
assert isinstance(textual.theme.ThemeProvider, type)
assert urllib.parse.urlsplit("http://[::1]:80/").hostname == "::1"
assert subprocess.run(["printf", "x"], capture_output=True, text=True).stdout == "x"
try:
    raise ExceptionGroup("several", [ValueError("one")])
except ExceptionGroup:
    assert "ValueError: one" in traceback.format_exc()
print(json.dumps([sorted(loaded & set(late_modules.LATE)), late]))
"""
CALLED_AT_IMPORT = {"Provider"}
"""What others are derived from: the palette that the deck does not have."""


def _loose_uses(path: Path, names: set[str]) -> list[str]:
    """Uses of names, but for annotations, that are no call and ask for no attribute."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            allowed.add(node.func)
        elif isinstance(node, ast.Attribute):
            allowed.add(node.value)
        elif isinstance(node, ast.ClassDef):
            allowed |= {one for one in node.bases if getattr(one, "id", "") in CALLED_AT_IMPORT}
        for field in ("annotation", "returns"):
            told = getattr(node, field, None)
            allowed |= set(ast.walk(told)) if told is not None else set()
    return [
        f"{path}:{node.lineno}: {node.id}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in names and node not in allowed
    ]


def test_the_deck_is_imported_without_them_and_each_is_there_when_it_is_used(
    tmp_path: Path,
) -> None:
    # Of a file, as the command is: for `-c` Python itself imports linecache from 3.13 on.
    program = tmp_path / "deck.py"
    program.write_text(DECK, encoding="utf-8")
    words = [sys.executable, str(program)]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert not said.returncode, said.stderr
    loaded, late = json.loads(said.stdout.splitlines()[-1])
    assert loaded == []
    # One that nobody would have imported need not stand there.
    assert {module for _, _, module, _ in late} == set(late_modules.LATE)
    users: dict[str, set[str]] = {}
    for module, key, _, name in late:
        if name:
            users.setdefault(module, set()).add(key)
    assert {"textual.app", "rich.style"} <= set(users)
    loose: list[str] = []
    for module, names in users.items():
        spec = find_spec(module)
        assert spec is not None
        assert spec.origin is not None
        loose += _loose_uses(Path(spec.origin), names)
    assert not loose, loose


def test_none_of_them_is_a_package() -> None:
    """What stands in for one has no modules below it, which others import by their whole names."""
    specs = map(find_spec, late_modules.LATE)
    assert not [one.name for one in specs if one and one.submodule_search_locations is not None]


def test_whatever_becomes_of_the_command_nothing_stands_in_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(late_modules.LATE, "colorsys_of_nobody", ())
    stood: list[bool] = []
    stand_in = late_modules.stand_in
    monkeypatch.setattr(
        late_modules,
        "stand_in",
        lambda: (stand_in(), stood.append("colorsys_of_nobody" in sys.modules)),
    )
    assert main(["open", "--no-such-option"]) == USAGE
    assert stood == [True]
    assert "colorsys_of_nobody" not in sys.modules
    for verb in LATE:
        assert main([verb, "--no-such-option"]) == USAGE
        assert stood.pop()
        assert "colorsys_of_nobody" not in sys.modules
    assert main(["doctor", "--no-such-option"]) == USAGE
    assert stood == [True]


FIRST = """
import sys, threading
from tui import late_modules
late_modules.stand_in()
from pathlib import Path
from tui.widgets import light_nodes, light_tokens
import tui.app
from tui.config.load import load
from tui.config.locations import Locations
from tui.screens.base import DeckScreen
from tui.workspace.workspace import Workspace

folder = Path(sys.argv[1])
where = Locations(*(folder / name for name in ("config", "data", "state", "cache")))
late_modules.step_aside()
app = tui.app.Tockdeck(Workspace(load(where.config_file(), environment={}), where))
early = ("tui.services.reading", "tui.store.changes", "tui.store.reminders", "tui.workspace.reads",
    "tui.workspace.timers.timers", "tui.workspace.today.hours", "sqlite3", "ssl")

def painted(screen):
    print([name for name in early if name in sys.modules])
    print(sorted(one.name for one in threading.enumerate() if one.name.startswith("asyncio")))
    app.exit()

DeckScreen.painted = painted
app.run(headless=True, size=(120, 40))
import tui.workspace.connections.connections, tui.workspace.timers.timers, tui.workspace.today.hours
late = ("tui.services.transport", "tui.store.papers", "tui.workspace.timers.reckoning.tally", "ssl",
    "hashlib", "hmac", "ipaddress", "secrets")
print([name for name in late if name in sys.modules])
"""


def test_before_the_first_frame_nothing_is_read_and_what_was_kept_needs_no_client(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST, str(tmp_path)], stdout=subprocess.PIPE, text=True,
        check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.splitlines()[-3:] == ["[]", "[]", "[]"]
