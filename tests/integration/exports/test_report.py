"""The report is a PDF that everybody can read: tagged, with alternative texts, in two languages."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from bot.charts.vega.pictures import VegaPictures
from bot.charts.vega.process import VegaProcess
from bot.exports.errors import ReportFailed
from bot.exports.material import Material
from bot.exports.report.blocks import Figure, Heading, Paragraph, Printable, Table
from bot.exports.report.making import report_file, report_of
from bot.exports.report.process import ReportProcess
from tests.fakes import materials
from tests.fakes.editions import HOSTILE
from tests.fakes.pictures import PlainPictures

SMALL = Printable("sv", "T", "U", "F", "f", "i", "sida {page}", (("a", "b"),), "s", 0, (Heading("H"), Paragraph("x")))


async def set_as_pdf(material: Material, language: str) -> PdfReader:
    file = await report_file(
        material, materials.texts(), language, pictures=PlainPictures(), setting=ReportProcess(timeout=120)
    )
    return PdfReader(io.BytesIO(file))


@pytest.fixture
def federation() -> Material:
    return materials.federation()


@pytest.fixture
def contact() -> Material:
    return materials.contact()


@pytest.fixture
def hostile() -> Material:
    return materials.hostile()


@pytest.mark.slow
async def test_the_report_with_its_charts_is_tagged_and_says_everything_to_who_does_not_see(
    federation: Material,
) -> None:
    process = VegaProcess()
    try:
        file = await report_file(
            federation,
            materials.texts(),
            "sv",
            pictures=VegaPictures(process),
            setting=ReportProcess(timeout=120),
        )
    finally:
        await process.close()
    reader = PdfReader(io.BytesIO(file))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "sv"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode("utf-8", "replace")
    assert reader.metadata is not None
    assert reader.metadata.title == "Mognadskollen 2026:1. Resultat för Fyrbodals kommuner"
    elements: list[Any] = list(structure(root["/StructTreeRoot"]))
    kinds = Counter(str(each["/S"]) for each in elements)
    assert kinds["/Table"] > 20
    assert kinds["/TH"] > 2 * kinds["/Table"]
    assert kinds["/H1"] >= 7
    assert kinds["/H3"] > 20
    assert kinds["/TOC"] or kinds["/TOCI"]
    pictures = [each for each in elements if each["/S"] == "/Figure"]
    blocks = report_of(federation, materials.texts(), "sv").blocks
    charts = len([each for each in blocks if isinstance(each, Figure)])
    assert len(pictures) == charts > 20
    for each in pictures:
        assert len(str(each["/Alt"])) > 40, "a chart says all that it shows"
    assert any("Utvecklingsfas: 33" in str(each["/Alt"]) for each in pictures)
    ends = [*reader.pages[:5], *reader.pages[-6:]]
    text = "\n".join(page.extract_text() for page in ends)
    for words in (
        "Sammanfattning",
        "Kunskapsluckor",
        "Vad som inte visas och varför",
        "Färgelanda",
        "Åmål",
        "Vänersborg",
    ):
        assert words in text
    assert all(embedded for page in ends for embedded in fonts(page))


async def test_the_report_is_there_for_a_municipality_in_english(contact: Material) -> None:
    reader = await set_as_pdf(contact, "en")
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert "Results for Uddevalla" in " ".join(reader.pages[0].extract_text().split())
    words = repr(report_of(contact, materials.texts(), "en"))
    assert "Other municipalities together: index" in words
    assert "Uddevalla has stated: " in words
    others = [each.title for each in contact.round.instrument.organisations if each.id != "uddevalla"]
    assert not [each for each in others if each in words], "a contact's report names no other municipality"


async def test_what_people_write_is_words_and_never_markup(hostile: Material) -> None:
    reader = await set_as_pdf(hostile, "sv")
    text = "".join("".join(page.extract_text() for page in reader.pages[:4]).split())
    assert "".join(HOSTILE.split()) in text


async def test_markup_of_the_typesetter_is_words_too() -> None:
    attack = '#read("/etc/passwd") $x$ *fet* _kursiv_ @ref <label> // bort \\ #let a = 1'
    table = Table(attack, (attack, attack), ((attack, "1"),), (1,))
    blocks = (Heading(attack), Paragraph(attack), table)
    pdf = await ReportProcess().set(
        Printable("sv", attack, attack, attack, attack, attack, "{page}", ((attack, attack),), attack, 0, blocks)
    )
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "".join(text.split()).count("".join(attack.split())) >= 8
    assert "root:" not in text


async def test_a_report_is_the_same_whenever_it_is_made() -> None:
    process = ReportProcess()
    assert await process.set(SMALL) == await process.set(SMALL)


@pytest.mark.parametrize(
    ("command", "seconds", "says"),
    [
        (("-c", "import time; time.sleep(30)"), 0.2, "more than"),
        (("-c", "raise SystemExit(3)"), 60, "ended with 3"),
        (("-c", "print('no pdf')"), 60, "ended with 0"),
        (("-m", "bot.exports.no_such_module"), 60, "No module named"),
    ],
)
async def test_a_process_that_fails_or_hangs_is_told(command: tuple[str, ...], seconds: float, says: str) -> None:
    with pytest.raises(ReportFailed, match=says):
        await ReportProcess(timeout=seconds, command=command).set(SMALL)


async def test_a_process_that_takes_too_much_memory_is_ended() -> None:
    greedy = (
        "from bot.exports.report import worker, blocks; worker.MEMORY = 64;"
        "worker.set_report = lambda report: bytes(1 << 30); raise SystemExit(worker.main())"
    )
    with pytest.raises(ReportFailed, match="MemoryError"):
        await ReportProcess(command=("-c", greedy)).set(SMALL)


async def test_a_report_that_would_not_be_accessible_is_not_made() -> None:
    with pytest.raises(ReportFailed):
        await ReportProcess().set(
            Printable("sv", "", "", "", "", "", "", (), "", 0, (Heading("Hoppar över", 3), Heading("nivåer", 1)))
        )


async def test_a_chart_that_cannot_be_drawn_is_told(federation: Material) -> None:
    pictures = PlainPictures()
    pictures.broken = True
    with pytest.raises(ReportFailed, match="chart"):
        await report_file(federation, materials.texts(), "sv", pictures=pictures, setting=ReportProcess())


def structure(element: Any) -> Iterator[DictionaryObject]:
    """All elements below one of the structure tree."""
    below = element.get("/K")
    below = below.get_object() if isinstance(below, IndirectObject) else below
    for each in below if isinstance(below, ArrayObject) else [below]:
        found = each.get_object() if isinstance(each, IndirectObject) else each
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield found
            yield from structure(found)


def fonts(page: Any) -> Iterator[bool]:
    """For each font of a page, whether the file brings it along."""
    for font in page["/Resources"].get("/Font", {}).values():
        descendants = font.get_object().get("/DescendantFonts")
        if descendants is not None:
            descriptor = descendants[0].get_object()["/FontDescriptor"].get_object()
            yield any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
