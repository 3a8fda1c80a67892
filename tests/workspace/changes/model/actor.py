"""One deck or command that does random work: forked from a process that has all modules.

    python -m tests.workspace.changes.model.actor

Reads lines of JSON: {"spawn": {...}} answers the process id, {"wait": pid} its status.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import traceback
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.deck import locations_in
from tests.workspace.changes.model.mishaps import Machine
from tests.workspace.changes.model.work import WORKS, Work
from tui.config.load import load
from tui.services.errors import OutcomeUnknown, ServiceError
from tui.workspace.changes.errors import Conflict, Waiting
from tui.workspace.workspace import Workspace

EXPECTED = (ServiceError, OSError)


@dataclass(frozen=True)
class Order:
    """What an actor is to do."""

    name: str
    seed: int
    actions: int
    flags: dict[str, str]
    home: str
    log: str
    command: bool
    services: list[str]


def opened(flags: dict[str, str], home: str) -> Workspace:
    """A workspace as a deck or a command would make it."""
    folder = Path(home)
    loaded = load(folder / "config" / "config.toml", flags=flags, environment={})
    return Workspace(loaded, locations_in(folder))


class Actor:
    """Does random work and notes each intent before it, and what became of it after it."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.random = random.Random(order.seed)
        self.workspace = opened(order.flags, order.home)
        self.history = self.workspace.history
        self.history.sender.waits = not order.command
        self.history.sender.resolve = self._choose
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._log = os.open(order.log, flags, 0o600)
        self.machine = Machine(self.random)

    async def _choose(self, conflict: Conflict) -> Any:
        return conflict.mine if self.random.random() < 0.5 else None

    def note(self, **line: Any) -> None:
        """One line, whole or not at all."""
        with self.machine.writing():
            os.write(self._log, json.dumps({"actor": self.order.name, **line}).encode() + b"\n")

    async def work(self) -> None:
        """Do it all."""
        for number in range(self.order.actions):
            service = self.random.choice(self.order.services)
            self.machine.befall()
            await self._one(WORKS[service], f"mark {self.order.name}-{number}")
        self.machine.mend()
        await self.workspace.close()

    async def _one(self, work: Work, mark: str) -> None:
        action = self.random.choices(
            ("write", "undo", "redo", "send", "recover"), (10, 4, 2, 2, 1)
        )[0]
        try:
            if action == "write":
                await self._write(work, mark)
            elif action == "undo":
                self.note(undo=True)
                await self._undo()
            elif action == "redo":
                await self.history.redo()
            elif action == "send":
                await self.history.outbox.send_all()
            else:
                await self.history.outbox.recover()
        except EXPECTED:
            return

    async def _undo(self) -> None:
        plan = await self.history.undoing.next_undo()
        if plan is None:
            return
        if plan.cannot and self.random.random() < 0.5:
            await self.history.undoing.pass_over(plan)
            return
        await self.history.undoing.undo(plan)

    async def _write(self, work: Work, mark: str) -> None:
        client = await self.workspace.connections.of(work.service)
        call, seen = await work.plan(client, self.random, mark)
        self.note(mark=mark, service=work.service, state="intent")
        try:
            await self.history.write(mark, call, seen=seen)
        except Waiting:
            self.note(mark=mark, state="waiting")
        except OutcomeUnknown:
            self.note(mark=mark, state="unknown")
        except Conflict:
            self.note(mark=mark, state="conflict")
        except EXPECTED as error:
            self.note(mark=mark, state="no", why=str(error))
        else:
            self.note(mark=mark, state="done")


def child(order: Order) -> None:
    """The whole life of a forked actor."""
    status = 0
    try:
        asyncio.run(Actor(order).work())
    except BaseException:  # noqa: BLE001 (a defect: said, and the run fails by the status)
        traceback.print_exc()
        status = 70
    sys.stderr.flush()
    os._exit(status)


def main() -> None:
    """Fork an actor for each line that asks for one."""
    answer = partial(print, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            _, status = os.waitpid(asked["wait"], 0)
            answer(status)
            continue
        pid = os.fork()
        if pid == 0:
            child(Order(**asked["spawn"]))
        answer(pid)


if __name__ == "__main__":
    # What is imported here is there in every actor, and so is what is imported only once somebody
    # connects: two thirds of an actor's time were that.
    for module in ("httpx", "httpcore", "anyio._backends._asyncio"):
        import_module(module)
    for name in WORKS:
        import_module(f"tui.services.{name}")
        import_module(f"tui.workspace.changes.of_{name}")
    main()
