"""Whose work keys wait for: the command's, whoever asks for it, and only until it has asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from tui.screens import asking
from tui.screens.asking import Asking
from tui.screens.patience import AT_WORK, Patience, Work, asked_by
from tui.workspace.problems import GivenUp

Shown = Callable[[], None]


class Question:
    """One that is shown, and answered, when the test says so."""

    def __init__(self) -> None:
        self.begun: asyncio.Queue[Shown] = asyncio.Queue()
        """What is to be called once it is shown."""
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def ask(self, patience: Patience) -> str:
        return await asked_by(patience, self.begun.put_nowait, self.answer)


def holds(*patiences: Patience) -> list[bool]:
    return [one.until(about_content=False) > 0 for one in patiences]


async def test_a_question_that_another_asks_for_a_command_lets_its_keys_go() -> None:
    pane, other = Patience(), Patience()
    question, answered, goes_on = Question(), asyncio.Event(), asyncio.Event()
    command = Work(pane)

    async def run() -> None:
        AT_WORK.set(command)
        assert await question.ask(other) == "yes"
        answered.set()
        await goes_on.wait()
        command.ends()

    task = asyncio.create_task(run())
    show = await question.begun.get()
    assert holds(pane, other) == [True, False], "until it is shown"
    show()
    assert holds(pane, other) == [False, False]
    # Of another command that is at work meanwhile keys do not lose sight.
    later = Work(other)
    assert holds(pane, other) == [False, True]
    later.ends()
    question.answer.set_result("yes")
    await answered.wait()
    assert holds(pane, other) == [True, False], "the command goes on"
    goes_on.set()
    await task
    assert holds(pane, other) == [False, False]


async def test_a_question_that_no_command_asks_is_waited_for_until_it_is_shown() -> None:
    pane, question = Patience(), Question()
    over = Work(pane)
    AT_WORK.set(over)
    over.ends()  # what it left to a worker goes on
    task = asyncio.create_task(question.ask(pane))
    show = await question.begun.get()
    assert holds(pane) == [True]
    show()
    assert holds(pane) == [False]
    command = Work(pane)
    assert holds(pane) == [True], "a command counts beside it"
    question.answer.set_result("no")
    assert await task == "no"
    command.ends()
    assert holds(pane) == [False]


async def test_who_is_given_up_while_a_question_stands_leaves_no_task_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "QUICK", 0)
    command, question, begun = Work(Patience()), Question(), asyncio.Event()
    asks = asyncio.create_task(command.asked(question.begun.put_nowait, question.answer))
    await question.begun.get()
    before = asyncio.all_tasks()

    async def is_answered() -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(command, "is_answered", is_answered)
    token = AT_WORK.set(command)
    try:
        waits = Asking.wait_for(cast(Asking, None), "T", "x", asyncio.Event().wait(), GivenUp(""))
        waiting = asyncio.ensure_future(waits)
        await begun.wait()
    finally:
        AT_WORK.reset(token)
    waiting.cancel()
    await asyncio.wait({waiting})
    for _ in range(3):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    question.answer.set_result("yes")
    await asks
