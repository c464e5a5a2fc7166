"""How asking a language model fails."""

from __future__ import annotations

from inquit.corpus.errors import InquitError


class RequestError(InquitError):
    """One request brought nothing that can be used; its document fails, others go on."""
