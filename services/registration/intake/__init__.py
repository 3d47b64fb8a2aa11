"""The only way in: parse, judge, record."""
