"""The words of praise and criticism: verbs and nouns that report a judgement, words that make one.

Each line of a table starts with the strength (1 mild, 2 clear, 3
extreme). Verbs are given in their base form.
"""

from functools import cache

from index.schema import Stance

_PRAISING_VERBS = """
1 back support welcome appreciate admire respect defend tout trust love like recommend embrace toast
1 honor honour flatter
2 praise applaud commend congratulate thank endorse compliment salute celebrate credit cheer acclaim hail
2 laud extol champion vindicate
3 lionize lionise idolize idolise glorify revere venerate eulogize eulogise
"""
_CRITICISING_VERBS = """
1 question needle chide dismiss challenge doubt tease sue dislike distrust disown snub boo heckle
2 criticize criticise blame accuse mock ridicule rebuke fault attack disparage insult scold belittle
2 deride reproach reprimand admonish scorn taunt upbraid berate chastise censure decry bash knock rap
2 slight smear slur slander jeer hammer target malign discredit undermine antagonize alienate hit swipe
2 lampoon pan assail blast skewer pummel hate pillory bemoan boycott fear
3 slam denounce condemn excoriate lambast lambaste savage vilify demonize demonise eviscerate castigate
3 trash despise loathe detest denigrate revile flay pillory repudiate disavow lacerate
"""
# Verbs with a particle or preposition before their target.
_PRAISING_PHRASES = """
1 rally behind|rally around|line up behind|side with|stand by|stand with|stand behind|vouch for
1 come in support of|come in favor of|speak in support of
1 campaign for|stump for|vote for|root for|get behind|coalesce behind|look up to|come out for
2 speak highly of|speak well of|speak warmly of|speak fondly of|pay tribute to|come to defense of
2 throw support behind|rise to defense of|give credit to|heap praise on|lavish praise on|come around to
2 rave about|sing praises of|throw weight behind|speak out for|come to defence of
3 gush over|gush about|rhapsodize about
"""
_CRITICISING_PHRASES = """
1 complain about|take issue with|turn on|turn against|push back against|raise questions about
1 raise doubts about|scoff at|sneer at|laugh at|worry about|grumble about|distance from
2 lash out at|fire back at|hit back at|take aim at|go after|take shot at|take shots at|take swipe at
2 take swipes at|take jab at|take dig at|poke fun at|make fun of|hit out at|swing at|snap at|shoot at
2 poke at|speak ill of|run down|strike back at|rail against|rail at|inveigh against|campaign against
2 pile on|point finger at|jab at|put down|call out
3 tear into|rip into|lay into|light into|lace into|let loose on|rip|unload on|tear apart
"""
_PRAISING_NOUNS = """
1 support backing respect admiration defense approval
2 praise endorsement thanks congratulations tribute compliment accolade applause gratitude commendation
2 acclaim kudos
"""
_CRITICISING_NOUNS = """
1 doubt skepticism concern complaint disapproval dig jab
2 criticism attack criticisms rebuke ridicule mockery insult swipe broadside assault accusation scorn
2 scolding barb critique disdain reproach outrage wrath ire
3 condemnation denunciation tirade fury contempt vitriol
"""
_NAMING_VERBS = """
call describe label brand declare dub portray paint cast depict characterize characterise deem pronounce
consider liken compare term style nickname tag denounce hail praise condemn mock deride ridicule tout
dismiss criticize attack slam blast rip name view regard rank rate picture
"""
_SPEECH_VERBS = """
say tell add argue note write claim insist declare explain contend acknowledge state warn maintain
suggest announce assert observe remark reply respond recall tweet reiterate emphasize stress point joke
quip allege admit concede complain predict continue ask believe think conclude affirm testify vow promise
boast lament muse opine retort counter shout yell exclaim scoff concur caution confess reveal proclaim
post speculate urge comment agree deny charge recount report describe mention predict hint imply assure
quote read swear signal demand pledge propose feel hope know fear
"""
_VERBS_THAT_UNDO = """
refuse decline fail avoid hesitate refrain resist neglect reject forget deny shy balk oppose stop rule
withhold
"""
_VERBS_OF_THE_UNREAL = """
expect urge ask want pressure invite encourage plan hope intend plead beg wait pledge promise consider
threaten prepare need ought call demand wish imagine
"""

