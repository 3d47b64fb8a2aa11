"""What registration is told when it starts."""

from pydantic import AwareDatetime, Field, SecretStr

from services.platform.settings import Key, Keys, ServiceSettings, settings_from
from services.registration.intake.clock_correction import EARLIEST


class RegistrationSettings(ServiceSettings):
    """Variables begin with REGISTRATION_; keys are backed up apart from the data."""

    model_config = settings_from("REGISTRATION_")

    mongo_database: str = "registration"
    port: int = 8101
    citizens_mongo_url: SecretStr
    """A user of its own, so that nobody who reads events reads identities."""
    citizens_mongo_database: str = "citizens"
    payload_key: Key = Field(repr=False)
    index_key: Key = Field(repr=False)
    master_key: Key = Field(repr=False)
    former_index_keys: Keys = Field((), repr=False)
    former_master_keys: Keys = Field((), repr=False)
    notify_wrap_key: Key = Field(repr=False)
    token_private_key: SecretStr
    device_rate: float = Field(500.0, gt=0)
    """Writes a second of one device, session or key; four seconds' worth may come at once."""
    first_password_h: float = Field(24.0, gt=0)
    """Hours in which a first password is to be changed; then the administrator makes another."""
    earliest: AwareDatetime = EARLIEST
    """No event may have happened before."""
    allowed_origin: str = ""
    """Of the page on which staff may sign in to read figures; empty: none."""
    demo: bool = False
    """Honours the header `Demo-Now`; for a database with sample figures only."""
