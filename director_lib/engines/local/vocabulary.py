"""The words the local engine understands, in English and Hungarian.

Each entry is a blank-separated list of patterns. A pattern ending in ``*`` matches the beginning of a word,
any other the whole word or its English plural. ``:0.5`` gives a pattern less than the usual weight of 1.
Underscores join the words of a phrase. Accents do not matter.
"""

from __future__ import annotations

SCENES = {
    "sea": (
        "sea ocean coast* shore* beach wave* harbor harbour bay lagoon island tide surf seaside "
        "lighthouse:0.9 boat:0.4 ship:0.5 sail*:0.5 gull:0.4 horizon:0.2 cliff:0.4 tenger* óceán* "
        "hullám* sziget* öböl* kikötő* világítótor*:0.9 hajó*:0.5 vitorl*:0.5 sirály*:0.4 móló*"
    ),
    "river": (
        "river lake pond creek canal riverbank reeds ferry:0.6 boat:0.45 folyó* folyam* patak* tó "
        "tavon tava* tisza* tiszá* duna* duná* árt* csónak*:0.6 ladik* komp* nádas* part:0.4 "
        "parton:0.4 partján:0.4"
    ),
    "city": (
        "city cities street* skyline alley downtown rooftop* urban metropolis skyscraper* tokyo "
        "traffic tram neon:0.7 office:0.3 város* utca* utcá* háztet* belváros* budapest* villamos* "
        "körút* toronyház* felhőkarcol* metropol*"
    ),
    "village": (
        "village hamlet cottage farm* farmhouse church:0.7 chapel:0.6 countryside:0.6 house:0.6 "
        "home:0.3 falu* falv* tanya* tanyá* templom*:0.7 kápoln*:0.6 ház:0.6 házak*:0.6 házik* "
        "kunyhó*:0.7"
    ),
    "forest": (
        "forest wood woods woodland jungle grove pine*:0.8 tree:0.5 erdő* erde* fenyő*:0.8 fenyves* "
        "fák:0.6 fái:0.6 fa:0.4 liget* rengeteg*"
    ),
    "mountain": (
        "mountain* peak summit ridge* alps alpine glacier valley hill hills hillside cliff:0.5 "
        "rock*:0.4 hegy* csúcs* gerinc* völgy* domb* szikl*:0.5 bérc* kárpát*"
    ),
    "plain": (
        "field meadow steppe prairie plain plains wheat grass* road:0.6 path:0.5 horizon:0.3 mező* "
        "mezej* puszta* pusztá* alföld* rét réten búza* szántó* út:0.6 úton:0.6 ösvény*:0.6"
    ),
    "desert": "desert dune sand* canyon sahara mars caravan:0.8 sivatag* homok* dűn* kanyon* karaván*:0.8",
    "space": (
        "space:0.9 galax* nebula* planet cosmos cosmic orbit* asteroid* spaceship spacecraft "
        "astronaut:0.7 űr űrben űrhaj* űrállom* bolygó* galaxis* kozmosz* világűr* csillagköd*"
    ),
    "room": (
        "room interior kitchen hallway corridor bedroom library desk:0.8 lab laborator* workshop "
        "attic cellar window:0.6 table:0.6 indoors inside:0.5 stair*:0.7 bed:0.6 armchair fireplace "
        "szoba* szobá* konyha* konyhá* ablak*:0.6 folyosó* könyvtár* műhely* padlás* pince* pincé* "
        "asztal*:0.6 lépcső*:0.7 ágy* kandalló*"
    ),
}

LIGHTS = {
    "sunset": "sunset sundown crimson orange naplement* napnyugt* alkony* bíbor*",
    "dusk": "dusk twilight evening este esti estén szürkület*",
    "dawn": "dawn sunrise morning daybreak rose hajnal* reggel* napfelkelt* pirkad* virrad*",
    "day": (
        "day daylight noon midday sunny summer bright blue_sky nappal napos* délben délután* nyár* "
        "napfény* verőfény*"
    ),
    "golden": "golden_hour golden gold amber autumn honey harvest warm_light arany* ősz őszi ősszel",
    "blue": "blue_hour moonrise kék_óra",
    "night": (
        "aurora* northern_lights sarki_fény* "
        "night* midnight moon moonlit moonlight moonless:1.2 star stars starry:0.9 starlit dark:0.6 "
        "darkness:0.6 éj éjszak* éjjel* éjfél* hold:0.8 holdfény* holdvilág* telihold* csillag* "
        "sötét*:0.6"
    ),
    "neon": "neon:1.4 cyberpunk:1.4 synthwave:1.4",
    "overcast": "overcast grey:0.6 gray:0.6 cloudy gloomy drizzle:0.6 szürke:0.6 borús* felhős* borong*",
    "storm": "storm*:0.7 thunder*:0.7 tempest vihar*:0.7 orkán*:0.7",
    "noir": "noir monochrome black_and_white fekete_fehér",
    "fire": "lava volcano inferno blaze burning:0.7 tűzvész* vulkán* láv*",
}

