"""What lines of page furniture look like: advertisements, share bars, newsletter boxes, credits, footers.

`UNMISTAKABLE` holds lines that are never part of an article; it applies to every kind of input. `PAGE_ONLY`
holds lines that could be words of an article, and applies to saved pages only. Every pattern is matched
against a short line from its start to its end, so its cost is bounded.
"""

import re
from functools import lru_cache

from index.schema import RemovalReason

SHORTEST = 2
LONGEST = 420
"""Lines of fewer or more characters are never furniture by themselves."""

_SITES = (
    r"facebook|twitter|x|linkedin|whatsapp|reddit|instagram|telegram|pinterest|flipboard|bluesky|threads|"
    r"youtube|tiktok|messenger|e-?mail|print|copy(?: the)? link|sms|snapchat|google news|apple "
    r"news|tumblr|mail"
)
_SHARING = (
    rf"(?:share|post|tweet|send|follow us)(?: this)? (?:on|via|by|to|with) (?:{_SITES})|{_SITES}|"
    r"share|save|print|tweet|copy|bookmark|comment"
)
_AGENCIES = (
    r"getty images|getty|afp|reuters|associated press|ap images|ap photo|ap|epa|efe|xinhua|"
    r"shutterstock|istock|"
    r"alamy|bloomberg|zuma press|zuma|imago|anadolu|sputnik|tass|pa wire|pa media|pa|nurphoto|sipa|wireimage|"
    r"usa today sports|usa today|imagn images|imagn|redux|magnum photos|adobe stock|unsplash|"
    r"wikimedia commons|cnn|"
    r"the new york times|the washington post|press association|rex|corbis|upi|dpa|afp-jiji|kyodo|pool"
)
_PHOTOGRAPHER = r"[A-Z][\w’'-]{0,20}(?: [A-Z]\.| (?:de|van|von|al|el|la|di)| [A-Z][\w’'-]{0,20}){0,4}"


