"""Files of cells and of books: sent, fetched under a safe name, and which of them may be opened."""

from __future__ import annotations

import os
import unicodedata
from asyncio import to_thread
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from tui.services.going import telling
from tui.services.timetonic import Attachment, Book
from tui.services.timetonic.files import content_type_of
from tui.services.timetonic.table_records import Field, TableRow
from tui.words import counted, were
from tui.workspace.books.places import Place
from tui.workspace.changes.arguments import Told
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections

__all__ = [
    "NOTHING_WRITTEN", "OPENED", "Attachment", "Batch", "FileDesk", "batch_of", "beginning_of",
    "downloads", "free_path", "progress_text", "safe_name", "size_text", "why_not_opened",
]  # fmt: skip

NOTHING_WRITTEN = "Given up: nothing was written"
LONGEST = 180
"""Bytes of a file's name; file systems take 255, and a number or a mark may be added."""
LONGEST_ENDING = 16
MOST_OF_A_NAME = 1_000
"""Files of one name that are told apart by a number."""
BEGINNING = 1024
"""Bytes of a file's beginning by which a program is known."""

_TYPES = (
    "pdf txt md csv tsv json log ics vcf rtf epub gpx docx xlsx pptx odt ods odp"
    " png jpg jpeg gif webp bmp tif tiff heic avif"
    " mp3 ogg oga opus wav flac m4a aac mp4 m4v webm mkv mov avi"
)
OPENED = frozenset(f".{ending}" for ending in _TYPES.split())
"""Types that are handed to the system's program. Whatever else there is stays on the disk: what is
executed, and what could run something where it is opened (pages, SVG, documents with macros)."""
PROGRAMS = (
    b"#!", b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"[Desktop Entry]",
)  # fmt: skip
"""What files begin with that are executed, however they are called."""


class FileDesk:
    """The use cases around files."""

    def __init__(self, connections: Connections, history: History) -> None:
        self._connections = connections
        self._history = history

    @property
    def goes_on(self) -> bool:
        """Whether after a break only what is missing is sent (see `timetonic.uploads`)."""
        return self._connections.settings.timetonic.uploads == "in pieces"

    async def upload(
        self, place: Place, row: TableRow, field: Field, name: str, file: Path,
        told: Callable[[int], object],
    ) -> Attachment:  # fmt: skip
        """Put a file into a cell of the row that is called `name`; nothing takes it away again.

        `told` hears how many bytes have been handed on. Raises InvalidArgument for an empty file
        or one that cannot be read; OutcomeUnknown where it may have arrived.
        """
        client = await self._connections.timetonic()
        send = client.resumable_upload if self.goes_on else client.file_upload
        call = partial(
            send, file, row_id=row.id, field_id=field.id, b_c=place.book.b_c, b_o=place.book.b_o
        )
        with telling(told):
            return await self._history.write(
                f"Upload {file.name} into {field.name} of {name}",
                call,
                about={"cat_id": place.table.id},
            )

    async def attach(self, book: Book, file: Path, told: Callable[[int], object]) -> None:
        """Put a file into a book: as a message that is called like it, which files hang at.

        Raises as `upload` does.
        """
        title = f"Send the file {file.name} to {book.title}"
        await self._send_with(title, book, file.name, [file], told)

    async def send_with(
        self, book: Book, text: str, files: Sequence[Path], told: Callable[[int], object]
    ) -> None:
        """Send a message with files: its text first, then each file. `told` hears how many bytes
        of the file that is on its way have been handed on. Raises as `upload` does; what had been
        sent by then is the error's `progress`.
        """
        title = f"Send a message with {counted(len(files), 'file')} to {book.title}"
        await self._send_with(title, book, text, files, told)

    async def _send_with(
        self, title: str, book: Book, text: str, files: Sequence[Path],
        told: Callable[[int], object],
    ) -> None:  # fmt: skip
        client = await self._connections.timetonic()
        send = client.resumable_upload if self.goes_on else client.file_upload
        medias = sum(map(_is_media, files))
        docs = len(files) - medias
        told_id: Any = Told(0)
        with telling(told):
            await self._history.write_all(
                title,
                [
                    partial(
                        client.send_msg, text, b_c=book.b_c, b_o=book.b_o,
                        nb_docs=docs or None, nb_medias=medias or None,
                    ),
                    *(
                        partial(send, file, msg_id=told_id, b_c=book.b_c, b_o=book.b_o)
                        for file in files
                    ),
                ],
            )  # fmt: skip

    async def fetch(
        self, file: Attachment, folder: Path, told: Callable[[int], object]
    ) -> tuple[Path, int]:
        """Write a file into a folder, under its own name made safe and beside what is there; where
        that is, and how many bytes it has. `told` hears how many have come. Raises OSError.
        """
        path = await to_thread(free_path, folder, safe_name(file.name))
        try:
            return path, await self.fetch_to(file, path, told)
        except BaseException:
            await to_thread(path.unlink, missing_ok=True)
            raise

    async def fetch_to(
        self, file: Attachment, path: Path, told: Callable[[int], object] = lambda _size: None
    ) -> int:
        """Write a file to a path that the person gave; how many bytes it has. Raises OSError."""
        client = await self._connections.timetonic()
        address = file.url or _address(file, client.environment)
        return await client.download(address, path, told)


