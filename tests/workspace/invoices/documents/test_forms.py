"""The forms in which a document leaves: nothing in them is a mark, and none lacks a line."""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from tests.workspace.invoices.documents.samples import (
    HOSTILE,
    NETHERLANDS,
    buyer,
    client,
    document,
    line,
    sample,
)
from tui.workspace.invoices.documents import document as d
from tui.workspace.invoices.documents import figures
from tui.workspace.invoices.documents.document import Language
from tui.workspace.invoices.documents.forms import FORMS, file_name, written
from tui.workspace.invoices.documents.outcome import DocumentError, MissingExtra
from tui.workspace.invoices.documents.pdf import MISSING, TEMPLATE

NASTY = "[bold](x) *a* <script>alert(1)</script> | `b` \x1b[31m\u202e =2+5 #{panic()}"


def text(form: str, one: d.Document) -> str:
    return written(one, form).content.decode()


def hostile() -> d.Document:
    return document(
        buyer=buyer(HOSTILE, name=NASTY),
        lines=(line(text=NASTY, note=f"- {NASTY}\n1. x\n# y"),),
        terms=f"===\n{NASTY}",
        language=Language.ENGLISH,
    )


@pytest.mark.parametrize(
    ("language", "number", "money", "day"),
    [
        (Language.ENGLISH, "\N{MINUS SIGN}1,234,567.891", "EUR 1,234.50", "3 March 2026"),
        (Language.GERMAN, "\N{MINUS SIGN}1.234.567,891", "1.234,50 EUR", "03.03.2026"),
        (Language.FRENCH, "\N{MINUS SIGN}1 234 567,891", "1 234,50 EUR", "03/03/2026"),
        (Language.DUTCH, "\N{MINUS SIGN}1.234.567,891", "EUR 1.234,50", "03-03-2026"),
    ],
)
def test_figures_are_those_of_the_language(
    language: Language, number: str, money: str, day: str
) -> None:
    narrow = "\N{NARROW NO-BREAK SPACE}"
    shown = figures.number(Decimal("-1234567.8910"), language)
    assert shown.replace(narrow, " ") == number
    assert figures.money(Decimal("1234.5"), "EUR", language).replace(narrow, " ") == money
    assert figures.day(date(2026, 3, 3), language) == day
    assert figures.money(Decimal("1234.5"), "BHD", Language.ENGLISH) == "BHD 1,234.500"
    assert figures.money(Decimal(1234), "JPY", Language.ENGLISH) == "JPY 1,234"
    one = document(language=language, issued=date(2026, 3, 3))
    for form in ("md", "html"):
        assert day in text(form, one)


def test_the_working_is_shown_and_so_is_what_does_not_add_up() -> None:
    first, second, third = document().lines
    english = Language.ENGLISH
    assert figures.working(first, "EUR", english) == "2:15 h × 62.50 = 140.63"
    less = "1:06:40 h × 57.255 = 63.62 \N{MINUS SIGN} 6.36 (10 %) = 57.26"
    assert figures.working(second, "EUR", english) == less
    assert figures.working(third, "EUR", Language.GERMAN) == "120 km × 0,30 = 36,00"
    week = replace(line(), seconds=5878, unit="WEE", price=Decimal("1733.35"))
    shown = "1:37:58 h / 40 h × 1,733.35 = 70.75"
    assert figures.working(week, "EUR", english) == shown
    minutes = replace(line(), seconds=600, unit="MIN", price=Decimal("1.1975"))
    assert figures.working(minutes, "EUR", english) == "0:10 h × 60 × 1.1975 = 11.98"
    wrong = replace(first, amount=Decimal("140.60"))
    assert figures.working(wrong, "EUR", english).endswith("= 140.63")
    assert "2:15 Std. × 62,50 = 140,63" in text("md", document())


