"""The throttle: the rule itself, kept by several instances and several processes together."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.services.errors import RateLimited
from tui.services.throttle import Throttle, ThrottleRule


class Time:
    """A clock that moves only by sleeping or by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds

    def throttle(self, path: Path | None = None, rule: ThrottleRule | None = None) -> Throttle:
        return Throttle(path, rule, clock=self.clock, sleep=self.sleep)


@pytest.fixture
def time() -> Time:
    return Time()


async def test_one_call_every_200_milliseconds(time: Time) -> None:
    """Seed document, "Rate Throttling"."""
    throttle = time.throttle()
    for _ in range(3):
        await throttle.take()
    assert time.slept == [0.2, 0.2]
    time.now += 0.15
    await throttle.take()
    assert time.slept[-1] == pytest.approx(0.05)
    time.now += 1
    await throttle.take()
    assert len(time.slept) == 3


async def test_a_call_that_was_long_on_its_way_is_not_followed_too_soon(time: Time) -> None:
    """The service measures when calls arrive, not when they were sent."""
    throttle = time.throttle()
    await throttle.take()
    time.now += 3
    await throttle.arrived()
    await throttle.take()
    assert time.slept == [pytest.approx(0.2)]


async def test_120_calls_then_two_come_back_every_minute(time: Time) -> None:
    throttle = time.throttle()
    for _ in range(120):
        await throttle.take()
    assert throttle.remaining == 0
    with pytest.raises(RateLimited, match="two come back every minute") as caught:
        await throttle.take()
    # The 24 seconds of the 120 calls have brought back four fifths of one.
    assert caught.value.wait == pytest.approx(30 - 119 * 0.2, abs=0.01)
    time.now += 30
    await throttle.take()
    time.now += 3600 * 24
    assert throttle.remaining == 120


async def test_a_short_wait_for_the_next_call_is_slept(time: Time) -> None:
    throttle = time.throttle()
    await throttle.correct(0)
    time.now += 27
    await throttle.take()
    assert time.slept == [pytest.approx(3)]
    with pytest.raises(RateLimited):
        await throttle.take()


async def test_a_refused_call_uses_nothing_up(time: Time) -> None:
    throttle = time.throttle()
    await throttle.correct(0)
    for _ in range(5):
        with pytest.raises(RateLimited) as caught:
            await throttle.take()
        assert caught.value.wait == pytest.approx(30)


async def test_two_instances_on_one_file_share_their_calls(time: Time, tmp_path: Path) -> None:
    path = tmp_path / "state" / "calls"
    one, two = time.throttle(path), time.throttle(path)
    await one.take()
    await two.take()
    await one.take()
    assert time.slept == [0.2, 0.2]
    assert one.remaining == two.remaining == 117
    await two.correct(5)
    assert one.remaining == 5
    assert path.stat().st_mode & 0o777 == 0o600


async def test_two_that_ask_at_once_get_moments_of_their_own(time: Time, tmp_path: Path) -> None:
    path = tmp_path / "calls"
    waits = [time.throttle(path)._reserve() for _ in range(4)]
    assert waits == [pytest.approx(0.2 * index) for index in range(4)]
    for _ in range(22):
        time.throttle(path)._reserve()
    with pytest.raises(RateLimited, match="waiting for their turn"):
        time.throttle(path)._reserve()
    assert time.throttle(path).remaining == 120 - 26


def test_processes_together_never_take_more_than_there_is(tmp_path: Path) -> None:
    path = tmp_path / "calls"
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from tui.services.errors import RateLimited\n"
        "from tui.services.throttle import Throttle, ThrottleRule\n"
        "rule = ThrottleRule(interval=0, capacity=50, per_second=1e-9)\n"
        "async def main():\n"
        "    throttle, taken = Throttle(Path(sys.argv[1]), rule), 0\n"
        "    try:\n"
        "        while True:\n"
        "            await throttle.take()\n"
        "            taken += 1\n"
        "    except RateLimited:\n"
        "        print(taken)\n"
        "asyncio.run(main())\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    taken = [int(process.communicate(timeout=30)[0]) for process in running]
    assert sum(taken) == 50


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", '["a", 2, 3]', "null", "[1, NaN, 1]", "\x00" * 50]
)
async def test_a_broken_file_begins_anew(time: Time, tmp_path: Path, content: str) -> None:
    path = tmp_path / "calls"
    path.write_text(content)
    throttle = time.throttle(path)
    assert throttle.remaining == 120
    await throttle.take()
    assert throttle.remaining == 119


async def test_a_clock_that_is_set_back_locks_nobody_out(time: Time) -> None:
    throttle = time.throttle()
    await throttle.take()
    time.now -= 3600 * 5
    await throttle.take()
    assert time.slept[-1] <= throttle.rule.patience + throttle.rule.interval
    assert throttle.remaining >= 118


async def test_other_rules_can_be_given(time: Time) -> None:
    throttle = time.throttle(rule=ThrottleRule(interval=1, capacity=2, per_second=0.5, patience=10))
    for _ in range(3):
        await throttle.take()
    assert time.slept == [1.0, 1.0]


async def test_a_disk_that_is_full_neither_keeps_a_call_back_nor_calls_one_failed(
    time: Time, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    throttle = time.throttle(tmp_path / "throttle.json")
    await throttle.take()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    await throttle.arrived()
    await throttle.correct(2)
    # This process keeps the rule all the same: two calls, then none.
    await throttle.take()
    await throttle.take()
    assert throttle.remaining == 0
    with pytest.raises(RateLimited):
        await throttle.take()
    monkeypatch.setattr(os, "open", full)
    with pytest.raises(RateLimited):
        await throttle.take()
    await throttle.arrived()


@pytest.mark.parametrize("calls", [-1, -(2**63)])
async def test_a_senseless_count_of_calls_keeps_nobody_out_for_long(time: Time, calls: int) -> None:
    throttle = time.throttle()
    await throttle.correct(calls)
    assert throttle.remaining == 0
    with pytest.raises(RateLimited) as caught:
        await throttle.take()
    assert caught.value.wait is not None
    assert caught.value.wait <= 30
    await throttle.correct(2**64)
    assert throttle.remaining == 120


@pytest.mark.parametrize(
    "text",
    ["[120, 0, 1e300]", "[-1e300, 1e6, 0]", "[1, 1, NaN]", "[1e308, 1e308, 1]",
     "[" + "9" * 150 + ", 1, 1]"],
)  # fmt: skip
async def test_a_broken_file_keeps_nobody_out_for_long(
    time: Time, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "throttle.json"
    path.write_text(text)
    throttle = time.throttle(path)
    time.now += 90
    await throttle.take()
    assert sum(time.slept) <= 5


async def test_a_lock_that_another_program_holds_stops_nothing_but_the_call(
    time: Time, tmp_path: Path
) -> None:
    throttle = time.throttle(tmp_path / "throttle.json")
    await throttle.take()
    other = os.open(tmp_path / "throttle.json", os.O_RDWR)
    for work in (throttle.take, throttle.arrived, lambda: throttle.correct(3)):
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting = asyncio.ensure_future(work())
        for _ in range(5):
            await asyncio.sleep(0)  # keys are taken meanwhile
        assert not waiting.done()
        fcntl.flock(other, fcntl.LOCK_UN)
        await waiting
    os.close(other)
    assert throttle.remaining == 3
