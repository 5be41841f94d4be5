"""The verbs and nouns of speech, belief and wish that give somebody words, beyond those of judgement.

Verbs are given in their base form, irregular forms written out.
"""

from functools import cache

from index.statements.lexicon import forms, speech_verbs, stance_verbs
from index.statements.wordsets import word_set

_MORE_SAYING = """
answer interject remember chant confirm vent cite propose project indicate rule remind reiterate decide
learn discover estimate figure guess speculate expect discuss request bemoan retweet echo bellow plead
confide gripe grumble marvel scream inform instruct order advise recommend assume decry elaborate
stipulate theorize surmise fume tease note
"""
_MORE_SAYING_FORMS = "find finds found finding show shows showed shown showing"
_KNOWING = word_set("know knows knew knowing known")

_ONLY_CLAUSES = """
decide learn discover figure expect feel fear hope think rule read remember order assume tease
"""
_NO_INFINITIVE = "continue maintain respond quote read stop point answer remember"

_ASKING = """
ask urge force prompt encourage want allow invite push help cause press order warn persuade convince
expect advise instruct require remind beg tell lead
"""

_ATTITUDES = """
want support oppose seek refuse decline prefer reject favor favour suggest offer threaten plan hope
expect demand propose push discuss announce describe mention report predict deny explain reveal note
recall recount confirm cite express promise pledge vow tout urge acknowledge reiterate repeat emphasize
stress request outline disclose indicate echo estimate project decry bemoan highlight address invoke
consider view regard plead retweet tweet post share reference voice raise state underscore recommend
admit allege claim doubt ignore ban approve advocate call label brand answer agree apologize vote
"""
_ATTITUDE_FORMS = "find finds found finding show shows showed shown showing see sees saw seen seeing"

# Verbs whose object stands behind a preposition.
_PHRASAL = """
call for on upon|push for|respond to|refer to|point to out|object to|agree with on to|disagree with on
side with|campaign for against|vote for against|apologize for|speak of about|talk about|complain about of
worry about|warn of about against|argue for against|advocate for|plead for|rail against at|focus on
believe in|care about|commit to|insist on|comment on|boast of about|brag about|joke about|touch on
react to|allude to|hint at|press for|lobby for against|stand by with|root for|long for|look for to
"""

_SPEECH_NOUNS = """
claim remark suggestion statement promise pledge demand assertion argument belief view opinion warning
accusation allegation call comment criticism support opposition endorsement attack decision refusal hope
vow proposal insistence assurance concern fear rejection denial prediction contention complaint request
announcement assessment description defense defence disapproval praise condemnation plan stance position
plea recommendation observation conclusion reaction response question threat intention desire boast
"""


@cache
def saying_verbs() -> frozenset[str]:
    """Forms of verbs that give somebody a clause or a quote.

    Knowing is left out: "he knows what it takes" says nothing.
    """
    more = {form for verb in _MORE_SAYING.split() for form in forms(verb)}
    return (frozenset(speech_verbs()) | more | word_set(_MORE_SAYING_FORMS)) - _KNOWING


@cache
def clause_verbs() -> frozenset[str]:
    """Forms of verbs that attribute a clause, but no quoted words that merely stand near them."""
    return _all_forms(_ONLY_CLAUSES) | word_set(_MORE_SAYING_FORMS)


@cache
def verbs_without_infinitive() -> frozenset[str]:
    """Forms of verbs whose infinitive is no speech: "continued to grow"."""
    return _all_forms(_NO_INFINITIVE)


@cache
def asking_verbs() -> frozenset[str]:
    """Forms of verbs whose object does what the infinitive behind them says: "urged him to resign"."""
    return _all_forms(_ASKING) | word_set("leads led leading")


@cache
def attitude_verbs() -> frozenset[str]:
    """Forms of verbs whose object is what somebody says, wants or thinks of: "opposes the bill"."""
    return _all_forms(_ATTITUDES) | word_set(_ATTITUDE_FORMS) | frozenset(stance_verbs())


@cache
def phrasal_attitudes() -> dict[str, frozenset[str]]:
    """Map forms of verbs to the prepositions behind which what they are about stands: "called for"."""
    return {
        form: frozenset(words[1:])
        for line in _PHRASAL.strip().split("\n")
        for words in (entry.split() for entry in line.split("|"))
        for form in forms(words[0])
    }


@cache
def speech_nouns() -> frozenset[str]:
    """Nouns of speech and attitude, with their plurals: "her claim that", "their opposition to"."""
    return frozenset(form for noun in _SPEECH_NOUNS.split() for form in (noun, noun + "s"))


def _all_forms(table: str) -> frozenset[str]:
    return frozenset(form for verb in table.split() for form in forms(verb))