_PRAISING_WORDS = """
1 accomplished admirable ally capable committed competent confident decent dedicated effective efficient
1 efficiency encouraging experienced favorite friend gentleman good graceful great grateful heartened
1 helpful impressed kind kindness likable likeable loyal nice optimistic positive pragmatism pragmatic
1 proud qualified reasonable reliable sensible sincere smart steady strong stronger
1 strength supportive sympathetic talented thoughtful trustworthy valuable wise worthy savvy steadfast
1 compassion qualities passionate stamina tireless tremendous thrilled fan respect admire appreciate
1 trust inspire
2 advocate amazing authentic beautiful best-prepared brave bravery brilliant champion champions classy
2 courage courageous decency dignity distinguished excellent exceptional fantastic fearless generous
2 genuine gifted honest honesty honorable honor humane humble impressive inspiring inspires inspired
2 inspiration insightful integrity leadership magnificent magnanimous principled remarkable resilience
2 selfless skilled statesman superb terrific trailblazer unwavering visionary vision warrior wonderful
2 masterful phenomenal outstanding praiseworthy valiant fabulous heroic patriot patriotic extraordinary
2 stellar spectacular admiration compassionate determined effective fighter unifying tenacious
2 well-respected strongest great-hearted refreshing truth-teller empowering
3 genius greatest hero heroes incredible unparalleled unmatched heaven legend legendary icon unbelievable
3 miracle peerless finest
1 adept articulate astute bold bolder clear-eyed collaborative cooperative deserves diligent disciplined
1 electable eloquent engaging exemplary favorable forward-thinking hardworking hard-working honorably
1 inclusive knowledgeable mature passion persuasive poised popular potent powerful
1 prepared promising prudent relatable resolute respectful respected responsible robust seasoned
1 skillful straightforward successful successfully supporter tenacity thorough thoughtfully unifier upbeat
1 versatile victory well-qualified wisdom admired brilliantly delighted honored privileged
1 pleased excited applauded commend commended endorses backbone gutsy shrewd
2 admirably astounding awesome best best-qualified bravely breathtaking courageously dazzling
2 devoted electrifying esteemed excels formidable game-changer heartfelt impeccable indispensable
2 inspirational invaluable lifelong magnificently marvelous masterfully meritorious monumental nobility
2 noble pioneer prodigious rock-star role-model sacrifice selflessness splendid standout statesmanlike
2 statesmanship steely sterling stunning superbly sublime towering treasure triumph triumphant unflinching
2 uplifting valor valour virtuous wonderfully
3 best-ever flawless godsend greatness heroically heroism immortal matchless saint saintly savior saviour
3 titan unsurpassed
"""
_CRITICISING_WORDS = """
1 alarming ambiguous angry annoying awkward bad biased bland blame boring careless chaos cheap clueless
1 confused contradictory cynical dangerous deceptive defeat desperate disappointing disappointed
1 disappointment disconnected distorted divisive division dishonest doubtful dubious erratic evasive
1 exaggerated excuse excuses extremist failed failing failure fearful foolish harsh hostile hypothetical
1 ignores inadequate inappropriate incomplete inconsistent ineffective inexperience inexperienced
1 insensitive insult insulting irrelevant lack lacked lacking lacks lazy mean mess messy misguided
1 misinformed mislead misleading mistake mistaken mistakes naive never nonsense obsessed offended
1 offensive opportunist outdated overreach pathetic problematic ridiculous risky rude scared scary
1 selfish shallow silly sloppy stubborn stunt suspicious terrified threat threatens threatening troubling
1 trouble unacceptable uncomfortable unclear undermine unfair unfavorable unhappy unhelpful unnecessary
1 unpopular unprepared unrealistic unreliable unserious unstable unsuccessful untrue unwilling vague
1 vulnerable wasteful weak weaker weakness wrong worrisome worse worst destroy destroying puppet
1 flip-flopper phony pandering pander cartel elitist slow-moving uninformed untested alienate lie-filled
1 exploit exploits exploiting exploited rigged incites inciting incite stoking outsourced outsourcing
1 hollow scam con gimmick amnesty lax arrogance wreck wrecking weaken weakened
2 disqualified disqualify discredited dysfunctional carelessness unbecoming dead-end absurd abusive
2 arrogant ashamed awful bankrupt betray betrayal betrayed bigot bigoted blatant bogus bully bullying
2 buffoon circus clown corrupt corruption coward cowardly crazy crooked cruel damage damaging deceit
2 deceived deceitful defame delusional demeaning derogatory despicable destructive disgrace disgraceful
2 disgusting dishonesty dishonorable disloyal disqualifying disrespect disrespectful disturbing
2 embarrassing embarrassment fake faker false falsehood falsehoods fearmongering fraud fraudulent gross
2 hate hateful hatred horrible horrific hypocrite hypocrisy hypocritical idiot idiotic ignorance ignorant
2 immoral incompetence incompetent indecent insane irresponsible irrational joke liar lie lied lies lying
2 lunatic manipulative mocked moron narcissist nasty negligence negligent nightmare obscene outrage
2 outrageous paranoid poisonous preposterous racist racism reckless recklessly repugnant reprehensible
2 repulsive sexist misogynist misogynistic misogyny shame shameful shameless slander smear stupid
2 stupidity terrible thug thugs tone-deaf toxic travesty ugly unamerican un-american unconscionable
2 unconstitutional undemocratic unethical unfit unforgivable unhinged unpatriotic unpresidential
2 unqualified untrustworthy vile vicious vulgar xenophobic xenophobia blowhard demagogue demagogy
2 divisiveness dumb charlatan huckster sleazy slimy stain swindler unsuitability unlawful tyranny
2 dictator scandal cover-up desecrated cheat cheated cheating crook abysmal appalling deplorable
2 self-serving insults lawless tyrant thin-skinned
3 catastrophe catastrophic disaster disastrous fascist monster psychopath sociopath traitor treason
3 treasonous hitler nazi predator rapist destroyed devil satan pervert maniac lunacy genocide atrocity
3 murderous abomination monstrous
1 abandoned alarmed amateur amateurish antics appeasement apologize apology babbling backward baffling
1 baseless bizarre bluster blunt bombast bothered broken bungled cavalier chaotic clumsy
1 coddling complacent complicit concerning conflicted confusing cop-out counterproductive cozy crass crazed
1 desperation detached detrimental devious disastrously disgruntled dishonestly dismal distract distraction
1 disturbed dodging doomed double-standard doubts empty erroneous exaggerate exaggeration excessive
1 exploitative extremism far-fetched fallacy fallout faulty fearmonger feckless fiasco flawed flip-flop
1 flip-flopping flop fluff frustrated frustrating futile gaffe gaffes garbage gratuitous grossly hapless
1 harm harmed harmful hostility hurt hurting hysteria hysterical ill-advised ill-conceived ill-equipped
1 ill-informed illegal illegally illegitimate immature impulsive inaction inane inconsistency indecisive
1 indefensible indifferent ineffectual inept ineptitude inexcusable inflammatory insincere insufficient
1 insulted intolerant irrelevance jeopardize knee-jerk lackluster lacklustre lapdog loophole low-energy
1 ludicrous meddling mediocre meltdown menace meritless miscalculation miserable misinformation mismanaged
1 mismanagement misrepresent misrepresentation misrepresented misstep misuse mockery mumbo-jumbo muddled
1 narrow-minded neglect neglected neglectful nonsensical nutty obfuscation oblivious obstruct
1 obstruction obstructionist opportunism opportunistic out-of-touch overblown overheated pandered
1 partisanship petty petulant phoniness politicizing politicking ploy pointless posturing predatory
1 pretending propaganda puzzling rambling ranting rant recklessness regret regrettable repulsed
1 rhetoric ruthless sabotage scapegoat scare scaremongering secretive self-inflicted selfishness sham shaky
1 shoddy short-sighted shortsighted showboat sidestep simplistic sinister skewed slick smug snake sorry
1 spineless spoiled squandered stale stonewalling stupidly subpar substandard swamp
1 tantrum tarnished tasteless tedious threatened timid tough-guy trash trickery trivial troubled
1 trouble-maker troublesome turmoil unbalanced unbelievably uncaring uncivil unconvincing undermines
1 undermining undignified unfairly unfocused unfounded unfortunate unhelpfully uninspired uninspiring unjust
1 unjustified unprincipled unprofessional unresponsive unsafe unsavory unsettling unsound untenable
1 unthinkable unwise useless violate violated violates violating violation wasted wasting weakling whine
1 whiner whining wimp woefully worried worsened worsening wrongheaded wrongly zealot
2 abhorrent abuse abused abuser abuses abusing alarmist anti-american antisemitic anti-semitic apartheid
2 asinine atrocious barbaric belligerent betrayer bigotry blasphemy blunder blunders bungling callous
2 callously cheater con-man conman contemptible conspiracy corrupted corrupting corrupts crime crimes
2 criminality cronyism cynicism debacle debase deceive deception degrading dereliction desecrate deranged
2 despicably despot detestable dictatorial diabolical dirty disgustingly dismantle disreputable distasteful
2 dog-whistle egomaniac egotistical egregious embarrassingly fabricated fabrication fanatic fascism fatal
2 flagrant fool foul fraudster gullible heartless heinous hideous homophobic horrendous horrid hoax hubris
2 humiliating humiliation hypocrites ignoramus imbecile impostor incoherent incorrigible indecency
2 inexcusably inflamed inhuman inhumane insanity insidious insufferable intimidation intolerable intolerance
2 islamophobia islamophobic joker laughable laughingstock lawlessness liars loathsome lowlife lunatics
2 malicious malpractice megalomaniac mendacious menacing merciless mistreated mob moronic nativist
2 nauseating nefarious nepotism noxious nuts nutcase obnoxious odious oppressive outrageously outright
2 perverse pigs pompous prejudice prejudiced prejudices rabid racists rancid reviled rotten sacrilege
2 scams scammer scandalous scandals schemer scum scurrilous self-aggrandizing self-enriching senseless
2 sexism shambles shamelessly sickening slanderous slime sloppiness smearing smears sociopathic spiteful
2 stupefying swindle tainted tawdry tearing traitors traitorous trashy treachery treacherous two-faced
2 tyrannical undisciplined unfitness unfathomable untruth untruthful untruths vapid venomous vilified
2 vindictive vitriolic warmonger weaponize white-supremacist witch-hunt worthless wretched
3 barbarian calamity cancerous dictators evildoer genocidal murderer murderers satanic supremacist
3 supremacists tyrants worst-ever
"""
# Words that judge only as what somebody is said to be: "she is ready", "he would be the best president".
_PRAISING_PREDICATES = """
1 better best prepared fit tough serious winner believer deserving sharp solid careful perfect
1 fair strongest sound wise lucky blessing stable reassuring
"""
_CRITICISING_PREDICATES = """
1 afraid angry careless tired slow stale strange extreme radical divider loser threat danger problem
1 lobbyist politician insider desperate poor small partisan negative lost tough-talking out-of-touch
2 sad sick criminal evil guilty death cancer pig crook enemy failure
"""
# What somebody did, said as praise or blame; the doer is the target.
_PRAISING_DEEDS = "inspire unite excel"
_CRITICISING_DEEDS = """
fail ignore threaten divide lie betray destroy abandon cheat exploit insult mock pander mislead deceive
undermine wreck ruin weaken distort bungle squander endanger jeopardize incite dodge evade demean
belittle offend stoke politicize politicise scapegoat bully smear alienate flip-flop embarrass disrespect
"""
_CRITICISING_ADJECTIVE_CUES = """
1 critical dismissive skeptical wary suspicious contemptuous scornful disdainful disappointed frustrated
2 angry furious
"""
_PRAISING_ADJECTIVE_CUES = """
1 supportive complimentary fond appreciative grateful thankful respectful
2 proud enthusiastic
"""
_NEGATIONS = (
    "not n't never no nothing nobody neither nor hardly barely scarcely without cannot little few none"
)
_INTENSIFIERS = (
    "very extremely incredibly totally completely absolutely utterly most deeply truly really so too"
)

