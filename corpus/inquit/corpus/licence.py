"""What may stand as a licence: an SPDX expression, ``LicenseRef-NAME``, or "restricted"."""

from __future__ import annotations

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression


def is_licence(licence: str) -> bool:
    """Tell whether the words name a licence that others can look up.

    >>> is_licence("CC-BY-4.0"), is_licence("LicenseRef-ours"), is_licence("restricted")
    (True, True, True)
    >>> is_licence("all rights reserved")
    False
    """
    if licence.casefold() == "restricted":
        return True
    try:
        canonicalize_license_expression(licence)
    except InvalidLicenseExpression:
        return False
    return True
