"""What notify is told of an SMSC."""

from typing import Annotated

from pydantic import Field, SecretStr

from services.notify.providers.brand import SENDER
from services.notify.providers.smpp.reading import ReceiptIds
from services.notify.providers.smpp.sending import Access
from services.notify.smpp.session import SessionTerms
from services.platform.settings import ServiceSettings

_Name = Annotated[str, Field(pattern=r"^[!-~]{0,15}$")]


class SmppSettings(ServiceSettings):
    """Read only where the provider is SMPP."""

    smpp_host: str = ""
    smpp_port: int = Field(default=2775, ge=1, le=65_535)
    smpp_tls: bool = False
    smpp_system_id: _Name = ""
    smpp_password: SecretStr = SecretStr("")
    smpp_system_type: Annotated[str, Field(pattern=r"^[!-~]{0,12}$")] = ""
    smpp_sender: Annotated[str, Field(pattern=SENDER)] = ""
    """A registered brand name of up to 11 characters, or a short number: then no adverts."""
    smpp_in_pairs: bool = False
    """A transmitter and a receiver instead of a transceiver."""
    smpp_window: int = Field(default=10, ge=1, le=1_000)
    smpp_response_s: float = Field(default=20.0, gt=0)
    smpp_patience_s: float = Field(default=15.0, gt=0)
    """For a session and a place in its window."""
    smpp_enquire_s: float = Field(default=30.0, gt=0)
    smpp_receipt_ids: ReceiptIds = ReceiptIds.AS_ANSWERED

    @property
    def smpp_access(self) -> Access:
        """Raises: ValueError when something that it needs is missing."""
        password = self.smpp_password.get_secret_value()
        if not (self.smpp_host and self.smpp_system_id and self.smpp_sender):
            raise ValueError("NOTIFY_SMPP_HOST, NOTIFY_SMPP_SYSTEM_ID and NOTIFY_SMPP_SENDER")
        if len(password) > 8 or not password.isascii() or "\0" in password:
            raise ValueError("NOTIFY_SMPP_PASSWORD has at most 8 ASCII characters")
        return Access(
            host=self.smpp_host,
            port=self.smpp_port,
            system_id=self.smpp_system_id,
            password=password,
            sender=self.smpp_sender,
            system_type=self.smpp_system_type,
            tls=self.smpp_tls,
            in_pairs=self.smpp_in_pairs,
            terms=SessionTerms(
                window=self.smpp_window,
                response_s=self.smpp_response_s,
                enquire_s=self.smpp_enquire_s,
            ),
            patience_s=self.smpp_patience_s,
            receipt_ids=self.smpp_receipt_ids,
        )