_IRREGULAR = {
    "say": "said says saying",
    "tell": "told tells telling",
    "hit": "hit hits hitting",
    "take": "took taken takes taking",
    "tear": "tore torn tears tearing",
    "rip": "ripped rips ripping",
    "speak": "spoke spoken speaks speaking",
    "give": "gave given gives giving",
    "throw": "threw thrown throws throwing",
    "come": "came comes coming",
    "rise": "rose risen rises rising",
    "stand": "stood stands standing",
    "think": "thought thinks thinking",
    "write": "wrote written writes writing",
    "go": "went gone goes going",
    "get": "got gotten gets getting",
    "make": "made makes making",
    "run": "ran runs running",
    "swing": "swung swings swinging",
    "shoot": "shot shoots shooting",
    "strike": "struck strikes striking",
    "lay": "laid lays laying",
    "light": "lit lights lighting",
    "let": "let lets letting",
    "pay": "paid pays paying",
    "put": "put puts putting",
    "feel": "felt feels feeling",
    "know": "knew known knows knowing",
    "read": "read reads reading",
    "swear": "swore sworn swears swearing",
    "quit": "quit quits quitting",
    "win": "won wins winning",
    "draw": "drew drawn draws drawing",
    "forget": "forgot forgotten forgets forgetting",
    "withhold": "withheld withholds withholding",
    "cast": "cast casts casting",
    "deal": "dealt deals dealing",
}


