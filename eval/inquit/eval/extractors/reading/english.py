"""The English words by which text tells who said, wrote, thought or wanted something."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


class Verb(NamedTuple):
    """What may stand behind a verb of attribution.

    Frames: ``c`` a clause with or without "that"; ``q`` a quotation, also with the source behind
    the verb; ``a`` first the addressee; ``i`` "to" and a verb; ``n`` a noun phrase, or what it is
    called, accused of and so on; ``h`` "is said to": hearsay in the passive.
    """

    lemma: str
    frames: str
    medium: str
    form: str


_SPEECH = {
    "cq": """
        say add announce argue assert acknowledge admit affirm allege answer boast caution charge
        claim comment complain concede conclude confess confirm contend counter declare deny
        disclose emphasize emphasise exclaim explain grumble insist joke lament maintain mention
        murmur mutter note object observe opine predict proclaim quip reason recall recount
        reiterate remark repeat reply respond retort reveal scream shout state stress suggest
        testify underline underscore whisper yell specify speculate theorize guess cry sigh gush
        rage vent marvel muse snap intone assure inform remind warn swear vow pledge promise
        forecast clarify elaborate continue report protest stipulate venture volunteer bemoan
        hint imply signal indicate estimate project calculate reckon recommend propose demand
    """,
    "qa": "tell ask",
    "q": "ask inquire wonder query begin interject laugh chant holler roar thunder urge",
    "a": "tell inform assure remind warn notify advise promise convince persuade",
    "ai": """
        ask urge tell encourage advise order warn implore beg exhort instruct press request invite
        direct command beseech caution remind challenge lobby
    """,
    "i": """
        promise vow pledge threaten offer refuse decline agree claim swear volunteer consent demand
        propose
    """,
    "n": """
        criticize criticise praise defend blame condemn denounce blast slam mock ridicule dismiss
        reject endorse oppose welcome applaud describe call label brand cite discuss detail outline
        propose demand request express voice question challenge accuse characterize characterise
        liken portray thank congratulate urge decry deride downplay disavow repudiate rebuke
        reprimand scold chide chastise lambast lambaste assail castigate pan tout hail laud
        commend celebrate announce admit acknowledge deny dispute refute rebut confirm disclose
        reveal explain mention reiterate repeat recount recall note stress emphasize emphasise
        highlight address bemoan lament deplore protest invoke quote paraphrase echo advocate
        recommend suggest predict forecast promise pledge vow threaten claim allege declare
        proclaim disparage belittle berate vilify attack bash trash knock ask raise answer
        caution scorn champion reference name compare identify credit fault
    """,
}
_THOUGHT = {
    "c": """
        believe think feel hope expect fear know suspect worry assume doubt understand realize
        realise imagine figure learn find consider anticipate recognize recognise regret wish
        trust presume conclude decide determine discover ensure gather calculate reckon agree
        disagree foresee dream see hear remember forget
    """,
    "i": """
        want hope expect plan intend seek prefer decide wish choose aim hesitate
        resolve fear determine
    """,
    "n": """
        want support back favor favour consider prefer fear regret doubt expect believe view
        regard despise admire hate resent distrust support blame envision suspect respect
        appreciate
    """,
}
_WRITING = {
    "cq": "write tweet blog post retweet read show conclude find",
    "n": "write tweet post show list publish",
}
#: Words that follow a verb and make another one of it.
_PARTICLES = {
    ("point", "out"): ("cqn", "speech"),
    ("point", "to"): ("n", "speech"),
    ("call", "for"): ("n", "speech"),
    ("call", "on"): ("ai", "speech"),
    ("call", "upon"): ("ai", "speech"),
    ("ask", "for"): ("n", "speech"),
    ("ask", "about"): ("n", "speech"),
    ("push", "for"): ("n", "speech"),
    ("refer", "to"): ("n", "speech"),
    ("allude", "to"): ("n", "speech"),
    ("object", "to"): ("n", "speech"),
    ("talk", "about"): ("n", "speech"),
    ("speak", "about"): ("n", "speech"),
    ("speak", "of"): ("n", "speech"),
    ("warn", "of"): ("n", "speech"),
    ("warn", "about"): ("n", "speech"),
    ("warn", "against"): ("n", "speech"),
    ("complain", "about"): ("n", "speech"),
    ("complain", "of"): ("n", "speech"),
    ("comment", "on"): ("n", "speech"),
    ("insist", "on"): ("n", "speech"),
    ("argue", "for"): ("n", "speech"),
    ("argue", "against"): ("n", "speech"),
    ("hint", "at"): ("n", "speech"),
    ("boast", "about"): ("n", "speech"),
    ("boast", "of"): ("n", "speech"),
    ("brag", "about"): ("n", "speech"),
    ("joke", "about"): ("n", "speech"),
    ("apologize", "for"): ("n", "speech"),
    ("apologise", "for"): ("n", "speech"),
    ("agree", "with"): ("n", "thought"),
    ("disagree", "with"): ("n", "thought"),
    ("believe", "in"): ("n", "thought"),
    ("care", "about"): ("n", "thought"),
    ("worry", "about"): ("n", "thought"),
    ("know", "about"): ("n", "thought"),
    ("think", "about"): ("n", "thought"),
    ("think", "of"): ("n", "thought"),
    ("lash", "out"): ("n", "speech"),
    ("make", "clear"): ("c", "speech"),
    ("put", "it"): ("q", "speech"),
    ("go", "on"): ("q", "speech"),
    ("fire", "back"): ("q", "speech"),
    ("shoot", "back"): ("q", "speech"),
    ("chime", "in"): ("q", "speech"),
    ("would", "like"): ("i", "thought"),
}
#: Verbs whose base or third person is more often a noun.
NOUNS = words(
    "state question support back attack view name list report address email text project figure "
    "reason advocate champion post fault remark comment request command press guess cry claim "
    "plan demand hope fear doubt hate trust favor favour promise pledge offer protest estimate "
    "forecast object signal show find post reply answer order rage marvel vent fault charge "
    "caution boast joke quote regret need respect reference credit label brand trash knock raise "
    "challenge tweet blog vow"
)
#: Passives that hide their source: "is said to".
_HEARSAY = """
    say report believe think understand know suppose allege rumour rumor expect presume claim
    estimate consider reckon
