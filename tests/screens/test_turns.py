"""Keys come one after the other, however they are packed: random keys in random packets do what
the same keys do one at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from inspect import getsource
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Key, MouseDown, MouseUp, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

from tests.deck import deck_of, locations_in, opened, patient_keys, screen_text, until
from tests.harness import EmbeddedServer
from tests.patient import MOST_SECONDS
from tests.widgets.hosts import THEMES
from tui.config.load import load
from tui.screens import base, patience
from tui.screens.base import DeckScreen
from tui.widgets import turns
from tui.widgets.dialogs import Confirm
from tui.widgets.filterline import FilterLine
from tui.widgets.form import Form
from tui.widgets.form_values import FormField
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.panel import Panel
from tui.widgets.theme import load_theme
from tui.widgets.turns import InTurn
from tui.widgets.waiting import Waiting
from tui.workspace.problems import GivenUp
from tui.workspace.workspace import Workspace

CHARACTERS = {"space": " ", "slash": "/", "enter": "\r"}
KEYS = [
    *"adtqxyjk", "space", "slash", "enter", "enter", "tab", "shift+tab", "up", "down", "escape",
    "ctrl+o", "ctrl+o", "f2", "backspace", "G",
]  # fmt: skip


def press(app: App[Any], *keys: str) -> None:
    """Keys as a terminal sends them: nobody waits for what they do."""
    for key in keys:
        event = Key(key, CHARACTERS.get(key, key if len(key) == 1 else None))
        event.set_sender(app)
        app.post_message(event)


class Desk(DeckScreen):
    """A list, its filter, a command that opens a form, one that asks, one that has priority."""

    SCOPE = "live"
    AUTO_FOCUS = "Outline"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "begin('form')", "Form"),
        Binding("d", "begin('question')", "Question"),
        Binding("slash", "filter", "Filter"),
        Binding("f5", "note", "Note", priority=True),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.done: list[object] = []
        self.rows: asyncio.Queue[int] = asyncio.Queue()
        """Where the cursor has been."""

    def compose_body(self) -> Iterable[Widget]:
        yield Panel(Outline([Node(f"n{n}", f"Node {n}") for n in range(9)]), "Nodes")
        yield FilterLine()

    def action_begin(self, name: str) -> None:
        self.carry_out(getattr(self, f"_{name}"), name)

    async def _form(self) -> None:
        await asyncio.sleep(0)  # what it shows may have to be read first
        fields = [FormField("name", "Name", required=True), FormField("text", "Text", "lines")]
        await self.ask_form(
            "desk", "Form", [*fields, FormField("sure", "Sure", "boolean")], self._save
        )

    async def _save(self, values: Mapping[str, Any]) -> str:
        await asyncio.sleep(0)
        self.done.append(dict(values))
        return ""

    async def _question(self) -> None:
        self.done.append(await self.ask(Confirm("Delete", "Delete it?")))

    def action_filter(self) -> None:
        self.query_one(FilterLine).open()

    def action_note(self) -> None:
        self.done.append(self.query_one(FilterLine).value)

    def on_outline_highlighted(self, message: Outline.Highlighted) -> None:
        self.rows.put_nowait(message.outline.cursor_row)

    def on_filter_line_edited(self, message: FilterLine.Edited) -> None:
        self.query_one(Outline).set_filter(message.text)


class Bench(InTurn):
    """The application around desks, of which each is new."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "note", "Note", priority=True)]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        theme = load_theme("nightwatch", [THEMES])
        self.register_theme(theme)
        self.theme = theme.name
        self._folder = folder
        self._desks = 0
        self.breaks: asyncio.Queue[int] = asyncio.Queue()
        """Where the cursor was at each ctrl+c."""
        self.desk = self.new_desk()

    def action_note(self) -> None:
        self.breaks.put_nowait(self.desk.query_one(Outline).cursor_row)

    def new_desk(self) -> Desk:
        """One whose drafts are its own."""
        self._desks += 1
        folder = self._folder / str(self._desks)
        settings = load(folder / "none", flags={"embedded.use": "never"}, environment={})
        return Desk(Workspace(settings, locations_in(folder)))

    async def begin_anew(self) -> None:
        """Leave whatever is open for another desk."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
            await self.at_rest()
        self.desk = self.new_desk()
        await self.push_screen(self.desk)
        await self.at_rest()


def state(app: Bench) -> tuple[object, ...]:
    """All that the keys can have changed."""
    form = app.screen
    return (
        app.desk.done,
        [type(screen).__name__ for screen in app.screen_stack[1:]],
        form.texts if isinstance(form, Form) else None,
        str((app.focused and app.focused.id) or type(app.focused).__name__),
        app.desk.query_one(Outline).cursor_row,
        app.desk.query_one(FilterLine).value,
    )


async def outcome(
    app: Bench, packets: Sequence[Sequence[str]], turns: Sequence[int]
) -> tuple[object, ...]:
    """What the packets come to; after each the loop turns so often, or comes to rest (0)."""
    await app.begin_anew()
    for packet, times in zip(packets, turns, strict=True):
        press(app, *packet)
        for _ in range(times):
            await asyncio.sleep(0)
        if not times:
            await app.at_rest()
    await app.at_rest()
    return state(app)


@pytest.fixture(scope="module")
def patient() -> Iterator[None]:
    """A busy machine takes its time for what a key has begun."""
    with patient_keys():
        yield


@pytest.fixture(scope="module")
def run(patient: None) -> Iterator[Callable[..., tuple[object, ...]]]:
    """`outcome` in one application for all examples."""
    with TemporaryDirectory() as folder, asyncio.Runner() as runner:
        app = Bench(Path(folder))
        running = app.run_test(size=(80, 24))
        runner.run(running.__aenter__())
        yield lambda packets, turns: runner.run(outcome(app, packets, turns))
        runner.run(running.__aexit__(None, None, None))


PACKETS = st.lists(
    st.tuples(st.lists(st.sampled_from(KEYS), min_size=1, max_size=8), st.integers(1, 12)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=30)
@given(PACKETS)
@example([(["a", "x", "ctrl+o", "j"], 1)])
@example([(["a"], 1), (["x", "y", "f2"], 1), (["d", "y"], 1)])
@example([(["slash", "3", "enter", "d", "y"], 1)])
@example([(["a", "ctrl+o", "x", "ctrl+o"], 1)])
def test_packets_do_what_single_keys_do(
    run: Callable[..., tuple[object, ...]], packets: list[tuple[list[str], int]]
) -> None:
    together = run([keys for keys, _ in packets], [times for _, times in packets])
    single = [[key] for packet, _ in packets for key in packet]
    assert together == run(single, [0] * len(single))


@pytest.mark.parametrize("save", ["ctrl+o", "f2"])
@pytest.mark.parametrize("times", range(1, 11))
def test_text_typed_just_before_saving_is_saved(
    run: Callable[..., tuple[object, ...]], save: str, times: int
) -> None:
    for packets in ([["a"], [*"abc", save]], [["a"], [*"abc"], [save]]):
        done, stack, *_ = run(packets, [0, times, 0][: len(packets)])
        assert (done, stack) == ([{"name": "abc", "text": None, "sure": False}], ["Desk"])


async def test_a_form_that_is_left_while_keys_are_on_their_way(
    tmp_path: Path, patient: None
) -> None:
    app = Bench(tmp_path)
    async with app.run_test(size=(80, 24)):
        await app.begin_anew()
        for turns in range(12):
            press(app, "a")
            await app.at_rest()
            form = app.screen
            assert isinstance(form, Form)
            press(app, "x", "y")
            for _ in range(turns):
                await asyncio.sleep(0)
            form.dismiss(None)  # as a click on Cancel does, which is in nobody's line
            await app.at_rest()
            # The keys that came too late went to the list, which has none of them.
            assert app.screen is app.desk


async def test_nothing_waits_and_nothing_runs_while_nobody_types(tmp_path: Path) -> None:
    app = Bench(tmp_path)
    async with app.run_test(size=(80, 24)):
        await app.begin_anew()
        press(app, "j")
        await asyncio.sleep(0)
        assert app._handing_on is None, "a key alone is taken at once"
        press(app, "j", "j")
        await app.at_rest()
        assert app._handing_on is None
        assert app.desk.query_one(Outline).cursor_row == 3


async def moved_to(app: Bench, row: int) -> None:
    """Until the cursor is there."""
    while await asyncio.wait_for(app.desk.rows.get(), MOST_SECONDS) < row:
        continue


async def test_a_handler_that_never_ends_does_not_hold_the_keys_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.05)
    app = Bench(tmp_path)
    async with app.run_test(size=(80, 24)):
        await app.begin_anew()
        stuck = asyncio.Event()
        app.desk.query_one(FilterLine).call_later(stuck.wait)
        await asyncio.sleep(0)
        press(app, "j", "j")
        await moved_to(app, 2)
        stuck.set()


async def test_ctrl_c_does_not_wait_behind_keys_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 3600.0)
    app = Bench(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.begin_anew()
        stuck = asyncio.Event()
        app.desk.query_one(FilterLine).call_later(stuck.wait)
        await asyncio.sleep(0)
        press(app, "j", "j", "ctrl+c", "ctrl+c", "j")
        for _ in range(2):
            assert await asyncio.wait_for(app.breaks.get(), MOST_SECONDS) == 0
        said = [note.message for note in app._notifications]
        assert said == ["2 keys typed before ctrl+c were not taken."]
        stuck.set()
        await moved_to(app, 1)
        await pilot.pause()
        assert app.desk.query_one(Outline).cursor_row == 1, "what came after it is taken"


async def test_what_is_typed_just_before_ctrl_c_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "BREAK_OFF_SECONDS", 3600.0)
    app = Bench(tmp_path)
    async with app.run_test(size=(80, 24)):
        await app.begin_anew()
        press(app, "j", "j", "j", "ctrl+c")
        assert await asyncio.wait_for(app.breaks.get(), MOST_SECONDS) == 3
        assert not len(app._notifications)


async def test_a_slow_command_holds_the_keys_for_a_moment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "COMMAND_SECONDS", 0.05)
    app = Bench(tmp_path)
    async with app.run_test(size=(80, 24)):
        await app.begin_anew()
        answered = asyncio.Event()
        app.desk.carry_out(answered.wait, "slow")
        press(app, "j")
        await moved_to(app, 1)
        answered.set()


async def test_a_key_waits_longer_where_what_it_waits_for_gets_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, now = 0, monotonic()
    slow = asyncio.Event()

    def clock() -> float:
        return now

    async def half_a_second_late(pause: float) -> None:
        nonlocal looks, now
        looks, now = looks + 1, now + pause
        if looks <= 12:  # 6 s, and more than anything is waited for
            now += 0.5
        else:
            slow.set()
        await asyncio.sleep(pause)

    app = Bench(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.begin_anew()
        with monkeypatch.context() as here:
            here.setattr(turns, "sleep", half_a_second_late)
            for module in (turns, patience, base):
                here.setattr(module, "monotonic", clock)

            async def form_at_last() -> None:
                await slow.wait()
                await app.desk._form()

            app.desk.carry_out(form_at_last, "form")
            press(app, "x", "y")
            await asyncio.wait_for(slow.wait(), MOST_SECONDS)
            await until(pilot, lambda: not app._line)
        await app.at_rest()
        form = app.screen
        assert isinstance(form, Form)
        assert form.texts["name"] == "xy", "what is typed for a form is not the list's"


async def test_the_mouse_waits_for_the_keys_before_it(tmp_path: Path) -> None:
    app = Bench(tmp_path)
    async with app.run_test(size=(80, 24)):
        await app.begin_anew()
        outline = app.desk.query_one(Outline)
        x, y = outline.region.x + 5, outline.region.y + 6
        press(app, "slash", "7")
        for kind in (MouseDown, MouseUp):
            app.post_message(kind(None, x, y, 0, 0, 1, False, False, False))
        await app.at_rest()
        assert app.desk.query_one(FilterLine).value == "7"
        assert app.focused is outline, "the click came last"


async def test_keys_for_a_screen_that_still_loads_wait_for_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async def chosen(folder: Path, *packets: Sequence[str]) -> tuple[object, ...]:
        app = deck_of(server, folder, "timers", timetonic__events="off")
        async with opened(app) as pilot:
            await until(pilot, lambda: "Sail wardrobe" in screen_text(pilot))
            for packet in packets:
                press(app, *packet)
                await pilot.pause()
                await until(pilot, lambda: not app._line)
                for panel in app.screen.query(Panel):
                    await until(pilot, lambda panel=panel: panel.state != "loading")
            await until(pilot, lambda: not list(app.workers), "nothing is asked for any more")
            shelf = app.screen.query_one("#shelf", Outline)
            table = app.screen.query_one("#table-panel", Panel)
            return shelf.cursor_row, app.focused and app.focused.id, table.title

    together = await chosen(tmp_path / "together", ["2", "j", "j", "enter"])
    assert together == await chosen(tmp_path / "single", ["2"], ["j"], ["j"], ["enter"])
    assert together[0] == 2


async def test_screens_are_changed_without_waiting_for_what_they_load(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Sail wardrobe" in screen_text(pilot))
        asked = asyncio.Event()

        async def never(*_: object) -> None:
            asked.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(app.workspace.invoices, "clients", never)
        # Set back before `opened` sets back what it has set itself: the other way round the patient
        # one would stay for every test after this one.
        with patch.object(patience, "LOADING_SECONDS", 3600.0):
            press(app, "6", "3")
            await until(pilot, lambda: getattr(app.screen, "SCOPE", "") == "tocks")


async def test_a_defect_in_the_line_of_keys_is_told(tmp_path: Path) -> None:
    """Nobody waits for what hands them on: the keyboard would be dead, and nobody knew why."""

    async def fail() -> None:
        raise RuntimeError("no such key")

    async def typed() -> None:
        app = Bench(tmp_path)
        async with app.run_test():
            await app.begin_anew()
            with patch.object(app, "_rest", fail):
                press(app, "a", "b", "c")
                await asyncio.wait_for(app._exception_event.wait(), MOST_SECONDS)

    with pytest.raises(RuntimeError, match="no such key"):
        await typed()


def test_what_is_used_of_textual_is_there() -> None:
    pump = MessagePump()
    assert pump._message_queue.values is not None
    assert not pump._message_queue.ready_event._waiters
    for name in ("_next_callbacks", "_closing", "_closed"):
        assert not getattr(pump, name)
    assert "self._callbacks" in getsource(Screen._invoke_later)
    assert "await self._check_bindings(event.key, priority=True)" in getsource(App.on_event)


async def test_what_is_typed_over_what_asks_nothing_is_for_what_follows_it(tmp_path: Path) -> None:
    app, done = Bench(tmp_path), asyncio.Event()

    async def reads_then_asks() -> None:
        await app.desk.wait_for("Rows", "Reading all rows …", done.wait(), GivenUp("given up"))
        await app.desk._form()

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await app.begin_anew()
        app.desk.carry_out(reads_then_asks, "reads")
        await until(pilot, lambda: isinstance(app.screen, Waiting))
        press(app, "j")
        app.post_message(Paste("k l"))
        press(app, "q")
        for _ in range(3):
            await app.at_rest()
            assert isinstance(app.screen, Waiting)
        assert len(app._line) == 3, "they wait as long as it stands"
        done.set()
        await until(pilot, lambda: isinstance(app.screen, Form) and not app._line)
        await app.at_rest()
        assert isinstance(app.screen, Form)
        assert app.screen.texts["name"] == "jk lq"
        assert app.desk.query_one(Outline).cursor_row == 0


async def test_what_is_waited_for_is_given_up_by_a_key_that_passes_those_before_it(
    tmp_path: Path,
) -> None:
    app = Bench(tmp_path)

    async def reads() -> None:
        never = asyncio.Event()
        await app.desk.wait_for("Rows", "Reading all rows …", never.wait(), GivenUp("given up"))

    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await app.begin_anew()
        app.desk.carry_out(reads, "reads")
        await until(pilot, lambda: isinstance(app.screen, Waiting))
        press(app, "d", "y")
        await until(pilot, lambda: isinstance(app.screen, Waiting) and app.screen.is_told("escape"))
        press(app, "escape")
        await until(pilot, lambda: app.screen is app.desk and not app._line)
        assert not app.desk.done, "no question was answered"
        assert [str(one.message) for one in app._notifications] == [
            "2 keys typed before esc were not taken."
        ]
