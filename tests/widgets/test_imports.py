"""What the first paint needs brings nothing heavy with it."""

from __future__ import annotations

import json
import subprocess
import sys

FIRST_PAINT = (
    "grid",
    "grid_model",
    "outline",
    "panel",
    "keybar",
    "tabbar",
    "notice",
    "theme",
    "palette",
    "screen",
    "filterline",
    "sparkline",
)
SCRIPT = """
import importlib, json, sys
import textual.app
from textual.widgets import Static
before = set(sys.modules)
for name in sys.argv[1:]:
    importlib.import_module("tui.widgets." + name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_widgets_of_the_first_paint_import_next_to_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *FIRST_PAINT], capture_output=True, text=True, check=True
    )
    others = [name for name in json.loads(done.stdout) if not name.startswith("tui")]
    # The theme files are TOML; everything else a bare Textual application has already.
    assert [name for name in others if not name.startswith("tomllib")] == []


def test_cleaning_text_needs_no_screen() -> None:
    script = "import sys, tui.workspace.text; print({'textual', 'rich'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
