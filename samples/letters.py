"""Letters as members write them. The people, numbers and events are invented."""

from __future__ import annotations

SPANISH_LETTER = """Estimados señores:

Me llamo Lucía Herrera y soy miembro de su plan desde hace tres años. El 14 de octubre tuve que ir a la sala de
urgencias del Hospital San Telmo porque mi hijo se cayó de la bicicleta y se rompió la muñeca. Nos atendieron bien y
volvimos a casa esa misma noche.

Ayer recibí una factura de 1.240 dólares. Según el folleto, una visita a urgencias cuesta 300 dólares si el paciente no
queda ingresado, y el hospital pertenece a su red. No entiendo por qué me cobran el resto y no voy a pagarlo sin una
explicación.

Les ruego que revisen la factura y me digan qué documentos necesitan para presentar una reclamación. También quisiera
saber si el plan cubre la fisioterapia que el médico ha recomendado: ocho sesiones a partir de diciembre.

Pueden llamarme por la tarde o contestar a esta dirección.

Atentamente,
Lucía Herrera
"""
