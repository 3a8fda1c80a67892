"""Where a person sits: lines that are said, and lines that are typed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TextIO, TypeVar

from tui.cli.output import in_plain_signs
from tui.words import counted
from tui.workspace.books.into.values import CellError
from tui.workspace.changes.errors import Conflict, Waiting
from tui.workspace.problems import EXPECTED, NotConnected, describe, one_line
from tui.workspace.text import clean
from tui.workspace.timers.finding import TrackerNameError
from tui.workspace.times import TimeTextError
from tui.workspace.workspace import Workspace

T = TypeVar("T")
MOST_TYPED = 20_000
"""Characters of a line; what is longer is nothing that a person typed."""
NOT_UNDERSTOOD = (TimeTextError, TrackerNameError, CellError)


class Left(Exception):
    """Standard input has ended: the person has gone."""


class Seat:
    """Says and asks. What it is given to do runs in one loop, and nothing runs between."""

    def __init__(
        self,
        workspace: Workspace,
        runner: asyncio.Runner,
        typed: TextIO,
        *,
        plain_signs: bool = False,
    ) -> None:
        """`plain_signs` are said in place of those that ASCII has not."""
        self.workspace = workspace
        self._runner = runner
        self._typed = typed
        self._plain_signs = plain_signs

    def say(self, text: str) -> None:
        """One line, made safe: the one way by which anything is printed."""
        print(self._shown(text))

    def _shown(self, text: str) -> str:
        return in_plain_signs(clean(text)) if self._plain_signs else clean(text)

    def ask(self, question: str) -> str:
        """What is typed behind a question, without blanks around it. Raises Left."""
        print(self._shown(question), end=" ", flush=True)
        try:
            line = self._typed.readline(MOST_TYPED)
        except OSError:
            # The terminal is gone: the same as its end.
            line = ""
        if line and not self._typed.isatty():
            # No terminal shows it: what was asked and answered reads as it would on one.
            self.say(line.rstrip("\r\n"))
        if not line:
            self.say("")
            raise Left
        if len(line) == MOST_TYPED and not line.endswith("\n"):
            while (rest := self._typed.readline(MOST_TYPED)) and not rest.endswith("\n"):
                continue
            self.say(f"A line has at most {counted(MOST_TYPED, 'character')}: it was passed over.")
            return self.ask(question)
        return line.strip()

    def agreed(self, question: str) -> bool:
        """Whether `y` or `yes` is typed. Raises Left."""
        return self.ask(f"{question} y is yes:").lower() in ("y", "yes")

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it, and be back when it has ended. Raises what it raises."""
        return self._runner.run(work)

    def do(self, work: Coroutine[Any, Any, str]) -> bool:
        """Do it and say the sentence that it ends with, or why it was not done; whether it was."""
        try:
            self.say(self.wait(work))
        except Waiting as error:
            self.say(
                "Kept, to be sent when the way is open: `tockdeck changes send` or an open deck"
                f" sends it. {describe(error).happened}"
            )
        except NOT_UNDERSTOOD as error:
            self.say(f"{str(error).rstrip('.')}. Nothing was sent.")
            return False
        except EXPECTED as error:
            self.say(failure(error))
            return False
        return True


def failure(error: BaseException) -> str:
    """Why something was not done, in a line; keys of the other face are not spoken of."""
    told = describe(error)
    if isinstance(error, NotConnected):
        return f"{told.title}: {told.happened} The deck or the configuration connects it."
    if isinstance(error, Conflict):
        return (
            f"{told.title}: {told.happened} Nothing was sent: r reads what is there now, and then"
            " yours can be written over it."
        )
    return one_line(error)
