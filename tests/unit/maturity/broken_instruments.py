"""An instrument's file in which every rule has a place, and what breaks each of them."""

from __future__ import annotations

from typing import NamedTuple

WHOLE = """\
id: prov
version: 1.10
title: {sv: Prov, en: Trial}
minutes: 5
roles:
  - {id: inne, title: {sv: Inne, en: Inside}, official: true}
  - id: ute
    title:
      sv: Ute
      en: Outside
    help: {sv: "Du är ute.", en: You are out.}
organisations:
  - {id: orust, title: Orust}
  - id: tanum
    title: Tanum
  - id: delad
    title: Delad IT
    municipalities: [orust, tanum]
operations:
  - {id: skola, title: {sv: Skola, en: Schools}}
areas:
  - {id: vardag, title: {sv: Vardag, en: Everyday}}
scales:
  ja_nej:
    - code: "0"
      label: {sv: No, en: No}
      forms: [nej]
    - code: 1
      label: {sv: Yes, en: Yes}
      level: {sv: "Det stämmer.", en: It does.}
items:
  - id: trivs
    area: vardag
    kind: level
    topic: {sv: Trivsel, en: Well-being}
    question:
      sv: Trivs du på
        jobbet?
      en: Do you like it here?
    scale: ja_nej
    levels:
      1: {sv: "Jag trivs.", en: I like it.}
    help: {sv: "Svara fritt.", en: Answer freely.}
    security: true
    baseline: trivsel
  - id: varfor
    area: vardag
    kind: choices
    topic: {sv: Skäl, en: Reasons}
    question: {sv: "Varför?", en: "Why?"}
    options:
      - code: lon
        label: {sv: Lön, en: Pay}
        forms: [pengar]
      - code: folk
        label: {sv: Kollegor, en: Colleagues}
      - code: inget
        label: {sv: Inget av detta, en: None of these}
        exclusive: true
    roles: [inne]
    when:
      item: trivs
      codes: ["1"]
  - id: plats
    area: vardag
    kind: choice
    topic: {sv: Plats, en: Place}
    question: {sv: "Var?", en: "Where?"}
    options:
      - code: hemma
        label: {sv: Hemma, en: At home}
      - code: kontor
        label:
          sv: Kontoret
          en: The office
  - id: ord
    area: vardag
    kind: text
    topic: {sv: Ord, en: Words}
    question: {sv: "Något mer?", en: "Anything else?"}
"""

HERE = "# here"
"""Marks the line that is to be named."""


class Broken(NamedTuple):
    """What is changed in WHOLE, some of what is said about it, and what stands in the line that is named."""

    rule: str
    old: str
    new: str
    says: str
    at: str = HERE


YAML = (
    Broken("the file is empty", WHOLE, f"{HERE}\n", "the file is empty"),
    Broken("the file is a list", WHOLE, f"- id: prov {HERE}\n", "group of fields"),
    Broken("a quote has no end", "title: {sv: Prov, en", f'title: {{sv: "Prov, en {HERE}', "not YAML"),
    Broken("a bracket has no end", '["1"]', f'["1" {HERE}', "not YAML"),
    Broken("a colon is missing", "minutes: 5", f"minutes 5 {HERE}", "not YAML"),
    Broken("a line stands out", "    scale: ja_nej", f"   scale: ja_nej {HERE}", "not YAML"),
    Broken("an alias has no anchor", "title: Tanum", f"title: *tanum {HERE}", "not YAML"),
    Broken("two files in one", "areas:", f"--- {HERE}\nareas:", "not YAML"),
    Broken("a number that is no character", "title: Tanum", f'title: "\\UFFFFFFFF" {HERE}', "cannot be read"),
    Broken("a control character", "title: Tanum", f"title: T\x07 {HERE}", "invisible character"),
    Broken("an invisible character", "title: Tanum", f"title: T\u200b {HERE}", "invisible character"),
    Broken("half a character", "title: Tanum", f'title: "\\ud800" {HERE}', "invisible character"),
    Broken("a text that is taken for a tag", "title: Tanum", f"title: !Tanum hej {HERE}", "exclamation mark"),
)

