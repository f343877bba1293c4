"""What is answered to bytes that are no HTTP request: they reach no application, and so nothing that dresses answers.

aiohttp would say which version of it this is, repeat the bytes, and write them into the log, whatever they hold.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.headers import dress

_log = logging.getLogger(__name__)


class PlainRequestHandler(web.RequestHandler):
    """aiohttp's protocol, whose own answers have the headers of all others."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """See aiohttp. Of what could not be read, neither log nor answer tells more than that."""
        if isinstance(exc, HttpProcessingError) and request.writer.output_size == 0:
            _log.info("a request was refused that is no HTTP (%s)", type(exc).__name__)
            response: web.StreamResponse = web.Response(status=status, text=HTTPStatus(status).phrase)
            response.force_close()
        else:
            response = super().handle_error(request, status, exc, message)
        dress(response)
        return response


def plain(protocol: Any) -> Any:
    """The protocol that a server has made, as one of these: aiohttp can be told of no other class."""
    protocol.__class__ = PlainRequestHandler
    return protocol
