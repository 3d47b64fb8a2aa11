"""Every store of every service: which of them an erasure of a person asks, and why not the others.

A store is a MongoDB collection, by its name. A new one is entered here, or a test fails.
"""

from collections.abc import Mapping

ASKED: Mapping[str, str] = {
    "index": "registration: the hashes that lead to a person, also by an address",
    "aliases": "registration: data keys of records that were merged",
    "refused": "registration: bodies that give a number or name a record",
    "citizens": "notify: sealed contacts",
    "numbers": "notify: which number was told of whom",
    "replies": "notify: by which number a citizen answered",
    "words": "notify: sealed words of citizens",
    "senders": "notify: sealed numbers of those whose command is confirmed",
    "claims": "notify: which number was invited as whom",
}
"""And who does so."""

_IDS = "random ids, that lead to nobody once the index is asked"
_STAFF = "staff and devices, who are no citizens"
_OWN = "nothing of anybody"
LEFT: Mapping[str, str] = {
    "events": "ids; a contact in it is sealed under a key that goes with the index's rows",
    "mergers": _IDS,
    "subjects": _IDS,
    "enrolments": _STAFF,
    "devices": _STAFF,
    "keys": _STAFF,
    "users": _STAFF,
    "sessions": _STAFF,
    "attempts": _STAFF,
    "audit": _STAFF,
    "occasions": _IDS,
    "notifications": _IDS,
    "cancellations": _IDS,
    "voids_of_statements": _IDS,
    "receipts": "a provider's ids of SMS",
    "unread_words": "words of providers, and counts",
    "spent": "counts of wards",
    "campaigns": "texts to many, and who answers for them",
    "controls": _STAFF,
    "leases_of_attempts": _IDS,
    "provider_tokens": _OWN,
    "facts": _IDS,
    "lives": _IDS,
    "members": _IDS,
    "member_numbers": "counts",
    "cells": "counts",
    "positions": _OWN,
    "progress": _OWN,
    "rebuilds": _OWN,
    "catalogue": _OWN,
    "buried": _IDS,
    "left_out": _IDS,
    "log_check": _OWN,
    "log_check_found": _IDS,
    "leases": _OWN,
    "dead_letter_acts": _STAFF,
    "repeats": _STAFF,
    "locks": _OWN,
    "ended_access": _STAFF,
}
"""Why an erasure finds nothing there."""
