"""What the operator's own commands are told: where the broker is, and where traces are kept."""

from pydantic import SecretStr

from services.platform.settings import Settings, settings_from


class TopologySettings(Settings):
    """For declaring exchanges and queues; `partitions` is the same in every service."""

    model_config = settings_from("MESSAGING_")

    broker_url: SecretStr
    partitions: int = 4


class DeadLetterSettings(TopologySettings):
    """For an operator's acts, each of which leaves a trace in this database."""

    mongo_url: SecretStr
    mongo_database: str = "messaging"
