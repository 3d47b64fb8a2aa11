"""All that access keeps."""

from typing import Protocol

from services.platform.http.repeat_store import MongoRepeats
from services.platform.http.repeating import RepeatStore
from services.platform.mongo import Database
from services.registration.access.audit import Audit, Trail
from services.registration.access.staff_store import MongoStaffStore, StaffStore
from services.registration.access.token_store import MongoTokenStore, TokenStore


class AccessStore(Protocol):
    """Its parts."""

    @property
    def staff(self) -> StaffStore: ...

    @property
    def tokens(self) -> TokenStore: ...

    @property
    def audit(self) -> Trail: ...

    @property
    def repeats(self) -> RepeatStore: ...


class MongoAccessStore:
    """Collections `users`, `sessions`, `attempts`, `enrolments`, `devices`, `keys`, `audit`,
    `repeats`."""

    def __init__(self, database: Database) -> None:
        self.audit = Audit(database)
        self.staff = MongoStaffStore(database, self.audit)
        self.tokens = MongoTokenStore(database, self.audit)
        self.repeats = MongoRepeats(database)

    async def ensure_indexes(self) -> None:
        """Of all."""
        for part in (self.audit, self.staff, self.tokens, self.repeats):
            await part.ensure_indexes()
