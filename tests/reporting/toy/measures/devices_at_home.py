"""Visits at which devices were counted, under each sort that there was."""

from collections.abc import Iterator

from services.events.codes import Code
from services.events.households import HouseholdVisited
from services.reporting.definitions.label import Label
from services.reporting.definitions.measure import Codes, count


class DeviceSort(Code):
    """A household may have both."""

    SMART = "smart", "Thiết bị thông minh", "Smart device"
    PHONE_2G = "phone_2g", "Máy 2G", "2G phone"


DEVICE_SORT = Label("device_sort", DeviceSort, adds_up=False)


def _sorts(event: HouseholdVisited) -> Iterator[Codes]:
    if event.data.smart_devices:
        yield (DeviceSort.SMART,)
    if event.data.phones_2g:
        yield (DeviceSort.PHONE_2G,)


DEVICES_AT_HOME = count("devices_at_home", (DEVICE_SORT,), HouseholdVisited, _sorts)
