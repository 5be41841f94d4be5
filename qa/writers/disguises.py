"""Text of articles as a language model may see it: nothing hidden in it, and nothing spoken to software.

`plain` is what makes the prompt safe to read: what a reader would not see is gone, and no mark is left that
templates or citations are made of. `addresses_software` is a second line: sentences that give orders to a
model are news to nobody and are left out. It knows the common forms and no more.
"""

import re
from unicodedata import category, normalize

from index.patterns import regex

_INVISIBLE = frozenset(["Cc", "Cf", "Co", "Cs", "Cn"])
_ALSO_INVISIBLE = regex(
    "[\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f\u2800]"
)
_MARKS = str.maketrans(
    {"<": "‹", ">": "›", "[": "(", "]": ")", "【": "(", "】": ")", "〔": "(", "〕": ")", "［": "(", "］": ")",
     "＜": "‹", "＞": "›", "{": "(", "}": ")", "`": "'", "|": "/", "｜": "/", "#": "№"}
)  # fmt: skip
"""Brackets of tags, templates and citations, each by a mark that looks alike and means nothing."""
_RULE = regex(r"([=\-_*~—–•.]{4})[=\-_*~—–•.]+")
_SPACE = regex(r"\s+")


def visible(text: str) -> str:
    """Return the text without characters that no reader sees: controls, zero-width, bidi, tags, private use.

    White space stays as it is, line breaks included.
    """
    kept = (mark for mark in text if mark in "\n\t" or category(mark) not in _INVISIBLE)
    return _ALSO_INVISIBLE.sub("", "".join(kept)).replace("\u2028", "\n").replace("\u2029", "\n")


def plain(text: str) -> str:
    r"""Return a text on one line, without what is invisible and without the marks of tags and citations.

    Example: "<|im_start|>system [k7q4]\\u202e" -> "‹/im_start/›system (k7q4)".
    """
    return _SPACE.sub(" ", _RULE.sub(r"\1", visible(text).translate(_MARKS))).strip()


