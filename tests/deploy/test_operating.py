"""What the operator's page tells to watch is what the services measure."""

import json
import re

import pytest
from prometheus_client import Counter, Gauge, Histogram

from deploy.local.places import ROOT
from services.messaging import metrics as messaging
from services.notify import metrics as notify
from services.notify.settings import NotifySettings
from services.platform import observed
from services.platform.settings import ServiceSettings
from services.registration.intake import record
from services.registration.settings import RegistrationSettings
from services.reporting import metrics as reporting
from services.reporting.settings import ReportingSettings

PAGE = (ROOT / "docs" / "operating" / "README.md").read_text(encoding="utf-8")
WATCHED = set(re.findall(r"^\| `([a-z_]+)", PAGE, re.MULTILINE))


@pytest.mark.parametrize("kind", [RegistrationSettings, ReportingSettings, NotifySettings])
def test_front_door_has_the_defaults_that_the_page_tells(kind: type[ServiceSettings]) -> None:
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| `?([0-9\[\]]+)`? \|", PAGE, re.MULTILINE))

    defaults = {name: kind.model_fields[name.lower()].default for name in told}

    assert len(told) == 6
    assert defaults.pop("TRUSTED_PROXIES") == tuple(json.loads(told.pop("TRUSTED_PROXIES")))
    assert defaults == {name: float(value) for name, value in told.items()}


def test_metrics_that_the_page_names_are_measured() -> None:
    measured = {
        f"{family.name}_total" if isinstance(metric, Counter) else family.name
        for module in (messaging, notify, observed, record, reporting)
        for metric in vars(module).values()
        if isinstance(metric, Counter | Gauge | Histogram)
        for family in metric.collect()
    }

    assert len(WATCHED) > 5
    assert measured >= WATCHED
