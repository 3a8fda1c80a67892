"""A file of instruments, or a track, into a session: looked at first, kept on request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.screens.opening import ask_file
from tui.screens.sessions.rows import session_name
from tui.widgets.dialogs import Choice, TextPrompt
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.problems import EXPECTED, GivenUp
from tui.workspace.sessions.bringing import (
    HEADINGS,
    SIDES,
    Answers,
    BroughtFile,
    boat_lines,
    bring,
    event_lines,
    kept_news,
    lacks_day,
    lacks_heading,
    lacks_heel,
    lacks_leniency,
    reach_text,
    remarks,
    told,
)
from tui.workspace.times import TimeTextError, read_day

if TYPE_CHECKING:
    from tui.workspace.sessions.sessions import Session

NOTHING_DONE = "Given up: nothing was kept"
LABEL = "GPX, NMEA, VKX, FIT, CSV, JSON"


async def bring_file(asker: Asking, session: Session) -> bool:
    """Ask for a file, say what is in it, and keep what is new; whether anything was kept."""
    path = await ask_file(asker, f"Into {session_name(session)}", LABEL)
    if path is None:
        return False
    answers = Answers()
    while True:
        try:
            found = await _sent(asker, session, path, answers, keep=False)
        except EXPECTED as error:
            # Why, and what to do instead: a line of news has no room for it.
            await asker.tell_failure(path.name, error)
            return False
        await asker.read(path.name, "\n".join(_said(asker, session, found)))
        chosen = await _chosen(asker, session, found, lenient=answers.lenient)
        if chosen == "keep":
            kept = await _sent(asker, session, path, answers, keep=True)
            asker.flash(f"{kept_news(kept, session_name(session))}.", "good")
            return True
        if chosen is None:
            return False
        if chosen == "lenient":
            answers = replace(answers, lenient=True)
        elif chosen == "heading":
            said = await _one_of(asker, "What its heading is", HEADINGS)
            answers = replace(answers, heading=said or answers.heading)
        elif chosen == "heel":
            said = await _one_of(asker, "The side to which its heel above 0 is", SIDES)
            answers = replace(answers, heel=said or answers.heel)
        else:
            answers = replace(answers, day=await _day(asker) or answers.day)


async def _one_of(asker: Asking, title: str, words: tuple[str, ...]) -> str | None:
    return await asker.ask(Choice(title, [Node(word, word.capitalize()) for word in words]))


async def _sent(
    asker: Asking, session: Session, path: Path, answers: Answers, *, keep: bool
) -> BroughtFile:
    work = bring(asker.workspace.connections, session.id, path, answers, keep=keep)
    return await asker.wait_for(path.name, "Reading it …", work, GivenUp(NOTHING_DONE))


def _said(asker: Asking, session: Session, found: BroughtFile) -> list[str]:
    lines = [f"{told(found)}."]
    if reach := reach_text(found, session, asker.workspace.zone):
        lines.append(f"! {reach}.")
    lines += boat_lines(found, asker.workspace.zone)
    lines += [f"{line}." for line in event_lines(found, asker.workspace.zone)]
    lines += [f"{remark}." for remark in remarks(found)]
    return [*lines, "", "Nothing is kept yet: once this is closed you are asked."]


async def _chosen(
    asker: Asking, session: Session, found: BroughtFile, *, lenient: bool
) -> str | None:
    """What to do with it; None for nothing, which is said where nothing can be done."""
    nodes = []
    if not found.nothing_new:
        detail = f"as {counted(len(found.boats), 'boat')}; nothing takes it back"
        notes = f" and {counted(found.new_events, 'note')}" if found.new_events else ""
        kept = f"Keep {counted(found.new, 'new sample')}{notes}"
        nodes.append(Node("keep", kept, detail=detail))
    if lacks_day(found):
        nodes.append(Node("day", "Say its day", detail="it has times without a date"))
    if lacks_heading(found):
        nodes.append(Node("heading", "Say what its heading is", detail="true or magnetic"))
    if lacks_heel(found):
        nodes.append(Node("heel", "Say the side of its heel", detail="which is above 0"))
    if lacks_leniency(found) and not lenient:
        detail = "whose checksum is missing, or of the address only"
        nodes.append(Node("lenient", "Read the lines", detail=detail))
    if not nodes:
        news = "All of it is there already" if found.boats else "Nothing of it can be read"
        asker.flash(f"{news}: nothing was kept.", "warn")
        return None
    reach = reach_text(found, session, asker.workspace.zone)
    note = f"{reach[0].upper()}{reach[1:]}." if reach else ""
    return await asker.ask(Choice(f"Into {session_name(session)}", nodes, note=note))


async def _day(asker: Asking) -> date | None:
    zone = asker.workspace.zone

    def trouble(typed: str) -> str | None:
        try:
            read_day(typed, zone)
        except TimeTextError as error:
            return str(error)
        return None

    typed = await asker.ask(TextPrompt("The day of its times", label="Day", check=trouble))
    return read_day(typed, zone) if typed and typed.strip() else None
