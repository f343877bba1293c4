"""Acts as their publishers set them, with words of our own: the Official Journal's pages, Formex, and statutes."""

from __future__ import annotations

ACT_TITLE = ("EUROPAPARLAMENTETS OCH RÅDETS FÖRORDNING (EU) 2024/1689", "av den 13 juni 2024", "om kloka system")
RECITALS = (
    "Kloka system behövs i vardagen, och den som använder dem bör förstå dem.",
    "Den som använder ett klokt system bör utse en människa som övervakar systemet.",
)
DUTY = "Den som använder ett klokt system ska utse en människa som övervakar systemet."
LEAD_IN = "Användaren ska minst"
POINTS = ("läsa bruksanvisningen,", "spara loggarna i sex månader, nämligen", "anmäla fel.")
INNER = ("loggar över indata,", "loggar över beslut,")
AFTER = "Första stycket gäller inte hemma."
TERM = "klokt system"
MEANING = "ett system som räknar ut sina svar av det som matas in."


def journal(prefix: str = "oj-", swedish: bool = True) -> str:
    """A page of the Official Journal; `prefix` is what newer pages set before their classes."""
    article, chapter, annex = ("Artikel", "KAPITEL", "BILAGA") if swedish else ("Article", "CHAPTER", "ANNEX")
    definitions = "Definitioner" if swedish else "Definitions"

    def p(kind: str, text: str) -> str:
        return f'<p class="{prefix}{kind}">{text}</p>'

    def point(label: str, text: str) -> str:
        return (
            f'<table width="100%"><col width="4%"/><col width="96%"/><tbody><tr><td valign="top">{p("normal", label)}'
            f'</td><td valign="top">{text}</td></tr></tbody></table>'
        )

    note = f'<a id="ntc1" href="#ntr1"><span class="{prefix}super {prefix}note-tag">(<span>1</span>)</span></a>'
    recitals = "".join(
        f'<div class="eli-subdivision" id="rct_{number}">{point(f"({number})", p("normal", text + note))}</div>'
        for number, text in enumerate(RECITALS, start=1)
    )
    inner = "".join(point(label, p("normal", text)) for label, text in zip(("i)", "ii)"), INNER, strict=True))
    points = "".join(
        point(f"{label})", p("normal", text) + (inner if text.endswith("nämligen") else ""))
        for label, text in zip("abc", POINTS, strict=True)
    )
    cells = [[f"<td>{p('tbl-txt', cell)}</td>" for cell in row] for row in (("År", "Antal"), ("2024", "7"))]
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>L_202401689SV.000101.fmx.xml</title></head><body><div class='eli-container'>"
        f"<table><tr><td>{p('hd-date', '12.7.2024')}</td><td>{p('hd-lg', 'SV')}</td></tr></table>"
        f'<div class="eli-main-title" id="tit_1">{"".join(p("doc-ti", text) for text in ACT_TITLE)}</div>'
        f'<div class="eli-subdivision" id="pbl_1">{p("normal", "med beaktande av fördraget, och av följande skäl:")}'
        f"{recitals}{p('normal', 'HÄRIGENOM FÖRESKRIVS FÖLJANDE.')}</div>"
        f'<div class="eli-subdivision" id="enc_1"><div id="cpt_I">{p("ti-section-1", f"{chapter} I")}'
        f'<div class="eli-title">{p("ti-section-2", "ALLMÄNT")}</div>'
        f'<div class="eli-subdivision" id="art_3">{p("ti-art", f"{article} 3")}'
        f'<div class="eli-title">{p("sti-art", definitions)}</div>{p("normal", "I denna förordning avses med")}'
        f"{point('1.', p('normal', f'”{TERM}”: {MEANING}'))}</div></div>"
        f'<div id="cpt_III"><p class="{prefix}ti-section-1"><span>{chapter} III</span></p>'
        f'<div class="eli-subdivision" id="art_26">{p("ti-art", f"{article} 26")}'
        f'<div class="eli-title">{p("sti-art", "Användarens skyldigheter")}</div>'
        f'<div id="026.001">{p("normal", f"1.   {LEAD_IN}:")}{points}{p("normal", AFTER)}</div>'
        f'<div id="026.002">{p("normal", f"2.   {DUTY}")}</div></div></div></div>'
        f'<div class="eli-subdivision">{p("final", "Utfärdad i Bryssel den 13 juni 2024.")}</div></div>'
        f'<div class="eli-container" id="anx_III">{p("doc-ti", f"{annex} III")}{p("ti-grseq-1", "Viktiga områden")}'
        f"{point('1.', p('normal', 'Utbildning:') + point('a)', p('normal', 'antagning.')))}"
        f'<table class="{prefix}table">{rows}</table></div>'
        f'<hr class="{prefix}note"/>{p("note", "(1) Nämnden för noter.")}</body></html>'
    )