MARKS = {
    "rain": "rain* drizzle downpour storm* eső esőben esős* esőtől zápor* zuhog* vihar*",
    "snow": (
        "snow snowfall snowing snowstorm blizzard snowflake hó hóes* havaz* hóvihar* hópely* hóban hull_a_hó"
    ),
    "winter": (
        "winter* snow* ice icy frozen frost* blizzard december january tél téli télen hó hóban havas* "
        "hóes* havaz* hófed* hófödt* hóvihar* fagy* jég* jeges* jégt* dér zúzmar* karácson*"
    ),
    "fog": "fog* mist misty haze hazy steam köd* pára* párá* gőz*",
    "storm": "storm* thunder* tempest gale vihar* orkán*",
    "lightning": "lightning thunderbolt thunderstorm villám*",
    "overcast": "overcast cloudy clouds grey gray gloomy felhő* borús* borong*",
    "clear": "clear cloudless tiszta_ég derült felhőtlen*",
    "stars": "star stars starry starlit milky_way csillag* tejút*",
    "aurora": "aurora northern_lights borealis sarki_fény*",
    "rays": "rays god_rays sunbeam* volumetric shafts sunlight_through fénysug* sugar*",
    "moon": "moon moonlit moonlight moonrise full_moon hold holdfény* holdvilág* telihold*",
    "embers": "ember* spark* firefl* campfire bonfire parázs* szikrá* szentjánosbog* tábortűz* máglya*",
    "autumn": "autumn fall_leaves autumnal ősz őszi ősszel",
    "lighthouse": "lighthouse beacon világítótor*",
    "boat": "boat* rowboat dinghy canoe fishing_boat csónak* ladik* komp* ferry",
    "ship": "ship ships steamer steamship steamboat freighter vessel hajó* gőzös*",
    "sail": "sail sails sailboat sailing_boat schooner yacht vitorl*",
    "figure": (
        "figure man woman men women person people keeper wanderer travel* walker stranger hero "
        "heroine soldier knight detective captain pilot king queen fisherman shepherd widow "
        "silhouette* lovers mother father grandmother grandfather he she him her they someone old_man "
        "robot astronaut explorer couple alak* férfi* nő nőt asszony* ember* őr őre őrt öreg* vándor* "
        "kapitány* halász* katona* anya anyja apa apja nagyap* nagymam* nagyany* király* pásztor* "
        "utazó* szerelmes* valaki pár toronyőr*"
    ),
    "child": "child children girl boy kid daughter son gyerek* gyermek* lány* kislány* fiú* kisfiú* unok*",
    "elder": (
        "man woman mother father grandmother grandfather keeper old_man old_woman parent férfi* nő "
        "asszony* öreg* nagyap* nagymam* nagyany* anya anyja apa apja őr őre toronyőr*"
    ),
    "couple": "couple lovers two_people two_figures hand_in_hand pair ketten kettesben szerelmes* pár",
    "church": "church chapel steeple spire templom* kápoln* harang*",
    "house": "house cottage hut cabin home farmhouse ház házak* házik* kunyhó* tanya* tanyá* otthon*",
    "village": "village hamlet falu* falv* tanyá*",
    "smoke": "smoke chimney* füst* kémény*",
    "castle": "castle fortress palace citadel vár várat vára kastély* erőd* palota*",
    "bridge": "bridge viaduct híd hídon hidat hídja",
    "birds": (
        "bird birds gull gulls seagull* crow crows flock geese stork* swallow* madár* madara* sirály* "
        "varj* gólya* gólyá* fecsk* daru darvak"
    ),
    "lone_tree": "lone_tree oak_tree old_oak single_tree oak willow magányos_fa tölgy* fűzfa* fűzfá*",
    "train": "train railway locomotive vonat* mozdony* vasút*",
    "horse": "horse horses horseman rider ló lovas* lovon lovak* csikós*",
    "lantern": "lantern* lamp lamplight candle* candlelight lámpá* lámpa* gyertya* gyertyá* mécses*",
    "fire": "fire campfire bonfire fireplace hearth tűz tűznél tábortűz* máglya* kandalló*",
    "balloon": "balloon* hot_air_balloon hőlégballon* léggömb*",
    "ring": "ring ringed rings saturn gyűrű*",
    "road": "road path track street út úton ösvény* utca* utcá*",
    "books": "book books library shelves study könyv*",
    "crowd": "crowd crowds market festival tömeg* piac* vásár*",
}

SHOTS = {
    "close": "close_up closeup portrait macro face hands közeli közelkép* arckép* arca",
    "high": "aerial overhead bird_s_eye drone from_above top_down madártávlat* felülről légi",
    "low": "low_angle towering from_below looking_up alulról",
    "wide": ("wide wide_shot epic vast distant tiny establishing panorama* far_away távoli végtelen* tágas*"),
}
