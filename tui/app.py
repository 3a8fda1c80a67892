"""The Textual application: screens, theme, keys. What they do is in screens and workspace."""

from __future__ import annotations

from asyncio import Task, get_running_loop, wait_for
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from time import time
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Event, InputEvent, Key, Paste
from textual.screen import Screen

from tui.commands import COMMANDS, SCREENS
from tui.commands_beside import BESIDE
from tui.screens.bindings import bindings_of, keymap_of
from tui.spoken_keys import speak_of
from tui.terminal import TRUE_COLOUR, Shown
from tui.widgets.themed import Themed
from tui.widgets.tidying import Tidying
from tui.widgets.work import begin_work
from tui.words import counted, were
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from textual.driver import Driver

    from tui.screens.base import DeckScreen
    from tui.screens.deck.alarm import Alarm
    from tui.screens.messages import CommandWanted, Go, StartOver, Tell, ThemeWanted
    from tui.way_out import WayOut
    from tui.workspace.changes.history import History


KEEP_SECONDS = 0.45
"""What keeping all drafts may take, where a signal ends the deck."""
AT_REST_SECONDS = 20.0
"""Without a key: who presses one then has come back to what others may have changed."""
OVER_ALL = ("quit", "palette")
"""Commands of the deck that are carried out over a dialog too."""
FIRST_FRAME_SECONDS = 0.3
"""How long what is not asked for yet leaves the machine to what is shown first."""