class Tags(HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.add(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_nothing_of_the_data_is_a_mark() -> None:
    one = hostile()
    page = Tags(text("html", one))
    assert "script" not in page.names
    assert "<script>alert(1)</script>" in " ".join(page.said)
    md = text("md", one)
    assert "\x1b" not in md
    assert "\u202e" not in md
    rendered = Tags(MarkdownIt("commonmark", {"html": False}).enable("table").render(md))
    assert not {"em", "a", "code", "script", "img"} & rendered.names
    assert sum(one.startswith("# ") for one in md.splitlines()) == 1
    assert "<script>alert(1)</script>" in " ".join(rendered.said)
    rows = list(csv.DictReader(io.StringIO(text("csv", document(buyer=buyer(name="=2+5"))))))
    assert rows[0]["client"] == "'=2+5"


def test_the_lines_as_csv_are_numbers_and_iso_days() -> None:
    off = d.Adjustment(amount=Decimal(5), reason="Treue", vat=document().lines[0].vat)
    rows = list(csv.DictReader(io.StringIO(text("csv", document(adjustments=(off,))))))
    assert [row["amount"] for row in rows] == ["140.63", "57.26", "36.00", "-5.00"]
    assert rows[1]["adjustments"] == "-6.36"
    assert rows[1]["quantity"] == "1.1111"
    assert {row["issued"] for row in rows} == {"2026-03-02"}
    assert {row["vat_rate"] for row in rows} == {"19"}


def test_json_is_the_document_again() -> None:
    one = replace(hostile(), payments=(d.Payment(amount=Decimal("1.10"), day=date(2026, 1, 1)),))
    assert d.from_json(text("json", one)) == one
    assert '"1.10"' in text("json", one)


def pages(content: bytes) -> tuple[pypdf.PdfReader, str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def test_the_pdf_is_pdf_a_3_in_the_language_of_the_client() -> None:
    reader, shown = pages(written(document(NETHERLANDS), "pdf").content)
    assert b"<pdfaid:part>3</pdfaid:part>" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    for words in ("Factuur 2026-0003", "Te betalen", "02-03-2026", "IBAN", "Btw verlegd"):
        assert words in shown, words
    many = tuple(line(text=f"Line {at}") for at in range(200))
    reader, shown = pages(written(document(lines=many), "pdf").content)
    assert len(reader.pages) > 3
    assert "Line 199" in shown


@pytest.mark.parametrize(("rows", "notes", "whole"), [(40, 6, True), (3, 120, False)])
def test_a_row_is_on_one_page_unless_it_is_longer_than_that(
    rows: int, notes: int, whole: bool
) -> None:
    said = [[f"Row {row:02} note {at}" for at in range(notes)] for row in range(rows)]
    lines = tuple(line(text=one[0], note="\n".join(one[1:])) for one in said)
    reader, shown = pages(written(document(lines=lines), "pdf").content)
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) > 3
    split = [row for row in range(rows) if sum(f"Row {row:02} " in text for text in texts) > 1]
    assert (split == []) is whole
    assert all(note in shown for one in said for note in one), "nothing of it is lost"


def test_a_word_of_300_letters_breaks() -> None:
    long = document(buyer=buyer(name="G" * 300), lines=(line(text="W" * 300),))
    _, shown = pages(written(long, "pdf").content)
    assert "".join(shown.split()).count("W" * 20) >= 15
    assert max(map(len, shown.splitlines())) < 120


def test_what_no_font_has_is_seen_in_the_pdf_and_told() -> None:
    content, said = written(hostile(), "pdf")
    _, shown = pages(content)
    assert "#{panic()}" in shown
    assert said == () or MISSING in said[0]
    content, said = written(document(terms="Private \N{RECEIPT} \U0001fae8"), "pdf")
    assert MISSING in pages(content)[1] or not said


def test_a_template_of_ones_own_is_used_and_its_faults_are_told(tmp_path: Path) -> None:
    own = tmp_path / "own.typ"
    own.write_text(TEMPLATE.read_text().replace("#data.page_word", "Blatt"))
    assert "Blatt" in pages(written(document(), "pdf", own).content)[1]
    assert written(document(), "pdf", own).said == ()
    for template, words in (
        ("", "the PDF is blank: the template shows no text of the invoice"),
        ("Thank you.", "the template does not show the number and the total"),
    ):
        own.write_text(template)
        assert words in written(document(), "pdf", own).said
        assert words in written(document(), "facturx", own).said
    own.write_text("one\ntwo\n#let x = (\n")
    for form in ("pdf", "facturx"):
        with pytest.raises(DocumentError, match=r"own\.typ, line 3: typst cannot set it: unclosed"):
            written(document(), form, own)
    with pytest.raises(DocumentError, match="no file"):
        written(document(), "pdf", tmp_path / "none.typ")


def test_factur_x_is_a_pdf_with_its_data_attached() -> None:
    from tui.workspace.invoices.documents.electronic import cii

    one = document()
    reader, shown = pages(written(one, "facturx").content)
    assert "Rechnung 2026-0003" in shown
    assert reader.attachments["factur-x.xml"][0] == cii(one)
    root = reader.trailer["/Root"]
    assert [file.get_object()["/AFRelationship"] for file in root["/AF"]] == ["/Data"]
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    assert root["/Lang"] == "de"
    fonts = [one.get_object() for one in reader.pages[0]["/Resources"]["/Font"].values()]
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), "it is embedded"
    metadata = reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    assert b"EN 16931" in metadata
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata


def test_a_mail_is_a_draft_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = message_from_bytes(written(document(), "eml").content, policy=default)
    assert mail["To"] == "Harbour Film Collective <office@client1.example.com>"
    assert mail["Subject"] == "Rechnung 2026-0003 von Quayside Studio"
    assert mail["X-Unsent"] == "1"
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "Rechnung-2026-0003.pdf"
    assert attached.get_content().startswith(b"%PDF")
    assert "278,33 EUR" in mail.get_body().get_content()  # type: ignore[union-attr]
    evil = buyer(name="A\r\nBcc: x@y.z", email="a@b.c")
    assert b"\nBcc" not in written(document(buyer=evil), "eml").content
    with pytest.raises(DocumentError, match="no e-mail address"):
        written(document(buyer=buyer(email="nobody at all")), "eml")
    monkeypatch.setitem(sys.modules, "typst", None)
    content, said = written(document(), "eml")
    assert b"text/html" in content
    assert "tockdeck[invoice]" in said[0]


def test_a_missing_extra_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.workspace.invoices.documents import electronic, rules

    electronic._library.cache_clear()
    rules._engine.cache_clear()
    for name in ("typst", "facturx", "saxonche"):
        monkeypatch.setitem(sys.modules, name, None)
    for form in ("pdf", "facturx", "cii", "ubl", "xrechnung"):
        with pytest.raises(MissingExtra, match=r"pip install 'tockdeck\[invoice\]'"):
            written(document(), form)
    with pytest.raises(MissingExtra, match=r"pip install 'tockdeck\[check\]'"):
        rules._engine()
    for form in ("md", "html", "csv", "json"):
        assert written(document(), form).content


def test_a_file_is_called_by_kind_and_number_and_names_nothing_else() -> None:
    assert file_name(document(), "pdf") == "Rechnung-2026-0003.pdf"
    assert file_name(document(number="../../etc/x"), "md") == "Rechnung-etc_x.md"
    assert file_name(document(number=""), "ubl", 7) == "Rechnung-draft-7.xml"
    assert list(FORMS) == [
        "pdf", "facturx", "cii", "ubl", "xrechnung", "md", "html", "csv", "json", "eml",
    ]  # fmt: skip
    assert sample().buying(client(1)).name == "Harbour Film Collective"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Pay by 20 March 2026, 18 days"), ("de", "Pay by 20.03.2026, 18 days")],
)
def test_terms_name_the_day_on_which_this_one_is_due(language: str, words: str) -> None:
    one = document(
        terms="Pay by {due}, {days} days", issued=date(2026, 3, 2), due=date(2026, 3, 20),
        language=d.Language(language),
    )  # fmt: skip
    assert words in written(one, "md")[0].decode()
    assert words.encode() in written(one, "ubl")[0]
    without = written(replace(one, due=None), "md")[0].decode()
    assert "Pay by" not in without
    assert "as they are" in written(replace(one, terms="as they are"), "html")[0].decode()
