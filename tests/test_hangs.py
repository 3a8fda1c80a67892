"""Tests that hang say so and end, and those after them are run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
timeout = 3
"""
BEGIN = """
import asyncio, time
import pytest
from hypothesis import given, strategies as st
"""
AFTER = """
def test_after_it() -> None:
    pass
"""
HANGING = {
    "an example": """
@given(st.integers())
def test_it(number):
    while number > 10:
        time.sleep(0.01)
""",
    "a task that keeps what it is told": """
async def test_it():
    async def busy():
        time.sleep(3600)

    task = asyncio.create_task(busy())
    await asyncio.Event().wait()
""",
    "what a failed test leaves": """
@pytest.fixture
def slow():
    yield
    time.sleep(3600)

def test_it(slow):
    assert False
""",
}


@pytest.mark.parametrize("what", HANGING)
def test_one_that_hangs_ends_and_the_next_is_run(what: str, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    (tmp_path / "test_one.py").write_text(BEGIN + HANGING[what] + AFTER)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-qp", "no:cacheprovider", "-p", "tests.hangs", tmp_path],
        cwd=ROOT, capture_output=True, text=True, timeout=150,
    )  # fmt: skip
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    assert "1 passed" in run.stdout, run.stdout
    assert "Timeout (>3.0s)" in run.stdout
