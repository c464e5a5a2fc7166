"""Values that are made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class lazy(Generic[Owner, Value]):  # noqa: N801  # used as a decorator
    """`functools.cached_property` without its lock, which takes as long as many a value here.

    Two threads may make a value twice; it is the same.
    """

    def __init__(self, make: Callable[[Owner], Value]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, owner: Owner, _: type[Owner]) -> Value:
        value = self._make(owner)
        owner.__dict__[self._name] = value
        return value
