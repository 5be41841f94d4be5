"""Parts as one HTML page that needs no script, no file and no other host; all text is escaped. Pure."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from qa.export.bibliography import one_line, web_address
from qa.export.parts import Part, Parts, Source, Style, quoted, reference

_STYLE = """
:root { color-scheme: light dark; --ink: #1d1c1a; --paper: #fbfaf7; --soft: #5f5a52; --line: #d5cfc2;
  --link: #1d4ed8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceae4; --paper: #171614; --soft: #aba59a; --line: #4a463f; --link: #93b4ff; }
}
body { background: var(--paper); color: var(--ink); font: 17px/1.55 system-ui, sans-serif; margin: 2rem auto;
  max-width: 44rem; padding: 0 1rem; overflow-wrap: anywhere; }
h2, h3 { line-height: 1.25; }
h2 { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 1rem; }
h3 { font-size: 1rem; margin-bottom: .25rem; }
.short { font-size: 1.25rem; font-weight: 600; }
blockquote { border-left: 3px solid var(--line); margin: .75rem 0; padding-left: 1rem;
  unicode-bidi: isolate; }
.note, .aside, footer { color: var(--soft); font-size: .9rem; } a { color: var(--link); }
ol { padding-left: 2.5rem; } li { margin: .6rem 0; unicode-bidi: isolate; }
@media print { body { background: none; color: #000; } }
""".strip()
_DIGEST = b64encode(sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"


def as_html(parts: Parts) -> str:
    """Return an export as an HTML page; its policy lets no script run and nothing be fetched."""
    title = next((part.text for part in parts.parts if part.style is Style.QUESTION), "Dateline")
    body = "\n".join(_part(part) for part in parts.parts)
    sources = "\n".join(_source(source) for source in parts.sources)
    listed = f"<h2>Sources</h2>\n<ol>\n{sources}\n</ol>\n" if sources else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>{_safe(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n{listed}</main>\n"
        f"<footer>Exported from Dateline on {parts.made_on.isoformat()}.</footer>\n</body>\n</html>\n"
    )


def _part(part: Part) -> str:
    marks = "".join(f' <a href="#source-{number}">[{number}]</a>' for number in part.numbers)
    aside = f' <span class="aside">({_safe(part.aside)})</span>' if part.aside else ""
    meant = "".join(f' <span class="aside">[{_safe(one)}]</span>' for one in part.meant)
    inner = f"{_safe(part.text)}{meant}{marks}{aside}"
    match part.style:
        case Style.QUESTION:
            return f"<h2>{inner}</h2>"
        case Style.SHORT:
            return f'<p class="short">{inner}</p>'
        case Style.LABEL:
            return f"<h3>{inner}</h3>"
        case Style.QUOTE:
            return f"<blockquote>{inner}</blockquote>"
        case Style.NOTE:
            return f'<p class="note">{inner}</p>'
        case Style.ROW | Style.TEXT:
            return f"<p>{inner}</p>"


def _source(source: Source) -> str:
    card, citation = source.citation.article, source.citation
    address = web_address(card.url)
    link = (
        f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{_safe(address)}</a>'
        if address
        else _safe(card.file)
    )
    place = f"characters {citation.start} to {citation.end} of article {_safe(card.id)}"
    return (
        f'<li id="source-{source.number}" value="{source.number}">{_safe(quoted(citation.quote))} — '
        f'{_safe(reference(card))}. {link} <span class="aside">({place})</span></li>'
    )


def _safe(text: str) -> str:
    return escape(one_line(text))
