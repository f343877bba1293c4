"""An echo bot on the Microsoft 365 Agents SDK, as its samples have it: what Fyren's turns are measured beside.

It runs in an environment of its own (`.venv/agents`, which `make bench` makes), so it imports nothing of Fyren.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import Any

from aiohttp import web

PATH = "/api/messages"


def serve(port: int) -> None:
    """Answer until interrupted. Nobody has to identify themselves, as with the other bots of a measurement."""
    # Where Fyren is checked, the SDK is not installed.
    from microsoft_agents.hosting.aiohttp import (  # type: ignore[import-not-found]
        CloudAdapter,
        jwt_authorization_middleware,
        start_agent_process,
    )
    from microsoft_agents.hosting.core import (  # type: ignore[import-not-found]
        AgentApplication,
        MemoryStorage,
        TurnContext,
        TurnState,
    )
    from microsoft_agents.hosting.core.authorization import (  # type: ignore[import-not-found]
        AgentAuthConfiguration,
        AnonymousTokenProvider,
    )

    class Anonymous:
        """Connections without a token."""

        def get_token_provider(self, claims_identity: Any, service_url: str) -> Any:
            return AnonymousTokenProvider()

    # It warns in every turn that it has no app id, which the others are not asked to write down either.
    logging.getLogger("microsoft_agents").setLevel(logging.ERROR)
    connections = Anonymous()
    adapter = CloudAdapter(connection_manager=connections)
    echo = AgentApplication[TurnState](storage=MemoryStorage(), adapter=adapter, connection_manager=connections)

    async def repeat(context: Any, state: Any) -> None:
        await context.send_activity(f"Echo: {context.activity.text}")

    # Annotated for the SDK, which looks at a handler's parameters; names under `if TYPE_CHECKING` would not be found.
    repeat.__annotations__ = {"context": TurnContext, "state": TurnState}
    echo.activity("message")(repeat)

    async def messages(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await start_agent_process(request, echo, adapter)
        return response

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = AgentAuthConfiguration(anonymous_allowed=True)
    app.router.add_post(PATH, messages)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve on the port that was given."""
    parser = argparse.ArgumentParser(description="an echo bot on the Agents SDK")
    parser.add_argument("--port", type=int, required=True)
    serve(parser.parse_args(arguments).port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