FIELDS = (
    Broken("an unknown field at the top", "minutes: 5", f"minutes: 5\nmins: 5 {HERE}", "'mins' is not known"),
    Broken("an unknown field of an item", "security: true", f"secret: true {HERE}", "'secret' is not known"),
    Broken("a merge key", "security: true", f"<<: {{kind: text}} {HERE}", "'<<' is not known"),
    Broken("a field stands twice", "minutes: 5", f"minutes: 5\nminutes: 6 {HERE}", "line 4 already"),
    Broken("a field is missing at the top", "id: prov\n", "", "'id' is missing", "version: 1.10"),
    Broken("a field of an item is missing", "    kind: text\n", "", "'kind' is missing", "- id: ord"),
    Broken("a language is missing", "en: Trial}", f"}} {HERE}", "'en' is missing"),
    Broken(
        "a language is unknown", "      en: Outside", f"      en: Outside\n      de: Aus {HERE}", "'de' is not known"
    ),
    Broken("a text in no language", "{sv: Prov, en: Trial}", f"Prov {HERE}", "both languages"),
    Broken("an empty text", "en: Outside", f'en: " " {HERE}', "text is missing"),
    Broken("no text", "en: Outside", f"en: {HERE}", "text is missing"),
    Broken("null for a text", "en: Outside", f"en: ~ {HERE}", "text is missing"),
    Broken("a list for a text", "title: Tanum", f"title: [Tanum] {HERE}", "not a list"),
    Broken("a text for a list", "roles: [inne]", f"roles: inne {HERE}", "write a list"),
    Broken("an empty list", "roles: [inne]", f"roles: [] {HERE}", "list is empty"),
    Broken("no items", WHOLE[WHOLE.index("items:") :], f"items: [] {HERE}\n", "list is empty"),
    Broken("an id with other letters", "- id: varfor", f"- id: varför {HERE}", "is not an id"),
    Broken("a version in words", "version: 1.10", f"version: höst {HERE}", "is not a version"),
    Broken("a version with a needless nought", "version: 1.10", f"version: 1.01 {HERE}", "is not a version"),
    Broken("minutes in words", "minutes: 5", f"minutes: fem {HERE}", "whole number"),
    Broken("no minutes at all", "minutes: 5", f"minutes: 0 {HERE}", "whole number"),
    Broken("a role's flag in words", "official: true}", f"official: ja}} {HERE}", "true or false"),
    Broken("a flag in words", "security: true", f"security: ja {HERE}", "true or false"),
    Broken("an unknown kind", "kind: text", f"kind: slider {HERE}", "not one of level, choice, choices, text"),
)

IDS = (
    Broken("an item's id is taken", "- id: varfor", f"- id: trivs {HERE}", "taken in line 32"),
    Broken(
        "an area's id is taken", "scales:", f"  - id: vardag {HERE}\n    title: {{sv: A, en: A}}\nscales:", "is taken"
    ),
    Broken("a role's id is taken", "- id: ute", f"- id: inne {HERE}", "is taken"),
    Broken("an organisation's id is taken", "- id: tanum", f"- id: orust {HERE}", "is taken"),
    Broken(
        "an operation's id is taken", "areas:", f"  - id: skola {HERE}\n    title: {{sv: A, en: A}}\nareas:", "taken"
    ),
    Broken("a scale's id is taken", "items:", f"  ja_nej: [] {HERE}\nitems:", "already"),
    Broken("an option's code is taken", "- code: folk", f"- code: lon {HERE}", "is taken"),
    Broken("an unknown area", "- id: ord\n    area: vardag", f"- id: ord\n    area: helg {HERE}", "no area 'helg'"),
    Broken("an unknown role", "[inne]", f"[inne, uppe] {HERE}", "no role 'uppe'"),
    Broken("a role stands twice", "[inne]", f"[inne, inne] {HERE}", "in the list already"),
    Broken("an unknown scale", "scale: ja_nej", f"scale: kanske {HERE}", "no scale 'kanske'"),
    Broken("an unknown municipality", "[orust, tanum]", f"[orust, mora] {HERE}", "no municipality 'mora'"),
    Broken("a shared organisation in another", "[orust, tanum]", f"[orust, delad] {HERE}", "no municipality 'delad'"),
    Broken("a shared organisation of one", "[orust, tanum]", f"[orust] {HERE}", "at least two"),
    Broken("a condition on an unknown item", "item: trivs", f"item: trivsel {HERE}", "no earlier item 'trivsel'"),
    Broken("a condition on a later item", "item: trivs", f"item: plats {HERE}", "no earlier item 'plats'"),
    Broken("a condition on the item itself", "item: trivs", f"item: varfor {HERE}", "no earlier item 'varfor'"),
    Broken("a condition code that the item lacks", '["1"]', f'["1", "2"] {HERE}', "no option '2'"),
    Broken("a condition without codes", '["1"]', f"[] {HERE}", "list is empty"),
    Broken("a condition nobody can meet", "security: true", "roles: [ute]", "nobody is asked both", "item: trivs"),
)

