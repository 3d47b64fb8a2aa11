"""Whether a reader has an answer already (RFC 9110, 13.1.2)."""


def has(etag: str, if_none_match: str | None) -> bool:
    """Compared weakly: what packs answers on the way makes a strong tag a weak one."""
    known = [tag.strip() for tag in (if_none_match or "").split(",")]
    return known == ["*"] or etag.removeprefix("W/") in [tag.removeprefix("W/") for tag in known]
