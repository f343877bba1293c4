"""What the survey of 2024 found, as far as answers of today may be held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.maturity.instrument import Item, Kind, Null, Wording
from bot.maturity.scoring import index_of
from bot.maturity.session import Given
from knowledge.model import Unit
from knowledge.survey.model import DONT_KNOW, Baseline, Survey
from knowledge.survey.model import Item as SurveyItem


@dataclass(frozen=True, slots=True)
class Share:
    """What one option got, or several whose number is printed only together.

    `percent` is as printed (None: not printed), `corrected` what is probably meant; `count` are respondents, as far as
    they can be worked out. `label` is the survey's own, in Swedish.
    """

    codes: tuple[str, ...]
    label: str
    percent: float | None
    corrected: float | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Distribution:
    """The result of one item in 2024.

    `unit` says what one hundred percent are: ticks are never shares of people or municipalities. `use` says how far the
    result may be compared, `caveats` what must be said beside it, and `findings` what there is in words where there are
    no numbers. `respondents` is worked out of the percentages where it is `inferred`. `group` are those who were asked,
    where the report says so. Everything here is in Swedish.
    """

    item: str
    unit: Unit
    use: Baseline
    shares: tuple[Share, ...] = ()
    respondents: int | None = None
    inferred: bool = False
    group: str = ""
    caveats: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    figure: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison. `own` marks the person's answer; without `labels` it is "vet ej" of 2024."""

    codes: tuple[str, ...]
    labels: tuple[Wording, ...]
    percent: float | None
    corrected: float | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A person's answer to one item beside what people answered in 2024.

    `own` are the labels of the person's options; empty with a `null`, and where nothing was answered. `rows` are in the
    order of the scale, and empty where 2024 has words only (`distribution.findings`). `roles` are those that the item
    is for: the same question went to the same role in 2024, even where the report does not name it.
    """

    item: str
    topic: Wording
    own: tuple[Wording, ...]
    null: Null | None
    rows: tuple[Row, ...]
    distribution: Distribution
    roles: frozenset[str] = frozenset()


def baseline_of(survey: Survey) -> Mapping[str, Distribution]:
    """The results of a survey by the id of its item, without what is no result of its own."""
    return {item.id: _distribution(item) for item in survey.items if item.baseline is not Baseline.NONE}


def compare(item: Item, given: Given | None, baseline: Mapping[str, Distribution]) -> Comparison | None:
    """An item's comparison; None for an item in words, and where 2024 has no result of it."""
    distribution = baseline.get(item.baseline)
    if distribution is None or item.kind is Kind.TEXT:
        return None
    codes = given.codes if given is not None and given.null is None else ()
    null = given.null if given is not None else None
    return Comparison(
        item=item.id,
        topic=item.topic,
        own=tuple(option.label for option in item.options if option.code in codes),
        null=null,
        rows=_rows(item, codes, null, distribution),
        distribution=distribution,
        roles=item.roles,
    )


def index_range(distribution: Distribution) -> tuple[float, float] | None:
    """The lowest and the highest index (0-100) that the counts allow, the same twice where they leave nothing open.

    Those who did not know are left out. Respondents whose option is not printed are left out too, unless the survey's
    result is good for bounds only: then they may stand on any level without a number. None where no level has a count.
    """
    levels = [share for share in distribution.shares if DONT_KNOW not in share.codes]
    top = max((int(code) for share in levels for code in share.codes if code.isdecimal()), default=0)
    counted = [(share, share.count) for share in levels if share.count is not None]
    if not top or distribution.respondents is None or not any(count for _, count in counted):
        return None
    low = sum(count * min(map(int, share.codes)) for share, count in counted)
    high = sum(count * max(map(int, share.codes)) for share, count in counted)
    people = sum(count for _, count in counted)
    blank = [int(code) for share in levels if share.count is None for code in share.codes]
    if distribution.use is Baseline.BOUNDS_ONLY and blank:
        unknown = sum(share.count or 0 for share in distribution.shares if DONT_KNOW in share.codes)
        left = distribution.respondents - unknown - people
        low, high, people = low + left * min(blank), high + left * max(blank), people + left
    return index_of(1, top + 1) * low / people, index_of(1, top + 1) * high / people


def _distribution(item: SurveyItem) -> Distribution:
    return Distribution(
        item=item.id,
        unit=item.unit,
        use=item.baseline,
        shares=_shares(item),
        respondents=item.respondents,
        inferred=item.respondents_inferred,
        group=item.group,
        caveats=item.errors,
        findings=item.findings,
        figure=item.number or "",
        pages=item.pages,
    )


def _shares(item: SurveyItem) -> tuple[Share, ...]:
    """One an option, in order; options whose number is printed only together are one."""
    if item.baseline is Baseline.TEXT_ONLY:
        return ()
    options = {option.code: option for option in item.options}
    together = [group for group in item.combined if all(options[code].percent is None for code in group.codes)]
    group_of = {code: group for group in together for code in group.codes}
    shares: list[Share] = []
    for option in item.options:
        group = group_of.get(option.code)
        if group is None:
            shares.append(Share((option.code,), option.label, option.percent, option.corrected, option.count))
        elif option.code == group.codes[0]:
            label = " + ".join(options[code].label for code in group.codes)
            shares.append(Share(group.codes, label, group.percent, None, group.count))
    return tuple(shares)


def _rows(item: Item, codes: tuple[str, ...], null: Null | None, distribution: Distribution) -> tuple[Row, ...]:
    """The survey's shares under the instrument's labels, then what the person chose and 2024 did not offer."""
    if not distribution.shares:
        return ()
    rows: list[Row] = []
    for share in distribution.shares:
        own = bool(set(share.codes) & set(codes))
        if share.codes == (DONT_KNOW,):
            own = null is Null.DONT_KNOW
            if share.percent is None and not own:
                continue
        labels = tuple(_label(item, code, share) for code in share.codes if code != DONT_KNOW)
        rows.append(Row(share.codes, labels, share.percent, share.corrected, own))
    offered = {code for share in distribution.shares for code in share.codes}
    rows += [
        Row((option.code,), (option.label,), None, own=True)
        for option in item.options
        if option.code in codes and option.code not in offered
    ]
    return tuple(rows)


def _label(item: Item, code: str, share: Share) -> Wording:
    option = item.option(code)
    return option.label if option is not None else Wording(share.label, share.label)
