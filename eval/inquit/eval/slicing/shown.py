"""Tuples that a notebook shows as tables."""

from __future__ import annotations

from typing import SupportsIndex, TypeVar, overload

T = TypeVar("T")


class Shown(tuple[T, ...]):
    """A tuple of which a part is of the same class, so that a notebook shows it alike."""

    __slots__ = ()

    @overload
    def __getitem__(self, index: SupportsIndex) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> Shown[T]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> T | Shown[T]:
        if isinstance(index, slice):
            return type(self)(super().__getitem__(index))
        return super().__getitem__(index)
