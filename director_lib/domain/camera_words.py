"""What a motion prompt asks of the camera, in English, Hungarian and German."""

from __future__ import annotations

import re
import unicodedata

_GAP = r"\w*(?: \w+){0,3}"
_MOVES: dict[str, str] = {
    "push in": (
        rf"\b(?:push|zoom|dolly|creep|move|moving|glide|ease|track|fly|fahrt){_GAP} "
        r"(?:in|into|inward|forwards?|closer|towards?|heran|hinein|vor)\b"
        r"|\bapproach\w*|\b\w*kozel(?:it|ed)\w*|\bkozelebb\b|\branahert\b|\bnahert sich\b|\bzoomt heran\b"
    ),
    "pull out": (
        rf"\b(?:pull|zoom|dolly|ease|move|moving|track|draw|fahrt){_GAP} "
        r"(?:out|outward|back|backwards?|away|zuruck|hinaus|weg)\b"
        r"|\bretreat\w*|\brecede\w*|\btavolod\w*|\bhatral\w*|\bentfernt sich\b"
    ),
    "pan left": r"\b(?:left|leftward\w*|balra|nach links)\b",
    "pan right": r"\b(?:right|rightward\w*|jobbra|nach rechts)\b",
    "tilt up": (
        rf"\b(?:tilt|crane|rise|rises|rising|boom|schwenk\w*|lift)\b{_GAP} (?:up|upwards?|hoch|nach oben)\b"
        r"|\bris(?:es|ing)\b|\bascend\w*|\bfelfele\b|\bemelked\w*|\bsteigt\b|\bnach oben\b"
    ),
    "tilt down": (
        rf"\b(?:tilt|crane|boom|schwenk\w*)\b{_GAP} (?:down|downwards?|hinab|nach unten)\b"
        r"|\bdescend\w*|\blefele\b|\bereszked\w*|\bsinkt\b|\bnach unten\b"
    ),
    "orbit": r"\borbit\w*|\barc(?:s|ing)?\b|\bcircl\w*|\bkering\w*|\bkorbe\w*|\bumkreis\w*",
    "roll": r"\broll(?:s|ing)?\b|\bdutch\b|\bmegdol\w*|\bkippt\b",
    "follow": (r"\bfollow\w*|\btrack(?:s|ing)?\b|\bkovet\w*|\bfolgt\b|\bverfolgt\b|\begyutt\b|\bbegleitet\b"),
    "hold still": (
        r"\b(?:static|locked|locked off|tripod|fixed|motionless|still camera|camera holds?|hold)\b"
        r"|\bmozdulatlan\w*|\brogzitett\w*|\ball a kamera\b|\bstatisch\w*|\bunbewegt\w*|\bstillstehend\w*"
    ),
    "hand-held": r"\bhand ?held\b|\bkezi ?kamera\w*|\bkezbol\b|\bhandkamera\b",
    "drift": r"\bdrift\w*|\bfloat\w*|\bglid\w*|\bsik(?:lik|losik)\w*|\buszik\w*|\bgleite\w*|\bschweb\w*",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _MOVES.items()}
_GENERAL = re.compile(
    r"\b(?:pan|pans|panning|tilt\w*|zoom\w*|dolly|crane|camera|kamera\w*|schwenk\w*|push|pull|pasztaz\w*)\b"
)


def fold_words(text: str) -> str:
    """Return lower-case words without accents and punctuation, with single blanks between."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def camera_moves(motion: str) -> tuple[str, ...]:
    """Return the camera's moves that a motion prompt names, in a fixed order; empty when it names none."""
    text = fold_words(motion).replace("left to right", "right").replace("right to left", "left")
    return tuple(name for name, pattern in _PATTERNS.items() if pattern.search(text))


def names_camera(motion: str) -> bool:
    """Tell whether a motion prompt speaks of the camera at all."""
    return bool(camera_moves(motion)) or _GENERAL.search(fold_words(motion)) is not None
