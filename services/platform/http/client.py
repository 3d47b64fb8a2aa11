"""Where a request comes from, as far as counting goes: an address, or the network of one."""

from ipaddress import IPv6Address, ip_address

from fastapi import Request

_LONGEST = 45
_ONE_HOLDER = 64
"""Bits of an IPv6 address that tell its holder (RFC 6177); the rest is the holder's to choose."""


def network_of(request: Request) -> str:
    """An IPv4 address, or the /64 of an IPv6 one; who is believed about it is a setting."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host[:_LONGEST]
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> _ONE_HOLDER << _ONE_HOLDER)}/{_ONE_HOLDER}"