_YES = '    - code: 1\n      label: {sv: Yes, en: Yes}\n      level: {sv: "Det stämmer.", en: It does.}\n'
_FOLK = "      - code: folk\n        label: {sv: Kollegor, en: Colleagues}\n"
_OFFICE = "      - code: kontor\n        label:\n          sv: Kontoret\n          en: The office\n"

OPTIONS = (
    Broken("a level item with one option", _YES, "", "2 to 10 options, not 1", '- code: "0"'),
    Broken("a choice item with one option", _OFFICE, "", "2 to 12 options, not 1", "- code: hemma"),
    Broken("a choices item with two options", _FOLK, "", "3 to 20 options, not 2", "- code: lon"),
    Broken("a text item with options", "kind: choice\n", "kind: text\n", "take its options away", "- code: hemma"),
    Broken("a text item with a scale", "kind: text", f"kind: text\n    scale: ja_nej {HERE}", "take its options away"),
    Broken("a choice item without options", "kind: text", "kind: choice", "needs options", "- id: ord"),
    Broken("a choice item with a scale", "kind: text", f"kind: choice\n    scale: ja_nej {HERE}", "of the kind level"),
    Broken("a scale and options", "scale: ja_nej", f"scale: ja_nej\n    options: [a] {HERE}", "has a scale already"),
    Broken(
        "levels without a scale",
        "kind: choice\n",
        f"kind: choice\n    levels:\n      0: {{sv: A, en: A}} {HERE}\n",
        "belong to a scale",
    ),
    Broken(
        "a sentence for a level that is not there", "      1: {sv", f"      2: {HERE}\n        {{sv", "no level '2'"
    ),
    Broken("levels that do not begin with nought", 'code: "0"', f'code: "2" {HERE}', "write 0, not 2"),
    Broken("levels with a gap", "code: 1", f"code: 2 {HERE}", "write 1, not 2"),
    Broken("exclusive on a scale", "- code: 1", f"- exclusive: true {HERE}\n      code: 1", "of the kind choices"),
    Broken(
        "exclusive on a choice", "- code: kontor", f"- exclusive: true {HERE}\n        code: kontor", "kind choices"
    ),
    Broken(
        "exclusive before the end", "- code: folk", f"- exclusive: true {HERE}\n        code: folk", "only the last"
    ),
    Broken("no option for the rest", "        exclusive: true\n", "", "exclusive: true; add it", "- code: lon"),
)

WORDS = (
    Broken("roles with one name", "sv: Ute", f"sv: inne {HERE}", "another choice"),
    Broken("organisations with one name", "title: Tanum", f"title: ORUST {HERE}", "another choice"),
    Broken(
        "operations with one name",
        "areas:",
        f"  - id: annan\n    title: {{sv: Annan, en: schools}} {HERE}\nareas:",
        "another choice",
    ),
    Broken("two options with one label", "sv: Kontoret", f"sv: HEMMA {HERE}", "another choice"),
    Broken("one label in another language", "sv: Kontoret", f"sv: at  home {HERE}", "another choice"),
    Broken("a label but for its hyphen and accents", "sv: Kontoret", f"sv: Ät-home {HERE}", "another choice"),
    Broken("a form that is another's label", "[pengar]", "[pengar, kollegor.]", "in line 54", "sv: Kollegor"),
    Broken("a form that two options have", _FOLK, f"{_FOLK}        forms: [Pengar] {HERE}\n", "in line 54"),
    Broken("a label that answers another way", "sv: Kontoret", f"sv: Vet  ej {HERE}", "something else"),
    Broken("a form that answers another way", "[nej]", f"[nej, hoppa över] {HERE}", "something else"),
    Broken("a form that is a place in the list", "[nej]", f"[nej, 2] {HERE}", "no letters"),
    Broken("a form of nothing but marks", "[nej]", f'[nej, "..."] {HERE}', "no letters"),
)

ALL = (*YAML, *FIELDS, *IDS, *OPTIONS, *WORDS)
