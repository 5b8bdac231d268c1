"""Whether a name came through a translation: as it was, in the English form of a place, or without its case ending."""

from __future__ import annotations

from collections.abc import Collection

from intake.inputs import facts

_ENGLISH_FORMS = """
sevilla seville|nueva nuevo new|londres london|parigi paris|roma rome|milano milan|torino turin|napoli naples
firenze florence|venezia venice|genova genoa|lisboa lisbon|moscu moscow moskva moskau|koln cologne|munchen munich
wien vienna|zurich zuerich|geneve geneva genf ginevra|bruxelles brussels brussel|warszawa warszawie warsaw
krakow krakowie|praha prague prag|bucuresti bucharest|habana havana|mexico mejico mexique messico
espana spain espagne|spanien spagna|francia france frankreich
alemania germany deutschland allemagne alemanha germania|italia italy italie|inglaterra england angleterre
brasil brazil bresil|estados etats united|unidos unis states|floride florida|californie california|texas tejas
filadelfia philadelphia|luisiana louisiana|norte north nord|sur south sud|este east est|oeste west ouest
san saint st santo santa sao|grecia greece|polonia polska poland polen|turquia turkey|japon japan giappone
suiza suisse schweiz switzerland svizzera|holanda holland netherlands|europa europe|africa afrique
america amerique amerika|peru perou|colombia colombie|marsella marseille|burdeos bordeaux
maroc marruecos marocco marrocos morocco|osterreich austria autriche oostenrijk|spanje spain|frankrijk france
duitsland germany|belgica belgique belgien belgio belgie belgium|grecia grece griechenland griekenland greece
turquie turkei turkey|egipto egypte agypten egitto egypt|canada kanada|rusia russie russland russia|ucrania ukraine
irlanda irlande irland ireland|escocia scotland schottland ecosse|noruega norway norwegen norvege
suecia sweden schweden suede|dinamarca denmark danemark|cuba kuba|republica republic republique|dominicana dominican
nuevo new|hawai hawaii|ginebra geneva|atenas athens|varsovia warsaw|cataluna catalonia catalunya|andalucia andalusia
sicilia sicily|toscana tuscany|baviera bavaria bayern|antwerpen antwerp
"""
_FORMS = tuple(frozenset(group.split()) for group in _ENGLISH_FORMS.replace("\n", "|").split("|") if group)

_INFLECTING = frozenset({"pl", "cs", "sk", "sl", "hr", "ro", "hu", "fi", "et", "lt", "lv", "tr", "sq", "az"})
"""Languages in Latin script that give names endings."""
_STEM = 4


def is_kept(name: str, words: Collection[str], language: str) -> bool:
    """Say whether a folded name is among the folded words of the other text, in one of its forms."""
    if name in words or any(name in forms and not forms.isdisjoint(words) for forms in _FORMS):
        return True
    # "Brandts Werkstatt" is Brandt's.
    if f"{name}s" in words or name.removesuffix("s") in words:
        return True
    if language not in _INFLECTING or len(name) < _STEM:
        return False
    return any(facts.common_start(name, word) >= max(_STEM, min(len(name), len(word)) - 2) for word in words)
