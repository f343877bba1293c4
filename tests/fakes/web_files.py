"""Pages as the sites of municipalities set them: the same content inside different surroundings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

SITE = "Sjöbo kommun"
MENU = ("Bygga och bo", "Omsorg och stöd", "Barn och utbildning", "Trafik och resor", "Kommun och politik")
AROUND = (
    "Vi använder kakor", "Hoppa till innehåll", "Sjöbo kommun, Box 1, 275 00 Sjöbo", "Dela sidan på", "Du är här",
    "Öppettider i receptionen", "Hjälpte informationen dig", "Anmäl dig till nyhetsbrevet", *MENU,
)  # fmt: skip
"""What stands around the content of every page, and must not be taken for it."""


def content(title: str, parts: Sequence[str]) -> str:
    """A page's own HTML: its heading and then the parts as they are."""
    return f"<h1>{title}</h1>\n" + "\n".join(parts)


def listed(lead_in: str, items: Sequence[str], kind: str = "ul") -> str:
    """A lead-in and a list."""
    return f"<p>{lead_in}</p>\n<{kind}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table with a header row."""
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _links(texts: Sequence[str] = MENU) -> str:
    return "<ul>" + "".join(f'<li><a href="/{number}">{text}</a></li>' for number, text in enumerate(texts)) + "</ul>"


def _head(title: str) -> str:
    return (
        f'<head><meta charset="utf-8"><title>{title} | {SITE}</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{SITE}">'
        '<meta property="article:modified_time" content="2025-03-04T10:12:00+01:00">'
        '<link rel="canonical" href="https://www.sjobo.example/riktlinje">'
        '<script>window.track = "Vi använder kakor";</script></head>'
    )


def semantic(inner: str, title: str) -> str:
    """Tags that say what they are."""
    return (
        f'<!DOCTYPE html><html lang="sv">{_head(title)}<body>'
        '<a class="skip-link" href="#main">Hoppa till innehåll</a>'
        '<div id="cookie-banner" role="dialog"><p>Vi använder kakor för att sidan ska fungera bra för dig.</p>'
        "<button>Godkänn</button></div>"
        f'<header class="site-header"><a href="/">{SITE}</a><nav aria-label="Huvudmeny">{_links()}</nav></header>'
        f'<nav class="breadcrumb"><ol><li>Du är här: Start</li><li>Kommun och politik</li></ol></nav>'
        f'<main id="main"><article>{inner}</article>'
        "<aside><h2>Kontakt</h2><p>Öppettider i receptionen: vardagar klockan 8 till 16 hela året.</p></aside>"
        '<section class="feedback"><h2>Hjälpte informationen dig?</h2><button>Ja</button></section></main>'
        "<footer><p>Sjöbo kommun, Box 1, 275 00 Sjöbo</p><p>Dela sidan på</p></footer></body></html>"
    )


def portlets(inner: str, title: str) -> str:
    """A publishing system's nested divisions with names of its own."""
    return (
        f'<!DOCTYPE html><html lang="sv">{_head(title)}<body class="sv-responsive has-sidebar">'
        '<div class="sv-vertical"><div class="sv-cookie-consent-modal">Vi använder kakor</div>'
        f'<div class="sv-grid-main header-top"><div class="topbar">Hoppa till innehåll</div>{_links()}</div>'
        f'<div class="brodsmulor">Du är här: <a href="/">Start</a></div>'
        f'<div class="sv-row"><div class="sv-column-3 sidomeny">{_links()}</div>'
        f'<div class="sv-column-6 pagecontent sv-layout"><div class="sv-text-portlet"><div>{inner}</div></div>'
        "<h2>Hjälpte informationen dig?</h2><div><a href='#'>Ja</a> <a href='#'>Nej</a></div></div>"
        '<div class="sv-column-3 sidofalt"><p>Öppettider i receptionen</p></div></div>'
        '<div class="sidfot"><p>Sjöbo kommun, Box 1, 275 00 Sjöbo</p><p>Dela sidan på</p></div>'
        "</div></body></html>"
    )


def one_form(inner: str, title: str) -> str:
    """Everything in one form, as older servers send it."""
    return (
        f'<html xmlns="http://www.w3.org/1999/xhtml">{_head(title)}<body><form id="aspnetForm" method="post">'
        '<input type="hidden" name="__VIEWSTATE" value="abcdefghijklmnop">'
        f'<div id="globalHeader">{_links()}<label>Sök</label><input type="text"></div>'
        '<div id="ctl00_breadcrumb">Du är här: Start</div>'
        f'<div id="ctl00_MainContent"><div class="article">{inner}</div></div>'
        '<div class="newsletter">Anmäl dig till nyhetsbrevet</div>'
        '<div id="footer">Sjöbo kommun, Box 1, 275 00 Sjöbo</div></form></body></html>'
    )


def old_tables(inner: str, title: str) -> str:
    """A page laid out by tables, without a name for anything."""
    cells = "".join(f'<td><a href="/{number}">{text}</a></td>' for number, text in enumerate(MENU))
    return (
        f"<HTML><HEAD><TITLE>{SITE} - {title}</TITLE></HEAD><BODY bgcolor=#FFFFFF>"
        f"<TABLE width=100%><TR>{cells}</TR></TABLE>"
        f'<TABLE><TR><TD valign=top width=150>{_links()}</TD><TD>{inner}<p><font size="1">Senast uppdaterad: '
        "4 mars 2025</font></p></TD></TR></TABLE>"
        '<TABLE><TR><TD><a href="/k">Sjöbo kommun, Box 1, 275 00 Sjöbo</a></TD></TR></TABLE></BODY></HTML>'
    )


def hashed(inner: str, title: str) -> str:
    """Classes that were made by a machine, and no tags that say what they are."""
    return (
        f'<!DOCTYPE html><html lang="sv">{_head(title)}<body><div id="__next"><div class="css-1x2y3z">'
        f'<div class="css-9a8b7c">{_links()}</div><div class="css-aaa111" role="dialog">Vi använder kakor</div>'
        f'<div class="css-7k2m"><div class="css-m4n5">{inner}</div></div>'
        f'<div class="css-0p9o" role="contentinfo"><p>Sjöbo kommun, Box 1, 275 00 Sjöbo</p>{_links()}</div>'
        "</div></div></body></html>"
    )


LAYOUTS: Mapping[str, Callable[[str, str], str]] = {
    "semantic": semantic,
    "portlets": portlets,
    "one_form": one_form,
    "old_tables": old_tables,
    "hashed": hashed,
}
"""Name -> what sets a page's own HTML, given its title too, into a whole page."""
