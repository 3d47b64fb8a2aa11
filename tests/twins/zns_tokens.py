"""The store of Zalo's tokens in memory; two may share what is kept, as two processes do."""

from services.notify.providers.zns.tokens import Tokens
from services.platform.unavailable import Unavailable


class ZnsTokensTwin:
    def __init__(self, shared: "ZnsTokensTwin | None" = None) -> None:
        self._shared = shared or self
        self.kept: Tokens | None = None
        self.holder: ZnsTokensTwin | None = None
        self.away = False
        self.saves = 0

    async def read(self) -> Tokens | None:
        self._answer()
        return self._shared.kept

    async def save(self, tokens: Tokens) -> None:
        self._answer()
        self._shared.kept = tokens
        self._shared.saves += 1

    async def claim(self) -> bool:
        self._answer()
        self._shared.holder = self._shared.holder or self
        return self._shared.holder is self

    async def release(self) -> None:
        if self._shared.holder is self:
            self._shared.holder = None

    def _answer(self) -> None:
        if self._shared.away:
            raise Unavailable
