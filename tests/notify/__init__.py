"""Tests of the way out: from events to SMS."""
