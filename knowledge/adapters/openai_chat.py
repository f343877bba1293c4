"""OpenAI's client behind LangChain's chat model: how it is built, read, and what its failures mean.

Importing this costs seconds; `knowledge.adapters.chat_model` does it where a model is built.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final, cast

import httpx2
import openai
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from langsmith import tracing_context
from pydantic import SecretStr

from knowledge.adapters.merged_events import merge_events
from knowledge.adapters.model_pieces import Piece, ServerFailed
from knowledge.composing.ports import ModelRequest

OPENAI: Final = "https://api.openai.com/v1"
CONNECT: Final = 1.0
"""Seconds until a connection stands: a server that is gone must not cost the person who asks two seconds."""
PASSING: Final = frozenset({408, 409, 429})
"""Statuses besides 500 and above that another attempt may change, as OpenAI's own client has it."""

_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_log = logging.getLogger(__name__)


class _SaysRefusals:
    """LangChain drops what a model says when it declines, where it streams; here it stands beside the text."""

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        made: ChatGenerationChunk | None = super()._convert_chunk_to_generation_chunk(  # type: ignore[misc] # mixed in before the class that has it
            chunk, default_chunk_class, base_generation_info
        )
        choices = chunk.get("choices") or [{}]
        if made is not None and (refusal := (choices[0].get("delta") or {}).get("refusal")):
            made.message.additional_kwargs["refusal"] = refusal
        return made


class _OpenAI(_SaysRefusals, ChatOpenAI):
    pass


class _Azure(_SaysRefusals, AzureChatOpenAI):
    pass


class OpenAIChat:
    """One model on one server. Its own client retries nothing: that is done in one place."""

    def __init__(
        self, *, azure: bool, model: str, base_url: str, api_key: str, api_version: str, structure: str, silence: float
    ) -> None:
        """`silence` is seconds without a piece after which the server counts as gone."""
        self._structure = structure
        # OpenAI's newer models refuse `max_tokens`; it is the only name that every other server knows.
        self._limit = "max_tokens" if base_url and not azure else "max_completion_tokens"
        self._http = openai.DefaultAsyncHttpxClient(event_hooks={"response": [merge_events]})
        # All are given, so that no variable of the environment decides where questions go.
        shared: dict[str, Any] = {
            "api_key": SecretStr(api_key or "none"),
            "timeout": httpx2.Timeout(silence, connect=CONNECT),
            "max_retries": 0,
            "stream_usage": True,
            "stream_chunk_timeout": None,
            "http_async_client": self._http,
            "http_socket_options": (),  # otherwise it warns of proxies, for a client that is never used
            "use_responses_api": False,
        }
        if azure and api_version:
            self._chat: ChatOpenAI | AzureChatOpenAI = _Azure(
                azure_endpoint=base_url, azure_deployment=model, api_version=api_version, model=model, **shared
            )
        else:
            self._chat = _OpenAI(
                model=model, base_url=_azure_address(base_url) if azure else base_url or OPENAI, **shared
            )

    async def pieces(self, request: ModelRequest) -> AsyncGenerator[Piece, None]:
        """The answer as it comes. Raises ServerFailed."""
        body: dict[str, object] = {self._limit: request.max_tokens}
        if self._structure != "prompt":
            # In the body beside LangChain, which would otherwise parse the whole answer again with every piece.
            body["response_format"] = _form(self._structure, request)
        messages = [("system", request.system), ("human", request.user)]
        answer = cast(AsyncGenerator[AIMessageChunk, None], self._chat.astream(messages, extra_body=body))
        try:
            # Whether a run is traced is decided where it begins: questions go to the configured server only.
            with tracing_context(enabled=False):
                chunk = await anext(answer, None)
            while chunk is not None:
                yield _piece(chunk)
                chunk = await anext(answer, None)
        except (openai.OpenAIError, httpx2.HTTPError, TimeoutError, ValueError, TypeError, LookupError) as error:
            # The client's text may hold the question, and part of the key: neither it nor its cause goes on.
            raise _failure(error) from None
        finally:
            await answer.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _azure_address(resource: str) -> str:
    """The address of Azure's current API, where that of the resource or the whole is given."""
    resource = resource.rstrip("/")
    return resource if resource.endswith("/openai/v1") else f"{resource}/openai/v1"


def _form(structure: str, request: ModelRequest) -> dict[str, object]:
    if structure == "json_object":
        return {"type": "json_object"}
    schema = {"name": request.name, "schema": dict(request.schema), "strict": True}
    return {"type": "json_schema", "json_schema": schema}


def _piece(chunk: AIMessageChunk) -> Piece:
    said: Mapping[str, Any] = chunk.response_metadata
    usage = chunk.usage_metadata
    return Piece(
        text=str(chunk.text),
        refusal=str(chunk.additional_kwargs.get("refusal") or ""),
        finish=str(said.get("finish_reason") or ""),
        usage=(usage["input_tokens"], usage["output_tokens"]) if usage else None,
    )


def _failure(error: Exception) -> ServerFailed:
    if isinstance(error, openai.APIStatusError):
        return _status(error)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException | TimeoutError):
        # A server that does not even take the connection is gone, one that says nothing is slow.
        connecting = isinstance(error.__cause__, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        connecting = connecting or isinstance(getattr(error.__cause__, "__cause__", None), httpx2.ConnectTimeout)
        return ServerFailed("no answer in time", "unavailable" if connecting else "slow")
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
        return ServerFailed(f"no connection: {type(error).__name__}", "unavailable", passing=True)
    return ServerFailed(f"an answer that is none: {type(error).__name__}", "invalid")


def _status(error: openai.APIStatusError) -> ServerFailed:
    status = error.status_code
    code = error.code if isinstance(error.code, str) and _CODE.fullmatch(error.code) else ""
    said = f"status {status} {code}".rstrip()
    if code == "content_filter" or (status == 400 and "content_filter" in str(error.body)):
        return ServerFailed(said, "filtered", alive=True)
    if status in (401, 403):
        _log.error("the model's server refuses the key (%s): check FYREN_MODEL_API_KEY", said)
    elif status == 404:
        _log.error(
            "the model's server knows no such model or address (%s): check FYREN_MODEL_NAME and FYREN_MODEL_BASE_URL, "
            "with Azure also FYREN_MODEL_API_VERSION",
            said,
        )
    elif status in (400, 422):
        _log.error("the model's server does not take the request (%s): check FYREN_MODEL_STRUCTURE", said)
    reason = "busy" if status == 429 else "unavailable"
    passing = status in PASSING or status >= 500
    return ServerFailed(said, reason, passing=passing, retry_after=_seconds(error.response.headers.get("retry-after")))


def _seconds(said: str | None) -> float | None:
    """A server's Retry-After in seconds; a date counts as long, since whoever names one does not mean a moment."""
    if said is None:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        return 60.0
