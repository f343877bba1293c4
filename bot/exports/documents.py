"""What the read API and the JSON file say, as models: the same ones that its description is generated from."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.texts import Texts
from bot.exports.codebook import Codebook, codebook
from bot.exports.material import Material
from bot.exports.method import hidden, method
from bot.exports.rows import ExportRow, rows
from bot.maturity.ports import Edition as StoredEdition
from bot.maturity.rounds import Round, RoundStatus
from bot.results.areas import AreaIndex, area_results
from bot.results.model import Participation, Themes
from bot.results.views import Audience


class Document(BaseModel):
    """What every model has in common: frozen, and nothing in it that it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Generator(Document):
    """What made a document. No model writes any of it: it is computed."""

    name: Literal["Fyren"] = "Fyren"
    version: str = Field(description="Fyren's version.")
    ai_generated: Literal[False] = Field(default=False, description="Always false: all of it is computed by code.")


class RoundDocument(Document):
    """A round of the maturity check."""

    id: str = Field(description="The round's id, as addresses name it.")
    label: str = Field(description="What people call it, such as 2026:1.")
    status: RoundStatus
    opens: date = Field(description="First day.")
    closes: date | None = Field(description="Last day; null where it is open until it is closed.")
    closed_on: date | None = Field(description="The day on which it was closed.")
    practice: bool = Field(description="Whether it is for trying out; its answers then count nowhere.")
    instrument: str = Field(description="The questionnaire.")
    instrument_version: str
    digest: str = Field(description="Names the exact text of the questionnaire.")
    threshold: int = Field(description="Responses that every figure told has at least.")
    open_data: bool = Field(description="Whether what may be published of it is published.")


class RoundList(Document):
    """All rounds, newest first."""

    rounds: tuple[RoundDocument, ...]


class EditionDocument(Document):
    """What was compiled of a round when it was closed. It never changes; a later one takes its place."""

    round: str = Field(description="The round's id.")
    number: int = Field(description="From 1.")
    compiled: date
    checksum: str = Field(description="SHA-256 of the stored edition, in hexadecimal.")


class EditionList(Document):
    """All editions of a round, oldest first."""

    editions: tuple[EditionDocument, ...]


class ResultsDocument(Document):
    """Results as rows: one for each group and item, and below it one for each option."""

    round: str = Field(description="The round's label.")
    edition: int
    compiled: date
    threshold: int
    audience: Audience = Field(description="For whom this view of the edition is made.")
    municipality: str = Field(description="The id of the municipality that the view is for; empty for other audiences.")
    demo: bool = Field(description="Whether the figures are made up, to try Fyren out.")
    generator: Generator
    total: int = Field(description="Rows that the request has in all.")
    offset: int = Field(description="How many of them come before the first one here.")
    rows: tuple[ExportRow, ...]


class ParticipationDocument(Document):
    """Who has answered, in numbers of responses; small ones only as a range."""

    round: str = Field(description="The round's label.")
    edition: int | None = Field(description="The edition that the numbers stand in; null while the round is open.")
    participation: Participation


class AreasDocument(Document):
    """Indices of areas, by role and municipality. Areas are answered by different people: never rank them."""

    round: str = Field(description="The round's label.")
    edition: int
    areas: tuple[AreaIndex, ...]


class CodebookDocument(Document):
    """What a round asked, word for word, and what columns and codes mean."""

    round: str = Field(description="The round's label.")
    codebook: Codebook


class MethodSection(Document):
    """A part of how the figures came to be."""

    heading: str
    lines: tuple[str, ...]


class ResultFile(ResultsDocument):
    """Everything in one file: results, areas, participation, themes, code book and method."""

    language: str
    instrument: str
    instrument_version: str
    digest: str
    diary_number: str
    areas: tuple[AreaIndex, ...]
    participation: Participation
    themes: tuple[Themes, ...]
    codebook: Codebook
    method: tuple[MethodSection, ...]
    hidden: tuple[str, ...]


class Problem(Document):
    """An error, as RFC 9457 describes it."""

    type: str = Field(description="A name of the kind of problem, as a URI.")
    title: str = Field(description="What it is, in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What to do about it.")


def round_document(held: Round) -> RoundDocument:
    """A round as the API tells it: not who was invited, nor its diary."""
    return RoundDocument(
        id=held.id,
        label=held.label,
        status=held.status,
        opens=held.opens,
        closes=held.closes,
        closed_on=held.closed_on,
        practice=held.practice,
        instrument=held.instrument.id,
        instrument_version=held.instrument.version,
        digest=held.instrument.digest,
        threshold=held.threshold,
        open_data=held.open_data,
    )


def edition_document(stored: StoredEdition) -> EditionDocument:
    """A stored edition's head."""
    return EditionDocument(round=stored.round, number=stored.number, compiled=stored.compiled, checksum=stored.checksum)


def results_document(material: Material, chosen: tuple[ExportRow, ...], total: int, offset: int) -> ResultsDocument:
    """Some rows of a view, with what they are."""
    view = material.view
    return ResultsDocument(
        round=view.edition.label,
        edition=view.edition.number,
        compiled=view.edition.compiled,
        threshold=view.edition.threshold,
        audience=view.audience,
        municipality=view.municipality,
        demo=view.edition.demo,
        generator=Generator(version=material.program),
        total=total,
        offset=offset,
        rows=chosen,
    )


def result_file(material: Material, texts: Texts, language: str) -> bytes:
    """The JSON file, in UTF-8. Takes a moment of the processor."""
    view, held = material.view, material.round
    table = tuple(rows(view, held, language))
    public = view.audience is Audience.PUBLIC
    document = ResultFile(
        **dict(results_document(material, table, len(table), 0)),
        language=language,
        instrument=view.edition.instrument,
        instrument_version=view.edition.instrument_version,
        digest=view.edition.digest,
        diary_number=held.diary_number,
        areas=area_results(view.edition, held.instrument),
        participation=view.edition.participation,
        themes=view.edition.themes,
        codebook=codebook(held.instrument, texts, language, security=not public),
        method=tuple(
            MethodSection(heading=each.heading, lines=each.lines) for each in method(material, texts, language)
        ),
        hidden=hidden(material, texts, language),
    )
    return document.model_dump_json(indent=1).encode()
