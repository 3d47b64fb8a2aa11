"""All that access keeps."""

from typing import Protocol

from services.platform.mongo import Database
from services.registration.access.audit import Audit, Trail
from services.registration.access.staff_store import MongoStaffStore, StaffStore
from services.registration.access.token_store import MongoTokenStore, TokenStore


class AccessStore(Protocol):
    """Its three parts."""

    @property
    def staff(self) -> StaffStore: ...

    @property
    def tokens(self) -> TokenStore: ...

    @property
    def audit(self) -> Trail: ...


class MongoAccessStore:
    """Collections `users`, `sessions`, `attempts`, `enrolments`, `devices`, `keys`, `audit`."""

    def __init__(self, database: Database) -> None:
        self.audit = Audit(database)
        self.staff = MongoStaffStore(database, self.audit)
        self.tokens = MongoTokenStore(database, self.audit)

    async def ensure_indexes(self) -> None:
        """Of all three."""
        for part in (self.audit, self.staff, self.tokens):
            await part.ensure_indexes()
