"""Why SMS were not sent, did not arrive or stayed unconfirmed."""

from services.reporting.definitions.labels import WARD
from services.reporting.definitions.number import under
from services.reporting.definitions.report import Report
from services.reporting.measures.notifications import NOTIFICATIONS_STOPPED
from services.reporting.measures.sms import SMS_REASON, SMS_STATUS, SmsStatus

STOPPED = (SmsStatus.SUPPRESSED, SmsStatus.FAILED, SmsStatus.UNCONFIRMED)

REPORT = Report(
    "sms_reasons",
    "Lý do SMS không tới",
    "Why SMS did not arrive",
    "One reason, as notify gives it.",
    tuple(under(NOTIFICATIONS_STOPPED, SMS_STATUS, status) for status in STOPPED),
    by=(SMS_REASON, WARD),
)