def _lines(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


UNMISTAKABLE: tuple[tuple[RemovalReason, re.Pattern[str]], ...] = (
    (
        RemovalReason.ADVERTISEMENT,
        _lines(
            r"[-–—*\[( ]{0,3}advertise?ments?[-–—*\]) ]{0,3}",
            r"skip ad(?:vertisement)?s?",
            r"ad feedback",
            r"(?:article|story|content|post) continues (?:below|after)(?: (?:this |the "
            r")?ad(?:vertisement)?s?)?\.?",
            r"(?:story continues )?below(?: this)? ad(?:vertisement)?",
            r"scroll to continue(?: (?:with content|reading))?",
            r"continue reading (?:the main story|below|after the advertisement)",
            r"(?:sponsored|paid|promoted|partner) (?:content|post|by|message|stories)(?: .{1,40})?",
            r"(?:this )?advertisement has not loaded(?: yet)?,? but .{0,80}",
            r"this article contains affiliate links.{0,200}",
            r".{0,120}(?:we may (?:earn|receive) (?:an? )?(?:affiliate |small )?(?:fee|commission)).{0,240}",
        ),
    ),
    (
        RemovalReason.SHARE,
        _lines(
            r"link copied!?(?: to clipboard)?!?",
            r"(?:the )?(?:code|url|link) has been copied to (?:your )?clipboard\.?",
            r"listen to this (?:article|story).{0,40}(?:learn more|min)",
            r"(?:add|make|set) .{2,40} (?:a |your )?preferred (?:source )?(?:on|in) google.{0,20}",
            r"(?:embed|embed share|print page|download pdf|reuse this content)",
            r"(?:share|tweet|e-?mail|print|save|bookmark|gift|like|comment on|listen to)"
            r"(?: (?:this|full|the))? (?:article|story|page|post)",
            rf"(?:share|post|tweet|send|follow us)(?: this)? (?:on|via|by|to) (?:{_SITES})",
            rf"(?:share|follow us)(?: this)?(?: (?:article|story|page|post|on))?\s?:\s{{0,4}}"
            rf"(?:{_SITES})(?:[\s,|·•/]{{1,8}}(?:{_SITES})){{0,9}}",
            r"be the first to comment.{0,40}",
            r"(?:click|tap) here to share.{0,60}",
            r"share (?:this|full) (?:article|story|page|post|video|gallery)(?:.{0,3}\(.{1,20}\))?",
            r"(?:join|follow|like|find) us on (?:twitter|facebook|instagram|x|telegram|whatsapp|"
            r"youtube)\b.{0,80}",
            r"follow .{2,90} on (?:twitter|facebook|instagram|x|bluesky|linkedin|threads)\b.{0,160}",
            r"(?:leave|post|add|write) a comment",
            r"(?:view|show|read|see|hide)(?: all| the)?(?: [\d,]{1,7})? comments?(?: \(?[\d,]{1,7}\)?)?",
            r"[\d,.]{1,7}k? (?:shares?|comments?|likes?|views?|retweets?)",
            r"(?:join|start) the (?:conversation|discussion)\.?",
            r"comments (?:are|have been) (?:closed|turned off|disabled)(?: .{1,60})?\.?",
            r"follow cnn opinion.{0,60}",
        ),
    ),
    (
        RemovalReason.NEWSLETTER,
        _lines(
            r"(?=.{0,400}(?:newsletter|inbox|e-?mail|briefing|alerts?))(?:sign ?up|subscribe|"
            r"register|enter your|"
            r"get (?:the|our|more|all|cnn|breaking|stories|alerts)|want (?:the|more|to)|never miss|"
            r"don[’']t miss|"
            r"stay (?:in|up|informed|on)|receive|join|love |make washington|spend your|start your|"
            r"like what).{5,400}",
            r".{5,220}[.?:!–—] ?(?:sign ?up|subscribe) (?:here|now|for|to) .{0,120}(?:newsletter|"
            r"inbox|here|briefing).{0,60}",
            r"(?:sign ?up|subscribe)(?: (?:now|here|today|free|for free))?[.!]?",
            r"get more news and analysis(?: from)?.{0,80}",
            r"(?=.{0,200}\b(?:news|stories|headlines|daily|weekly|mornings?|every|each|delivered|straight|sent|"
            r"best|latest|letter|briefing|digest)\b)"
            r"[^“”\"]{0,140}\b(?:in|to|into) your (?:e-?mail )?inbox\b[^“”\"]{0,80}",
            r"by (?:signing up|subscribing|clicking|submitting|providing).{0,60}you (?:agree|"
            r"accept|consent|will).{0,240}",
            r"please enter a valid e-?mail(?: address)?.{0,40}",
            r"(?:your )?e-?mail address(?: \*)?",
            r"(?:no spam|unsubscribe (?:at )?any ?time|we (?:never|don[’']t|won[’']t) spam)\b.{0,120}",
            r"subscribe (?:now |today )?(?:for|from|and get|to get) (?:unlimited|full|digital|free|only|just|"
            r"[€$£] ?\d).{0,120}",
            r"(?:thank you|thanks) for (?:subscribing|signing up).{0,80}",
            r"already (?:a subscriber|subscribed|have an account)\?.{0,60}",
        ),
    ),
    (
        RemovalReason.PROMOTION,
        _lines(
            r"need a (?:news )?break\? .{0,120}",
            r"(?:click here|tap) (?:to get|for) the .{2,40} app",
            r"new ?you can now listen to .{2,60}",
            r"thank you for your patience while we verify access\..{0,300}",
            r"we are having trouble retrieving the article content\.",
            r"(?:want all of|subscribe to) the [\w ]{2,30}(?:\?|to read|for) .{0,120}",
            r"to view this video,? please .{0,160}",
            r"no media source currently available",
            r"you(?:[’']ve| have) (?:(?:read|used|reached|viewed) .{0,40}|\d{1,2} )(?:free|complimentary) "
            r"(?:articles?|stories)\b.{0,120}",
            r"this is your (?:last|first|only) (?:free|complimentary) (?:article|story)\b.{0,100}",
            r"(?:subscribe|register|sign in|log in) to (?:continue|keep) reading.{0,80}",
            r"(?:log|sign) in or (?:create|register|sign up|subscribe)\b.{0,80}",
            r"support (?:independent|our) (?:journalism|reporting|newsroom).{0,200}",
            r"this is a modal window\.?",
            r".{0,10}purchase licensing rights.{0,30}",
            r"our standards: the thomson reuters trust principles.{0,40}",
            r"check out (?:the|our) all[- ]new .{0,120}",
            r"(?:support|help support) (?:strong |our |quality |independent )?(?:local )?journalism.{0,200}",
            r"(?:download|get) (?:the|our) .{0,40}\bapp\b.{0,160}",
            r"(?:please )?(?:help )?support (?:your )?(?:local|independent|community|quality) "
            r"(?:news|newspapers?)\s?(?:[:.!–—]|by (?:subscrib|becom|donat|join)|$).{0,200}",
            r"(?:become|be) an? (?:friend|member|supporter|patron|subscriber)\b.{0,120}"
            r"\b(?:today|now|from [€$£] ?\d.{0,30}|for (?:just|only|as little as) .{1,30})[.!]?",
            r"(?:got|have|do you have|send us) an? (?:question|tip|story|news tip|news story|comment|"
            r"complaint|correction|suggestion|idea)s?\b.{0,80}[?.!] .{0,60}"
            r"(?:\b(?:us|our|newsroom|editors?|reporters?|the author|this reporter)\b|@\w).{0,100}",
            r"(?:do you (?:know|have) .{0,80}\? )?(?:contact|e-?mail|reach|write to) (?:our|the) "
            r"(?:author|reporter|writer|editors?|newsroom)\b.{0,60}@.{3,60}",
            r"send us (?:an? |your )?(?:news )?(?:tips?|story|stories|photos?|feedback|comments?)[.!]?",
            r"letters to the editor\s?: .{0,120}",
            r"the .{2,40} app gets you .{0,240}",
            r"(?:prefer to listen|want to listen)\? .{0,200}",
            r"(?:podcasts?|listen): .{0,80}podcasts?.{0,80}",
            r"(?:can[’']t see our|unable to view our|don[’']t see the) (?:graphics?|video|map|"
            r"chart)s?\?.{0,80}",
            r"(?:your|this) browser (?:does not|doesn[’']t) support.{0,120}",
            r"(?:please )?(?:enable|turn on) javascript.{0,120}",
            r".{0,60}to continue reading(?:,| ).{0,60}(?:subscribe|sign in|log in|register).{0,60}",
            r"hear more audio stories from .{0,120}",
            r"audio by .{2,60}",
        ),
    ),
    (
        RemovalReason.TEASER,
        _lines(
            r"(?:read|learn|find out|hear|see|watch) more\s?(?:[:>»→|]|here).{0,220}",
            r"(?:read|see|watch|listen|also read|read also|see also|watch also|also see)\s?[:>»|] ?.{3,220}",
            r"(?:related|recommended|read next|up next|dig deeper|go deeper|more on this|more from .{2,40})"
            r"(?: (?:article|story|stories|coverage|content|reading|news|link|video)s?)?\s?[:>»|] ?.{3,220}",
            r"(?:in case you missed it|you (?:may|might) also (?:like|enjoy|be interested in))\s?: .{3,200}",
            r"(?:see more on|suggested topics|explore more on these topics)\s?:? ?.{0,200}",
            r"(?:list \d{1,2} of \d{1,2}|list of \d{1,2} items|end of list)",
            r"click here (?:for|to) (?:read|see|complete|the full|more|our|view|watch) ?.{0,100}",
            r"read (?:more|the full (?:story|article|report)|our full story)(?: (?:here|on .{2,40}))?\.?",
        ),
    ),
    (
        RemovalReason.CREDIT,
        _lines(
            r"(?:image|video|media) (?:source|copyright), ?.{2,60}",
            r"\(?(?:photo(?:graph)?s?|image|picture|illustration|video|graphic|photo illustration)?s? ?"
            r"credits?\s?(?:\.\.\.|…|:|by) ?.{2,120}",
            r"[(\[]?(?:photo(?:graph)?s?|image|picture|illustration|composite)s?\s?(?:by|:|/|via|"
            r"courtesy(?: of)?)\s?.{2,90}",
            r"[(\[]?(?:getty images|getty|istock|shutterstock|alamy|ap photo)(?:/.{2,60})?[)\]]?",
            r"[(\[]?(?:afp|reuters|epa)/.{2,60}[)\]]?",
            rf"[(\[]?(?-i:{_PHOTOGRAPHER})(?:/| via |\s?\|\s?)(?:{_AGENCIES})(?:(?:/| via ).{{2,40}})?[)\]]?",
        ),
    ),
    (
        RemovalReason.FOOTER,
        _lines(
            r"(?:©|\(c\) ?(?=\d)|copyright ?(?:©|\(c\)|\d{4})).{0,300}",
            r".{0,200}\ball rights reserved\.?.{0,120}",
            r"(?:terms (?:of|and|&) (?:use|service|conditions)|privacy (?:policy|notice|settings)|"
            r"cookie (?:policy|settings"
            r"|preferences|notice)|do not sell.{0,40}|manage cookies|accessibility|site ?map)(?: .{0,60})?",
            r"this material may not be published, broadcast, rewritten.{0,80}",
            r".{0,80}(?:does not|do not) (?:necessarily )?(?:take institutional positions|reflect "
            r"the (?:views|position)).{0,320}",
            r"the (?:views|opinions) (?:expressed|represented) (?:herein|here|in this (?:article|"
            r"piece|essay)) .{0,300}",
            r"(?:(?:this|our) (?:web)?site uses|we (?:and our partners )?use) cookies\b.{0,300}",
            r"(?:accept|reject|allow|decline) (?:all )?cookies",
            r"by (?:continuing to use|using|browsing) (?:this|our) (?:web)?site,? you .{0,200}",
            r"copyright,? (?:of |by )?(?-i:[A-Z]).{1,80}?,? (?:19|20)\d\d\.?",
            r"this (?:article|story|piece|column) (?:also )?appear(?:s|ed) (?:[^.]{0,60} )?in (?:the )?"
            r"(?:[^.]{2,60} )?print\b.{0,200}",
            r"a version of this article appears? in print .{0,300}",
            r"(?:order )?reprints ?(?:\||and).{0,60}",
            r"(?:©? ?)?.{2,60} is a .{2,40} content partner .{0,200}independently.{0,40}",
        ),
    ),
    (
        RemovalReason.DATA,
        _lines(
            r"(?:var|let|const|window\.|document\.|googletag|__?[a-z]\w{2,20}\s?=).{3,400}[;{}(\[]",
            r"(?:\$|jquery)?\(?function ?\(.{0,300}",
            r"[.#@][\w-]{2,40}(?:[ ,>:.#][\w-]{1,40}){0,6} ?\{.{0,300}",
            r"<(?:script|style|iframe|div|img|a|span|meta|link|svg)\b.{0,400}",
        ),
    ),
)

PAGE_ONLY: tuple[tuple[RemovalReason, re.Pattern[str]], ...] = (
    (
        RemovalReason.MENU,
        _lines(
            r"skip to (?:main )?(?:content|navigation|footer|search).{0,40}",
            r"(?:open|close|toggle|main|site)? ?(?:menu|navigation|search|search bar)",
            r"(?:home|sections?|search|log ?in|sign ?in|log ?out|register|my account|subscriptions?|donate|"
            r"about(?: us)?|contact(?: us)?|careers|advertise(?: with us)?|help|faqs?|jobs|shop|e-?paper)",
            r".{0,80}\blogo(?:type|mark)?(?:, .{1,20})?",
            r"(?:close|accept|accept all|reject all|no,? thanks|maybe later|not now|got it)[.!]?",
            r"back to (?:the )?(?:top|home(?:page)?|news|search results|main page)",
            r"(?:breadcrumbs?|you are here:?.{0,80})",
            r"[\w&’' ]{2,30}(?: (?:>|›|»|/) [\w&’' ]{2,30}){1,5}",
        ),
    ),
    (
        RemovalReason.SHARE,
        _lines(
            rf"(?:{_SITES})(?:[\s,|·/]+(?:{_SITES})){{0,9}}",
            rf"(?:{_SHARING})(?:[\s,|·•/]{{1,8}}(?:{_SHARING})){{1,9}}",
            r"(?:share|tweet|save|like|copy|comments?|bookmark|listen|listen now|play|pause|mute|gift|follow|"
            r"follow us|reprints|a ?a|text size|font size)",
            r"(?:share|comments?|save|likes?)\s?\(?[\d,.]{1,7}k?\)?",
            r"[\d:]{1,8} ?(?:-|–)? ?(?:min(?:ute)?s?|sec(?:ond)?s?)\.? (?:read|listen|watch)",
            r"listen(?: to this (?:article|story))? ?[(·•-]? ?\d{1,2}(?::\d\d)? ?(?:min(?:ute)?s?)?\)?",
            r"reading time:? .{1,20}",
            r"save for later",
            r"(?:print|e-?mail|share) this (?:page|article|story)[\s|·•/].{0,80}",
            r"(?:add|set) .{2,40} (?:on|as a preferred source on) google.{0,20}",
        ),
    ),
    (
        RemovalReason.ADVERTISEMENT,
        _lines(r"ads?", r"supported by", r"sponsored", r"promoted", r"from our (?:partners|sponsors)"),
    ),
    (
        RemovalReason.TEASER,
        _lines(
            r"(?:learn|read|see|show|view|find out|load|discover|explore) (?:more|all)(?: ?[>»→…]|\.\.\.)?",
            r"(?:next|previous|prev) (?:article|story|post|page)(?:\s.{0,120})?",
            r"(?:loading|please wait)(?:\.\.\.|…)?",
            r"(?:videos?|now playing|watch(?: now)?|play video|view gallery|gallery|slideshow)",
            r"(?:photos?|images?|audio)",
        ),
    ),
    (
        RemovalReason.FURNITURE,
        _lines(
            r"(?:tags?|topics?|filed under|related topics|more on|categories|posted in|labels|"
            r"keywords)\s?[:|] ?.{0,240}",
            r"(?:filed under|posted in) (?-i:[A-Z])[\w&,’' ]{1,60}",
            r"(?:thanks|thank you) for reading(?: .{1,50})?[.!]?",
            r"your e-?mail",
            r"reprints?(?: (?:&|and) permissions)?",
            r"(?:report|suggest) (?:an? |this )?(?:error|typo|correction|ad)\b.{0,60}",
            r"was this (?:article|page|story) (?:helpful|useful|interesting)\?.{0,40}",
        ),
    ),
)

_STRONG_HEADING = _lines(
    r"more (?:work|stories|articles|news|coverage|commentary|analysis|posts|research|reading|"
    r"content|headlines|"
    r"publications|like this)(?: (?:from|by|on|in|about) .{2,60})?",
    r"more (?:from|by) .{2,60}",
    r"(?:most|more) (?:popular|read|viewed|shared|recent|watched|emailed|discussed|commented)(?: .{1,30})?",
    r"(?:you (?:may|might) (?:also )?(?:like|be interested in|enjoy)|you might have missed|what "
    r"others are reading).{0,30}",
    r"(?:recommended|suggested|related|similar|other|further|additional) (?:for you|stories|"
    r"articles|reading|content|posts|"
    r"news|coverage|links?|videos?|reads|topics|publications|research|analysis|commentary|work|by .{2,30})",
    r"(?:latest|top|recent|trending|today[’']s|popular|featured|breaking|more top|editors?[’']?s?) "
    r"(?:news|stories|articles|posts|videos?|headlines|picks?|now|on .{2,30}|in .{2,30}|from "
    r".{2,30}|reads|comments|topics)",
    r"(?:around|from around|elsewhere on|from) the web",
    r"(?:editors?[’']?s?[’']? picks?|in case you missed it|don[’']t miss|must[- ]reads?|paid for by .{2,40})",
    r"(?:read|up|what to read|watch) next(?: .{0,30})?",
    r"keep (?:reading|exploring)",
    r"recent (?:work|analysis|publications)(?: .{1,40})?",
    r"more on this (?:story|topic)",
    r"explore more on these topics",
    r"trending(?: now| today| stories)?",
    r"comments? ?\(?\d{0,6}\)?",
)
_WEAK_HEADING = _lines(
    r"(?:related|recommended|recommendations|read more|see also|also read|more|latest|most popular|popular|"
    r"go deeper|further reading|more information|explore more|learn more|watch|on this topic|in "
    r"this story)\s?[:>»]?",
    r"(?:more|related) (?:on|about) .{2,60}",
    r"(?:what else is happening|for more|more to (?:read|explore|know))\??:?",
)

_CREDIT_TAIL = (
    re.compile(
        r"(?:(?<=[.!?”\"’')])\s{0,3}|^|\s)[(\[]?(?:(?:Image|Photo|Picture|Video|Illustration)\s)?Credits?\s?"
        r"(?:\.\.\.|…|:)\s{0,2}(?P<who>[^.!?]{2,110}?(?:(?:\.[A-Z]|[A-Z]\.)[^.!?]{0,40})?)[)\]]?$"
    ),
    re.compile(
        r"\s?[(\[](?:(?:AP )?Photo(?:graph)?s?|Image|Picture|Illustration)(?:\s?(?:by|:|/)|"
        r"\s(?:via|courtesy))[^()]{1,110}[)\]]\.?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:(?<=[.!?”\"’')])\s{0,3}|\s)(?:Photograph|Photo|Illustration|Picture|"
        r"Composite)s?(?:\s?:|\sby)\s[A-Z][^.!?]{2,90}$"
    ),
    re.compile(
        rf"(?<=[.!?”\"’')\d])\s{{1,3}}[(\[]?{_PHOTOGRAPHER}(?:/|\svia\s)(?:[\w.’' -]{{2,40}}/){{0,2}}"
        rf"(?i:{_AGENCIES})(?:\s(?:via\s)?(?i:getty images|ap|reuters|afp))?[)\]]?$"
    ),
)


@lru_cache(maxsize=4096)
def line_reason(text: str, *, is_page: bool) -> RemovalReason | None:
    """Return why a line is page furniture by its own words, or None where it may be article."""
    if not SHORTEST <= len(text) <= LONGEST:
        return None
    for reason, pattern in UNMISTAKABLE + (PAGE_ONLY if is_page else ()):
        if pattern.fullmatch(text):
            return reason
    return None


def is_strong_heading(text: str) -> bool:
    """Whether a line heads a list of other stories ("More Work from ...", "Most popular")."""
    return len(text) <= 90 and _STRONG_HEADING.fullmatch(text.rstrip(" :")) is not None


def is_weak_heading(text: str) -> bool:
    """Whether a line may head a list of other stories, but can be a heading of the article ("Related")."""
    return len(text) <= 90 and _WEAK_HEADING.fullmatch(text) is not None


def credit_start(text: str) -> int | None:
    """Return where the photo credit at the end of a caption starts; None if there is none.

    Example:
        >>> caption = "The president on Thursday. Credit...Jane Doe/The Daily"
        >>> caption[credit_start(caption):]
        ' Credit...Jane Doe/The Daily'
    """
    if len(text) > 900:
        return None
    offset = max(0, len(text) - 220)
    tail = text[offset:]
    starts = [match.start() for pattern in _CREDIT_TAIL if (match := pattern.search(tail))]
    return offset + min(starts) if starts else None
