"""The table of voids is complete, and what it says is shown by a test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.documents import FOLDER
from services.events.corrections import EventRefused, EventVoided
from services.events.envelope import Event
from services.events.registry import EVENT_CLASSES, type_name
from services.events.teams import TeamMemberJoined, TeamMemberLeft
from services.messaging.topology import NOTIFY_TYPES
from services.registration.access.cache_clearing import GROUND
from services.registration.documents import UNDONE
from services.registration.intake import undoing
from services.registration.intake.undoing import Service, Undoing
from services.registration.intake.voids import NEVER_VOIDED
from services.registration.slices import SUBJECTS
from services.registration.subjects.subject import Decided
from tests.builders import posted
from tests.registration.intake.desk import Desk, Poster, kinds

_RESTRICTING = "tests/notify/test_restricted.py::"

SHOWN: dict[Undoing, tuple[str, ...]] = {
    undoing.FIGURES: (
        "tests/pipeline/test_event_to_report.py::test_void_takes_a_visit_back_out_of_the_report",
        "tests/reporting/test_figures_are_a_function_of_the_events.py",
    ),
    undoing.STATE: (
        "tests/registration/intake/test_store.py::test_void_folds_the_row_again",
        (
            "tests/registration/test_appointments.py::"
            "test_a_booking_that_was_cancelled_is_not_voided_under_the_cancellation"
        ),
        "tests/registration/citizens/test_rules.py::test_voided_withdrawal_gives_consent_back",
    ),
    undoing.SCOPE: (
        "tests/registration/test_teams.py::test_a_voided_disbanding_leaves_the_team_active",
        (
            "tests/registration/access/test_ground_moves.py::"
            "test_phone_records_again_at_once_where_the_disbanding_of_its_team_was_voided"
        ),
    ),
    undoing.INDEX: (
        (
            "tests/registration/citizens/test_forgetting.py::"
            "test_person_whose_only_event_was_voided_is_forgotten"
        ),
        (
            "tests/registration/citizens/test_forgetting.py::"
            "test_person_named_by_another_event_stays_when_the_first_is_voided"
        ),
    ),
    undoing.CONTACT: (
        (
            "tests/notify/test_voided_statements.py::"
            "test_number_typed_by_mistake_gives_way_to_the_one_before"
        ),
        "tests/notify/test_voids.py::test_sms_goes_to_the_number_before_the_one_typed_by_mistake",
    ),
    undoing.SMS: (
        "tests/notify/test_dispatch.py::test_void_that_comes_before_its_event_counts",
        "tests/notify/test_follow_ups.py::test_voided_visit_that_was_told_is_corrected_once",
    ),
    undoing.CONSENT: (
        "tests/notify/test_voids.py::test_sms_does_not_leave_on_a_consent_that_was_voided",
        (
            "tests/pipeline/test_voids.py::"
            "test_no_sms_leaves_on_a_consent_that_was_voided_before_it_was_due"
        ),
    ),
    undoing.RESTRICTION: (
        f"{_RESTRICTING}test_sms_leaves_though_erasure_was_asked_for_where_that_was_voided",
        f"{_RESTRICTING}test_sms_waits_again_where_the_closing_of_the_request_was_voided",
    ),
    undoing.WITHDRAWAL: (
        (
            "tests/notify/test_voids.py::"
            "test_sms_suppressed_for_a_withdrawal_leaves_once_that_is_voided"
        ),
        "tests/pipeline/test_voids.py::test_sms_leaves_once_the_withdrawal_is_voided",
    ),
    undoing.ONE_PERSON: (
        (
            "tests/registration/citizens/test_mergers.py::"
            "test_index_is_a_function_of_the_mergers_that_stand"
        ),
        "tests/pipeline/test_voids.py::test_both_are_told_once_their_merger_is_voided",
    ),
    undoing.ONE_RECIPIENT: (
        "tests/notify/test_voids.py::test_sms_suppressed_for_a_merger_leaves_once_that_is_voided",
        "tests/pipeline/test_voids.py::test_both_are_told_once_their_merger_is_voided",
    ),
    undoing.REMINDER: (
        "tests/notify/test_voids.py::test_nobody_is_reminded_where_what_stands_says_so",
    ),
    undoing.CANCELLATION: (
        "tests/notify/test_voids.py::test_reminder_comes_back_where_the_cancellation_was_voided",
        (
            "tests/notify/test_appointments.py::"
            "test_booking_stands_where_a_cancellation_and_its_void_are_heard_at_once"
        ),
    ),
    undoing.REFUSAL: ("tests/registration/intake/test_settling.py::test_ward_lets_a_refusal_be",),
    undoing.OUTCOME: (
        "tests/notify/test_voids.py::test_outcome_that_was_voided_is_not_told",
        (
            "tests/registration/test_disputes.py::"
            "test_a_resolution_that_was_taken_back_leaves_the_dispute_open"
        ),
    ),
}
"""Each effect with the tests that show it."""


MEMBERS = {TeamMemberJoined, TeamMemberLeft}
"""Scope asks where a team is, not who is in it."""


def test_every_type_says_what_its_void_undoes_or_is_never_voided() -> None:
    assert {*UNDONE} | {*NEVER_VOIDED} == {*EVENT_CLASSES}
    assert not {*UNDONE} & {*NEVER_VOIDED}
    assert all(UNDONE.values())


def test_what_registration_and_notify_say_themselves_is_never_voided_by_others() -> None:
    """But a refusal: its void says that nobody has to look at it any more."""
    by_system = {c for c in EVENT_CLASSES if not c.posted}

    assert by_system - {EventRefused} <= {*NEVER_VOIDED}


@pytest.mark.parametrize("event_class", UNDONE, ids=type_name)
def test_what_a_type_touches_is_undone(event_class: type[Event]) -> None:
    """What has a state has it undone, what scope looks at moves it, a citizen's has a contact."""
    undone, subject = UNDONE[event_class], SUBJECTS[event_class]
    about_a_citizen = "citizen_id" in _fields(event_class)

    assert (undoing.STATE in undone) == isinstance(subject, Decided)
    assert (undoing.SCOPE in undone) == (
        getattr(subject, "kind", "") in GROUND and event_class not in MEMBERS
    )
    assert (undoing.CONTACT in undone) == about_a_citizen or undoing.ONE_RECIPIENT in undone
    assert undoing.FIGURES in undone


