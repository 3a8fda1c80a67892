"""A document as PDF/A-3, set by typst from a template that a person can change."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec

from tui.workspace.invoices.amounts import digits_of
from tui.workspace.invoices.documents import figures
from tui.workspace.invoices.documents.document import Document
from tui.workspace.invoices.documents.outcome import DocumentError, MissingExtra, Written
from tui.workspace.invoices.documents.page import page_of
from tui.workspace.invoices.documents.reckoning import totals

TEMPLATE = Path(__file__).with_name("templates") / "invoice.typ"
STANDARD: Final = "a-3b"
"""The standard that may have files of any kind attached."""
MISSING = "\N{WHITE SQUARE}"
"""What stands for a character that no font has: PDF/A takes none without a shape."""
MOST_MISSING = 50
"""Different characters that are replaced; who has more wants another font in the template."""
_NO_SHAPE = re.compile(r'the text `?"((?:[^"\\]|\\.)+)"`? could not be displayed')
_PLACE = re.compile(r"┌─ .*?:(\d+):\d+\n")
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}")


def pdf(document: Document, template: Path | None = None) -> Written:
    """The pages. The template finds the texts of `Page` as JSON in `sys.inputs.page`; it may read
    files beside it, such as a logo, and no others.

    The fonts that typst brings come first, so that the document is the same on every machine;
    where they lack a character, those of the machine are looked through as well.

    Raises DocumentError where the template is none, MissingExtra without typst.
    """
    path = TEMPLATE if template is None else template.expanduser()
    if not path.is_file():
        raise DocumentError(f"invoices.template: there is no file {path}")
    page = msgspec.json.encode(page_of(document)).decode()
    missing: list[str] = []
    own_fonts = template is None
    for _ in range(MOST_MISSING):
        try:
            made = _compiled(path, page, own_fonts=own_fonts)
            said = [] if template is None else _left_out(made, document)
            if missing:
                said.append(f"no font has {' '.join(missing)}: {MISSING} stands for it in the PDF")
            return Written(made, tuple(said))
        except _NoShape as error:
            if own_fonts:
                own_fonts = False
                continue
            missing.append(error.text)
            page = page.replace(error.text, MISSING)
    raise DocumentError(f"{path}: its fonts lack too many characters: {' '.join(missing)}")


def _left_out(made: bytes, document: Document) -> list[str]:
    """What a person's own template does not show, though a client could not do without it."""
    try:
        from pypdf import PdfReader
    except ImportError:
        raise MissingExtra("pypdf, which reads PDFs,", "invoice") from None
    pages = PdfReader(BytesIO(made)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    if not text:
        return ["the PDF is blank: the template shows no text of the invoice"]
    digits = digits_of(document.currency)
    total = figures.number(totals(document).gross, document.language, digits)
    wanted = {"number": document.number, "total": total}
    lacks = [name for name, value in wanted.items() if "".join(value.split()) not in text]
    return [f"the template does not show the {' and the '.join(lacks)}"] if lacks else []


class _NoShape(Exception):
    """No font has a character."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def _compiled(path: Path, page: str, *, own_fonts: bool) -> bytes:
    try:
        import typst
    except ImportError:
        raise MissingExtra("typst, which sets PDFs,", "invoice") from None
    try:
        made = typst.compile(
            str(path),
            root=str(path.parent),
            format="pdf",
            sys_inputs={"page": page},
            pdf_standards=[STANDARD],
            ignore_system_fonts=own_fonts,
        )
    except RuntimeError as error:
        found = _NO_SHAPE.search(str(error))
        text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]) if found else ""
        if text and text in page:
            raise _NoShape(text) from None
        # Where it is stands only in the picture that typst draws of it.
        at = _PLACE.search(str(getattr(error, "diagnostic", "")))
        place = f"{path}, line {at[1]}" if at else str(path)
        raise DocumentError(f"{place}: typst cannot set it: {error}") from error
    if not isinstance(made, bytes):
        raise DocumentError(f"{path}: typst made several files of it instead of one")
    return made
