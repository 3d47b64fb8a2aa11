"""Activities and attendance, by kind, programme, group and ward."""

from services.reporting.definitions.labels import GROUP, WARD
from services.reporting.definitions.number import Number, each
from services.reporting.definitions.report import Report
from services.reporting.measures import activities as m
from services.reporting.measures.teams import TEAM_KIND
from services.reporting.reports import numbers as n

REPORT = Report(
    "activities",
    "Hoạt động",
    "Activities",
    "What was held, on its day. Whoever is of two groups counts in both, and so does an activity of"
    " two programmes.",
    (
        n.ACTIVITIES_HELD,
        n.ATTENDANCE_AT_ACTIVITIES,
        n.BOOTH_VISITED,
        Number("contest_entries", "Lượt dự thi", "Contest entries", (m.CONTEST_ENTRIES,)),
        Number("contest_winners", "Lượt đạt giải", "Contest winners", (m.CONTEST_WINNERS,)),
        *each(m.REACHED, m.REACH_CHANNEL, name="reached_{}", vi="Tiếp cận: {}", en="Reached: {}"),
        *each(m.TEAMS_LAUNCHED, TEAM_KIND, name="launched_{}", vi="Ra mắt: {}", en="Launched: {}"),
    ),
    by=(m.ACTIVITY_KIND, m.PROGRAMME, GROUP, WARD),
)
