"""What the screens share: their frame, who carries out a command, what is told from below."""

from __future__ import annotations

from asyncio import Event, gather, wait_for
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import App, ComposeResult
from textual.widget import Widget

from tui.commands import COMMANDS, SCREENS, Command, in_scope, keys_of, shown_key
from tui.screens.asking import Asking
from tui.screens.messages import CommandWanted, News, ScreenFilled, Tell, hand_over
from tui.screens.pane import Pane
from tui.screens.patience import LOADING_SECONDS
from tui.screens.room import SharingScreen
from tui.widgets.cells import clip
from tui.widgets.keybar import KeyBar, KeyHint
from tui.widgets.notice import StatusLine
from tui.widgets.palette import Role
from tui.widgets.panel import Panel
from tui.widgets.rows import RowsWidget
from tui.widgets.tabbar import Tab, TabBar
from tui.widgets.work import begin_work
from tui.workspace.times import end_of_day, today_in
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.widgets.form import Form
    from tui.widgets.viewer import Viewer
    from tui.workspace.changes.plans import Plan

MOST_OF_TITLE = 24
"""Cells of a pane's title where it is only pointed at."""
TYPED_SECONDS = 0.15
"""What may pass until keys that have come are in the text that they are for."""
LONGEST_SLEEP, AFTER_MIDNIGHT = 3600.0, 1.0
"""Seconds that a day's end is slept for at most, since a machine that was asleep did not count
them, and how long after it one looks: the clock that is slept by is not the one that tells it."""
DRAFTS_TOLD_SECONDS = 0.4
"""How long a form's last news is waited for at the end."""


def deck_screen(app: App[Any]) -> DeckScreen | None:
    """The screen of the deck that is shown, below any dialog."""
    return next((one for one in reversed(app.screen_stack) if isinstance(one, DeckScreen)), None)


