"""The shape of answer that a question asks for."""

from __future__ import annotations

import pytest

from knowledge.kinds import Kind, kind_of, question_word


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Vad är portföljstyrning?", Kind.DEFINITION),
        ("vad betyder SDK", Kind.DEFINITION),
        ("va e nis2", Kind.DEFINITION),
        ("What is NIS 2?", Kind.DEFINITION),
        ("Hur många kommuner svarade?", Kind.NUMBER),
        ("vad är andelen som saknar portföljstyrning", Kind.NUMBER),
        ("how many have a council", Kind.NUMBER),
        ("Hur mycket kostar det?", Kind.MONEY),
        ("vad är sanktionsavgiften", Kind.MONEY),
        ("what is the cost", Kind.MONEY),
        ("När gäller AI-förordningen?", Kind.TIME),
        ("Hur snabbt ska en incident anmälas?", Kind.TIME),
        ("when does it apply", Kind.TIME),
        ("Vem ansvarar för e-arkivet?", Kind.PERSON),
        ("who is responsible", Kind.PERSON),
        ("Var finns handlingsplanen?", Kind.PLACE),
        ("Varför är mognaden låg?", Kind.REASON),
        ("Vilka utmaningar finns?", Kind.LIST),
        ("ge exempel på initiativ", Kind.LIST),
        ("Vad är skillnaden mellan NIS 2 och AI-förordningen?", Kind.COMPARISON),
        ("jämför portföljstyrning med projektstyrning", Kind.COMPARISON),
        ("Vilken artikel handlar om sanktionsavgifter?", Kind.REFERENCE),
        ("I vilken paragraf står det?", Kind.REFERENCE),
        ("i vilket kapitel regleras tillsynen", Kind.REFERENCE),
        ("Vilka artiklar gäller kommuner?", Kind.REFERENCE),
        ("which article covers fines", Kind.REFERENCE),
        ("Vad står i artikel 5?", Kind.DEFINITION),
        ("Vad betalar Tanum för e-arkivet?", Kind.MONEY),
        ("Tar leverantören av e-arkivet betalt per användare?", Kind.MONEY),
        ("Hur stor rabatt får kommunerna?", Kind.MONEY),
        ("Hur mycket sparade Orust?", Kind.MONEY),
        ("hur hög är licensavgiften", Kind.MONEY),
        ("Hur stort problem är kompetensbristen?", Kind.NUMBER),
        ("How common is it?", Kind.NUMBER),
        ("hur snabt ska det anmälas", Kind.TIME),
        ("Vilka hinder är vanligast?", Kind.STATE),
        ("Which obstacles are most common?", Kind.STATE),
        ("portföljstyrning", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_a_question_asks_for_a_shape(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("När NIS 2 gäller", "när"),
        ("When NIS 2 applies", "när"),
        ("Vilket krav", "vilka"),
        ("Which ones", "vilka"),
        ("  – Hur då", "hur"),
        ("Portföljstyrning", None),
        ("", None),
        ("???", None),
    ],
)
def test_a_question_word_is_the_same_in_both_languages(text: str, word: str | None) -> None:
    assert question_word(text) == word
