"""Countries, continents and the states of the United States, as news names them: closed classes. Pure."""

import re

from index.patterns import regex

_COUNTRIES = """
    Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas
    |Bahrain|Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia
    |Bosnia and Herzegovina|Botswana|Brazil|Britain|Brunei|Bulgaria|Burkina Faso|Burma|Burundi|Cambodia
    |Cameroon|Canada|Cape Verde|Chad|Chile|China|Colombia|Congo|Costa Rica|Croatia|Cuba|Cyprus
    |Czech Republic|Czechia|Denmark|Djibouti|Dominica|Dominican Republic|East Timor|Ecuador|Egypt
    |El Salvador|England|Eritrea|Estonia|Eswatini|Ethiopia|Fiji|Finland|France|Gabon|Gambia|Georgia
    |Germany|Ghana|Greece|Greenland|Grenada|Guatemala|Guinea|Guyana|Haiti|Honduras|Hungary|Iceland|India
    |Indonesia|Iran|Iraq|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kiribati
    |Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania
    |Luxembourg|Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|Micronesia
    |Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nauru|Nepal|Netherlands
    |New Zealand|Nicaragua|Niger|Nigeria|North Korea|North Macedonia|Northern Ireland|Norway|Oman
    |Pakistan|Palau|Palestine|Panama|Papua New Guinea|Paraguay|Peru|Philippines|Poland|Portugal|Qatar
    |Romania|Russia|Rwanda|Samoa|San Marino|Saudi Arabia|Scotland|Senegal|Serbia|Seychelles|Sierra Leone
    |Singapore|Slovakia|Slovenia|Solomon Islands|Somalia|South Africa|South Korea|South Sudan|Spain
    |Sri Lanka|Sudan|Suriname|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Timor-Leste
    |Togo|Tonga|Trinidad and Tobago|Tunisia|Turkey|Türkiye|Turkmenistan|Tuvalu|U.A.E|U.K|U.S|UAE|UK|US
    |USA|Uganda|Ukraine|United Arab Emirates|United Kingdom|United States|Uruguay|Uzbekistan|Vanuatu
    |Vatican City|Venezuela|Vietnam|Wales|Yemen|Zambia|Zimbabwe
"""
_STATES = """
    Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho
    |Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota
    |Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York
    |North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina
    |South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming
"""
_CONTINENTS = "Africa|Antarctica|Asia|Australia|Europe|North America|South America"


def _names(listed: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in listed.split("|"))


_KNOWN = {
    "country": _names(_COUNTRIES),
    "countries": _names(_COUNTRIES),
    "nation": _names(_COUNTRIES),
    "nations": _names(_COUNTRIES),
    "continent": _names(_CONTINENTS),
}
_AMERICAN = _names(_STATES)
_AREAS = _KNOWN["country"] | _KNOWN["continent"] | _AMERICAN


def is_area(name: str) -> bool:
    """Whether a name is that of a country, a continent or a state of the United States."""
    return _plain(name) in _AREAS


def _plain(name: str) -> str:
    return name.lower().removeprefix("the ").rstrip(".")


_NO_SETTLEMENT = regex(
    r"\b(?:county|court|hall|university|college|school|street|avenue|river|lake|airport|stadium|park|cent(?:er|re)"
    r"|department|commission|council|agency|union|navy|army|desert|sea|ocean|strait|mountains?)$",
    re.I,
)
_SETTLEMENTS = frozenset(
    "city cities town towns village villages capital state states country countries".split()
)


def is_kind_of_place(name: str, noun: str) -> bool | None:
    """Whether a name is a place of the kind a noun asks for; None where the lists cannot tell.

    Example: "Peru" is a country, "Lima" is none; "Ohio" is a state, while a name that is not
    listed may be a state of another country; "Peru" is no city.
    """
    plain = _plain(name)
    if noun in _SETTLEMENTS and _NO_SETTLEMENT.search(plain):
        return False
    if noun in _KNOWN:
        return plain in _KNOWN[noun]
    if noun in ("state", "states"):
        return True if plain in _AMERICAN else False if plain in _AREAS else None
    if noun in ("city", "cities", "town", "towns", "airport", "river", "island", "lake", "village", "port"):
        return False if plain in _AREAS - {"new york", "singapore", "monaco", "washington"} else None
    return None
