"""botbuilder, tamed: its CloudAdapter, TurnContext and ActivityHandler over our own clients.

The stock adapter builds two HTTP clients and fetches tokens for every turn, deserialises leniently on the way in and
drops entity fields on the way out. Here it keeps what it is good at (the turn's context, dispatch, invoke answers)
and is given: activities that are checked already, one connector for the life of the process, and bodies that are sent
as they were made.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ResourceResponse
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)

from bot.conversation.turn import Turn
from bot.teams.receiving.incoming import Account, Incoming
from bot.teams.receiving.tokens import Caller
from bot.teams.sending.connector import Connector
from bot.teams.sending.pauses import ATTEMPTS


class TurnActivity(Activity):  # type: ignore[misc]  # botbuilder ships no types
    """What came in, for botbuilder's dispatch; handlers read `incoming` and `turn`."""

    def __init__(self, incoming: Incoming, turn: Turn) -> None:
        super().__init__(
            type=incoming.type,
            id=incoming.id,
            channel_id=incoming.channel,
            service_url=incoming.service_url,
            locale=incoming.locale,
            name=incoming.name,
            action=incoming.action,
            reply_to_id=incoming.reply_to,
            conversation=ConversationAccount(id=incoming.conversation.id),
            from_property=_account(incoming.sender),
            recipient=_account(incoming.recipient),
            members_added=[_account(member) for member in incoming.members_added or ()],
        )
        self.incoming = incoming
        self.turn = turn


class WireActivity(Activity):  # type: ignore[misc]  # botbuilder ships no types
    """What goes out: `payload` reaches the wire untouched, with the addresses that the turn's context fills in."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__(type=payload["type"])
        self.payload = payload

    def __deepcopy__(self, memo: dict[int, Any]) -> WireActivity:
        # TurnContext copies before it fills in addresses; the payload is never changed, so it need not be copied.
        return WireActivity(self.payload)

    @property
    def streamed(self) -> bool:
        """Whether it is a step of a stream."""
        return any(entity.get("type") == "streaminfo" for entity in self.payload.get("entities", ()))

    def wire(self) -> dict[str, Any]:
        """The JSON to send."""
        wire = {
            **self.payload,
            "channelId": self.channel_id,
            "from": _json(self.from_property),
            "recipient": _json(self.recipient),
            "conversation": _json(self.conversation),
            "replyToId": self.reply_to_id,
        }
        if self.streamed and wire["conversation"]:
            # Streams are for personal chats only, and Microsoft's test client wants to be told that this is one.
            wire["conversation"] = {**wire["conversation"], "conversationType": "personal"}
        if "suggestedActions" in wire and self.recipient is not None:
            wire["suggestedActions"] = {"to": [self.recipient.id], **wire["suggestedActions"]}
        return {key: value for key, value in wire.items() if value is not None}


class TeamsAdapter(CloudAdapter):  # type: ignore[misc]  # botbuilder ships no types
    """A CloudAdapter that authenticates nobody itself: `receive` is given who the caller is."""

    def __init__(self, connector: Connector) -> None:
        self._connectors = _ServiceConnectors(connector)
        super().__init__(_AtTheEndpoint(self._connectors))

    async def receive(
        self,
        incoming: Incoming,
        turn: Turn,
        caller: Caller | None,
        logic: Callable[[TurnContext], Awaitable[None]],
    ) -> InvokeResponse | None:
        """Run one turn; an invoke's answer, else None."""
        identity = AuthenticateRequestResult()
        identity.claims_identity = ClaimsIdentity(dict(caller.claims) if caller else {}, caller is not None)
        identity.connector_factory = self._connectors
        return await self.process_activity(identity, TurnActivity(incoming, turn), logic)


class _AtTheEndpoint(BotFrameworkAuthentication):  # type: ignore[misc]  # botbuilder ships no types
    """Callers are authenticated before botbuilder sees a request, so every other way in is closed."""

    def __init__(self, connectors: _ServiceConnectors) -> None:
        self._connectors = connectors

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """Never succeeds."""
        raise PermissionError("requests are authenticated at the endpoint")

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        """Never succeeds."""
        raise PermissionError("streaming connections are not served")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        """The one factory."""
        return self._connectors

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """None: nobody signs in through the bot."""


class _ServiceConnectors(ConnectorFactory):  # type: ignore[misc]  # botbuilder ships no types
    """Gives botbuilder what it takes for a client: the shared connector, bound to a service address."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def create(self, service_url: str, audience: str) -> _ServiceConnector:
        """A view on the shared connector; opens nothing."""
        return _ServiceConnector(self._connector, service_url)


class _ServiceConnector:
    """The operations that CloudAdapterBase calls on `client.conversations`."""

    def __init__(self, connector: Connector, service_url: str) -> None:
        self._connector = connector
        self._service_url = service_url
        self.conversations = self

    async def send_to_conversation(self, conversation: str, activity: WireActivity) -> ResourceResponse:
        return await self._send(conversation, activity, None)

    async def reply_to_activity(self, conversation: str, reply_to: str, activity: WireActivity) -> ResourceResponse:
        return await self._send(conversation, activity, reply_to)

    async def update_activity(self, conversation: str, activity_id: str, activity: WireActivity) -> ResourceResponse:
        await self._connector.update(self._service_url, conversation, activity_id, activity.wire())
        return ResourceResponse(id=activity_id)

    async def delete_activity(self, conversation: str, activity_id: str) -> None:
        await self._connector.delete(self._service_url, conversation, activity_id)

    async def _send(self, conversation: str, activity: WireActivity, reply_to: str | None) -> ResourceResponse:
        # A typing indicator that comes late is worth nothing, and a stream keeps its own pace: no second attempt.
        attempts = 1 if activity.type == "typing" or activity.streamed else ATTEMPTS
        sent = await self._connector.send(
            self._service_url, conversation, activity.wire(), reply_to=reply_to, attempts=attempts
        )
        return ResourceResponse(id=sent)


def _account(account: Account | None) -> ChannelAccount | None:
    return ChannelAccount(id=account.id, name=account.name) if account else None


def _json(account: ChannelAccount | ConversationAccount | None) -> dict[str, Any] | None:
    if account is None:
        return None
    return {"id": account.id, "name": account.name} if account.name else {"id": account.id}