@dataclass(frozen=True)
class Batch:
    """Several files that are to go into a cell."""

    files: tuple[Path, ...]
    sizes: tuple[int, ...]
    """Their bytes."""
    remark: str
    """Which of those that were named stay out, and why."""


def batch_of(files: Sequence[Path], there: Sequence[Attachment]) -> Batch:
    """Those of some files that a cell does not hold yet, by name and size: after a break the
    others follow, and none comes twice. Raises OSError.
    """
    held = {one.name: one.size for one in there}
    sized = [(file, file.stat().st_size) for file in files]
    kept = [
        (file, size) for file, size in sized if size and held.get(file.name, -1) not in (size, None)
    ]
    empty = sum(not size for _, size in sized)
    known = len(sized) - len(kept) - empty
    remarks = [
        f"{counted(known, 'file')} {were(known)} there already, by name and size." if known else "",
        f"{counted(empty, 'file')} {were(empty)} empty." if empty else "",
    ]
    return Batch(
        tuple(file for file, _ in kept),
        tuple(size for _, size in kept),
        " ".join(filter(None, remarks)),
    )


def _is_media(file: Path) -> bool:
    """Whether the service counts a file among images, sounds and films."""
    return content_type_of(file).startswith(("image/", "audio/", "video/"))


def _address(attachment: Attachment, environment: str) -> str:
    """Where a message's file is. Messages do not tell it: taken to be the address that an
    upload's answer has (reference page, sections 5.6 and 7), made of the id and the name."""
    unique, name = (quote(part, safe="") for part in (attachment.uuid, attachment.name))
    return f"/{environment}/dbi/in/full/{unique}/{name}"


def safe_name(name: str) -> str:
    """A file name for what a service calls a file: never a path, never hidden, never special.

    Its ending stays where it is cut.
    """
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(mark if mark.isalnum() or mark in " ._-()" else "_" for mark in last)
    kept = kept.strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not stem or len(ending.encode()) > LONGEST_ENDING:
        stem, dot, ending = kept, "", ""
    room = LONGEST - len(f"{dot}{ending}".encode())
    stem = stem.encode()[:room].decode(errors="ignore").strip(" .")
    return f"{stem or 'file'}{dot}{ending}"


def free_path(folder: Path, name: str) -> Path:
    """The path of a new empty file in a folder: `name`, or `name (2)` beside what is there.

    It is there when this returns, so that nobody else takes the name meanwhile. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plain = PurePath(name)
    for number in range(1, MOST_OF_A_NAME):
        path = folder / (name if number == 1 else f"{plain.stem} ({number}){plain.suffix}")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"there are too many files called {name}")


def downloads() -> Path:
    """The person's directory for downloads, as the desktop has it; it need not be there yet."""
    from platformdirs import user_downloads_path

    return user_downloads_path()


def why_not_opened(name: str, beginning: bytes = b"") -> str:
    """Why a file is not handed to the system's program, in words; empty where it may be."""
    ending = PurePath(name).suffix.lower()
    if ending not in OPENED:
        what = f"Files of the type {ending}" if ending else "Files without a type"
        return f"{what} are not opened from here: something in them could be run."
    if beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(PROGRAMS):
        return f"It is not opened: by its content it is a program, and no {ending} file."
    return ""


def beginning_of(path: Path) -> bytes:
    """The first bytes of a file. Raises OSError."""
    with path.open("rb") as file:
        return file.read(BEGINNING)


def size_text(size: int) -> str:
    """Bytes as a person says them: `312 bytes`, `4.2 kB`, `12.0 MB`."""
    for unit, of in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= of:
            return f"{size / of:,.1f} {unit}"
    return counted(size, "byte")


def progress_text(done: int, size: int | None) -> str:
    """How far a file is: `3.1 MB of 12.0 MB, 25%`."""
    if not size:
        return size_text(done)
    done = min(done, size)
    return f"{size_text(done)} of {size_text(size)}, {100 * done // size}%"