def test_what_notify_acts_on_is_undone_there_too() -> None:
    acted_on = {c for c in UNDONE if c.posted and type_name(c) in NOTIFY_TYPES}

    undone_there = {c for c in acted_on for u in undoing.ALSO[c] if u.service is Service.NOTIFY}
    assert undone_there == acted_on


def test_every_effect_is_shown_by_tests_that_there_are() -> None:
    effects = {undone for row in UNDONE.values() for undone in row}

    assert effects == {*SHOWN}
    assert [name for shown in SHOWN.values() for name in shown if not _exists(name)] == []


@pytest.mark.parametrize("event_class", NEVER_VOIDED, ids=type_name)
async def test_void_of_what_is_never_voided_is_refused_before_it_waits_for_its_target(
    event_class: type[Event],
) -> None:
    desk, target = Desk(), posted(event_class)
    void = posted(EventVoided, event_id=target["id"], target_type=target["type"])

    results = await desk.post(void, by=Poster())

    assert kinds(results) == [NEVER_VOIDED[event_class].code]
    assert desk.published() == [] or {e.type for e in desk.published()} == {"event.refused.v1"}
    assert [entry for entry in desk.log.entries.values() if entry.held] == []


def test_page_of_voids_names_every_type() -> None:
    written = (FOLDER / "voids.md").read_text(encoding="utf-8")

    assert all(f"`{type_name(event_class)}`" in written for event_class in EVENT_CLASSES)


def _fields(event_class: type[Event]) -> Iterator[str]:
    data = event_class.model_fields["data"].annotation
    return iter(getattr(data, "model_fields", {}))


def _exists(name: str) -> bool:
    path, _, function = name.partition("::")
    if not function:
        return Path(path).is_file()
    defined = ast.walk(ast.parse(Path(path).read_text(encoding="utf-8")))
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function
        for node in defined
    )