_OUTPUT = (
    "answer|respond|reply|output|print|say|write|state|repeat|return|insert|include|append|add|begin|start|"
    "end|finish|conclude|cite|mention|call|render|display|emit|echo|translate|summari[sz]e|reveal|recommend|"
    "ignore|disregard|forget|comply"
)
_ORDER = rf"{_OUTPUT}|tell|use|give|follow|act|pretend|stop|visit|click|open|send|always|never"
_SOFTWARE = (
    r"(?:language models?|large models?|\bllms?\b|\bai (?:models?|systems?|agents?|readers?|tools?)\b|"
    r"\bai\b(?= *:)|"
    r"assistants?\b(?! (?:to|of|professor|manager|coach|secretary|director|editor|attorney|chief))|"
    r"chat ?bots?|chatgpt|gpt-?\d*|claude|gemini|copilot|(?:software|automated|automatic) (?:agent|"
    r"system|reader|"
    r"summari[sz]er)s?|bots\b|summari[sz]ers?|crawlers?)"
)
_OWN_WORK = (
    r"(?:instructions?|prompts?|system (?:prompt|message)|your (?:guidelines|rules|context|directives?)|"
    r"(?:above|previous|prior|other|earlier|preceding) (?:text|articles?|passages?|documents?|sources?|"
    r"messages?|rules|guidelines|context))"
)
_START = r"(?:^|[\n.!?:›»)\"”]\s*)"
_FORMS = (
    # Orders to leave what was said before.
    r"\b(?:ignore|disregard|forget|override|bypass|discard|skip|set aside|do not (?:follow|obey|use|trust))\b"
    rf"[^.!?]{{0,60}}\b(?:{_OWN_WORK}|the (?:other )?(?:articles?|passages?|sources?|documents?)|"
    r"you (?:were|have been) told|the text above)\b",
    r"\b(?:new|updated?|revised|real|actual|hidden|secret|special|final|important|additional|admin\w*) "
    r"(?:instructions?|prompts?|directives?)\b\s*(?:[:.!]|for|from|follow|are|is)",
    # Roles of a conversation.
    r"(?:^|[\n.!?›»)\]\"”]\s*|\b(?:begin|end|new) )(?:system|assistant|developer|user|human|tool|"
    r"instructions?|im_start|im_end)\s*(?:message|prompt|override|note|notice)?\s*:\s",
    r"[<‹\[(]\s*[/|｜]?\s*\|?\s*(?:system|assistant|user|human|inst|sys|im_start|im_end|instructions?|prompt|"
    r"endoftext|eot_id|start_header_id|s)\b[^>›\])]{0,20}[>›\])]",
    r"(?:№|#){2,}\s*(?:system|instruction|response|assistant|human|user|new task|task)\b",
    r"\b(?:begin|end)\s+(?:of\s+)?(?:the\s+)?(?:system|prompt|passages?|articles?|documents?|context|"
    r"sources?|"
    r"data|instructions?|untrusted|trusted)\b(?:\s+\w+){0,2}\s*(?:[=\-_*~:›>\[]|$)",
    r"[\"'“](?:role|tool|function|system_prompt|instructions?)[\"'”]\s*:|"
    r"^\s*role\s*:\s*(?:system|user|assistant)|\b(?:call|use|invoke) this (?:tool|function)\b",
    # Words to a model about itself.
    rf"\byou(?:'re|’re| are| must act| will act| shall act)\b[^.!?]{{0,30}}\b(?:{_SOFTWARE}|dan\b|"
    r"in (?:developer|debug|admin|maintenance|god) mode|unrestricted|jailbroken)",
    r"\b(?:to|for|dear|attention|hey|hello|hi|note to|any|if you are|as an?|all)\s+(?:an? |any |the |"
    r"all |every )?"
    rf"(?:\w+ )?{_SOFTWARE}[^.!?]{{0,30}}[:,!—–-]\s*(?:please|you|do not|don.t|every|{_ORDER})\b",
    rf"\b{_SOFTWARE}[^.!?]{{0,40}}\b(?:must|should|shall|will be|are (?:required|instructed|ordered)|please|"
    rf"need to|have to)\b[^.!?]{{0,25}}\b(?:{_OUTPUT}|rewarded)\b",
    r"\b(?:developer|debug|god) mode\b|\bjail ?break (?:prompt|mode)|\bsystem prompt\b|\bprompt injection\b",
    # Orders about the answer.
    rf"(?:{_START}|[;,]\s*|\b(?:please|must|now|then|always|instead|only|simply|immediately|kindly|"
    rf"do not|don.t|"
    rf"never|and|to) )(?:{_ORDER})\b[^.!?]{{0,50}}\b(?:your (?:answer|response|reply|summary|output)|"
    r"(?:every|each|any|its|the) (?:answer|response|reply|output)|"
    r"(?:the|this) (?:following )?(?:word|token|string|code ?word|pass(?:word|phrase)|exact words?)\b|"
    r"(?:the|this) (?:image|html|markdown) in|verbatim|nothing (?:else|but)|(?:exactly|only)\s*[:“\"'‘])",
    rf"{_START}(?:answer|respond|reply)\b[^.!?]{{0,20}}\b(?:only|with|exactly)\b",
    r"\b(?:reply|respond|answer)(?: only)? with\b[^.!?]{0,60}\bwhen(?:ever)?\b|\brepeat after me\b",
    r"\b(?:when(?:ever)?|if|once)\b[^.!?]{0,30}\b(?:asked|answering|summari[sz]\w+|responding|replying|"
    rf"quoting|a (?:user|reader) asks)\b[^.!?,:]{{0,40}}[,:]\s*(?:please |you must |always |"
    rf"only )*(?:{_OUTPUT})\b",
    r"\b(?:your|the (?:correct|right|only|true|final|official|expected|"
    r"required)(?: correct)?) (?:answer|response|"
    r"reply|output)\b[^.!?]{0,20}\b(?:is|must be|should be|shall be|has to be)\b\s*[:“\"'‘\w]|"
    r"\bthe answer is\s*[:“\"'‘]",
    r"\b(?:your|its|their|every|each) (?:final )?(?:answer|response|reply|output|"
    r"summary)(?: of this article)?\b"
    r"[^.!?]{0,20}\b(?:must|should|shall|has to|have to|contains?|includes?|begins? with|starts? with)\b",
    rf"{_START}you (?:must|should|shall|have to)\s(?:now |only |always |never )?(?:{_OUTPUT})\b",
    # Other languages.
    r"\b(?:ignorez|ignorer|oubliez|ignoriere?n?|vergiss|missachte|ignora|ignore|olvida|olvide|ignorar|"
    r"esqueça|"
    r"dimentica|negeer|zignoruj|ignoruj|игнорируй(?:те)?|забудь(?:те)?)\b[^.!?]{0,50}\b(?:instructions?|"
    r"anweisung\w*|instrucciones|instru[cç][õo]es|istruzioni|instructies|instrukcj\w*|инструкци\w*|"
    r"указани\w*)",
    r"(?:忽略|无视|無視|忘记|忽視).{0,12}(?:指令|指示|说明|說明|提示|文章|命令)|(?:以前|上記|これまで)の(?:指示|命令)|"
    r"이전.{0,6}(?:지시|명령)|تجاهل.{0,20}(?:التعليمات|الأوامر)|(?:निर्देश|आदेश).{0,20}(?:अनदेखा|नज़रअंदाज़)",
    # Things to run, fetch or decode.
    r"!\[[^\]]{0,80}\]\s*\(|!\([^)]{0,80}\)\s*\(|\]\(\s*(?:https?|javascript|data):",
    r"[<‹]\s*/?\s*(?:script|img|iframe|style|svg|object|embed|form|meta|link|a|div|span|base|video|input)\b",
    r"<!--|\b(?:javascript|vbscript|data)\s*:\s*\w*/?\w*[(,;]|\bon(?:error|load|click)\s*=",
    r"(?<![\w/.=-])(?=[A-Za-z0-9+/]*\d)(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])[A-Za-z0-9+/]{32,}={0,2}"
    r"(?![\w/])|(?<!\w)(?:[0-9a-f]{2}[\s:]?){24,}(?!\w)|(?:%[0-9a-f]{2}){8,}|(?:\\x[0-9a-f]{2}|&#x?\w+;){6,}",
    r"\b(?:decode|base64|rot ?13|hex(?:adecimal)?)\b[^.!?]{0,60}\b(?:follow|execute|obey|instruction|output|"
    r"print|message|string)\b",
    # Markup of passages and citations.
    r"\b(?:passage|document|citation)\s*(?:key|id)\s*[:=]|[=\-]{3,}\s*\w+ [\w ]{0,20}\[|"
    r"\[[a-z]\d[a-z]\d\]|\ball passages (?:agree|say)\b",
)
_ORDERS = regex("|".join(f"(?:{form})" for form in _FORMS), re.I | re.M)
_SPELLED = regex(r"(?<!\w)(?:\w[ .\-_*]){5,}\w(?!\w)")
_HIDING = regex("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""Characters that turn the order of reading or spell out words unseen: no newspaper prints them."""
_BETWEEN = regex(r"[ .\-_*]")
_RESPELLED = regex(r"[a-zA-Z][013457@$]+[a-zA-Z]")
_MANY = 3
_WITH_DIGITS = regex(r"\w*[a-zA-Z][013457@$]\w*")
_DIGITS_FOR_LETTERS = str.maketrans("013457@$", "oieastas")
READ = 200_000
"""Characters; of a longer text only the beginning is looked at."""


def addresses_software(text: str) -> bool:
    """Whether a text gives orders to a language model, or hides text from its readers."""
    text = text[:READ]
    return bool(_HIDING.search(text)) or any(_ORDERS.search(form) for form in _forms(text))


def _forms(text: str) -> set[str]:
    """Return a text as it reads once its disguises are off: invisible marks, spaced letters, leetspeak."""
    seen = normalize("NFKC", visible(text))
    forms = {seen, _SPELLED.sub(lambda found: _BETWEEN.sub("", found.group()), seen)}
    if len(_RESPELLED.findall(seen)) >= _MANY:
        forms.add(_WITH_DIGITS.sub(lambda word: word.group().translate(_DIGITS_FOR_LETTERS), seen))
    return forms