class DeckScreen(SharingScreen, Asking):
    """One of the screens. Subclasses set SCOPE, BINDINGS and `compose_body`.

    A screen composes panes and carries messages between them. Its own commands are those that
    mean all of it, such as to ask all services again.
    """

    MARKS: ClassVar[Sequence[tuple[str, str, str]]] = ()
    """Signs in its lists, each with what it is called and what it means: `?` tells them."""

    DEFAULT_CSS = """
    DeckScreen { layout: vertical; background: $background; }
    DeckScreen > .body { height: 1fr; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self._key_bar = KeyBar(
            more=KeyHint(self._first_key("deck.help"), "more", "deck.help"), id="keys"
        )
        self._news_line = StatusLine(id="news")
        self._tab_bar = TabBar(
            [
                Tab(scope, self._first_key(f"deck.{scope}"), title)
                for scope, title in SCREENS.items()
            ],
            self.SCOPE,
            id="tabs",
        )
        self._undo_of = ""
        self._is_filled = False
        self._opens_until = 0.0
        self._day: date | None = None
        self._looks_again = False
        deck = (key for one in in_scope("deck") for key in keys_of(one, workspace.settings.keys))
        self._everywhere_alike = frozenset((*deck, "escape", "ctrl+c"))

    def _first_key(self, id: str) -> str:
        """The key of a command as it is shown; empty where it has none."""
        keys = keys_of(COMMANDS[id], self.workspace.settings.keys)
        return shown_key(keys[0]) if keys else ""

    def compose(self) -> ComposeResult:
        """The frame around the body: tabs above, one line of news and the keys below."""
        yield self._tab_bar
        yield from self.compose_body()
        yield self._news_line
        self.refresh_hints()
        yield self._key_bar

    def compose_body(self) -> Iterable[Widget]:
        """The screen's own widgets."""
        return ()

    def show_standing(self) -> None:
        """Show how the changes stand: what waits above, what undo is for below."""
        if self._painted and "stand" in vars(self.workspace):
            standing = self.workspace.stand.now
            self._tab_bar.show_status(standing.words, "warn")
            if standing.undo != self._undo_of:
                self._undo_of = standing.undo
                self.refresh_hints()
            for pane in self.panes():
                pane.show_standing()

    def painted(self) -> None:
        """Begin to load once the first frame stands."""
        self.workspace.connections.embedded.told = self._tell
        self.workspace.connections.told = self._tell
        # Not needed before the first frame.
        from tui.workspace.beginning import begin_services

        begin_work(self, partial(begin_services, self.workspace, self.SCOPE), group="services")
        self.begin()
        self._look_whether_filled()
        self.show_standing()
        self._opens_until = 0.0
        self.watch(self.app, "app_focus", self._came_back, init=False)

    @on(Panel.Filled)
    def _look_whether_filled(self) -> None:
        if not (self._is_filled or any(one.awaits for one in self.panes() if one.display)):
            self._is_filled = True
            self.post_message(ScreenFilled())

    def _tell(self, text: str) -> None:
        self.app.post_message(Tell(text))

    def begin(self) -> None:
        """Load what the panes show: after the first paint, and when all is to be asked again."""
        for pane in self.panes():
            pane.begin()

    def resume(self) -> None:
        """The person came back to this screen: refresh what may have changed meanwhile."""
        for pane in self.panes():
            pane.resume()

    def resume_with_focus(self) -> None:
        """Look again when the person comes back from another window, or from a rest, too."""
        self._looks_again = True
        self.watch(self.app, "app_focus", self._focus_changed, init=False)

    def resume_with_day(self) -> None:
        """Look again when a day begins, too: what stays in front over midnight speaks of today."""
        where, now = self.workspace.zone, datetime.now(UTC)
        before, self._day = self._day, today_in(where, now)
        if before is not None and before != self._day:
            self._focus_changed(self.app.app_focus)
        left = (end_of_day(self._day, where) - now).total_seconds()
        self.set_timer(min(LONGEST_SLEEP, left + AFTER_MIDNIGHT), self.resume_with_day)

    def _focus_changed(self, focused: bool) -> None:
        if focused and self.is_current:
            self.resume()

    def record_here(self) -> Mapping[str, str]:
        """What names the record under the cursor, by the parameters of its service's operations:
        the console is filled from it.
        """
        return {}

    def reveal(self, key: str, kind: str = "") -> None:
        """Another screen points at something here: put the cursor on it, now or once it is loaded.

        `key` is what the use cases of this screen call it, `kind` what it is (see `Go`).
        """

    async def instead_of_undo(self, plan: Plan, passed: Sequence[Plan]) -> bool:
        """Offer something else, after those `passed` over just now; whether a person took it."""
        del plan, passed
        return False

    def on_screen_resume(self) -> None:
        """Tell the screen that it is seen again."""
        if not self._painted:
            self._opens_until = monotonic() + LOADING_SECONDS
        if self.is_mounted:
            self.resume()
            self.show_standing()
            self._came_back(self.app.app_focus)

    def came_back(self) -> None:
        """The first key after a rest: beside another deck nothing else says that one comes back."""
        if self._painted:
            if self._looks_again:
                self._focus_changed(True)
            self._came_back(True)

    def _came_back(self, focused: bool) -> None:
        """Another deck or command may have changed something: told as what this one changes."""
        if focused and self.is_current and "pump" in vars(self.workspace):
            begin_work(self, self._look_elsewhere, group="elsewhere", exclusive=True)

    async def _look_elsewhere(self) -> None:
        if await self.workspace.stand.elsewhere() and self.is_current:
            self.resume()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Tell the panes that they may not be seen any more."""
        for pane in self.panes():
            pane.suspend()

    # -- commands ---------------------------------------------------------------------------

    @property
    def focused_pane(self) -> Pane | None:
        """The pane that has the focus."""
        focused = self.focused
        above = focused.ancestors_with_self if focused is not None else ()
        return next((one for one in above if isinstance(one, Pane)), None)

    def offers(self) -> list[tuple[Asking, Command]]:
        """What can be done here and now, by whom: by the pane that has the focus, by the screen,
        and by the other panes what means all of the screen.
        """
        focused, found = self.focused_pane, dict[str, tuple[Asking, Command]]()

        def add(doer: Asking, commands: Iterable[Command]) -> None:
            for command in commands:
                offered = doer.offer(command)
                if offered is not None:
                    found.setdefault(command.id, (doer, offered))

        if focused is not None:
            add(focused, in_scope(focused.SCOPE))
        add(self, in_scope(self.SCOPE))
        for pane in self.panes():
            add(pane, (one for one in in_scope(pane.SCOPE) if one.name in pane.ANYWHERE))
        return list(found.values())

    def commands(self) -> list[Command]:
        """What can be done here and now, then the commands of the deck."""
        return [*(command for _, command in self.offers()), *in_scope("deck")]

    def hints(self) -> list[KeyHint]:
        """What the footer shows: the most important keys of the pane that has the focus, then
        those of the screen, then the deck's.
        """
        overrides, pane = self.workspace.settings.keys, self.focused_pane
        found = self.commands()
        own = {one.id for one in found if pane is not None and pane.offer(one) is not None}
        ranked = sorted(
            (one for one in found if one.rank and one.id != "deck.help"),
            key=lambda one: (one.scope == "deck", one.id not in own, one.rank),
        )
        return [
            KeyHint(
                shown_key(keys[0]),
                one.title,
                one.id,
                self._undo_of if one.id == "deck.undo" else "",
            )
            for one in ranked
            if (keys := keys_of(one, overrides))
        ]

    def refresh_hints(self) -> None:
        """Show the footer anew after what it depends on changed."""
        self._key_bar.show_hints(self.hints())

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Other keys where another pane has the focus."""
        self.refresh_hints()

    @on(RowsWidget.BareChanged)
    @on(Panel.Awaited)
    @on(Panel.Filled)
    def _rows_came_or_went(self) -> None:
        self.refresh_hints()

    async def action_command(self, id: str) -> None:
        """Have one of this screen's commands carried out where it belongs."""
        doer = next((doer for doer, command in self.offers() if command.id == id), None)
        if doer is not None:
            await doer.do(COMMANDS[id])
        else:
            self.flash(self.where(COMMANDS[id]), "warn")

    def refusal(self, command: Command) -> str:
        """Why a command of this screen or of the deck cannot be carried out now."""
        doer = next((doer for doer, one in self.offers() if one.id == command.id), self)
        return doer.allows(command)

    def where(self, command: Command) -> str:
        """Where a command is for, said to a person who is elsewhere."""
        # Its first part names it, and the key stays in sight where there is little room.
        titles = [
            clip(pane.title.partition(" · ")[0], MOST_OF_TITLE)
            for pane in self.panes()
            if pane.display and pane.offer(command) is not None
        ]
        there = f" It is for {' and '.join(titles)}: tab goes there." if titles else ""
        return f"{command.title} means nothing here.{there}"

    def busy_until(self, key: str) -> float:
        """See `TakesTime`: a command may be about to ask, and most keys are about what the pane
        with the focus is still loading. A click has no key: it is about what is seen.
        """
        about_content = bool(key) and key not in self._everywhere_alike and self.is_current
        doers: list[Asking] = [self, *self.panes()]
        until = max(one.patience.until(about_content=about_content) for one in doers)
        if about_content:
            focused = self.focused
            near = self.query(Panel) if focused is None else focused.ancestors_with_self
            loads = [one.loads_since for one in near if isinstance(one, Panel)]
            until = max(until, self._opens_until, *(since + LOADING_SECONDS for since in loads))
        return until

    @on(KeyBar.Pressed)
    async def _key_pressed(self, message: KeyBar.Pressed) -> None:
        await hand_over(self.app, CommandWanted(message.id))

    @on(TabBar.Pressed)
    async def _tab_pressed(self, message: TabBar.Pressed) -> None:
        await hand_over(self.app, CommandWanted(f"deck.{message.id}"))

    # -- told from above and below --------------------------------------------------------------

    def flash(self, text: str, role: Role = "text") -> None:
        """One line of news that goes by itself."""
        self._news_line.flash(text, role)

    def on_news(self, message: News) -> None:
        """Show what a pane tells."""
        message.stop()
        if message.unasked:
            self._news_line.mention(message.text, message.role)
        else:
            self.flash(message.text, message.role)

    def on_form_draft_changed(self, message: Form.DraftChanged) -> None:
        """Keep what is being typed; a full disk is said once it matters, at saving."""
        if message.form_id:
            begin_work(
                self,
                partial(self._keep_draft, message.form_id, message.values),
                group=f"draft-{message.form_id}",
            )

    async def _keep_draft(self, form_id: str, values: dict[str, str]) -> None:
        try:
            await self.workspace.forms.keep(form_id, values)
        except OSError as error:
            self.flash_error(error)

    async def drafts_kept(self) -> None:
        """Return once everything that was typed into a form of this screen is on the disk."""
        handled = Event()
        self.call_later(handled.set)  # after the drafts that are in this screen's queue
        with suppress(TimeoutError):
            await wait_for(handled.wait(), DRAFTS_TOLD_SECONDS)
        drafts = [one for one in self.workers if one.group.startswith("draft-")]
        if drafts:  # waiting for none of them waits for all workers that there are
            await self.workers.wait_for_complete(drafts)

    async def on_form_link_copy_wanted(self, message: Form.LinkCopyWanted) -> None:
        """Copy what a refusal links to; what came of it is read below the form."""
        await self.copy(message.link)

    async def on_viewer_copy_wanted(self, message: Viewer.CopyWanted) -> None:
        """Copy the whole text that is being read; the news is read below it."""
        await self.copy(message.text)


async def all_drafts_kept(
    screens: Iterable[DeckScreen],
    stacks: Iterable[Iterable[Screen[Any]]],
    at_rest: Callable[[], Awaitable[object]],
) -> None:
    """Return once everything that was typed into any form is on the disk: those of `screens`, and
    of the dialogs on the `stacks`. `at_rest` returns once the keys that have come are done.
    """
    running = [screen for screen in screens if screen.is_running]
    if not running:
        return
    # Keys that have come go to the text that they are for.
    with suppress(TimeoutError):
        await wait_for(at_rest(), TYPED_SECONDS)
    for stack in stacks:
        for shown in stack:
            getattr(shown, "tell_draft", lambda: None)()
    await gather(*(screen.drafts_kept() for screen in running))
