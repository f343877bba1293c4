"""The exceptions of the web package.

WebError
├── AssetsInvalid        a template or a file of the pages cannot be used; found when the service starts
└── SigninError          see `bot.web.signin.errors`

HTTPForbidden, of aiohttp
├── ForeignForm          a form that no page of this service sent
└── SessionEnded         a form of somebody whose session is over
"""

from __future__ import annotations

from aiohttp import web


class WebError(Exception):
    """Root of what this package raises."""


class AssetsInvalid(WebError):
    """A page could not be shown as it is; the message names the file."""


class ForeignForm(web.HTTPForbidden):
    """The browser says that a form is from elsewhere, or it lacks its session's token."""


class SessionEnded(web.HTTPForbidden):
    """Nobody is signed in any more who may send this form."""