"""
_IRREGULAR = {
    "say": ("said", "said"),
    "tell": ("told", "told"),
    "think": ("thought", "thought"),
    "feel": ("felt", "felt"),
    "know": ("knew", "known"),
    "find": ("found", "found"),
    "write": ("wrote", "written"),
    "read": ("read", "read"),
    "show": ("showed", "shown"),
    "see": ("saw", "seen"),
    "hear": ("heard", "heard"),
    "seek": ("sought", "sought"),
    "understand": ("understood", "understood"),
    "foresee": ("foresaw", "foreseen"),
    "forget": ("forgot", "forgotten"),
    "forecast": ("forecast", "forecast"),
    "swear": ("swore", "sworn"),
    "speak": ("spoke", "spoken"),
    "choose": ("chose", "chosen"),
    "begin": ("began", "begun"),
    "make": ("made", "made"),
    "put": ("put", "put"),
    "go": ("went", "gone"),
    "shoot": ("shot", "shot"),
    "would": ("would", "would"),
    "beseech": ("besought", "besought"),
}
_DOUBLED = words("admit refer pan quip slam plan regret beg rebut blog brag put begin")

AUXILIARIES = words(
    "is are was were be been being am has have had having do does did will would can could may "
    "might must shall should ought 's 're 've 'd 'll 'm isn't aren't wasn't weren't hasn't haven't "
    "hadn't don't doesn't didn't won't wouldn't can't cannot couldn't mustn't shouldn't ain't "
    "isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t doesn’t didn’t won’t wouldn’t can’t "
    "couldn’t mustn’t shouldn’t ain’t ’s ’re ’ve ’d ’ll ’m"
)
BE = words(
    "is are was were be been being am 's 're 'm ’s ’re ’m isn't wasn't aren't weren't "
    "isn’t wasn’t aren’t weren’t"
)
NEGATIONS = words("not never n't")
ADVERBS = words(
    "also later then now still once again further even just often always sometimes soon ever "
    "earlier simply instead already thus therefore first long so only too both all themselves "
    "himself herself itself"
)
SUBJECTS = words(
    "he she it they we i you who one both neither none others some many most few several"
)
PRONOUNS = words("him her them us me you it himself herself themselves") | SUBJECTS
DETERMINERS = words(
    "the a an this that these those his her its their our my your no any some each every another "
    "one two three four five six seven eight nine ten many several most both few all such "
    "which what whose"
)
PREPOSITIONS = words(
    "in on at after during by for from under with within without through throughout over across "
    "of about against among around before behind below between beyond despite except following "
    "into like near off onto outside per regarding since to toward towards until till upon via "
    "according amid alongside concerning inside versus"
)
#: Words that begin a clause, so that no noun phrase runs across them.
CLAUSE_WORDS = words(
    "that because although though while when whenever if unless whereas whether as but yet since "
    "after before until once why how where what which than nor so except"
)
RELATIVES = words("who which whose whom that where")
LEADERS = words(
    "but and or yet still so however meanwhile now then later also moreover nevertheless "
    "nonetheless instead indeed additionally furthermore thus therefore similarly afterward "
    "afterwards earlier today yesterday recently finally perhaps both even here there again "
    "besides otherwise next first second third last plus"
)
TIMES = words(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight "
    "january february march april may june july august september october november december "
    "week month year morning afternoon evening night weekend earlier later recently again too "
    "also simply now then ago last this"
)
#: Common verbs that are no cues; a noun phrase before a cue does not run across them.
OTHER_VERBS = words(
    "made took went came got gave held became began won lost left met ran stood sat set kept "
    "brought led sent paid put built spent fell rose grew cut hit let makes takes goes comes gets "
    "gives holds becomes wins loses leaves meets runs stands sets keeps brings leads sends pays "
    "works worked used uses tried tries helped helps played plays turned turns moved moves lived "
    "lives seemed seems appeared appears remained remains stopped stops started starts"
)
HEARSAY_ADVERBS = words("reportedly allegedly supposedly purportedly")
NOT_ADVERBS = words("family ally rally reply supply july italy anomaly monopoly")
PLURALS = words(", ) and people police men women children officers")
#: What may follow a word for it to be a verb and not a noun.
OBJECT_WORDS = DETERMINERS | PRONOUNS | words("that to whether how why what : , for out on about")
SIGNS = words("$ % & € £ @ #")
#: What ends a source that stands behind its cue.
AFTER_SOURCE = words(
    "in on at during after when as while before by about to if because until since following"
)
AUDIENCES = words("reporters journalists lawmakers supporters voters investors members delegates")
NOT_ADDRESSED = words("that to whether if how why what about for of on when where who")
BEHIND_ADDRESSEE = words(
    "that to whether if how why what about in on at during after when as it he she they we i "
    "there for"
)
#: What ends a noun phrase as content, and what it begins behind a comma.
CIRCUMSTANCES = words("during after before when while")
ASIDES = words("who which whose but though although while where")
#: What may begin another statement behind a comma.
TURNS = words("but while though although whereas and as yet")
#: What stands before a participle whose subject is that of the sentence.
BEFORE_PARTICIPLE = words(", and or but then by while before after in")
#: Verbs whose object is no content, unless it is a clause: "saw a boat", "saw that it sank".
SENSES = words("see hear gather forget dream")
#: What does not go on with content that is a quotation.
BEHIND_QUOTATION = words("and but when while as before after in at on during to")
PARTICIPLES = words("after when")
#: What begins the content of a second cue.
CONTENT_WORDS = words("that to it he she they : , the")


def _forms(lemma: str) -> list[tuple[str, str]]:
    """Return the forms of a verb, each with its kind: base, s, past, part, ing."""
    stem = lemma
    if lemma in _DOUBLED:
        stem = lemma + lemma[-1]
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        third, past, ing = lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"
    elif lemma.endswith("e"):
        third, past, ing = lemma + "s", lemma + "d", lemma[:-1] + "ing"
    else:
        ending = "es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s"
        third, past, ing = lemma + ending, stem + "ed", stem + "ing"
    if lemma.endswith("ee"):
        ing = lemma + "ing"
    before, perfect = _IRREGULAR.get(lemma, (past, past))
    forms = [(lemma, "base"), (third, "s"), (ing, "ing"), (before, "past")]
    if perfect != before:
        forms.append((perfect, "part"))
    return forms


@lru_cache(maxsize=8)
def verbs(more: tuple[str, ...] = ()) -> dict[str, Verb]:
    """Return the verbs of attribution by their forms; ``more`` are verbs used like "say"."""
    frames: dict[str, set[str]] = {}
    media: dict[str, str] = {}
    groups = [("writing", _WRITING), ("thought", _THOUGHT), ("speech", _SPEECH)]
    for medium, group in groups:
        for letters, words in group.items():
            for lemma in words.split():
                frames.setdefault(lemma, set()).update(letters)
                media.setdefault(lemma, medium)
    for lemma in _HEARSAY.split():
        frames.setdefault(lemma, set()).add("h")
        media.setdefault(lemma, "speech")
    for lemma in more:
        frames.setdefault(lemma.lower(), set()).update("cq")
        media.setdefault(lemma.lower(), "speech")
    for lemma, _ in _PARTICLES:
        frames.setdefault(lemma, set())
        media.setdefault(lemma, "speech")
    found: dict[str, Verb] = {}
    for lemma, letters_of in frames.items():
        for form, kind in _forms(lemma):
            found.setdefault(form, Verb(lemma, "".join(sorted(letters_of)), media[lemma], kind))
    return found


def with_particle(verb: Verb, following: str) -> Verb | None:
    """Return the verb that a verb and the next word make together, if they make one."""
    joined = _PARTICLES.get((verb.lemma, following))
    return None if joined is None else Verb(verb.lemma, joined[0], joined[1], verb.form)
