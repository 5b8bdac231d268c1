"""Words of English and Spanish that say nothing about what a text is about, lower-case and without accents."""

from __future__ import annotations

_ENGLISH = """
a about above after again against all also am an and any are as at be because been before being below between both but
by can cannot could did do does doing down during each either else ever every few for from further get gets getting got
had has have having he her here hers him his how i if in into is it its itself just let may me might mine more most must
my no nor not of off on once one only or other our ours out over own per please shall she should so some somebody
someone such than that the their theirs them then there these they this those through to too under until up upon us very
was we were what when where whether which while who whom whose why will with within without would you your yours
"""

_SPANISH = """
a al algo algun alguna ante antes aqui asi aun aunque bajo cada como con contra cual cuales cuando cuanto de del desde
donde dos durante e el ella ellas ellos en entre era eran es esa esas ese eso esos esta estaba estan estar estas este
esto estos fue fueron ha haber habia han hasta hay he la las le les lo los mas me mi mis mucho muy nada ni no nos
nosotros nuestra nuestro o os otra otro para pero poco por porque puede pueden puedo que quien quienes se sea segun ser
si sido sin sobre solo son soy su sus tambien tanto te tengo tiene tienen todo todos tu tus un una unas uno unos usted
ustedes y ya yo
"""

STOP_WORDS = frozenset((_ENGLISH + _SPANISH).split())
