"""Well-known outlets: by the host of their site, and by the names they go by. Pure."""

from urllib.parse import urlsplit

_BY_HOST = {
    "abc.net.au": "ABC News (Australia)",
    "abcnews.go.com": "ABC News",
    "afp.com": "AFP",
    "aljazeera.com": "Al Jazeera",
    "apnews.com": "Associated Press",
    "arstechnica.com": "Ars Technica",
    "axios.com": "Axios",
    "bbc.co.uk": "BBC",
    "bbc.com": "BBC",
    "bloomberg.com": "Bloomberg",
    "breitbart.com": "Breitbart",
    "businessinsider.com": "Business Insider",
    "buzzfeednews.com": "BuzzFeed News",
    "carnegieendowment.org": "Carnegie Endowment for International Peace",
    "cbc.ca": "CBC",
    "cbsnews.com": "CBS News",
    "chicagotribune.com": "Chicago Tribune",
    "cnbc.com": "CNBC",
    "cnn.com": "CNN",
    "csmonitor.com": "The Christian Science Monitor",
    "dailymail.co.uk": "Daily Mail",
    "dw.com": "Deutsche Welle",
    "economist.com": "The Economist",
    "engadget.com": "Engadget",
    "euronews.com": "Euronews",
    "forbes.com": "Forbes",
    "foreignaffairs.com": "Foreign Affairs",
    "foreignpolicy.com": "Foreign Policy",
    "fortune.com": "Fortune",
    "foxnews.com": "Fox News",
    "france24.com": "France 24",
    "ft.com": "Financial Times",
    "haaretz.com": "Haaretz",
    "huffpost.com": "HuffPost",
    "independent.co.uk": "The Independent",
    "indiatimes.com": "The Times of India",
    "irishtimes.com": "The Irish Times",
    "japantimes.co.jp": "The Japan Times",
    "jpost.com": "The Jerusalem Post",
    "kyivindependent.com": "The Kyiv Independent",
    "latimes.com": "Los Angeles Times",
    "lemonde.fr": "Le Monde",
    "meduza.io": "Meduza",
    "msnbc.com": "MSNBC",
    "nbcnews.com": "NBC News",
    "newsweek.com": "Newsweek",
    "newyorker.com": "The New Yorker",
    "npr.org": "NPR",
    "nypost.com": "New York Post",
    "nytimes.com": "The New York Times",
    "pbs.org": "PBS",
    "politico.com": "Politico",
    "politico.eu": "Politico Europe",
    "propublica.org": "ProPublica",
    "qz.com": "Quartz",
    "reuters.com": "Reuters",
    "rferl.org": "Radio Free Europe/Radio Liberty",
    "rollingstone.com": "Rolling Stone",
    "scmp.com": "South China Morning Post",
    "semafor.com": "Semafor",
    "sky.com": "Sky News",
    "slate.com": "Slate",
    "smh.com.au": "The Sydney Morning Herald",
    "spiegel.de": "Der Spiegel",
    "straitstimes.com": "The Straits Times",
    "techcrunch.com": "TechCrunch",
    "telegraph.co.uk": "The Telegraph",
    "theatlantic.com": "The Atlantic",
    "theglobeandmail.com": "The Globe and Mail",
    "theguardian.com": "The Guardian",
    "thehill.com": "The Hill",
    "themoscowtimes.com": "The Moscow Times",
    "thetimes.co.uk": "The Times",
    "thetimes.com": "The Times",
    "theverge.com": "The Verge",
    "theweek.co.uk": "The Week",
    "theweek.com": "The Week",
    "time.com": "Time",
    "timesofisrael.com": "The Times of Israel",
    "usatoday.com": "USA Today",
    "usnews.com": "U.S. News & World Report",
    "vice.com": "Vice",
    "voanews.com": "Voice of America",
    "vox.com": "Vox",
    "washingtonpost.com": "The Washington Post",
    "washingtontimes.com": "The Washington Times",
    "wired.com": "Wired",
    "wsj.com": "The Wall Street Journal",
}

AGENCIES = frozenset(
    (
        "afp|agence france-presse|alamy|anadolu|ap|associated press|dpa|epa|getty|getty images|imago|istock|"
        "pa|pool|reuters|shutterstock|sputnik|tass|the associated press|xinhua|upi|zuma|zuma press|nurphoto|"
        "redux|unsplash|efe|kyodo|bloomberg|imagn images"
    ).split("|")
)
"""Names in photo credits that say nothing about whose page it is."""

_NAMES = {name.lower(): name for name in _BY_HOST.values()} | {
    "the times": "The New York Times",
    "cnn business": "CNN",
    "cnn politics": "CNN",
    "usatoday": "USA Today",
    "bbc news": "BBC",
    "ap": "Associated Press",
    "ap news": "Associated Press",
    "the associated press": "Associated Press",
    "guardian": "The Guardian",
    "new york times": "The New York Times",
    "washington post": "The Washington Post",
    "wall street journal": "The Wall Street Journal",
    "bloomberg news": "Bloomberg",
    "wsj": "The Wall Street Journal",
    "thehill": "The Hill",
    "nyt": "The New York Times",
    "nytimes": "The New York Times",
    "cnn.com": "CNN",
    "foxnews": "Fox News",
    "express.co.uk": "Daily Express",
}
del (
    _NAMES["the times"],
    _NAMES["time"],
    _NAMES["quartz"],
    _NAMES["slate"],
    _NAMES["wired"],
    _NAMES["vice"],
    _NAMES["vox"],
)


def outlet_of_url(url: str) -> str | None:
    """Return the outlet of a web address: a well-known name, else the bare domain; None if there is no host.

    Example:
        >>> outlet_of_url("https://eu.usatoday.com/story/1"), outlet_of_url("https://www.smalltown.example/a")
        ('USA Today', 'smalltown.example')
    """
    try:
        host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    parts = host.split(".")
    for start in range(max(0, len(parts) - 1)):
        known = _BY_HOST.get(".".join(parts[start:]))
        if known:
            return known
    return host if len(parts) > 1 else None


def outlet_name(stated: str, url: str | None) -> str | None:
    """Return an outlet's name as a page states it, in its usual spelling; the site's where it states none.

    Some pages give their address, an account ("@paper") or a list of topics as the name of the site.
    """
    known = known_outlet(stated)
    if known:
        return known
    if "://" in stated or stated.startswith("@") or stated.count("|") > 1 or len(stated) > 80:
        return outlet_of_url(url or stated)
    return stated


def known_outlet(name: str) -> str | None:
    """Return the usual spelling of a well-known outlet's name; None when it is not known."""
    return _NAMES.get(" ".join(name.split()).lower())
