"""What the seven screens share: their frame, their commands, and how they load and fail."""

from __future__ import annotations

from asyncio import Event, Lock, to_thread, wait_for
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from tui.commands import COMMANDS, SCREENS, Command, in_scope, keys_of, shown_key
from tui.widgets.keybar import KeyBar, KeyHint
from tui.widgets.notice import StatusLine
from tui.widgets.palette import Role
from tui.widgets.panel import Panel
from tui.widgets.screen import CalmScreen
from tui.widgets.tabbar import Tab, TabBar
from tui.workspace.problems import EXPECTED, describe, one_line
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.filterline import FilterLine
    from tui.widgets.form import Form
    from tui.widgets.form_values import FormField

Answered = TypeVar("Answered")
TYPED_AHEAD_SECONDS = 0.4
TABS = [Tab(scope, str(number), title) for number, (scope, title) in enumerate(SCREENS.items(), 1)]


class DeckScreen(CalmScreen[None]):
    """One of the seven screens. Subclasses set SCOPE, BINDINGS and `compose_body`.

    A command `scope.name` is carried out by the method `command_name`, which may be a
    coroutine function: then it may `ask`. One that `allows` has a reason against does nothing
    but say why.
    """

    SCOPE: ClassVar[str]

    DEFAULT_CSS = """
    DeckScreen { layout: vertical; background: $background; }
    DeckScreen > .body { height: 1fr; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self._panel_loads: dict[Panel, Worker[None]] = {}
        self._open_forms: set[str] = set()
        self._drafting = Lock()
        self._preparing = Lock()
        self._settled = Event()
        self._panel_work: dict[
            Panel, tuple[str, Callable[[], Awaitable[None]], Callable[[], str]]
        ] = {}

    def compose(self) -> ComposeResult:
        """The frame around the body: tabs above, one line of news and the keys below."""
        yield TabBar(TABS, self.SCOPE, id="tabs")
        yield from self.compose_body()
        yield StatusLine(id="news")
        yield KeyBar(self.hints(), more=KeyHint("?", "more", "deck.help"), id="keys")

    def compose_body(self) -> Iterable[Widget]:
        """The screen's own widgets."""
        return ()

    def painted(self) -> None:
        """Begin to load once the first frame stands."""
        self.workspace.connections.embedded.told = self._tell
        self.begin()

    def _tell(self, text: str) -> None:
        self.run_worker(self.run_action(f"app.tell({text!r})"), group="tell")

    def begin(self) -> None:
        """Load what the screen shows. Called once, after its first paint."""

    def resume(self) -> None:
        """The person came back to this screen: refresh what may have changed meanwhile."""

    def reveal(self, key: str) -> None:
        """Another screen points at something here: put the cursor on it, now or once it is loaded.

        `key` is what the use cases of this screen call it.
        """

    async def go(self, scope: str, key: str = "") -> None:
        """Change to another screen and to something on it."""
        await self.run_action(f"app.go({scope!r}, {key!r})")

    def on_screen_resume(self) -> None:
        """Tell the screen that it is seen again."""
        if self.is_mounted:
            self.resume()

    # -- commands ---------------------------------------------------------------------------

    def commands(self) -> list[Command]:
        """The commands of this screen, then those of the deck."""
        return [*in_scope(self.SCOPE), *in_scope("deck")]

    def hints(self) -> list[KeyHint]:
        """What the footer shows: the screen's most important keys, then the deck's."""
        overrides = self.workspace.settings.keys
        ranked = sorted((c for c in self.commands() if c.rank), key=lambda c: c.rank)
        return [
            KeyHint(shown_key(keys[0]), command.title, command.id)
            for command in ranked
            if command.id != "deck.help" and (keys := keys_of(command, overrides))
        ]

    def refresh_hints(self) -> None:
        """Show the footer anew after what it depends on changed."""
        self.query_one("#keys", KeyBar).show_hints(self.hints())

    def allows(self, command: Command) -> str:
        """Why a command cannot be carried out now; empty when it can."""
        if command.danger and self.workspace.settings.deck.read_only:
            return f"{command.title}: the deck is read-only."
        return ""

    async def action_command(self, id: str) -> None:
        """Carry out one of this screen's commands; those of the deck go to the application."""
        command = COMMANDS[id]
        why_not = self.allows(command)
        if why_not:
            self.flash(why_not, "warn")
            return
        for line in self.query("FilterLine"):
            # A command is for what the filter shows once it has been applied.
            with suppress(TimeoutError):
                await wait_for(line.settled.wait(), TYPED_AHEAD_SECONDS)  # type: ignore[attr-defined]
        result = getattr(self, f"command_{command.name}")()
        if isawaitable(result):
            await self.carry_out(result, id)

    def on_key(self, event: events.Key) -> None:
        """A key that was pressed before the focus moved to a line of text belongs to that line.

        Over a slow link keys arrive together; the line itself would have kept this one.
        """
        line = self.app.focused
        if line is not None and line.check_consume_key(event.key, event.character):
            event.stop()
            event.prevent_default()
            line.post_message(events.Key(event.key, event.character))

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """The filter is applied: what was typed is handled before this message."""
        message.line.settled.set()

    async def carry_out(self, command: Awaitable[object], name: str) -> None:
        """Run a command in a worker, so that it may ask a question and wait for its answer.

        Returns when it has asked, has ended, or after a moment: keys that were typed ahead
        belong to the question, not to the commands of this screen.
        """
        settled = self._settled = Event()

        async def run() -> None:
            try:
                await command
            except EXPECTED as error:
                self.flash_error(error)
            finally:
                settled.set()

        self.run_worker(run(), group="command", name=name)
        with suppress(TimeoutError):
            await wait_for(settled.wait(), TYPED_AHEAD_SECONDS)

    async def ask(self, dialog: Screen[Answered]) -> Answered | None:
        """Show a dialog and wait for what it is dismissed with; only within a command."""
        dialog.call_after_refresh(self._settled.set)
        return await self.app.push_screen_wait(dialog)

    async def ask_form(
        self,
        form_id: str,
        title: str,
        fields: Sequence[FormField],
        submit: Callable[[Mapping[str, Any]], Awaitable[str]],
        *,
        save: str = "Save",
        intro: str = "",
        check: Callable[[dict[str, object]], Mapping[str, str]] | None = None,
    ) -> bool:
        """Show a form and `submit` its values until that is done or given up.

        `submit` returns the news. What it refuses is shown in the form with everything that was
        typed; what is given up is kept as a draft for the next time.
        """
        from tui.widgets.form import Form

        errors: dict[str, str] = {}
        link = ""
        self._open_forms.add(form_id)
        while True:
            draft = await to_thread(self.workspace.drafts.load, form_id)
            values = await self.ask(
                Form(
                    title, fields, form_id=form_id, draft=draft, errors=errors, link=link,
                    intro=intro, save=save, check=check, zone=self.workspace.zone,
                )
            )  # fmt: skip
            if values is None:
                if draft or await to_thread(self.workspace.drafts.load, form_id):
                    self.flash("Closed. What you typed is kept for the next time.")
                return False
            try:
                news = await submit(values)
            except EXPECTED as error:
                errors, link = {"": one_line(error)}, describe(error).link or ""
                continue
            async with self._drafting:
                # From here on a draft that is still on its way is not kept any more.
                self._open_forms.discard(form_id)
                await to_thread(self.workspace.drafts.drop, form_id)
            if news:
                self.flash(news, "good")
            return True

    def on_form_draft_changed(self, message: Form.DraftChanged) -> None:
        """Keep what is being typed; a full disk is said once it matters, at saving."""
        if message.form_id:
            self.run_worker(
                self._keep_draft(message.form_id, message.values),
                group=f"draft-{message.form_id}",
                exclusive=False,
            )

    async def on_form_link_copy_wanted(self, message: Form.LinkCopyWanted) -> None:
        """Copy what a refusal links to; what came of it is read below the form."""
        from tui.screens.clipboard import copy

        self.flash(await copy(self.app, message.link))

    async def drafts_kept(self) -> None:
        """Return once everything that was typed into a form of this screen is on the disk."""
        handled = Event()
        self.call_later(handled.set)  # after the drafts that are in this screen's queue
        with suppress(TimeoutError):
            await wait_for(handled.wait(), TYPED_AHEAD_SECONDS)
        drafts = [one for one in self.workers if one.group.startswith("draft-")]
        await self.workers.wait_for_complete(drafts)

    async def _keep_draft(self, form_id: str, values: dict[str, str]) -> None:
        async with self._drafting:
            if form_id not in self._open_forms:
                return
            try:
                await to_thread(self.workspace.drafts.save, form_id, values)
            except OSError as error:
                self.flash_error(error)

    @on(KeyBar.Pressed)
    async def _key_pressed(self, message: KeyBar.Pressed) -> None:
        await self.run_action(f"{'app' if message.id.startswith('deck.') else 'screen'}"
                              f".command({message.id!r})")  # fmt: skip

    @on(TabBar.Pressed)
    async def _tab_pressed(self, message: TabBar.Pressed) -> None:
        await self.run_action(f"app.command('deck.{message.id}')")

    # -- news, loading and failing ----------------------------------------------------------

    def flash(self, text: str, role: Role = "text") -> None:
        """One line of news that goes by itself."""
        self.query_one("#news", StatusLine).flash(text, role)

    def flash_error(self, error: BaseException) -> None:
        """A failure in one line."""
        self.flash(one_line(error), "bad")

    def load(
        self,
        panel: Panel,
        what: str,
        work: Callable[[], Awaitable[None]],
        *,
        has_content: Callable[[], str] = lambda: "",
    ) -> None:
        """Run `work`, which fills the panel's content; a newer load of the panel replaces it.

        While there is nothing to show the panel says that `what` loads (esc gives up). What
        fails is said in place, with what to do (r tries again). `has_content` says what stands
        there already, such as "as of 14:02": then it stays, with an ellipsis beside the title
        while it is read anew, and marked as old when that fails.
        """
        self._panel_work[panel] = (what, work, has_content)
        if not has_content():
            panel.show_loading(what)
        panel.show_busy(bool(has_content()))

        async def run() -> None:
            try:
                async with self._preparing:
                    await to_thread(self.workspace.prepare, self.SCOPE)
                await work()
            except EXPECTED as error:
                self._failed(panel, error, has_content())
            else:
                if panel.state in ("loading", "error") or panel.is_stale:
                    panel.show_content()
            # Not where it was cancelled: a newer load is on its way then.
            panel.show_busy(False)

        self._panel_loads[panel] = self.run_worker(
            # The function, not its coroutine: one that is cancelled before it begins is never made.
            run,
            name=what,
            group=f"load-{id(panel)}",
            exclusive=True,
        )

    def _failed(self, panel: Panel, error: BaseException, stands: str) -> None:
        problem = describe(error)
        if stands:
            panel.show_stale(f"{stands} · {problem.happened}")
        else:
            connect = "C connects the service." if problem.can_connect else ""
            panel.show_error(
                f"{problem.title}. {problem.happened}", problem.kept, connect or problem.next
            )

    @on(Panel.RetryWanted)
    def _retry(self, message: Panel.RetryWanted) -> None:
        kept = self._panel_work.get(message.panel)
        if kept is not None:
            what, work, has_content = kept
            self.load(message.panel, what, work, has_content=has_content)

    @on(Panel.GiveUpWanted)
    def _give_up(self, message: Panel.GiveUpWanted) -> None:
        worker = self._panel_loads.pop(message.panel, None)
        if worker is not None:
            worker.cancel()
        message.panel.show_empty("Given up before it was loaded.", "r loads it.")

    def act(self, work: Callable[[], Awaitable[str | None]], *, kept: str = "") -> Worker[None]:
        """Run a write; its result is news, its failure too, with what of the work is `kept`."""

        async def run() -> None:
            try:
                news = await work()
            except EXPECTED as error:
                self.flash(f"{one_line(error)} {kept}".strip(), "bad")
            else:
                if news:
                    self.flash(news, "good")

        return self.run_worker(run, group="act", exclusive=False)
