"""What reporting is told when it starts."""

from pydantic import SecretStr

from services.platform.settings import ServiceSettings, settings_from


class ReportingSettings(ServiceSettings):
    """Variables begin with REPORTING_."""

    model_config = settings_from("REPORTING_")

    mongo_database: str = "reporting"
    port: int = 8102
    token_public_key: str = ""
    """Ed25519, PEM: registration signs what readers show."""
    anonymous_reading: bool = False
    """Everybody may read; for a machine of one's own only."""
    demo: bool = False
    """Every answer and page says that its figures are invented."""
    registration_public_url: str = ""
    """Where a browser finds registration, to sign in on the page; empty: nobody signs in there."""
    notify_public_url: str = ""
    """Where a browser finds notify, for the SMS on the page; empty: it shows none."""
    registration_log_mongo_url: SecretStr | None = None
    """MongoDB with registration's log, to be read only: for `verify --against-log` alone."""
    registration_log_database: str = "registration"
    notify_log_mongo_url: SecretStr | None = None
    """The same of notify's log."""
    notify_log_database: str = "notify"