class Tockdeck(Themed, inherit_bindings=False):
    """The deck: seven screens over one workspace."""

    TITLE = "tockdeck"
    DEFAULT_MODE = "first"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("deck"),
        Binding("ctrl+c", "command('deck.quit')", "Quit", show=False, priority=True),
    ]
    CSS = """
    DeckScreen { background: $background; color: $foreground; }
    """

    def __init__(
        self,
        workspace: Workspace,
        way_out: WayOut | None = None,
        shown: Shown = TRUE_COLOUR,
    ) -> None:
        """`way_out` ends the process; without one the deck ends when its loop does. `shown` is
        what the terminal can show."""
        super().__init__(shown)
        self.workspace = workspace
        workspace.attend = partial(self._attend, workspace)
        self._way_out = way_out
        self.scroll = workspace.settings.deck.scroll
        self.kilobytes_per_second = workspace.settings.deck.kilobytes_per_second
        """What the line carries, as it is set. Both are for the driver."""
        self.edge = workspace.settings.deck.edge
        """How lists go on past their last row."""
        self._leaving: Task[None] | None = None
        self._first = workspace.settings.deck.first_screen
        self._screens: dict[str, DeckScreen] = {}
        self._beginnings = 0
        self._came_from: str = self._first
        self._here_at = time()
        """When somebody was at the keyboard last: by the clock of the wall, which goes on while
        the machine sleeps."""
        self._alarm: Alarm | None = None
        self._tidying = Tidying(self.set_timer)
        for scope in (*SCREENS, *BESIDE):
            if scope != self._first:
                self.add_mode(scope, partial(self._screen, scope))
        self.load_theme()
        self.set_keymap(keymap_of(workspace.settings.keys))
        speak_of(workspace.settings.keys)
        bound = (key for keys in workspace.settings.keys.values() for key in keys)
        self.keys_with_alt = frozenset(key for key in bound if key.startswith("alt+"))
        """What Alt means something with, as a person has set it: nothing by default."""
        if workspace.settings.key_set != "default":
            self.use_chords_of(workspace.settings.key_set)

    async def on_event(self, event: Event) -> None:
        """Somebody is there; whether nobody was for long is looked at only then."""
        if isinstance(event, (InputEvent, Paste)):
            before, self._here_at = self._here_at, time()
            if self._here_at - before >= AT_REST_SECONDS:
                self._was_away(before, self._here_at)
        if isinstance(event, Key):
            # While a person types, what is done beside that waits.
            self.workspace.rest()
            self._tidying.after_key()
        await super().on_event(event)

    def _was_away(self, begin: float, end: float) -> None:
        from tui.screens.deck.away import came_back

        came_back(self, self.workspace, begin, end)

    def on_screen_filled(self) -> None:
        """What was kept of the last frame stands no longer before what is here now."""
        self._have_driver("unveil")
        self.set_timer(FIRST_FRAME_SECONDS, self._begin_beside)

    def get_driver_class(self) -> type[Driver]:
        """Textual's choice, but for the terminal one that sleeps until something comes."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        from tui.widgets.driver import SleepingDriver

        return SleepingDriver

    def on_paste(self, event: Paste) -> None:
        """What is pasted where nobody types does nothing, but is not passed over in silence."""
        if count := len(event.text):
            self.notify(
                f"{counted(count, 'character')} pasted here {were(count)} not taken as keys.",
                severity="warning",
                markup=False,
            )

    def action_repaint(self) -> None:
        """Write every cell anew."""
        self._have_driver("forget")
        self.screen.refresh()

    def _have_driver(self, do: str) -> None:
        """Have it do what only the one of a terminal can; any other has nothing of it to do."""
        getattr(self._driver, do, lambda: None)()

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Give the terminal to another program, which writes over all of it."""
        with super().suspend():
            yield
        self.action_repaint()

    def on_driver_signal_resume(self) -> None:
        """In the foreground again: the shell has used the terminal since."""
        self.action_repaint()

    def tell_of_key(self, text: str, *, wrong: bool = False) -> None:
        """Show it on the line of news."""
        from tui.screens.base import deck_screen

        if (screen := deck_screen(self)) is not None:
            screen.flash(text, "warn" if wrong else "text")

    def _screen(self, scope: str) -> DeckScreen:
        """A screen, imported and made when it is first gone to, and kept from then on."""
        screen = self._screens.get(scope)
        if screen is None:
            module = import_module(f"tui.screens.{scope}.screen")
            screen = getattr(module, f"{scope.capitalize()}Screen")(self.workspace)
            screen.fit(self.size)
            # Its widgets are styled as they are made. Textual takes a new screen's styles for old,
            # and would read all style sheets and style every screen anew, twice.
            screen._css_update_count = self._css_update_count
            self._screens[scope] = screen
        return screen

    def _mode(self, scope: str) -> str:
        """The stack of screens that a screen is the base of; the first one's is there at once."""
        if self._beginnings:
            return f"{scope}.{self._beginnings}"
        return self.DEFAULT_MODE if scope == self._first else scope

    def get_default_screen(self) -> Screen[Any]:
        """The first screen. Its mode is made known afterwards (`on_mount`): for one that it knows
        Textual reads all style sheets again, and lays out and throws away a frame.
        """
        return self._screen(self._first)

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew; before there is anything, only the colours are told."""
        if self._screens:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """Say what was wrong with a theme once the first frame stands."""
        self.add_mode(self.DEFAULT_MODE, self.get_default_screen)
        for problem in self.theme_problems:
            self.notify(problem, severity="warning", markup=False)

    def on_ready(self) -> None:
        """The first frame stands: what was made for it stays, and need never be looked through."""
        self._tidying.begin()
        # What that imports must not hold up what is shown first, however long a service takes.
        self.set_timer(FIRST_FRAME_SECONDS * 8, self._begin_beside)

    def _begin_beside(self) -> None:
        if self._alarm is None:
            self._begin_changes()

    def _attend(self, workspace: Workspace, history: History) -> None:
        """The changes are there: a person may write before `_begin_changes`."""
        from tui.screens.deck.standing import attend

        attend(self, workspace, history)

    def _begin_changes(self) -> None:
        """See to the changes that were left open, and show how they stand."""
        from tui.screens.deck.alarm import Alarm
        from tui.screens.deck.standing import begin

        begin_work(self, partial(begin, self, self.workspace), group="changes")
        self._alarm = self._alarm or Alarm(self)
        self._alarm.serve(self.workspace)

    def on_learned(self) -> None:
        """There may be something to give word of; before the first frame that is left to later."""
        if self._alarm is not None:
            self._alarm.wake()

    def on_reminders_changed(self) -> None:
        """Another one may be the next, and undo be for another thing."""
        from tui.screens.deck.standing import look_again

        if self._alarm is not None:
            self._alarm.wake()
        look_again(self, self.workspace)

    # -- the ways out -------------------------------------------------------------------------

    def on_load(self) -> None:
        """Before the terminal is taken: from here on there is something to give back."""
        if self._way_out is not None:
            self._way_out.arm_in(
                get_running_loop(),
                self._told_to_leave,
                # Else the loop may wait for ever for a terminal that takes nothing.
                before=partial(self._have_driver, "let_go"),
                give_back=partial(self._have_driver, "give_back"),
            )

    @property
    def is_ending(self) -> bool:
        """Whether a signal has ended the deck."""
        return self._way_out is not None and self._way_out.is_told

    def _told_to_leave(self) -> None:
        """The terminal is gone, or somebody wants this to end: keep what was typed, then leave."""
        self._leaving = get_running_loop().create_task(self._leave())

    async def _leave(self) -> None:
        assert self._way_out is not None
        try:
            with suppress(TimeoutError):
                await wait_for(self._drafts_kept(), KEEP_SECONDS)
            await self.workspace.close()
        finally:
            self._way_out.finish()

    async def _drafts_kept(self) -> None:
        """Return once everything that was typed into a form is on the disk."""
        from tui.screens.base import all_drafts_kept

        await all_drafts_kept(self._screens.values(), self._screen_stacks.values(), self.at_rest)

    def on_tell(self, message: Tell) -> None:
        """Show what happened outside of any screen, such as to the embedded services."""
        self.notify(message.text, severity="warning", markup=False, timeout=20)

    async def on_theme_wanted(self, message: ThemeWanted) -> None:
        """Show a theme, and say how to keep it."""
        from tui.screens.base import deck_screen
        from tui.screens.deck.commands import command_theme

        self.show_theme(message.name)
        if (screen := deck_screen(self)) is not None:
            await command_theme(screen)

    async def on_command_wanted(self, message: CommandWanted) -> None:
        """Carry out what was chosen from a menu or clicked: of the deck, or of the screen."""
        from tui.screens.base import DeckScreen

        if COMMANDS[message.id].scope == "deck":
            await self.action_command(message.id)
        elif isinstance(self.screen, DeckScreen):
            await self.screen.action_command(message.id)

    async def action_command(self, id: str) -> None:
        """Carry out one of the deck's own commands."""
        name = COMMANDS[id].name
        if name in SCREENS:
            await self.go_to(name)
            return
        if name == "repaint":
            self.action_repaint()
            return
        from tui.screens.base import DeckScreen
        from tui.screens.deck import commands as deck

        below = next(one for one in reversed(self.screen_stack) if isinstance(one, DeckScreen))
        if below is self.screen or name in OVER_ALL:
            if name == "theme":
                self.show_next_theme()
            below.carry_out(partial(getattr(deck, f"command_{name}"), below), id)

    async def on_go(self, message: Go) -> None:
        """Change to a screen and to something on it."""
        await self.go_to(message.scope)
        if message.key:
            self._screen(message.scope).reveal(message.key, message.kind)

    async def go_to(self, scope: str) -> None:
        """Change to another screen, leaving any dialog that lies above this one."""
        if len(self.screen_stack) > 1:
            # A dialog is open: its answer is wanted first, so that nothing typed is lost.
            return
        from tui.screens.base import DeckScreen

        here = self.screen.SCOPE if isinstance(self.screen, DeckScreen) else ""
        if scope in BESIDE and here in SCREENS:
            self._came_from = here
        await self.switch_mode(self._mode(scope))

    async def on_start_over(self, message: StartOver) -> None:
        """Make the workspace and all screens anew: nothing is left of what was shown and known."""
        from tui.screens.base import DeckScreen

        await self._drafts_kept()
        here = next(one.SCOPE for one in reversed(self.screen_stack) if isinstance(one, DeckScreen))
        former, modes = self.workspace, list(self._modes)
        self.workspace = Workspace(message.loaded, former.locations)
        self.workspace.attend = partial(self._attend, self.workspace)
        self._screens = {}
        self._beginnings += 1
        for scope in (*SCREENS, *BESIDE):
            self.add_mode(self._mode(scope), partial(self._screen, scope))
        self.clear_notifications()
        await self.switch_mode(self._mode(here))
        for mode in modes:
            await self.remove_mode(mode)
        self._screen(here).flash(message.news, "good")
        await former.close()
        self._begin_changes()

    async def on_back(self) -> None:
        """From a screen beside the seven to the one of them that it was opened from."""
        await self.go_to(self._came_from)

    def _fatal_error(self) -> None:
        """A defect's traceback without local variables: they hold secrets and people's data.

        Textual's own shows them; its version is pinned exactly, and a test holds this.
        """
        if self._way_out is not None:
            self._way_out.quit(1)
        from rich.segment import Segments
        from rich.traceback import Traceback

        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(
            Segments(self.console.render(traceback, self.console.options))
        )
        self._close_messages_no_wait()

    async def on_quit_wanted(self) -> None:
        """Whoever would lose something was asked already."""
        await self.action_quit()

    async def action_quit(self) -> None:
        """Leave in order: let go of the services, then of the terminal."""
        if self._way_out is not None:
            self._way_out.quit()
        await self._drafts_kept()
        await self.workspace.close()
        self._keep_frame()
        self.exit()

    def _keep_frame(self) -> None:
        """What the first screen shows is what the next start shows first."""
        from tui.screens.deck.last_frame import keep

        instant = self.workspace.settings.deck.instant and not self.is_headless
        keep(self._screens.get(self._first), self._first, self.size, instant=instant)
