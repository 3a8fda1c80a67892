"""How a panel is filled: what is on its way, what stands meanwhile, and what is said of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.worker import Worker

from tui.screens.absent import absent
from tui.spoken_keys import key_for
from tui.widgets.panel import Panel
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED, NotConnected, describe
from tui.workspace.text import clean

PATIENCE = 0.3
"""Seconds that what stands in a panel may stay before it gives way to "Loading"."""

Work = Callable[[], Awaitable[None]]
Stands = Callable[[], str]
"""What stands there already, such as "as of 14:02"; empty where nothing does."""


def nothing() -> str:
    """Nothing stands there."""
    return ""


def show_failure(panel: Panel, error: BaseException, stands: str) -> None:
    """Say what failed in place of the content, or above what `stands` there and is old now."""
    problem = describe(error)
    if isinstance(error, NotConnected) and not stands:
        # Nothing has failed: it was never asked, and is said as what stands beside it says it.
        panel.show_empty(absent(error.service))
    elif stands:
        panel.show_stale(f"{stands} · {problem.happened}")
    else:
        connect = f"{key_for('deck.connect')} connects the service." if problem.can_connect else ""
        panel.show_error(
            f"{problem.title}. {problem.happened}",
            problem.kept,
            connect or problem.next,
            again=problem.can_retry,
        )


class Loader:
    """Loads into one panel; a newer load of it replaces the one that is on its way."""

    def __init__(
        self,
        panel: Panel,
        prepare: Callable[[], Awaitable[None]],
        failed: Callable[[BaseException, str], None],
    ) -> None:
        """`prepare` is awaited before any work; `failed` says an error, and what stands there."""
        self._panel = panel
        self._prepare = prepare
        self._failed = failed
        self._again: Callable[[], None] | None = None
        self._on_its_way: Worker[None] | None = None
        self._stands: Stands = nothing

    def load(
        self, what: str, work: Work, has_content: Stands = nothing, *, after: float = 0.0
    ) -> None:
        """Run `work`, which fills the panel's content.

        While there is nothing to show the panel says that `what` loads (esc gives up), where that
        takes longer than `after`; until then there stands what stood there. What
        fails is said in place, with what to do (r tries again). What stands there already
        stays, with an ellipsis beside the title while it is read anew, and marked as old when
        that fails. What of a service's lists could not be read is said in a line.
        """
        panel = self._panel
        self._stands = has_content
        self._again = lambda: self.load(what, work, has_content, after=after)
        if not has_content():
            panel.show_loading(what, after=after)
        panel.show_busy(bool(has_content()))

        async def run() -> None:
            # Not needed before the first frame.
            from tui.workspace.partial import collecting, sentences

            try:
                with collecting() as left_out:
                    await self._prepare()
                    await work()
            except EXPECTED as error:
                self._failed(error, has_content())
            else:
                if panel.state in ("loading", "error") or panel.is_stale:
                    panel.show_content()
                if left_out:
                    panel.show_partial(clean("; ".join(sentences(left_out))))
            # Not where it was cancelled: a newer load is on its way then.
            panel.show_busy(False)
            panel.post_message(panel.Filled(panel))

        # The function, not its coroutine: one that is cancelled before it begins is never made.
        self._on_its_way = begin_work(panel, run, name=what, group="load", exclusive=True)

    def load_beside(self, what: str, work: Work, has_content: Stands = nothing) -> None:
        """`load` for what follows a cursor: the pane says that it loads only when that takes time.

        What stood there belongs to something else: when loading fails it stays only where
        `has_content` says what of the new thing is shown by then.
        """
        panel = self._panel
        begun = over = False

        def slow() -> None:
            # A timer that is stopped may have called already: what it calls waits in a queue.
            if not over and not has_content():
                panel.show_loading(what)

        async def patient() -> None:
            nonlocal begun, over
            begun = True
            timer = panel.set_timer(PATIENCE, slow)
            try:
                await work()
            finally:
                over = True
                timer.stop()

        def stands() -> str:
            return has_content() if begun else "what stands there"

        self.load(what, patient, stands)
        self._stands = has_content

    @property
    def awaits(self) -> bool:
        """Whether something loads and nothing stands there meanwhile."""
        loads = self._on_its_way
        return loads is not None and not loads.is_finished and not self._stands()

    @property
    def on_its_way(self) -> Worker[None] | None:
        """What loads now, or did so last."""
        return self._on_its_way

    def retry(self) -> None:
        """Load once more what was loaded last."""
        if self._again is not None:
            self._again()

    def give_up(self) -> None:
        """Wait no longer for what is on its way."""
        if self._on_its_way is not None:
            self._on_its_way.cancel()
            self._on_its_way = None
        self._panel.show_empty(
            "Given up before it was loaded.", f"{key_for('pane.retry')} loads it."
        )
