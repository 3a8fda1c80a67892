"""What the seven screens share: their frame, their commands, and how they load and fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from tui.commands import COMMANDS, SCREENS, Command, in_scope, keys_of, shown_key
from tui.widgets.keybar import KeyBar, KeyHint
from tui.widgets.notice import FlashLine, Panel
from tui.widgets.tabbar import Tab, TabBar
from tui.workspace.problems import EXPECTED, describe, one_line
from tui.workspace.workspace import Workspace

TABS = [Tab(scope, str(number), title) for number, (scope, title) in enumerate(SCREENS.items(), 1)]


class DeckScreen(Screen[None]):
    """One of the seven screens. Subclasses set SCOPE, BINDINGS and `compose_body`.

    A command `scope.name` is carried out by the method `command_name`, which may be a
    coroutine function. A command whose `allows` is False is dimmed nowhere and does nothing
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
        self._loads: dict[str, Worker[None]] = {}

    def compose(self) -> ComposeResult:
        """The frame around the body: tabs above, one line of news and the keys below."""
        yield TabBar(TABS, self.SCOPE, id="tabs")
        yield from self.compose_body()
        yield FlashLine(id="flash")
        yield KeyBar(self.hints(), more=KeyHint("?", "more", "deck.help"), id="keys")

    def compose_body(self) -> Iterable[Widget]:
        """The screen's own widgets."""
        return ()

    def on_mount(self) -> None:
        """Begin to load once the first frame stands."""
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Load what the screen shows. Called once, after its first paint."""

    def resume(self) -> None:
        """The person came back to this screen: refresh what may have changed meanwhile."""

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Tell the screen that it is seen again."""
        if self.is_mounted:
            self.resume()

    # -- commands ---------------------------------------------------------------------------

    def commands(self) -> list[Command]:
        """The commands of this screen, then those of the deck."""
        return in_scope(self.SCOPE, "deck")

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
        method = getattr(self, f"command_{command.name}")
        result = method()
        if result is not None:
            await result

    @on(KeyBar.Pressed)
    async def _key_pressed(self, message: KeyBar.Pressed) -> None:
        await self.run_action(f"{'app' if message.id.startswith('deck.') else 'screen'}"
                              f".command({message.id!r})")  # fmt: skip

    @on(TabBar.Pressed)
    async def _tab_pressed(self, message: TabBar.Pressed) -> None:
        await self.run_action(f"app.command('deck.{message.id}')")

    # -- news, loading and failing ----------------------------------------------------------

    def flash(self, text: str, role: str = "muted") -> None:
        """One line of news that goes by itself with the next key."""
        self.query_one(FlashLine).show(text, role)

    def load(
        self,
        work: Callable[[], Awaitable[None]],
        *,
        panel: Panel | None = None,
        what: str = "",
        name: str = "load",
    ) -> Worker[None]:
        """Run `work`; a newer load of the same name replaces it.

        With a `panel`, it says that `what` loads (esc gives up) and, in place, what failed and
        what to do. Without one, a failure goes to the flash line.
        """
        if panel is not None:
            panel.show_loading(what)

        async def run() -> None:
            try:
                await work()
            except EXPECTED as error:
                if panel is None:
                    self.flash(one_line(error), "bad")
                else:
                    panel.show_problem(describe(error), retry=lambda: self.load(
                        work, panel=panel, what=what, name=name))  # fmt: skip
            else:
                if panel is not None:
                    panel.hide()

        worker = self.run_worker(run(), name=name, group=name, exclusive=True)
        self._loads[name] = worker
        return worker

    def give_up(self) -> bool:
        """Stop every load that runs; True when there was one."""
        running = [worker for worker in self._loads.values() if worker.is_running]
        for worker in running:
            worker.cancel()
        self._loads.clear()
        return bool(running)

    def key_escape(self) -> None:
        """Esc gives up what loads."""
        if self.give_up():
            self.flash("Given up. Press r to load again.")
