"""What a notify process is told that sends to an SMSC of a test."""

from tests.notify.smpp.smsc.process import Smsc


async def over_smpp(smsc: Smsc, **settings: str) -> dict[str, str]:
    """As environment variables."""
    return {
        "NOTIFY_PROVIDERS": "smpp",
        "NOTIFY_SMPP_HOST": "127.0.0.1",
        "NOTIFY_SMPP_PORT": str(await smsc.port()),
        "NOTIFY_SMPP_SYSTEM_ID": "tungngo",
        "NOTIFY_SMPP_SENDER": "UBND",
        **settings,
    }
