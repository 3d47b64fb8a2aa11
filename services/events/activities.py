"""Activities: festivals, launches, trainings and whatever else a ward or the city holds."""

from typing import Annotated, Literal

from pydantic import FailFast, Field

from services.events.codes import Code, Group, Programme
from services.events.declarations import Kind, Scope
from services.events.envelope import Count, Data, Event, Id, Instant, Text

ACTIVITIES = Kind("activity", plural="activities")


class ActivityKind(Code):
    """What is held."""

    FESTIVAL = "festival", "Ngày hội", "Festival"
    LAUNCH = "launch", "Lễ phát động, ra quân", "Launch"
    CONFERENCE = "conference", "Hội nghị", "Conference"
    TRAINING = "training", "Tập huấn", "Training"
    PRACTICE_SESSION = "practice_session", "Buổi thực hành", "Practice session"
    CONTEST = "contest", "Hội thi", "Contest"
    COMMUNICATION = "communication", "Tuyên truyền", "Communication"


class OrganiserRole(Code):
    """What an organisation does for an activity."""

    HOST = "host", "Chủ trì", "Host"
    CO_HOST = "co_host", "Phối hợp", "Co-host"
    SUPPORT = "support", "Hỗ trợ", "Support"
    SPONSOR = "sponsor", "Tài trợ", "Sponsor"


class GuestRole(Code):
    """As what somebody of an organisation comes; the name is nobody's business."""

    LEADER = "leader", "Lãnh đạo", "Leader"
    REPRESENTATIVE = "representative", "Đại diện", "Representative"
    SPEAKER = "speaker", "Báo cáo viên", "Speaker"
    EXPERT = "expert", "Chuyên gia", "Expert"


class ReachChannel(Code):
    """By what a message reached people."""

    LOUDSPEAKER = "loudspeaker", "Loa truyền thanh", "Loudspeakers"
    SOCIAL_MEDIA = "social_media", "Mạng xã hội", "Social media"
    ZALO = "zalo", "Zalo", "Zalo"
    WEBSITE = "website", "Trang thông tin điện tử", "Website"
    PRESS = "press", "Báo, đài", "Press and broadcasting"
    LEAFLET = "leaflet", "Tờ rơi, áp phích", "Leaflets and posters"
    BROADCAST = "broadcast", "Truyền trực tuyến", "Live stream"


class Organiser(Data):
    """An organisation and what it does."""

    organisation_id: Id
    role: OrganiserRole = OrganiserRole.HOST


class Guest(Data):
    """Somebody of an organisation, by office and never by name."""

    organisation_id: Id
    role: GuestRole = GuestRole.REPRESENTATIVE


class Activity(Data):
    """What is held, for which programmes, where, and by whom."""

    kind: ActivityKind
    theme: Text
    programmes: Annotated[tuple[Programme, ...], FailFast(), Field(max_length=10)] = ()
    topics: Annotated[tuple[Id, ...], FailFast(), Field(max_length=20)] = ()
    occasion: Text | None = None
    edition: Text | None = None
    venue: Text | None = None
    neighbourhood_id: Id | None = None
    organisers: Annotated[tuple[Organiser, ...], FailFast(), Field(max_length=20)] = ()
    guests: Annotated[tuple[Guest, ...], FailFast(), Field(max_length=50)] = ()
    starts_at: Instant | None = None
    ends_at: Instant | None = None


class ActivityScheduled(Event):
    """It is planned; planned again, it is as last planned. `subject` is its id."""

    scope = Scope(neighbourhood="neighbourhood_id")
    type: Literal["activity.scheduled.v1"] = "activity.scheduled.v1"
    data: Activity


class Attendance(Data):
    """How many of one group came; who is of two groups counts in both."""

    group: Group
    people: Count


class Reach(Data):
    """How many one channel reached."""

    channel: ReachChannel
    people: Count


class HeldActivity(Activity):
    """The activity as it was in the end, and what came of it; what nobody counted is left out."""

    people: Count | None = None
    """All who came, each once: groups overlap and do not add up to it."""
    attendance: Annotated[tuple[Attendance, ...], FailFast(), Field(max_length=20)] = ()
    booths: Count | None = None
    booth_visits: Count | None = None
    entries: Count | None = None
    winners: Count | None = None
    reach: Annotated[tuple[Reach, ...], FailFast(), Field(max_length=20)] = ()


class ActivityHeld(Event):
    """It took place, planned before or not; `time` is when it was held."""

    scope = Scope(neighbourhood="neighbourhood_id")
    type: Literal["activity.held.v1"] = "activity.held.v1"
    data: HeldActivity
