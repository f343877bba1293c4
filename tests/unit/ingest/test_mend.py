"""Words are mended on evidence, and correct pairs of words are left alone."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import knowledge
from ingest.cleaning.clean import clean
from ingest.cleaning.mend import Cleaned, mend
from ingest.cleaning.vocabulary import Vocabulary, reference_words
from tests.unit.ingest.report import report_text

LIBRARY = Path(knowledge.__file__).parent / "library"

# Every join of the report was looked at; each is one word in the original.
JUDGED_RIGHT = frozenset(
    tuple(pair.split("|"))
    for pair in (
        "a|npassningar",
        "a|tt",
        "a|utomatisering",
        "at|t",
        "b|land",
        "begrän|sningar",
        "belast|ningstoppar",
        "beslutsfatta|re",
        "cybersäke|rhet",
        "d|igital",
        "d|igitalisering",
        "dera|s",
        "digita|la",
        "digita|liseringsinsatser",
        "effektivit|et",
        "enh|etlig",
        "f|ungerande",
        "fle|r",
        "främ|sta",
        "fö|rvaltningsmodell",
        "förb|ättra",
        "förvän|tade",
        "förändrin|gstakten",
        "höj|a",
        "inv|ånare",
        "justeringa|r",
        "ka|n",
        "kapita|linvesteringar",
        "ko|mmunala",
        "kom|munerna",
        "kostna|dsbesparingar",
        "kostnadsöknin|gar",
        "krä|vs",
        "kun|de",
        "lära|nde",
        "m|edel",
        "m|etoder",
        "m|inska",
        "meda|n",
        "må|ste",
        "måst|e",
        "ny|tta",
        "oc|h",
        "port|följstyrning",
        "pågå|ende",
        "sa|mverkan",
        "sna|bb",
        "spårba|rheten",
        "stordrifts|fördelar",
        "struk|turera",
        "svå|righeter",
        "systemförvaltn|ing",
        "säkerstä|lla",
        "uppföljnin|g",
        "utm|ärkt",
        "utnyt|tja",
        "v|ilka",
        "v|ilket",
        "ä|r",
        "Enda|st",
        "hind|er",
        "myndighet|er",
    )
)
# Broken in the report, both pieces being words of their own: not to be mended without understanding the sentence.
LEFT_BROKEN = frozenset({("Enda", "st"), ("hind", "er"), ("myndighet", "er")})
# Pairs that occur in the report or in ordinary administrative Swedish, and spell a word when they are glued.
CORRECT_PAIRS = (
    "i dag",
    "i stället",
    "i gång",
    "i bruk",
    "till exempel",
    "till stånd",
    "till syn",
    "för att",
    "för hand",
    "om råden",
    "att er",
    "en het",
    "med verkan",
    "under hand",
    "över tid",
    "väl fungerande",
    "välfungerande",
    "verksamhets behov",
    "på gång",
    "av tal",
    "handla de",
    "stor stad",
    "fram tid",
    "in satser",
    "upp gifter",
)


@cache
def reference() -> frozenset[str]:
    return reference_words()


def mended(text: str, around: str = "") -> str:
    """A text mended with what the library and some surrounding text tell."""
    return mend(text, Vocabulary(f"{text}\n{around}", reference())).text


@cache
def cleaned(text: str) -> Cleaned:
    """The report is long: once for all that is looked at in it."""
    return clean(text, reference())


def joins(text: str) -> Counter[tuple[str, ...]]:
    return Counter(tuple(join.split("|")) for join in cleaned(text).mended.joined)


class TestTheReport:
    def test_its_broken_words_are_whole_again_and_no_correct_pair_is_glued(self) -> None:
        found = joins(report_text())
        wrong = found.keys() - JUDGED_RIGHT
        assert wrong == set(), "these joins were never judged"
        total, kinds = found.total(), len(found)
        print(f"broken words mended: {total} ({kinds} kinds), correct pairs glued: {len(wrong)}")
        assert total >= 65
        recall = kinds / len(JUDGED_RIGHT)
        print(f"of the broken kinds known by hand: {kinds} of {len(JUDGED_RIGHT)} ({recall:.0%})")
        assert recall >= 0.87
        assert LEFT_BROKEN.isdisjoint(found)

    @pytest.mark.parametrize(
        ("broken", "whole"),
        [
            ("beslutsfatta re", "beslutsfattare"),
            ("d igitaliseringsprojekt", "digitaliseringsprojekt"),
            ("oc h", "och"),
            ("kvalit et", "kvalitet"),
            ("begrän sningar", "begränsningar"),
            ("miljö - och", "miljö- och"),
            ("IT -infrastruktur", "IT-infrastruktur"),
        ],
    )
    def test_the_named_examples_are_whole(self, broken: str, whole: str) -> None:
        text = report_text().replace(
            "d igitalisering.", "d igitaliseringsprojekt, bättre kvalit et och d igitalisering."
        )
        result = cleaned(text).text
        assert broken not in result
        assert whole in result

    def test_its_notes_heads_and_page_numbers_are_gone(self) -> None:
        result = cleaned(report_text())
        assert result.mended.footnote_marks == 61
        assert result.mended.running_lines == 28
        assert not re.search(r"[a-zåäö]\d", result.text)
        assert "Publiceringsdatum" not in result.text
        assert "eIDAS2-förordningen" in result.text
        assert "Statusrapport 2023 ligger" in result.text

    def test_nothing_else_is_lost(self) -> None:
        """Letter for letter, the text is the same, but for notes, heads and page numbers."""
        before, after = report_text(), cleaned(report_text()).text
        letters = [Counter(letter for letter in text if letter.isalpha()) for text in (before, after)]
        assert 0 <= (letters[0] - letters[1]).total() < 2500
        assert (letters[1] - letters[0]).total() == 0


class TestCorrectText:
    @pytest.mark.parametrize("pair", CORRECT_PAIRS)
    def test_a_correct_pair_is_never_glued(self, pair: str) -> None:
        glued = pair.replace(" ", "")
        sentence = f"Det gäller {pair} enligt beslutet."
        assert mended(sentence, around=f"{glued} {glued} {glued} områden tillsyn medverkan behovet stället") == sentence

    def test_the_library_itself_has_nothing_to_mend(self) -> None:
        """Precision at scale: tens of thousands of words written by hand, each file mended without its own words.

        The questions beside the texts are left out: some are in English.
        """
        texts = {
            path: re.sub(r"^Svarar på:.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            for path in sorted(LIBRARY.rglob("*.md"))
        }
        words = {path: frozenset(re.findall(r"[^\W\d_]+", text.lower())) for path, text in texts.items()}
        counts = Counter(word for own in words.values() for word in own)
        total = 0
        found: list[str] = []
        for path, text in texts.items():
            others = frozenset(word for word, times in counts.items() if times > (word in words[path]))
            total += len(text.split())
            found += mend(text, Vocabulary(text, others)).mended.joined
        print(f"{total} words of correct text, {len(found)} wrong joins")
        assert total > 30_000
        assert found == []

    @pytest.mark.parametrize(
        "text",
        [
            "Det gäller t ex skolan, bl a annat fr o m 1 juli t o m december, d v s hela hösten, m m och o s v.",
            "Se 5.1 a i lagen, punkt b land eller stad, § 4 a och EU:s lag.",
            "Kommun A och kommun B samverkar med kommun C i frågan.",
            "I dag är i dag en dag i taget, å andra sidan.",
            "The report on a systematic review of the public sector is in English.",
        ],
    )
    def test_abbreviations_labels_and_other_languages_stay(self, text: str) -> None:
        assert mended(text, around="om alla aland bland slag ai vi i a b att är och") == text


class TestSyntheticDamage:
    def test_most_of_random_breaks_are_found_and_what_is_joined_is_right(self) -> None:
        rng = random.Random(7)
        files = sorted((LIBRARY / "statusrapport-2024").glob("03*.md"))
        text = " ".join(path.read_text(encoding="utf-8") for path in files)
        words = " ".join(text.split()).split(" ")
        broken: list[str] = []
        made = 0
        for word in words:
            if word.isalpha() and len(word) > 5 and rng.random() < 0.01:
                cut = rng.randrange(1, len(word))
                broken += [word[:cut], word[cut:]]
                made += 1
            else:
                broken.append(word)
        result = mend(" ".join(broken), Vocabulary(" ".join(broken), reference()))
        right = Counter(words)
        wrong = [join for join in result.mended.joined if not right[join.replace("|", "")]]
        print(f"{made} breaks, {len(result.mended.joined)} joins, {len(wrong)} wrong")
        assert wrong == []
        assert len(result.mended.joined) >= 0.8 * made


class TestSigns:
    @pytest.mark.parametrize(
        ("broken", "whole"),
        [
            ("digitaliserings-\nstrategi", "digitaliseringsstrategi"),
            ("Kommunen inför it-\noch systemstöd.", "Kommunen inför it- och systemstöd."),
            ("samarbetet SML-\nIT växer", "samarbetet SML-IT växer"),
            ("en icke-\nexisterande plan", "en icke-existerande plan"),
            ("miljö - och byggnadsnämnden", "miljö- och byggnadsnämnden"),
            ("vår IT -drift", "vår IT-drift"),
            (
                "Svaret kom sent . Nämnden, som väntade , beslutade.",
                "Svaret kom sent. Nämnden, som väntade, beslutade.",
            ),
            ("en ﬁl om traﬁk", "en fil om trafik"),
            ("mjuk\u00adstreck", "mjukstreck"),
        ],
    )
    def test_are_put_right(self, broken: str, whole: str) -> None:
        assert mended(broken, around="icke-existerande mål") == whole

    @pytest.mark.parametrize("text", ["Enkätundersökning - En enkät skickades ut.", "åren 2018 - 2020", "Ed - en stad"])
    def test_are_left_where_they_mean_something(self, text: str) -> None:
        assert mended(text) == text