CONSOLIDATED = f"""<html><body><p class="reference">02024R1689 — SV — 27.07.2026 — 001.001</p>
<p class="disclaimer">Texten är endast avsedd som hjälp.</p>
<table><tr><td><p class="arrow"><a class="modref">►B</a></p></td><td><p class="title-doc-first">{ACT_TITLE[0]}</p>
<p class="title-doc-first">{ACT_TITLE[1]}</p><p class="title-doc-last">{ACT_TITLE[2]}</p></td></tr></table>
<p class="hd-modifiers">Ändrad genom:</p>
<div class="eli-container"><p class="title-division-1">KAPITEL III</p><p class="title-division-2">SKYLDIGHETER</p>
<div class="eli-subdivision" id="art_26"><p class="title-article-norm">Artikel 26</p>
<div class="eli-title"><p class="stitle-article-norm">Användarens skyldigheter</p></div>
<div class="norm"><span class="no-parag">1.  </span><div class="norm inline-element">{LEAD_IN}:
<div class="grid-container grid-list"><div class="list grid-list-column-1"><span>a) </span></div>
<div class="grid-list-column-2"><p class="norm">{POINTS[0]}</p></div></div>
<div class="grid-container grid-list"><div class="list grid-list-column-1"><span>b) </span></div>
<div class="grid-list-column-2"><p class="norm">{POINTS[2]}</p></div></div></div></div>
<p class="modref"><a class="modref">▼M1</a></p>
<div class="norm"><span class="no-parag">2a.  </span><div class="norm inline-element">{DUTY}</div></div></div>
<p class="title-annex-1">BILAGA I</p><p class="title-annex-2">Förteckning</p><p class="norm">Allt som räknas.</p>
</div></body></html>"""


