"""What panes and screens share: they carry out commands, ask, tell, and write."""

from __future__ import annotations

from asyncio import FIRST_COMPLETED, ensure_future, gather, to_thread, wait
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from rich.cells import cell_len
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from tui.commands import Command
from tui.screens.answers import ANSWERS
from tui.screens.messages import Back, Go, News, hand_over
from tui.screens.patience import AT_WORK, Patience, Work, asked_by
from tui.widgets.palette import Role
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED, GivenUp, describe, is_news, one_line
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.form import Form
    from tui.widgets.form_filled import Filled
    from tui.widgets.form_values import FormField

Answered = TypeVar("Answered")
SHORT_LINES, SHORT_TEXT = 12, 600
ROOM_FOR_SIGN = 3
"""Cells of the line of news that its sign takes."""
QUICK = 0.3
"""Seconds that may pass before it is said in a box of its own what is waited for."""


class Saying:
    """What is said while something is waited for: how far it is."""

    text = ""
    listener: Callable[[str], object] | None = None

    def say(self, text: str) -> None:
        """It is so far now; what says the same again is no news."""
        if text != self.text:
            self.text = text
            if self.listener is not None:
                self.listener(text)


class Asking(Widget):
    """Has commands: `scope.name` is carried out by the method `command_name`.

    It may be a coroutine function: then it may `ask`. Named last among the bases of a class, so
    that the styles of the others hold. A function that asks takes an `Asking`: it can ask, tell
    and write, and reaches no widget.
    """

    SCOPE: ClassVar[str]
    """The scope in the registry whose commands these are."""

    workspace: Workspace
    _changed = False
    _stop_watching: Callable[[], None] | None = None

    @cached_property
    def patience(self) -> Patience:
        """How long keys wait for what a command of this has begun."""
        return Patience()

    # -- commands -------------------------------------------------------------------------------

    def offer(self, command: Command) -> Command | None:
        """The command as it is called here now; None where it is not carried out here."""
        known = command.scope == self.SCOPE and hasattr(self, f"command_{command.name}")
        return command if known else None

    def allows(self, command: Command) -> str:
        """Why a command cannot be carried out now; empty when it can."""
        if command.danger and self.workspace.settings.deck.read_only:
            return f"{command.title}: the deck is read-only."
        return ""

    async def do(self, command: Command) -> None:
        """Carry out a command of this; one that is not allowed only says why."""
        why_not = self.allows(command)
        if why_not:
            self.flash(why_not, "warn")
            return
        method = getattr(self, f"command_{command.name}")
        if iscoroutinefunction(method):
            self.carry_out(method, command.id)
        else:
            method()
            self._say_what_is_left()

    def _say_what_is_left(self) -> None:
        """Words after a command that it did not ask for are not passed over in silence."""
        if left := ANSWERS.get().take_all():
            self.flash(f"Nothing was asked that “{left}” answers.", "warn")

    def carry_out(self, command: Callable[[], Awaitable[object]], name: str) -> None:
        """Run a command in a worker, so that it may ask a question and wait for its answer.

        Keys that are typed ahead wait for a moment until it has asked or ended: they belong to
        the question, not to the commands of this screen.
        """

        work = Work(self.patience)

        async def run() -> None:
            AT_WORK.set(work)
            try:
                await command()
            except EXPECTED as error:
                self.flash_error(error)
            finally:
                work.ends()
            self._say_what_is_left()

        begin_work(self, run, group="command", name=name)

    # -- telling --------------------------------------------------------------------------------

    def flash(self, text: str, role: Role = "text") -> None:
        """One line of news that goes by itself."""
        self.post_message(News(text, role))

    def flash_error(self, error: BaseException, kept: str = "") -> None:
        """A failure in one line, with what of the work is `kept`; what waits is no failure."""
        self.flash(f"{one_line(error)} {kept}".strip(), _role_of(error))

    async def tell_failure(self, title: str, error: BaseException, more: str = "") -> None:
        """The same with what was done before, and in a box that stays where a line has no room for
        the whole of it; only within a worker.
        """
        text = f"{getattr(error, 'progress', '')} {one_line(error)} {more}".strip()
        if cell_len(text) + ROOM_FOR_SIGN <= self.app.size.width:
            self.flash(text, _role_of(error))
        else:
            from tui.widgets.dialogs import MessageBox

            await self.ask(MessageBox(title, text, role=_role_of(error)))

    async def go(self, scope: str, key: str = "", kind: str = "") -> None:
        """Change to another screen and to something on it (see `Go`)."""
        await hand_over(self.app, Go(scope, key, kind))

    async def go_back(self) -> None:
        """From a screen beside the seven to the one that it was opened from."""
        await hand_over(self.app, Back())

    # -- asking ---------------------------------------------------------------------------------

    async def ask(self, dialog: Screen[Answered]) -> Answered | None:
        """Show a dialog and wait for what it is dismissed with; only within a worker.

        Words that were typed after the command answer it instead (see `answers`).
        """
        given = ANSWERS.get().given(dialog)
        if given is not None:
            return cast("Answered", given)
        return await asked_by(
            self.patience, dialog.call_after_refresh, self.app.push_screen_wait(dialog)
        )

    async def ask_form(
        self,
        form_id: str,
        title: str,
        fields: Sequence[FormField],
        submit: Callable[[Filled], Awaitable[str]],
        *,
        save: str = "Save",
        intro: str = "",
        check: Callable[[dict[str, object]], Mapping[str, str]] | None = None,
        about: str = "",
        kind: Callable[..., Form] | None = None,
    ) -> bool:
        """Show a form and `submit` its values until that is done or given up.

        Whether the person is done with it; what waits to be sent ends the form too.
        `submit` returns the news. What it refuses is shown in the form with everything that was
        typed; what is given up is kept as a draft for the next time. `form_id` says what it is
        that is edited, so that a draft comes back for that alone; `about` names it to a person,
        where the title does not. `kind` makes the form, where it is another than the common one.
        """
        from tui.widgets.form import Form
        from tui.workspace.changes.history import following

        link = ""
        forms = self.workspace.forms
        typed, since, note = await forms.begin(form_id)
        errors = {"": note} if note else {}
        draft_of = about or title
        while True:
            form = (kind or Form)(
                title, fields, form_id=form_id, draft=typed, draft_of=draft_of, since=since,
                errors=errors, link=link, intro=intro, save=save, check=check,
                zone=self.workspace.zone,
            )  # fmt: skip
            values = await self.ask(form)
            typed, draft_of = form.texts, ""
            if values is None:
                if form.to_keep:
                    self.flash("Closed. What you typed is kept for the next time.")
                return False
            if arrived := await forms.arrived(form_id, typed):
                await forms.end(form_id)
                self.flash(f"{arrived}: it was done after all, and was not sent again.", "good")
                return True
            with following() as run:
                try:
                    news = await submit(values)
                except EXPECTED as error:
                    if is_news(error):
                        # Nothing is left to be typed: it is kept, or a person chose.
                        with suppress(OSError):
                            await forms.end(form_id)
                        self.flash_error(error)
                        return True
                    if change := getattr(error, "change", ""):
                        with suppress(OSError):
                            await forms.may_have_arrived(form_id, change, typed)
                    if not run.sent or describe(error).is_unknown:
                        errors, link = {"": one_line(error)}, describe(error).link or ""
                        continue
                    # It was made: the form must not offer to send it once more.
                    news = f"Done. What came after it failed: {one_line(error)}"
            # A draft that stays is no reason to call what was sent failed.
            with suppress(OSError):
                await forms.end(form_id)
            if news:
                self.flash(news, "good")
            return True

    async def wait_for(
        self,
        title: str,
        text: str,
        work: Awaitable[Answered],
        given_up: GivenUp,
        saying: Saying | None = None,
    ) -> Answered:
        """What `work` brings, which may be given up at any time; only within a command.

        Where it takes its time `text` says what is waited for, then what is said by
        `saying`. Raises `given_up` where a person presses esc then: the work is cancelled.
        """
        task = ensure_future(work)
        try:
            await wait({task}, timeout=QUICK)
            command = AT_WORK.get()
            # What it asks meanwhile is not covered by the box, nor are the keys taken from it. By
            # the time that one answer is known here it may have asked the next.
            while not task.done() and command is not None and command.asks:
                answered = ensure_future(command.is_answered())
                try:
                    await wait({task, answered}, return_when=FIRST_COMPLETED)
                finally:
                    answered.cancel()
            if not task.done():
                from tui.widgets.waiting import Waiting

                waiting = Waiting(title, (saying and saying.text) or text, task.done)
                if saying is not None:
                    saying.listener = waiting.say
                task.add_done_callback(lambda _: waiting.end())
                if not await self.ask(waiting):
                    raise given_up
            return await task
        finally:
            task.cancel()
            await gather(task, return_exceptions=True)

    async def read(self, title: str, text: str) -> None:
        """Show a text: a short one in a box as high as it is, a long one to scroll and copy."""
        if text.count("\n") < SHORT_LINES and len(text) < SHORT_TEXT:
            from tui.widgets.dialogs import MessageBox

            await self.ask(MessageBox(title, text))
        else:
            from tui.widgets.viewer import Viewer

            await self.ask(Viewer(title, text))

    async def copy(self, text: str) -> None:
        """Copy a text; which way it went is news."""
        from tui.screens.clipboard import copy

        self.flash(await copy(self.app, text, self.workspace.locations.state))

    # -- writing, here and elsewhere ------------------------------------------------------------

    def act(self, work: Callable[[], Awaitable[str | None]], *, kept: str = "") -> Worker[None]:
        """Run a write; its result is news, its failure too, with what of the work is `kept`."""

        async def run() -> None:
            try:
                news = await work()
            except EXPECTED as error:
                self.flash_error(error, kept)
            else:
                if news:
                    self.flash(news, "good")

        return begin_work(self, run, group="act")

    async def prepare(self) -> None:
        """Import and make the use cases, which takes a while the first time."""
        await to_thread(self.workspace.prepare, self.SCOPE)

    def watch_changes(self, service: str) -> None:
        """Remember what is written to a service or undone there, until `take_changes`."""
        if self._stop_watching is None:

            def changed(operation: str) -> None:
                if operation.partition(".")[0] == service:
                    self._changed = True

            self._stop_watching = self.workspace.on_change(changed)

    def take_changes(self) -> bool:
        """Whether something was written since the last question."""
        changed, self._changed = self._changed, False
        return changed

    def on_unmount(self) -> None:
        """Nobody is to be told of changes any more."""
        if self._stop_watching is not None:
            self._stop_watching()


def _role_of(error: BaseException) -> Role:
    """What waits, and what a person gave up, is no failure."""
    return "warn" if is_news(error) or isinstance(error, GivenUp) else "bad"
