"""The read API's table of routes, from which its routes and its description are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import BaseModel

from bot.exports.documents import (
    AreasDocument,
    CodebookDocument,
    EditionList,
    ParticipationDocument,
    ResultsDocument,
    RoundDocument,
    RoundList,
)
from bot.web.api.queries import InLanguage, Nothing, OfMunicipality, Query, ResultsQuery

BASE: Final = "/api/v1"
JSON: Final = "application/json"
CSV: Final = "text/csv"


class Operation(StrEnum):
    """What is asked for; also the operations' ids in the description."""

    ROUNDS = "listRounds"
    ROUND = "getRound"
    EDITIONS = "listEditions"
    RESULTS = "getResults"
    AREAS = "getAreas"
    PARTICIPATION = "getParticipation"
    CODEBOOK = "getCodebook"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route: what it is called with, and the model of its answer. `media` are the types that it comes in."""

    operation: Operation
    path: str
    query: type[Query]
    answer: type[BaseModel]
    media: tuple[str, ...] = (JSON,)


ENDPOINTS: Final = (
    Endpoint(Operation.ROUNDS, f"{BASE}/rounds", Nothing, RoundList),
    Endpoint(Operation.ROUND, f"{BASE}/rounds/{{round}}", Nothing, RoundDocument),
    Endpoint(Operation.EDITIONS, f"{BASE}/rounds/{{round}}/editions", Nothing, EditionList),
    Endpoint(Operation.RESULTS, f"{BASE}/rounds/{{round}}/results", ResultsQuery, ResultsDocument, (JSON, CSV)),
    Endpoint(Operation.AREAS, f"{BASE}/rounds/{{round}}/areas", OfMunicipality, AreasDocument),
    Endpoint(Operation.PARTICIPATION, f"{BASE}/rounds/{{round}}/participation", OfMunicipality, ParticipationDocument),
    Endpoint(Operation.CODEBOOK, f"{BASE}/rounds/{{round}}/codebook", InLanguage, CodebookDocument),
)
