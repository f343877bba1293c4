"""The simplest of balancers: `python -m tests.bench.load.balancer PORT...` hands connections to replicas in turn.

It passes bytes on and knows nothing of what is in them, so no session sticks to a replica. Where a replica does not
take a connection, the next one gets it; a connection that breaks is broken for the client, too.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count

SIZE = 64 * 1024


class Balancer:
    """Hands connections on."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._turn = count()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        first = next(self._turn)
        for step in range(len(self._ports)):
            port = self._ports[(first + step) % len(self._ports)]
            try:
                to_reader, to_writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            await asyncio.gather(_pass(reader, to_writer), _pass(to_reader, writer))
            return
        writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(SIZE):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass  # the other side has gone, which closing tells
    finally:
        writer.close()


async def _serve(ports: list[int]) -> None:
    server = await asyncio.start_server(Balancer(ports).handle, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(_serve([int(each) for each in sys.argv[1:]]))
    except KeyboardInterrupt:
        sys.exit(0)
