"""What an operator may set of a provider stands on the operator's page."""

import re

import pytest

from deploy.local.places import ROOT
from services.notify.providers.esms.settings import EsmsSettings
from services.notify.providers.speedsms.settings import SpeedsmsSettings
from services.notify.providers.zns.settings import ZnsSettings
from services.platform.settings import ServiceSettings

PAGE = (ROOT / "docs" / "operating" / "providers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "prefix"),
    [(EsmsSettings, "ESMS"), (SpeedsmsSettings, "SPEEDSMS"), (ZnsSettings, "ZNS")],
)
def test_page_tells_of_each_variable_and_of_no_other(
    settings: type[ServiceSettings], prefix: str
) -> None:
    own = settings.model_fields.keys() - ServiceSettings.model_fields.keys()

    told = set(re.findall(rf"`(NOTIFY_{prefix}_[A-Z_]+)`", PAGE))

    assert told == {f"NOTIFY_{name.upper()}" for name in own}
