"""A module that is not installed is looked for once.

httpcore 1.0.9, below httpx 0.28.1, tries to import sniffio four times a request, which anyio 4.16.0
does not bring any more: seen by a finder on sys.meta_path, findings/httpcore-looks-for-sniffio.sh.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from unittest.mock import patch

import pytest

from tui.services.missing import leave_out, settle_missing

NAME = "tockdeck_module_that_nobody_has"


def test_what_is_missing_is_looked_for_once() -> None:
    with patch.dict(sys.modules):
        settle_missing(NAME)
        settle_missing(NAME)
        with patch.object(PathFinder, "find_spec") as looked, pytest.raises(ModuleNotFoundError):
            import_module(NAME)
        looked.assert_not_called()


def test_what_is_there_stays_so() -> None:
    with patch.dict(sys.modules):
        settle_missing("wave")
        settle_missing("json")
        assert import_module("wave").open
        assert import_module("json").loads


def test_httpx_does_without_its_command_line() -> None:
    code = """
import asyncio, sys
from tui.services.transport import Transport
from tui.services.wire import Request
from tui.services.errors import ConnectionFailed
async def ask():
    transport = Transport("trackmypeople", "http://127.0.0.1:9")
    try:
        await transport.send(Request("GET", "x"))
    except ConnectionFailed:
        print(sorted({"httpx", "rich", "click", "pygments"} & set(sys.modules)))
asyncio.run(ask())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("['httpx']\n", "")


def test_a_package_that_is_there_already_keeps_its_parts() -> None:
    with patch.dict(sys.modules):
        leave_out("json.tool")
        assert import_module("json.tool").main