FORMEX = f"""<?xml version="1.0" encoding="UTF-8"?>
<ACT xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:noNamespaceSchemaLocation="http://formex.publications.europa.eu/schema/formex-06.02.1-20231031.xd">
<BIB.INSTANCE><DOCUMENT.REF FILE="L_202401689SV.000101.fmx.xml"><COLL>L</COLL></DOCUMENT.REF>
<DATE ISO="20240712">20240712</DATE><LG.DOC>SV</LG.DOC></BIB.INSTANCE>
<TITLE><TI><P><HT TYPE="UC">Europaparlamentets och rådets förordning</HT> (EU) 2024/1689</P>
<P>av den <DATE ISO="20240613">13 juni 2024</DATE></P><P>{ACT_TITLE[2]}</P></TI></TITLE>
<PREAMBLE><PREAMBLE.INIT><P>RÅDET HAR ANTAGIT</P></PREAMBLE.INIT>
<GR.VISA><VISA>med beaktande av fördraget,</VISA></GR.VISA>
<GR.CONSID><CONSID><NP><NO.P>(1)</NO.P>
<TXT>{RECITALS[0]}<NOTE NOTE.ID="E0001"><P>Nämnden för noter.</P></NOTE></TXT></NP></CONSID>
<CONSID><NP><NO.P>(2)</NO.P><TXT>{RECITALS[1]}</TXT></NP></CONSID></GR.CONSID>
<PREAMBLE.FINAL><P>HÄRIGENOM FÖRESKRIVS FÖLJANDE.</P></PREAMBLE.FINAL></PREAMBLE>
<ENACTING.TERMS><DIVISION><TITLE><TI><P>KAPITEL I</P></TI><STI><P>ALLMÄNT</P></STI></TITLE>
<ARTICLE IDENTIFIER="003"><TI.ART>Artikel 3</TI.ART><STI.ART><P>Definitioner</P></STI.ART>
<ALINEA><P>I denna förordning avses med</P><LIST TYPE="ARAB"><ITEM><NP><NO.P>1.</NO.P>
<TXT><QUOT.START CODE="201D"/>{TERM}<QUOT.END CODE="201D"/>: {MEANING}</TXT></NP></ITEM></LIST></ALINEA>
</ARTICLE></DIVISION>
<DIVISION><TITLE><TI><P>KAPITEL III</P></TI></TITLE>
<ARTICLE IDENTIFIER="026"><TI.ART>Artikel 26</TI.ART><STI.ART><P>Användarens skyldigheter</P></STI.ART>
<PARAG IDENTIFIER="026.001"><NO.PARAG>1.</NO.PARAG><ALINEA><P>{LEAD_IN}:</P><LIST TYPE="alpha">
<ITEM><NP><NO.P>a)</NO.P><TXT>{POINTS[0]}</TXT></NP></ITEM>
<ITEM><NP><NO.P>b)</NO.P><TXT>{POINTS[1]}</TXT><P><LIST TYPE="roman">
<ITEM><NP><NO.P>i)</NO.P><TXT>{INNER[0]}</TXT></NP></ITEM>
<ITEM><NP><NO.P>ii)</NO.P><TXT>{INNER[1]}</TXT></NP></ITEM></LIST></P></NP></ITEM>
<ITEM><NP><NO.P>c)</NO.P><TXT>{POINTS[2]}</TXT></NP></ITEM></LIST></ALINEA><ALINEA>{AFTER}</ALINEA></PARAG>
<PARAG IDENTIFIER="026.002"><NO.PARAG>2.</NO.PARAG><ALINEA>{DUTY}</ALINEA></PARAG></ARTICLE></DIVISION></ENACTING.TERMS>
<FINAL><SIGNATURE><P>Utfärdad i Bryssel</P></SIGNATURE></FINAL>
<ANNEX><TITLE><TI><P>BILAGA III</P></TI><STI><P>Viktiga områden</P></STI></TITLE><CONTENTS>
<NP><NO.P>1.</NO.P><TXT>Utbildning:</TXT>
<P><LIST TYPE="alpha"><ITEM><NP><NO.P>a)</NO.P><TXT>antagning.</TXT></NP></ITEM></LIST></P></NP>
<TBL><CORPUS><ROW TYPE="HEADER"><CELL COL="1">År</CELL><CELL COL="2">Antal</CELL></ROW>
<ROW><CELL COL="1">2024</CELL><CELL COL="2">7</CELL></ROW></CORPUS></TBL></CONTENTS></ANNEX></ACT>"""


