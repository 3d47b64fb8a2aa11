"""What a page of ours may load and ask: its own origin, and those that it names."""

from collections.abc import Iterable


def page_headers(asked: Iterable[str] = (), style: str = "'self'") -> dict[str, str]:
    """`asked`: other origins that its scripts may ask; nothing is ever loaded from them."""
    origins = "".join(f" {origin}" for origin in asked)
    return {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; "
            f"connect-src 'self'{origins}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