def forms(verb: str) -> frozenset[str]:
    """Return the inflected forms of a verb, the base form among them.

    A regular verb gets both spellings of a doubled consonant; the wrong one never occurs in a text.
    """
    if verb in _IRREGULAR:
        return frozenset([verb, *_IRREGULAR[verb].split()])
    made = {verb, verb + "s", verb + "es", verb + "ed", verb + "ing"}
    if verb.endswith("e"):
        made |= {verb + "d", verb[:-1] + "ing"}
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        made |= {verb[:-1] + "ied", verb[:-1] + "ies"}
    elif verb[-1] not in "aeiouwxy":
        made |= {verb + verb[-1] + "ed", verb + verb[-1] + "ing"}
    return frozenset(made)


def _graded(table: str, separator: str | None = None) -> dict[str, int]:
    graded: dict[str, int] = {}
    for line in table.strip().splitlines():
        strength, rest = line.strip().split(" ", 1)
        for entry in rest.split(separator):
            graded[entry.strip()] = int(strength)
    return graded


def _stances(praise: dict[str, int], criticise: dict[str, int]) -> dict[str, tuple[Stance, int]]:
    stances = {entry: (Stance.PRAISE, strength) for entry, strength in praise.items()}
    stances |= {entry: (Stance.CRITICISE, strength) for entry, strength in criticise.items()}
    return stances


