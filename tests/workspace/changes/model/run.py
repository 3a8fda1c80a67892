"""One run: two decks and a command work at once, are killed, come back; then it is judged."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path

from tests.deck import service_settings
from tests.harness import EmbeddedServer
from tests.workspace.changes.model.actor import Order, opened
from tests.workspace.changes.model.judge import Verdict, judged, watch
from tests.workspace.changes.model.proxy import FaultProxy
from tests.workspace.changes.model.work import WORKS

ACTORS = (("a", False, 6), ("b", False, 6), ("c", True, 3))
"""Name, whether it is a command, how much it does."""
IMPATIENT = {
    "network.connect_seconds": "2",
    "network.read_seconds": "0.5",
    "network.call_seconds": "2",
}
"""The line is silent often, and that is to be over soon."""
LONGEST_LIFE = 0.6
"""Seconds after which an actor that is to be killed is dead."""


class Zygote:
    """The process that actors are forked from."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.workspace.changes.model.actor"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def spawn(self, order: Order) -> int:
        """The process id of a new actor."""
        return self._ask({"spawn": asdict(order)})

    def wait(self, pid: int) -> int:
        """How an actor ended."""
        return self._ask({"wait": pid})

    def _ask(self, asked: object) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


class Model:
    """Services, a line that breaks, and a home that all actors share; anew for each run."""

    def __init__(self, services: Sequence[str]) -> None:
        self.services = list(services)
        self._inside = ExitStack()

    def __enter__(self) -> Model:
        self._zygote = Zygote()
        self._inside.callback(self._zygote.close)
        self._server = self._inside.enter_context(EmbeddedServer(services=self.services))
        self.proxy = self._inside.enter_context(FaultProxy(self._server.port, 0))
        flags = service_settings(self._server)
        there, here = f":{self._server.port}", f":{self.proxy.port}"
        self._flags = {name: value.replace(there, here) for name, value in flags.items()}
        return self

    def __exit__(self, *_: object) -> None:
        self._inside.close()

    def run(self, seed: int) -> Verdict:
        """One run, from nothing to the verdict."""
        chance = random.Random(seed)
        home = tempfile.mkdtemp(prefix="tockdeck-model-")
        try:
            self._server.reset()
            watch(
                self._server.context.database, [w for s in self.services for w in WORKS[s].watched]
            )
            self.proxy.begin(seed, chance.choice((0.0, 0.1, 0.3, 0.6)))
            failed = self._work(chance, home)
            # What was under way is not taken for what never came; who judges has time.
            self.proxy.finish()
            self._server.finish()
            self.proxy.begin(seed, 0.0)
            verdict = asyncio.run(self._judge(home))
            verdict.faults += failed
            return verdict
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def _work(self, chance: random.Random, home: str) -> list[str]:
        """Let the actors work at once, and kill some of them; what ended as a defect."""
        failed: list[str] = []
        waiting: list[tuple[str, int, threading.Timer]] = []
        for name, command, actions in ACTORS:
            order = Order(
                name=name,
                seed=chance.randrange(2**30),
                actions=actions,
                flags=self._flags | IMPATIENT,
                home=home,
                log=str(Path(home) / "log.jsonl"),
                command=command,
                services=self.services,
            )
            pid = self._zygote.spawn(order)
            killing = threading.Timer(chance.random() * LONGEST_LIFE, _kill, (pid,))
            waiting.append((name, pid, killing))
            if chance.random() < 0.4:
                killing.start()
        for name, pid, killing in waiting:
            status = self._zygote.wait(pid)
            killing.cancel()
            if os.WIFEXITED(status) and os.WEXITSTATUS(status):
                failed.append(f"{name} ended with {os.WEXITSTATUS(status)}")
        return failed

    async def _judge(self, home: str) -> Verdict:
        workspace = opened(self._flags, home)
        try:
            return await judged(
                workspace.history, self._server.context.database, Path(home) / "log.jsonl"
            )
        finally:
            await workspace.close()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
