"""Words that rules look for, by language: months, negations, function words, what English shares with others."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MONTHS: dict[str, str] = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
}
_SHORT_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS: dict[str, int] = {
    name: number for names in (*_MONTHS.values(), _SHORT_MONTHS) for number, name in enumerate(names.split(), start=1)
} | {"setiembre": 9, "sept": 9}

DATE_LANGUAGES: frozenset[str] = frozenset(_MONTHS) | {"zh", "ja", "ko", "vi"}
"""Languages whose dates with a named month are read; the last four number their months."""

_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday lunes martes miércoles jueves viernes sábado domingo"
)
_TITLES = (
    "señor señora señorita sr sra dr dra mr mrs ms miss doctor doctora don doña usted ustedes monsieur madame mme "
    "mademoiselle herr frau senhor senhora signor signora dottor dottoressa docteur meneer mevrouw pan pani "
    "domnul doamna"
)
_PEOPLES = (
    "english inglés spanish español french german italian portuguese american americano mexican european african "
    "asian chinese japanese korean russian dutch polish arabic vietnamese hindi creole latino"
)
_INSTITUTIONS = (
    "hospital clinic clínica clinica university universidad universidade université college street calle rue "
    "avenue avenida road square plaza bank banco banque state estado city ciudad county center centre centro "
    "social seguro security department fire police policía policia red cross cruz roja court christmas navidad "
    "noël natal natale weihnachten easter pascua pâques ostern medicare medicaid covid internet english email god "
    "dios gracias thanks hola hello dear"
)
NOT_NAMES: frozenset[str] = _set(f"{_WEEKDAYS} {_TITLES} {_PEOPLES} {_INSTITUTIONS}") | MONTHS.keys()
"""Capitalised words that translation rightly changes."""

NEGATORS: dict[str, frozenset[str]] = {
    "en": _set(
        "no not never nobody none nothing nowhere neither nor without cannot unable ain't don't doesn't didn't "
        "won't wouldn't can't couldn't shouldn't isn't aren't wasn't weren't haven't hasn't hadn't mustn't "
        "needn't cant dont didnt doesnt isnt wont"
    ),
    "es": _set("no ni nunca jamás jamas nadie nada ningún ningun ninguno ninguna ningunos ningunas tampoco sin"),
    "fr": _set("ne pas jamais rien aucun aucune sans non ni"),
    "pt": _set("não nao nunca jamais ninguém nada nenhum nenhuma sem nem"),
    "de": _set("nicht kein keine keinen keinem keiner keines nie niemals niemand niemanden nichts ohne weder nein"),
    "it": _set("non no mai nessuno nessuna nessun niente nulla senza né"),
    "nl": _set("niet geen nooit niemand niets niks nergens zonder noch nee"),
    "sv": _set("inte ej aldrig ingen inget inga ingenting varken nej"),
    "da": _set("ikke aldrig ingen intet ingenting uden hverken nej"),
    "no": _set("ikke aldri ingen ingenting uten verken nei"),
    "ca": _set("no ningú mai res sense ni tampoc"),
    "ro": _set("nu n nimeni nimic niciodată niciun nicio fără nici"),
    "pl": _set("nie nigdy nikt nikogo nikomu nic niczego żaden żadna żadne żadnego żadnej żadnych bez ani"),
    "ru": _set("не нет никто никого никому ничего ничто никогда нигде без ни нельзя никакой никаких"),
    "uk": _set("не ні немає ніхто нікого нікому нічого ніколи ніде без жоден жодного жодної"),
    "bg": _set("не няма никой никого нищо никога без"),
    "el": _set("δεν δε μην όχι κανείς κανένας τίποτα χωρίς ούτε"),
    "hu": _set("nem ne nincs nincsenek senki semmi soha sem nélkül sincs"),
    "fi": _set("en et ei emme ette eivät ilman älä älkää"),
    "et": _set("ei pole ära ilma"),
    "id": _set("tidak bukan belum jangan tanpa tak"),
    "vi": _set("không chưa chẳng đừng"),
    "tl": _set("hindi wala walang huwag"),
    "ht": _set("pa okenn pèsonn anyen janm"),
    "ar": _set("لا لم لن ليس ليست لست بدون"),
    "ur": _set("نہیں نہ مت بغیر"),
    "he": _set("לא אין בלי ללא"),
    "hi": _set("नहीं न मत बिना"),
    "bn": _set("না নি নেই নয়"),
}
"""Words that deny. A language that is not here is not judged."""

DENYING_CHARACTERS: dict[str, str] = {
    # Chinese: "能不能" asks, "非常", "别人" and the like deny nothing.
    "zh": r"(?!不好意思|不过|不但|不仅|不久|不少|不断|不管|不同|不得不|无论|对不起)(?<!差)(?<!对)"
    r"[不没沒未无無勿](?!得不)",
    "ja": r"(?<!なり)(?<!いけ)ません(?!か)|(?<!なら)(?<!いけ)な(?:い|かった)(?!と(?:いけ|なら|だめ))|ずに",
    "ko": r"(?<![가-힣])[안못](?=\s)|없|않|아니|못하|지 마",
    "tr": r"\bdeğil\w*|\byok\w*|\bhayır\b|\basla\b"
    r"|\w{1,30}(?:m[ae]d[ıi]|m[ıiuü]yor|m[ae]y[ae]c[ae][kğ])\w*",
}
"""Patterns of denial where no word of its own stands for it."""

PERHAPS_DENIES: dict[str, frozenset[str]] = {
    "en": _set(
        "uninsured unpaid unavailable impossible incorrect invalid incomplete missing lack lacks lacking refuse "
        "refuses refused deny denies denied decline declined reject rejects rejected stopped broken unanswered "
        "unresolved unhappy unsatisfied dissatisfied disagree unclear unknown unfair unreadable unsafe "
        "unnecessary unless hardly barely except avoid"
    ),
    "es": _set("imposible falta faltan faltaba rechazó rechazaron negó negaron negaron apenas salvo excepto carece"),
    "fr": _set("impossible manque manquent refuse refusé refusée plus aucunement sauf"),
    "de": _set("unmöglich fehlt fehlen fehlte verweigert abgelehnt unzufrieden unklar kaum außer"),
    "pt": _set("impossível falta faltam recusou recusaram negou exceto"),
    "it": _set("impossibile manca mancano rifiutato rifiutata negato tranne"),
    "sv": _set("utan"),
    "ca": _set("cap"),
}
"""Words that may deny: they excuse a denial that is missing on the other side, and demand none."""

CLAUSE_WORDS: dict[str, frozenset[str]] = {
    "en": _set("and but because so while although though however then"),
    "es": _set("y e pero porque aunque mientras entonces sino pues"),
    "fr": _set("et mais parce car donc alors pendant"),
    "pt": _set("e mas porque embora enquanto então pois"),
    "de": _set("und aber weil denn obwohl während dann sondern"),
    "it": _set("e ed ma perché però mentre allora quindi"),
    "nl": _set("en maar omdat want dus terwijl toen"),
    "sv": _set("och men eftersom så medan då"),
    "ca": _set("i però perquè mentre llavors"),
    "ro": _set("și dar pentru deci atunci"),
    "pl": _set("i a ale bo ponieważ więc"),
    "ru": _set("и а но потому поэтому пока"),
}
"""Words that begin a new clause; a clause is negated once, however many negators agree in it."""

ENGLISH_FUNCTION_WORDS: frozenset[str] = _set(
    "the a an and or but if because so that this these those there here it its it's is are was were be been being "
    "am i i'm i've i'd me my mine we us our you your he him his she her they them their who what when where which "
    "how why to of in on at by for from with about into over after before since until as than then not no don't "
    "didn't doesn't can't do does did done have has had having will would can could should may might must shall "
    "just very too also all any some each every more most other another up out off down again only own same "
    "please want need get got"
)

FOREIGN_FUNCTION_WORDS: frozenset[str] = (
    _set(
        "el la los las de que y en un una por con para su sus se lo le les como más pero ya este esta porque "
        "cuando muy sobre también hasta hay donde desde mi del al nos fue está tengo dans des et du une pour pas "
        "sur est au aux avec il elle nous vous ils sont ce cette ses mais qui ne je j'ai mon ma mes l'ai c'est "
        "der das und ist nicht ein eine zu dem den von mit sich auf für im als auch es ich mein meine hat haben "
        "wird bei nach di che non per mio mia sono ho è della o os da do na em não uma com meu minha um ao het "
        "een van ik niet mijn op te zijn voor dat nie się w z jest mam och att det som jag inte är nu și din pe "
        "care am"
    )
    - ENGLISH_FUNCTION_WORDS
    - _set("sur des die den nu w z per te van es")
)
"""Function words of the languages around English that English has not: what says that a text is not translated."""

SHARED_WORDS: frozenset[str] = _set(
    "accident agent animal area arm aspirin auto bank bed bus cable calendar camera cancer capital card care "
    "casino central chat civil client club code color computer contact contract control copy criminal data date "
    "debit dental diabetes dialysis director discount doctor document drama email error euro euros expert face "
    "factor familiar favor federal fibromyalgia film final flora formal fracture garage gas general global golf "
    "gold hand hard hernia honor hospital hotel ideal idea image incident individual internet iron jeans land "
    "lamp laptop laser legal local manual margin mania mark material medical menu mental message mild mobile "
    "modem moment motor museum music normal note number nylon office online optimal oral original page panel "
    "panorama parking partner patient perfect personal piano pizza plan plant plaza police post present principal "
    "private problem produce radio rest restaurant ring robot salon school second sector service sensor shop show "
    "simple social sofa solar sport stop storm stress student study super tablet tax taxi team test text ticket "
    "total tourist traffic train transport trauma travel tumor type urgent usual vehicle veteran video village "
    "vinyl virus visa visible vital volume warm water website week weekend wild winter wind zone minute place "
    "table route question information important unique possible centre assistant instrument argument permanent "
    "excellent evident double arthritis bronchitis asthma alarm cash chef copay drone extra formula gram kilo "
    "kilometer liter meter opera pasta patio propaganda station status system under upper over after part port "
    "start best bring deal dollar dollars peso pesos yuan kronor zloty reais scooter include"
)
"""Words that are English and of another language at once: finding one in both texts shows nothing."""
