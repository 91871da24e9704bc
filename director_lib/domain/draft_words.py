"""Words of a story that can be seen, in English, Hungarian and German, and what a prompt calls them."""

from __future__ import annotations

import re
from functools import cache

from director_lib.domain.camera_words import fold_words

# Words to say: English beginnings | Hungarian | German. All without accents; a word matches its beginning.
PLACES = {
    "open sea": "sea ocean wave tide | tenger ocean hullam | meer ozean welle see",
    "harbour": "harbo port pier quay dock | kikoto molo | hafen kai",
    "riverbank": "river stream ferry bank | foly patak tisza duna komp part | fluss ufer bach fahre",
    "lake": "lake pond | tavon tavak to | teich weiher",
    "mountains": "mountain peak summit ridge valley | hegy csucs volgy | berg gipfel tal",
    "forest": "forest wood tree pine | erdo fak fenyo | wald baum baume",
    "fields": "field meadow grass plain wheat | mezo ret puszta alfold buza | feld wiese weide",
    "desert": "desert dune sand | sivatag homok | wuste dune",
    "village": "village farm cottage church | falu tanya templom | dorf kirche bauernhof",
    "city street": "city street town market tram station | varos utca piac villamos | stadt strasse markt",
    "garden": "garden flower rose orchard | kert virag rozsa | garten blume obst",
    "house": "house home door roof | haz otthon ajto teto | haus tur dach",
    "room by a window": "room window kitchen table bed lamp | szoba ablak konyha asztal agy lampa "
    "| zimmer fenster kuche tisch bett lampe",
    "workshop": "workshop factory tool forge | muhely gyar szerszam | werkstatt fabrik werkzeug",
    "road": "road path way bridge | ut osveny hid | weg pfad brucke",
    "lighthouse": "lighthouse beacon | vilagitotorony | leuchtturm",
    "starlit space": "star planet galaxy moon space | csillag bolygo galaxis hold ur "
    "| stern planet mond weltall",
}
LIGHTS = {
    "at first light": "dawn sunrise morning | hajnal reggel napkelte | morgen dammerung sonnenaufgang",
    "in bright daylight": "noon day sunny | del nappal napsutes | mittag tag sonnig",
    "in the glow of sunset": "sunset evening dusk twilight | naplemente este alkony | abend sonnenuntergang",
    "at night": "night midnight dark | ejszaka ejjel ejfel sotet | nacht mitternacht dunkel",
    "by candlelight": "candle fire flame hearth | gyertya tuz lang kalyha | kerze feuer flamme ofen",
}
WEATHER = {
    "rain": "rain storm thunder umbrella | eso vihar zapor | regen sturm gewitter",
    "falling snow": "snow winter ice frost | ho havas tel jeg fagy | schnee winter eis frost",
    "mist": "mist fog haze | kod para | nebel dunst",
    "wind": "wind breeze | szel szello | wind brise",
    "autumn leaves": "autumn leaf leaves | osz level avar | herbst blatt blatter",
}
FIGURES = {
    "a child": "child girl boy kid | gyerek kislany kisfiu lany fiu | kind madchen junge",
    "an old man": "grandfather keeper | nagyapa oreg bacsi revesz | grossvater opa greis",
    "an old woman": "grandmother granny | nagymama nagyanya neni | grossmutter oma",
    "a woman": "woman mother she | asszony anya no | frau mutter",
    "a man": "man father he | ferfi apa ember | mann vater",
    "a small crowd": "people crowd family friends | emberek tomeg csalad baratok | leute menge familie",
    "a boat": "boat ship sail | hajo csonak vitorla | boot schiff segel",
    "a train": "train rail | vonat sin | zug bahn",
    "a dog": "dog | kutya | hund",
    "a cat": "cat | macska | katze",
    "birds": "bird gull swallow | madar siraly fecske golya | vogel mowe schwalbe",
    "a horse": "horse | lo lovak | pferd",
    "hands": "hand finger | kez ujj | hand hande finger",
    "a letter": "letter paper book | level papir konyv | brief papier buch",
    "a clock": "clock watch hour | ora | uhr",
    "bread on the table": "bread meal dinner soup | kenyer ebed vacsora leves | brot mahl suppe",
}
# Words that begin unlike ones stand alone.
_WHOLE = frozenset(fold_words("port bed peak part hold level star wood moon rail dark day house").split())
_LANGUAGES = ("en", "hu", "de")


def words_seen(text: str, table: dict[str, str], language: str = "") -> list[str]:
    """Return what a text speaks of, in the words of a prompt, in the order in which it first does.

    Args:
        language: Two letters; a text in an unknown language is looked through for all that are known.
    """
    words = fold_words(text).split()
    found: dict[str, int] = {}
    for name, pattern in _patterns(tuple(table.items()), language):
        first = next((place for place, word in enumerate(words) if pattern.fullmatch(word)), None)
        if first is not None:
            found[name] = first
    return sorted(found, key=lambda name: found[name])


@cache
def _patterns(table: tuple[tuple[str, str], ...], language: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(name, re.compile("|".join(map(_pattern, _words(line, language))))) for name, line in table]


def _words(line: str, language: str) -> list[str]:
    columns = line.split("|")
    if language in _LANGUAGES and len(columns) == len(_LANGUAGES):
        columns = [columns[_LANGUAGES.index(language)]]
    return [word for column in columns for word in column.split()]


def _pattern(word: str) -> str:
    return rf"{word}s?" if word in _WHOLE or len(word) < 4 else rf"{word}\w*"
