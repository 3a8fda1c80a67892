"""What a file has, what would be added of it, and adding that."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.containers import Vertical

from tui.screens.hours.rows import (
    VIEW_TITLES,
    VIEWS,
    View,
    becomes,
    columns_of,
    note_of,
    question_of,
    remarks_of,
    source_of,
    step_text,
    whole_text,
)
from tui.screens.pane import Pane
from tui.screens.saving import shown
from tui.spoken_keys import key_for, with_keys
from tui.widgets.grid import Grid
from tui.widgets.lines import Lines, Paragraph
from tui.words import counted, were
from tui.workspace.problems import NotALog
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.hours.hours import Added, Preview
    from tui.workspace.hours.plan import Step

NARROW = 110
EMPTY = (
    "<hours.open_file> opens a log of timewarrior, Watson, klog, Toggl, Clockify, "
    "Harvest, Kimai and others."
)
NO_WAY_BACK = "The service takes no block back: one is edited and deleted only on its own page."


class ImportPane(Pane):
    """One line an entry of the file."""

    SCOPE = "hours"
    KEYS: ClassVar[Mapping[str, str]] = {
        "add": "", "map": "", "view": "", "open_file": "", "place": "", "reads": "", "open": "",
        "back": "",
    }  # fmt: skip

    DEFAULT_CSS = """
    ImportPane Vertical { height: 1fr; }
    ImportPane #below { height: auto; max-height: 9; margin-top: 1; padding: 0 1; }
    """

    def __init__(self, workspace: Workspace) -> None:
        self.grid = Grid((), id="hours-grid", frozen=0, empty=with_keys(EMPTY))
        self.below = Lines(id="below")
        super().__init__(workspace, Vertical(self.grid, self.below), "Import hours", id="import")
        self._zone = workspace.zone
        self._file: Path | None = None
        self._preview: Preview | None = None
        self._way: View = "entries"
        self._reads = dict[str, str]()
        """What the file does not tell itself: `form`, `zone`, `dates`, `twice`, `place`."""
        self._said: tuple[str, list[str]] = ("", [])
        """Of the whole file: how much becomes what, and what is to be known besides."""
        self._adding = False
        self._stopped = False

    # -- loading and showing --------------------------------------------------------------------

    def reveal(self, key: str) -> None:
        """Look at another file."""
        if self._adding:
            self.flash(f"Hours are being added: {key_for('hours.back')} stops that first.", "warn")
            return
        self._file, self._preview, self._way = Path(key), None, "entries"
        self._reads = {}
        self.grid.focus()
        self.begin()

    def begin(self) -> None:
        """Read the file, and ask the service what of it is there."""
        if self._adding:
            return
        if self._file is None:
            self.show_content()
            return
        self.load("Reading the file and your blocks", self._load, has_content=self._stands)

    def _stands(self) -> str:
        return "what was read before" if self._preview is not None else ""

    async def _load(self) -> None:
        from tui.workspace.hours.entries import HoursError, Reading
        from tui.workspace.hours.reading import read_file
        from tui.workspace.times import read_clock, zone

        file, told = self._file, self._reads
        if file is None:
            return
        # A zone is a file of the machine.
        where = await to_thread(zone, told["zone"]) if told.get("zone") else self._zone
        which = {"first": 0, "second": 1}.get(told.get("twice", ""))
        dates: Literal["", "dmy", "mdy"] = ""
        if told.get("dates"):
            dates = "dmy" if told["dates"] == "dmy" else "mdy"
        person = told.get("person", "").strip()
        reading = Reading(where, datetime.now(UTC), which, dates, person)
        try:
            log = await to_thread(read_file, file, reading, told.get("form", ""))
        except HoursError as error:
            raise NotALog(str(error), service="hours") from error
        place = read_clock(told["place"]) if told.get("place") else None
        preview = await self.workspace.hours.preview(log, lambda _overview: {}, place_from=place)
        if file == self._file:
            self._preview = preview
            self._show_rows()

    def _show_rows(self) -> None:
        preview = self._preview
        if preview is None:
            return
        columns = columns_of(self._way, narrow=self._narrow)
        if [one.key for one in columns] != [one.key for one in self.grid.columns]:
            self.grid.set_columns(columns, frozen=0)
        empty = {"entries": "The file has no entries.", "trackers": "The file has no entries."}
        self.grid.empty_text = empty.get(self._way, "All of it could be read.")
        self.grid.set_source(source_of(preview, self._way, self._zone, narrow=self._narrow))
        self.show_content()
        self._said = note_of(preview), remarks_of(preview, 4 if self.app.size.height >= 30 else 2)
        self._tell()

    def _tell(self) -> None:
        preview, step = self._preview, self._step
        if preview is None or self._file is None:
            return
        note, remarks = self._said
        self.show_title(f"{VIEW_TITLES[self._way]} · {self._file.name} · {preview.log.form}", note)
        said = [Paragraph(one, "warn") for one in remarks]
        if step is not None:
            said.append(Paragraph(becomes(step), "muted"))
        self.below.show(said)

    @property
    def _narrow(self) -> bool:
        return self.app.size.width < NARROW

    def on_resize(self) -> None:
        """Other columns where the width asks for them."""
        self._show_rows()

    @property
    def _step(self) -> Step | None:
        """The entry under the cursor."""
        preview, key = self._preview, self.grid.cursor_key
        if preview is None or self._way != "entries" or not key:
            return None
        return preview.steps[int(key)]

    @on(Grid.Highlighted)
    def _moved(self, message: Grid.Highlighted) -> None:
        message.stop()
        if not self._adding:
            self._tell()

    @on(Grid.Selected)
    async def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    # -- commands ---------------------------------------------------------------------------------

    async def command_open_file(self) -> None:
        """Look at another file."""
        from tui.screens.opening import ask_file

        before = shown(self._file) if self._file is not None else ""
        file = await ask_file(self, "Import hours", "A log of hours, of any program", before)
        if file is not None:
            self.reveal(str(file))

    def command_view(self) -> None:
        """Its entries, then the sums by tracker, then what could not be read."""
        self._way = VIEWS[(VIEWS.index(self._way) + 1) % len(VIEWS)]
        self._show_rows()

    async def command_open(self) -> None:
        """Say the tracker where there is none, else all of the entry."""
        from tui.workspace.hours.plan import State

        preview, step = self._preview, self._step
        if preview is None:
            await self.command_open_file()
        elif step is None:
            problems = [f"{preview.log.unit} {one.at}: {one.words}" for one in preview.log.problems]
            await self.read("Import hours", whole_text(preview, problems))
        elif step.state is State.UNMAPPED:
            await self._ask_tracker(step.entry.name)
        else:
            await self.read("Entry", step_text(step, preview))

    async def command_copy(self) -> None:
        """Copy the line under the cursor."""
        if self.grid.cursor_text:
            await self.copy(self.grid.cursor_text)
        else:
            self.flash("There is nothing to copy.", "warn")

    async def command_map(self) -> None:
        """Say which tracker the name of the entry is."""
        step, preview = self._step, self._preview
        if step is not None:
            await self._ask_tracker(step.entry.name)
        elif preview is not None and preview.unmapped():
            await self._ask_tracker(preview.unmapped()[0][0])
        else:
            self.flash("The cursor is on no entry.", "warn")

    async def command_map_others(self) -> None:
        """Say which tracker every name is that is none yet."""
        from tui.workspace.hours.names import ALL

        await self._ask_tracker(ALL)

    async def _ask_tracker(self, name: str, left: int = 0) -> bool:
        """Whether a person said it, or left it out; `left` names are asked for after it."""
        from tui.screens.hours.trackers import ask_tracker

        preview = self._preview
        if preview is None or self._adding:
            return False
        tracker = await ask_tracker(self, preview, name, left)
        if tracker:
            await self.workspace.hours.say(name, tracker)
            await self._load()
        return tracker is not None

    async def command_place(self) -> None:
        """Say from which time on lengths without times are put into the gaps of their day."""
        from tui.widgets.dialogs import TextPrompt
        from tui.workspace.times import TimeTextError, read_clock

        def wrong(text: str) -> str | None:
            try:
                if text.strip():
                    read_clock(text)
            except TimeTextError as error:
                return str(error)
            return None

        label = "Lengths without times go into the gaps of their day from then on; empty: not."
        value = self._reads.get("place") or "9:00"
        typed = await self.ask(TextPrompt("Place lengths", label=label, value=value, check=wrong))
        if typed is not None:
            self._reads["place"] = typed.strip()
            self.begin()

    async def command_reads(self) -> None:
        """Say what the file does not tell: its format, its zone, its dates."""
        from tui.screens.hours.reads import ask_reads

        if self._file is not None and await ask_reads(self, self._reads):
            self.begin()

    # -- adding -----------------------------------------------------------------------------------

    def stop(self) -> bool:
        """Add no further; False where nothing is being added."""
        if self._adding and not self._stopped:
            self._stopped = True
            self.flash("It stops after the block that is on its way …")
        return self._adding

    async def command_add(self) -> None:
        """Ask for the trackers that are missing, then add what is new."""
        from tui.widgets.dialogs import Confirm

        preview = self._preview
        if preview is None or self._adding:
            self.flash("There is nothing to add yet." if not self._adding else "It is on its way.")
            return
        for name, _ in preview.unmapped():
            still = [one for one, _ in self._preview.unmapped()] if self._preview else []
            if name in still and not await self._ask_tracker(name, len(still) - 1):
                break
        preview = self._preview
        if preview is None or not preview.new:
            self.flash("There is nothing new in the file.", "warn")
            return
        if not await self.ask(
            Confirm("Import hours", question_of(preview), loses=NO_WAY_BACK, yes="add them")
        ):
            return
        self._adding, self._stopped = True, False
        try:
            result = await self.workspace.hours.add(preview, self._told, self._goes_on)
        finally:
            self._adding = False
            self.begin()
        await self._say(result, preview)

    def _goes_on(self) -> bool:
        return not self._stopped

    def _told(self, done: int, of: int) -> None:
        if done % 5 == 0:
            self.show_title(
                f"Adding · {self._file.name if self._file else ''}",
                f"{done:,} of {of:,} · {key_for('hours.back')} stops",
            )

    async def _say(self, result: Added, preview: Preview) -> None:
        said = [f"{counted(result.added, 'block')} {were(result.added)} added."]
        if result.waiting:
            said.append(f"{counted(result.waiting, 'block')} kept until the way is open.")
        if result.left:
            said.append(f"{result.left:,} not: stopped. {key_for('hours.add')} goes on.")
        if result.refused:
            lines = [
                f"{preview.log.unit} {step.entry.at}: {words}" for step, words in result.refused
            ]
            await self.read("The service refused", "\n".join(lines))
            said.append(f"{counted(len(result.refused), 'block')} refused.")
        whole = not (result.waiting or result.left or result.refused)
        self.flash(" ".join(said), "good" if whole else "warn")
