"""botbuilder's dispatch to one turn of the service."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.schema import ChannelAccount

from bot.conversation.turn import FileConsent
from bot.teams.adapter import WireActivity
from bot.teams.files.consent import target_of
from bot.teams.files.file_turns import FileTurns
from bot.teams.receiving.activities import said_by_button
from bot.teams.service import TurnService


class FyrenHandler(ActivityHandler):  # type: ignore[misc]  # botbuilder ships no types
    """Every kind of activity that Fyren answers ends in the same service, but for what brings a file on its way."""

    def __init__(self, service: TurnService, files: FileTurns) -> None:
        self._service = service
        self._files = files

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Something written, or a button pressed in a client without Action.Execute."""
        activity = turn_context.activity
        said = said_by_button(activity.incoming)
        await self._service.take(activity.turn, ContextOutlet(turn_context), said=said)

    async def on_members_added_activity(self, members_added: list[ChannelAccount], turn_context: TurnContext) -> None:
        """The bot itself was added: other members make no turn."""
        await self._service.take(turn_context.activity.turn, ContextOutlet(turn_context))

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        """The app was installed."""
        await self._service.take(turn_context.activity.turn, ContextOutlet(turn_context))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """A card action, a thumb, or an answer about a file."""
        activity, outlet = turn_context.activity, ContextOutlet(turn_context)
        if isinstance(activity.turn.event, FileConsent):
            await self._files.take(activity.turn, target_of(activity.incoming), outlet)
            return InvokeResponse(status=HTTPStatus.OK)
        body = await self._service.press(activity.turn, outlet)
        return InvokeResponse(status=HTTPStatus.OK, body=body)


class ContextOutlet:
    """Sends through a turn's context, which fills in who and where."""

    def __init__(self, context: TurnContext) -> None:
        self._context = context

    async def send(self, payload: Mapping[str, Any]) -> str:
        """The new activity's id, empty where the connector gives none. Raises TeamsError."""
        response = await self._context.send_activity(WireActivity(payload))
        return str(response.id or "") if response else ""

    async def update(self, activity_id: str, payload: Mapping[str, Any]) -> None:
        """Raises TeamsError."""
        activity = WireActivity(payload)
        activity.id = activity_id
        await self._context.update_activity(activity)