STATUTE_TITLE = "Lag (2018:218) med kompletterande bestämmelser till EU:s dataskyddsförordning"
STATUTE = """1 kap. Inledande bestämmelser

Lagens innehåll

1 §   Denna lag kompletterar förordningen
om skydd för uppgifter.

Nämnden får behandla uppgifter om

1. den enskilde,

2. den enskildes barn
   när barnet är under tolv år, och

3. andra.

Lag (2021:30).

5 a §   Termer i lagen betyder detsamma som i förordningen.

2 kap. Rättslig grund

5 §   Uppgifter får behandlas om det är nödvändigt. Vad som är nödvändigt anges i 1 kap. 5 a §. Lag (2024:123).

6 §   /Upphör att gälla U:2027-01-01/ Nämnden utser ett ombud.

6 §   /Träder i kraft I:2027-01-01/ Nämnden utser två ombud.

Övergångsbestämmelser

2018:218

1. Denna lag träder i kraft den 25 maj 2018.

2. Genom lagen upphävs en äldre lag.

2024:123

Denna lag träder i kraft den 1 juli 2024."""
_WRAPPED_TITLE = STATUTE_TITLE.replace(" till EU:s", "\ntill EU:s")
STATUTE_TEXT = f"""{_WRAPPED_TITLE}

SFS nr: 2018:218
Departement/myndighet: Justitiedepartementet L6
Utfärdad: 2018-04-19
Ändrad: t.o.m. SFS 2024:123
Övrigt: Rättelseblad har iakttagits.

{STATUTE}
"""


def government_page() -> str:
    """The page of the government's database: the text as it is, in one division."""
    return (
        "<!DOCTYPE html><html><head><title>Regeringskansliets rättsdatabaser</title></head><body>"
        "<div class='container'><div class='header wrapper'><h1>Regeringskansliets rättsdatabaser</h1></div>"
        "<div class='nav-bar'><a href='/'>Om</a></div><div class='search-results-content'>"
        "<div class='result-inner-box bold'>\n SFS-nummer ·\n 2018:218 ·\n <a href='/sfsr'>Visa register</a></div>"
        f"<div class='result-inner-box'><span class='bold'>{STATUTE_TITLE}\n</span>"
        "</div><div class='result-inner-box'><span class='bold'>Departement:</span> Justitiedepartementet L6</div>"
        "<div class='result-inner-box'><span class='bold'>Utfärdad:</span> 2018-04-19</div>"
        "<div class='result-inner-box'><span class='bold'>Ändring införd:</span> t.o.m. SFS 2024:123</div>"
        f"<div class='result-inner-box'><div class='result-box-text body-text'>{STATUTE}</div></div></div>"
        "<div class='search-results-footer'>Föregående</div></div></body></html>"
    )


def parliament_page() -> str:
    """The page of the parliament's database: headings and anchors in one run of text, lines broken by tags."""
    parts: list[str] = []
    for block in STATUTE.split("\n\n"):
        number, sign, text = block.partition(" §")
        if " kap. " in block[:8]:
            chapter = block.partition(" ")[0]
            parts.append(
                f'<h3 name="K{chapter}"><a name="K{chapter}">{block}</a></h3><p><a name="K{chapter}S1"></a></p>'
            )
        elif block == "Övergångsbestämmelser":
            parts.append(f'<h3 name="overgang"><a name="overgang">{block}</a></h3>')
        elif block == "Lagens innehåll":
            parts.append(f'<h4 name="{block}"><a name="{block}">{block}</a></h4>')
        elif sign and len(number) < 5:
            parts.append(
                f'<a class="paragraf" name="P{number}"><b>{number} §</b></a>{text.replace("   ", " &nbsp;&nbsp;")}'
            )
        elif block[:2] in ("1.", "2.", "3.") and "träder" not in block and "Genom" not in block:
            parts.append(f"<br />{block}")
        else:
            parts.append(f"<p><a name='S2'></a></p>{block}")
    return (
        f"<html><head><title>{STATUTE_TITLE}</title></head><body><div class='dokument'><h2>{STATUTE_TITLE}</h2>"
        "<b>SFS nr</b>: 2018:218<br /><b>Departement/myndighet</b>: Justitiedepartementet L6<br />"
        "<b>Utfärdad</b>: 2018-04-19<br /><b>Ändrad</b>: t.o.m. SFS 2024:123<br /><hr />"
        "<div class='sfstoc'><ul><li><a href='#K1'>1 kap. Inledande bestämmelser</a></li></ul></div>"
        f"{''.join(parts)}</div></body></html>"
    )
