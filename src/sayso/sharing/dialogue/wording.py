"""Say what stands in a dialogue map in words, in the languages that are known here."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from sayso.sharing import dpv
from sayso.sharing.terms import NOTHING

ENGLISH: Final = "en"

_WORDS: Final = {
    # what is said: in English, in Norwegian bokmål
    "notice": ("What we ask you for, and why", "Hva vi ber deg om, og hvorfor"),
    "controller": ("Who asks", "Hvem som spør"),
    "contact": ("Contact", "Kontakt"),
    "rights": (
        "Take it back, see it or have it erased",
        "Trekk tilbake, få innsyn eller be om sletting",
    ),
    "officer": ("Data protection officer", "Personvernombud"),
    "authority": ("Complain to", "Klag til"),
    "intermediary": ("Who receives your answer for us", "Hvem som tar imot svaret for oss"),
    "promises": ("What we will not do", "Hva vi ikke gjør"),
    "agreement": ("Agreement", "Avtale"),
    "purpose": ("What for", "Hva det er til"),
    "benefit": ("What you gain", "Hva du får igjen"),
    "if_not_shared": ("If you do not share it", "Hvis du ikke deler det"),
    "reason": ("Why", "Hvorfor"),
    "keep_for": ("How long we keep it", "Hvor lenge vi beholder det"),
    "trigger": ("Counted from", "Regnet fra"),
    "location": ("Where it is kept", "Hvor det lagres"),
    "recipients": ("Who gets it too", "Hvem som også får det"),
    "legal_basis": ("Legal basis", "Rettslig grunnlag"),
    "instead": ("This does instead", "Dette holder i stedet"),
    "required": ("needed", "nødvendig"),
    "optional": ("your choice", "valgfritt"),
    "category": ("What kind of data", "Type opplysning"),
    "version": ("Version", "Versjon"),
    "not_kept": ("not at all: it is used once and not stored", "ikke i det hele tatt: det brukes én gang og lagres ikke"),
    "consent": ("your consent", "ditt samtykke"),
    "explicit": ("your explicit consent", "ditt uttrykkelige samtykke"),
    "b": ("a contract with you", "en avtale med deg"),
    "c": ("a legal obligation", "en rettslig forpliktelse"),
    "d": ("vital interests", "vitale interesser"),
    "e": ("a task in the public interest", "en oppgave i allmennhetens interesse"),
    "f": ("our legitimate interest", "vår berettigede interesse"),
    "special": ("a special category of data", "en særlig kategori av opplysninger"),
    "day": ("day", "dag"),
    "days": ("days", "dager"),
    "hour": ("hour", "time"),
    "hours": ("hours", "timer"),
    "minute": ("minute", "minutt"),
    "minutes": ("minutes", "minutter"),
    "second": ("second", "sekund"),
    "seconds": ("seconds", "sekunder"),
    "ai": ("train artificial intelligence with it", "trene kunstig intelligens med det"),
}
_LANGUAGES: Final = MappingProxyType({ENGLISH: 0, "nb": 1, "no": 1})


class Words:
    """Say things in one language; in English, where the language is not known here."""

    __slots__ = ("_column",)

    def __init__(self, language: str) -> None:
        """Take the tag of a language."""
        self._column = _LANGUAGES.get(language.partition("-")[0].lower(), 0)

    def __getitem__(self, name: str) -> str:
        return _WORDS[name][self._column]

    def duration(self, length: timedelta) -> str:
        """Say how long something is.

        >>> Words("en").duration(timedelta(days=1, hours=2)), Words("nb").duration(timedelta(days=30))
        ('1 day 2 hours', '30 dager')
        """
        if length == NOTHING:
            return self["not_kept"]
        minutes, seconds = divmod(length.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        units: Mapping[str, int] = {"day": length.days, "hour": hours, "minute": minutes, "second": seconds}
        return " ".join(f"{number} {self[unit + ('' if number == 1 else 's')]}" for unit, number in units.items() if number)

    def legal_basis(self, term: str) -> str:
        """Say what a legal basis is, with its article of the GDPR.

        >>> Words("en").legal_basis("eu-gdpr:A6-1-b")
        'a contract with you (GDPR, Article 6(1)(b))'
        """
        if not term:
            return ""
        article, number, point = term.removeprefix("eu-gdpr:A").split("-")[:3]
        if term in dpv.EXPLICIT_CONSENT:
            said = self["explicit"]
        elif term in dpv.CONSENT:
            said = self["consent"]
        else:
            said = self["special" if term in dpv.SPECIAL_BASES else point]
        return f"{said} (GDPR, Article {article}({number})({point}))"

    def term(self, term: str) -> str:
        """Say a term of DPV in words of its own.

        >>> Words("en").term("dpv:SellDataToThirdParties")
        'sell data to third parties'
        """
        if term == dpv.AI_TRAINING:
            return self["ai"]
        name = term.partition(":")[2]
        return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
