"""Korean particles: which of two fits depends on the last sound of the word before it.

Letters are given by number, because texts of a language stand in its catalogue alone.
"""

from __future__ import annotations

FIRST, LAST, FINALS = 0xAC00, 0xD7A3, 28  # syllables; each block of 28 ends without a consonant
NONE, RIEUL = 0, 8
SOME = 1  # any final consonant but rieul
# After a consonant, after a vowel: eun/neun, i/ga, eul/reul, gwa/wa, euro/ro.
PAIRS = (
    ("\uc740", "\ub294"),
    ("\uc774", "\uac00"),
    ("\uc744", "\ub97c"),
    ("\uacfc", "\uc640"),
    ("\uc73c\ub85c", "\ub85c"),
)
PARTICLES = {one: pair for pair in PAIRS for one in pair}
WITH_RO = PAIRS[-1]  # after rieul as after a vowel
# How a word ends that ends in a digit (yeong il i sam sa o yuk chil pal gu), or in the name of a
# letter (el em en ar; all others end without a consonant).
DIGITS = dict(zip("0123456789", (SOME, 8, 0, SOME, 0, 0, SOME, 8, 8, 0), strict=True))
LETTERS = {"L": RIEUL, "M": SOME, "N": SOME, "R": RIEUL}
UNITS = {"%": NONE}  # peosenteu


def particle(word: str, wanted: str) -> str:
    """The one of the pair that fits; both, one in brackets, after a foreign word."""
    after_consonant, after_vowel = PARTICLES[wanted]
    final = _final(word)
    ro = PARTICLES[wanted] == WITH_RO
    if final is None:
        first = after_consonant[0]
        return f"({first}){after_vowel}" if ro else f"{after_consonant}({after_vowel})"
    soft = final == NONE or (final == RIEUL and ro)
    return after_vowel if soft else after_consonant


def _final(word: str) -> int | None:
    """Number of the last final consonant, 0 = none; None = not known. Brackets are not spoken."""
    spoken = "".join(c for c in word if c.isalnum() or c in UNITS)
    if not spoken:
        return None
    last = spoken[-1]
    if FIRST <= ord(last) <= LAST:
        return (ord(last) - FIRST) % FINALS
    known = {**DIGITS, **UNITS}
    if last in known:
        return known[last]
    acronym = last.isascii() and last.isupper()
    return LETTERS.get(last, NONE) if acronym else None