def _inflected(verbs: dict[str, tuple[Stance, int]]) -> dict[str, tuple[str, Stance, int]]:
    return {form: (verb, *judged) for verb, judged in verbs.items() for form in sorted(forms(verb))}


@cache
def stance_verbs() -> dict[str, tuple[str, Stance, int]]:
    """Map each form of a stance verb to its base form, stance and strength."""
    return _inflected(_stances(_graded(_PRAISING_VERBS), _graded(_CRITICISING_VERBS)))


@cache
def stance_phrases() -> dict[str, tuple[tuple[tuple[str, ...], Stance, int], ...]]:
    """Map each form of a phrase's verb to the words that must follow, with stance and strength."""
    judged = _stances(_graded(_PRAISING_PHRASES, "|"), _graded(_CRITICISING_PHRASES, "|"))
    phrases: dict[str, list[tuple[tuple[str, ...], Stance, int]]] = {}
    for phrase, (stance, strength) in judged.items():
        verb, *rest = phrase.split()
        for form in sorted(forms(verb)):
            if rest:
                phrases.setdefault(form, []).append((tuple(rest), stance, strength))
    return {form: tuple(found) for form, found in phrases.items()}


@cache
def stance_nouns() -> dict[str, tuple[Stance, int]]:
    """Map each form of a noun that reports a judgement to its stance and strength."""
    nouns = _stances(_graded(_PRAISING_NOUNS), _graded(_CRITICISING_NOUNS))
    return nouns | {noun + "s": judged for noun, judged in nouns.items()}


