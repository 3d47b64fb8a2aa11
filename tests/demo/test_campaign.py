"""The campaign is what its table says, the same for the same seed, and as registration wants it."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from random import Random
from statistics import mean, median

import phonenumbers
import pytest

from demo import parameters as p
from demo.campaign import Campaign
from demo.foundation import (
    FESTIVAL_EVENING,
    FESTIVAL_MORNING,
    LAST_EVENING,
    MARCH_MORNING,
    Steps,
)
from demo.people import person
from demo.record import Record
from demo.setting import Manner
from demo.tally import Tally
from demo.uploads import Planned, Sent, Upload
from services.events.codes import Outcome, Service, VisitOutcome
from services.platform.vietnam.wards import current
from services.registration.citizens.identity import PROVINCES, national_id, phone
from tests.demo.registration_rules import CENTRE, RegistrationRules, device_of
from tests.examples import examples


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Campaign(seed=1, scale=0.03, days=2)


@pytest.fixture(scope="module")
def uploads(campaign: Campaign) -> list[Upload]:
    return list(uploads_of(campaign))


@pytest.fixture(scope="module")
def recorded(uploads: list[Upload]) -> list[Record]:
    """Each record once, without those that are meant to be refused."""
    planned = Planned.ACCEPTED
    return [s.record for u in uploads for s in u.sent if s.planned is planned]


def uploads_of(campaign: Campaign) -> Iterator[Upload]:
    return chain.from_iterable(uploads for _, uploads in campaign.uploads())


def ids(campaign: Campaign) -> list[str]:
    return [s.record.id for upload in uploads_of(campaign) for s in upload.sent]


@pytest.fixture(scope="module")
def of_one_day() -> list[str]:
    """Its ids."""
    return ids(Campaign(3, 0.01, 1))


def test_one_seed_plays_the_same_events(of_one_day: list[str]) -> None:
    again, other = ids(Campaign(3, 0.01, 1)), ids(Campaign(4, 0.01, 1))

    same = of_one_day == again

    assert same
    assert set(of_one_day).isdisjoint(other)


def test_more_days_are_the_same_days_and_more(of_one_day: list[str]) -> None:
    of_three_days = set(ids(Campaign(3, 0.01, 3)))

    assert set(of_one_day) < of_three_days


def test_it_plays_in_the_168_wards_and_knows_the_teams_that_are_known(campaign: Campaign) -> None:
    tech = [team for team in campaign.city.teams if not team.service_point_id]

    wards = Counter(team.ward for team in tech)

    assert set(wards) == {ward.code for ward in current()}
    assert (wards[p.CHO_LON], wards[p.HOA_HUNG]) == (30, 41)


def test_no_share_of_neighbourhoods_can_be_told_where_their_number_is_unknown(
    campaign: Campaign,
) -> None:
    with_known = {found.ward for found in campaign.city.neighbourhoods}

    assert with_known == {ward.code for ward in current()} - {p.CHO_LON, p.HOA_HUNG}


def test_district_1_had_eleven_points_and_three_main_ones(campaign: Campaign) -> None:
    points = campaign.city.points_then

    assert len(points) == 11
    assert len({point.ward for point in points}) == 11
    assert sum(point.main for point in points) == 3
    assert next(p_ for p_ in points if p_.ward == p.DISTRICT_1).main


def test_registration_answers_each_event_as_planned() -> None:
    campaign, rules = Campaign(seed=5, scale=0.01, days=1), RegistrationRules()
    foundation = campaign.foundation
    told = [
        (foundation.of_march(), MARCH_MORNING + timedelta(hours=1)),
        (foundation.of_campaign(), p.PREPARED_AT),
        (foundation.launch(), p.LAUNCH),
        (foundation.end_of_district(), LAST_EVENING),
    ]

    decided = Counter(
        rules.answer(record.body(CENTRE.source), CENTRE, now, now)
        for steps, now in told
        for record in all_of(steps)
    )
    observed = Counter(
        (sent.planned is Planned.REJECTED, answer == "accepted")
        for upload in of_some_phones([*campaign.history(), *uploads_of(campaign)])
        for sent, answer in answered(rules, upload)
    )

    assert set(decided) == {"accepted"}
    assert set(observed) == {(False, True), (True, False)}


def of_some_phones(uploads: list[Upload]) -> list[Upload]:
    """All of as many phones as the profile draws, and whatever is meant to be refused."""
    phones = sorted({upload.phone.name for upload in uploads})
    drawn = set(Random(1).sample(phones, min(len(phones), examples(len(phones)))))
    return [u for u in uploads if u.phone.name in drawn or not all(sound(s) for s in u.sent)]


def test_cho_lons_festival_has_a_booth_on_its_day_alone() -> None:
    campaign, rules = Campaign(seed=1, scale=0.01, days=28, only=[p.CHO_LON]), RegistrationRules()
    foundation = campaign.foundation
    told = [
        (foundation.of_campaign(), p.PREPARED_AT),
        (foundation.of_festival(), FESTIVAL_MORNING + timedelta(hours=1)),
        (foundation.end_of_festival(), FESTIVAL_EVENING),
    ]

    decided = {
        rules.answer(record.body(CENTRE.source), CENTRE, now, now)
        for steps, now in told
        for record in all_of(steps)
    }
    at_the_booth = [
        (upload, sent.record)
        for upload in uploads_of(campaign)
        for sent in upload.sent
        if sent.record.data.get("channel") == "booth" and sent.planned is Planned.ACCEPTED
    ]
    answers = {a for upload, _ in at_the_booth for s, a in answered(rules, upload) if sound(s)}

    assert decided == answers == {"accepted"}
    assert {record.at.date() for _, record in at_the_booth} == {p.FESTIVAL}


def sound(sent: Sent) -> bool:
    return sent.planned is not Planned.REJECTED


def answered(rules: RegistrationRules, upload: Upload) -> Iterator[tuple[Sent, str]]:
    wrong_s = upload.phone.clock_wrong_s
    device = device_of(upload.phone, "/device/d-1")
    for sent in upload.sent:
        body = sent.record.body(device.source, wrong_s)
        shown = upload.at + timedelta(seconds=wrong_s)
        yield sent, rules.answer(body, device, upload.at, shown)


def all_of(steps: Steps) -> list[Record]:
    return [record for step in steps for record in step]


def test_services_outcomes_and_lengths_are_those_of_the_table(
    uploads: list[Upload], recorded: list[Record]
) -> None:
    odd = {u.phone.team.id for u in uploads if u.phone.manner is not Manner.HONEST}
    visits = [r for r in visits_in(recorded) if r.fact.team not in odd]

    lines = [line for visit in visits for line in visit.data["services"]]
    services = shares(line["service"] for line in lines)
    outcomes = shares(line["outcome"] for line in lines)
    lengths = [visit.data["duration_s"] for visit in visits]

    assert services == pytest.approx(
        {s: p.SERVICES.get(s, p.OTHERS / 10) for s in Service}, abs=2.5
    )
    assert outcomes == pytest.approx({o: p.OUTCOMES[o] for o in Outcome}, abs=1.5)
    assert len(lines) / len(visits) == pytest.approx(1.6, abs=0.05)
    assert median(lengths) == pytest.approx(p.MEDIAN_S, rel=0.03)
    assert min(lengths) >= p.LEAST_S


def test_people_are_those_of_the_table() -> None:
    people = [person(1, number) for number in range(20_000)]

    old = mean(who.age_band == "60_plus" for who in people)
    vulnerable = mean("vulnerable" in who.groups for who in people)
    with_phone = [who for who in people if who.own_phone]

    assert old == pytest.approx(p.FROM_60, abs=0.01)
    assert vulnerable == pytest.approx(p.VULNERABLE, abs=0.01)
    assert len(with_phone) / len(people) == pytest.approx(1 - p.NO_PHONE, abs=0.01)
    assert mean(who.consents for who in with_phone) == pytest.approx(p.CONSENT, abs=0.01)


def test_doors_are_opened_as_often_as_the_table_says(recorded: list[Record]) -> None:
    doors = [r for r in recorded if r.type == "household.visited.v1"]

    evening = shares(r.data["outcome"] for r in doors if r.at.hour >= 18)

    assert evening == pytest.approx({o: p.IN_THE_EVENING[o] for o in VisitOutcome}, abs=2.5)


def test_uploads_come_as_late_as_the_table_says(uploads: list[Upload]) -> None:
    waits = [
        upload.at - sent.record.at
        for upload in uploads
        for sent in upload.sent
        if sent.planned is Planned.ACCEPTED
        and sent.record.data.get("outcome") in ("absent", "refused")
    ]

    soon = mean(wait < timedelta(minutes=5) for wait in waits)
    within_two_hours = mean(wait < timedelta(hours=2) for wait in waits)
    after_days = mean(wait > timedelta(hours=40) for wait in waits)

    assert soon == pytest.approx(0.62, abs=0.02)
    assert within_two_hours == pytest.approx(0.82, abs=0.04)
    assert after_days == pytest.approx(0.01, abs=0.005)


def test_faults_are_as_frequent_as_the_table_says(
    campaign: Campaign, uploads: list[Upload]
) -> None:
    planned = Counter(sent.planned for upload in uploads for sent in upload.sent)
    sent_once = planned.total() - planned[Planned.DUPLICATE]
    voids = sum(s.record.type == "event.voided.v1" for u in uploads for s in u.sent)
    phones = campaign.city.phones

    assert planned[Planned.DUPLICATE] / sent_once == pytest.approx(p.RESENT, abs=0.015)
    assert planned[Planned.REJECTED] / sent_once == pytest.approx(p.REJECTED, abs=0.002)
    assert planned[Planned.CONFLICT] / sent_once == pytest.approx(p.CONFLICT, abs=0.0007)
    assert voids / sent_once == pytest.approx(p.VOIDED, abs=0.002)
    assert mean(phone.clock_wrong_s != 0 for phone in phones) == pytest.approx(0.02, abs=0.015)
    assert sum(phone.manner is not Manner.HONEST for phone in phones) == 3


def test_some_wards_send_nothing_till_noon_and_two_nothing_all_day(
    campaign: Campaign, recorded: list[Record]
) -> None:
    till_noon, all_day = campaign.city.silent(p.FIRST_DAY)
    on_the_day = [r for r in recorded if r.at.date() == p.FIRST_DAY]

    mornings = {r.ward for r in on_the_day if 8 <= r.at.hour < 12}
    days = {r.ward for r in on_the_day}

    assert (len(till_noon), len(all_day)) == (5, 2)
    assert not mornings & (till_noon | all_day)
    assert not days & all_day


def test_nobody_real_can_be_meant() -> None:
    given = [person(1, number).given for number in range(0, 9_000_000, 90_001)]

    ids_ = [national_id(one["national_id"]) for one in given if "national_id" in one]
    phones = [phone(one["phone"]) for one in given if "phone" in one]

    assert not {digits[:3] for digits in ids_} & PROVINCES
    assert all(found.mobile for found in phones)
    assert all(operator_of(found.e164) == "" for found in phones)


def operator_of(number: str) -> str:
    from phonenumbers import carrier

    return str(carrier.name_for_number(phonenumbers.parse(number), "en"))


def test_a_plain_count_leaves_out_what_was_voided(uploads: list[Upload]) -> None:
    tally = Tally()
    sent = [s.record for u in uploads for s in u.sent if s.planned == "accepted"]

    tally.safe = {record.id: record.fact for record in sent}
    voided = {record.fact.who for record in sent if record.type == "event.voided.v1"}
    kept = [record for record in sent if record.id not in voided]

    figures = tally.figures()
    assert voided
    assert figures["visits"] == len(visits_in(kept))
    assert figures["accepted"] == sum(record.type != "event.voided.v1" for record in kept)


def visits_in(records: list[Record]) -> list[Record]:
    return [record for record in records if record.type == "citizen.assisted.v1"]


def shares(values: Iterator[str]) -> dict[str, float]:
    counted = Counter(values)
    return {value: 100 * count / counted.total() for value, count in counted.items()}
