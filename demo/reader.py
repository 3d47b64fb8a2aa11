"""Reading from a service that only lets in whom registration vouches for."""

from typing import Any

from demo.office import Office
from demo.server import Refused, Server


class Reader:
    """The centre as a reader of one service; a token lasts five minutes and is asked for anew."""

    def __init__(self, server: Server, office: Office, audience: str) -> None:
        self.server = server
        self._office = office
        self._audience = audience
        self._token = ""

    async def get(self, path: str, **query: str) -> Any:
        """The decoded answer. Raises: Refused, CannotPlay."""
        try:
            return await self.server.get(path, self._token, **query)
        except Refused as refused:
            if refused.status != 401:
                raise
        self._token = await self._office.token_for(self._audience)
        return await self.server.get(path, self._token, **query)