@cache
def evaluative_words() -> dict[str, tuple[Stance, int]]:
    """Map each word that makes a judgement to its stance and strength."""
    return _stances(_graded(_PRAISING_WORDS), _graded(_CRITICISING_WORDS))


@cache
def predicate_words() -> dict[str, tuple[Stance, int]]:
    """Map each word that judges only when somebody is said to be it to its stance and strength."""
    return _stances(_graded(_PRAISING_PREDICATES), _graded(_CRITICISING_PREDICATES))


@cache
def deed_verbs() -> dict[str, tuple[Stance, int]]:
    """Map each form of a verb whose doer is praised or blamed by it to its stance and strength."""
    deeds = {form: (Stance.PRAISE, 1) for verb in _PRAISING_DEEDS.split() for form in forms(verb)}
    return deeds | {
        form: (Stance.CRITICISE, 1) for verb in _CRITICISING_DEEDS.split() for form in forms(verb)
    }


@cache
def adjective_cues() -> dict[str, tuple[Stance, int]]:
    """Map each adjective that reports a judgement ("critical of") to its stance and strength."""
    return _stances(_graded(_PRAISING_ADJECTIVE_CUES), _graded(_CRITICISING_ADJECTIVE_CUES))


@cache
def naming_verbs() -> dict[str, str]:
    """Map each form of a verb that gives its object a name or quality to its base form."""
    return {form: verb for verb in _NAMING_VERBS.split() for form in forms(verb)}


@cache
def speech_verbs() -> dict[str, str]:
    """Map each form of a verb of speech or belief to its base form."""
    return {form: verb for verb in _SPEECH_VERBS.split() for form in forms(verb)}


@cache
def undoing_verbs() -> frozenset[str]:
    """Forms of verbs under which a judgement was not made ("refused to endorse")."""
    return frozenset(form for verb in _VERBS_THAT_UNDO.split() for form in forms(verb))


@cache
def unreal_verbs() -> frozenset[str]:
    """Forms of verbs under which a judgement has not been made yet ("is expected to endorse")."""
    return frozenset(form for verb in _VERBS_OF_THE_UNREAL.split() for form in forms(verb))


@cache
def negations() -> frozenset[str]:
    """Words that turn a judgement round."""
    return frozenset(_NEGATIONS.split())


@cache
def intensifiers() -> frozenset[str]:
    """Words that make a judgement stronger."""
    return frozenset(_INTENSIFIERS.split())
