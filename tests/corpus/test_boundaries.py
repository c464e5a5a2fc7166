from __future__ import annotations

import pytest
from generators import texts
from hypothesis import given

from inquit.corpus.boundaries import cuts_character, cuts_word, has_outer_space


@pytest.mark.parametrize(
    "character",
    [
        "\r\n",
        "e\u0301",
        "a\u0308\u0323",
        "\u0928\u093f",  # Devanagari letter and its vowel sign
        "\u263a\ufe0f",  # variation selector
        "\U0001f44d\U0001f3fd",  # skin tone
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",  # family
        "\U0001f3f4\U000e0067\U000e0062\U000e007f",  # flag by tags
        "\U0001f1e9\U0001f1ea",  # flag by letters
        "\u1112\u1161\u11ab",  # Hangul letters
        "\ud558\u11ab",  # Hangul syllable and a letter
    ],
)
def test_a_character_is_not_cut(character: str) -> None:
    text = f"x{character}x"
    inside = [cuts_character(text, offset) for offset in range(2, 1 + len(character))]
    assert inside == [True] * (len(character) - 1)
    assert not cuts_character(text, 1)
    assert not cuts_character(text, 1 + len(character))


def test_what_stands_side_by_side_may_be_parted() -> None:
    flags = "\U0001f1e9\U0001f1ea" * 2
    assert [cuts_character(flags, offset) for offset in range(5)] == [0, 1, 0, 1, 0]
    for text in ("ab", "\n\r", "\n\u0301", "a\u200bb", "\U0001f600\U0001f600", "\uac00\uac00"):
        assert not cuts_character(text, 1), ascii(text)


def test_a_word_is_not_cut() -> None:
    text = "A café’s well-known e\u0301te\u0301, 2025"
    cut = {offset for offset in range(len(text) + 1) if cuts_word(text, offset)}
    whole = [text.index(word) for word in ("café", "s well", "well", "known", "e\u0301", "2025")]
    assert not cut & set(whole)
    assert text.index("caf") + 2 in cut
    assert text.index("2025") + 2 in cut
    assert text.index("te\u0301") in cut


def test_scripts_without_spaces_have_no_words_to_cut() -> None:
    assert not any(cuts_word(text, 1) for text in ("東京都", "ประเทศ", "カタカナ", "한국"))
    assert all(cuts_word(text, 1) for text in ("שלום", "Москва", "عربي", "ab"))


@given(texts())
def test_every_offset_of_every_text_can_be_judged(text: str) -> None:
    for offset in (-1, *range(len(text) + 2)):
        judged = cuts_character(text, offset), cuts_word(text, offset)
        assert judged == (False, False) or 0 < offset < len(text)
    assert not any(has_outer_space(text, n, n + 1) != c.isspace() for n, c in enumerate(text))
