"""The acts by which a waste ceases to be one: a closed list, dated, with the codes that each is read to cover here.

Source     list: the register of ended waste of Trackdéchets (MTES-MCT), 14 acts; scope: each act's first articles and
           annex, as summarised on aida.ineris.fr and legifrance.gouv.fr. Read on 2026-11-23. Where this table is not
           sure of a scope it states none, and the act then opens no route: `codes` and `operations` are both empty.
           The implicit end of waste (notice of 13 January 2016, DEVP1600319V) is of what a factory makes out of waste,
           not of the waste that it takes in; so it frees no supply and is not an act of this list.
"""

from dataclasses import dataclass
from typing import Final

from symbiosis.domain.hazardous_waste import is_hazardous
from symbiosis.domain.permits import Operation


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `codes` are the waste codes that may go in, `operations` the ones by which they cease to be waste;
    where only operations are stated, any code may. `since` is the ISO date from which it applies, or of the act itself
    where this table knows no other.
    """

    act_id: str
    name: str
    since: str
    about: str
    codes: frozenset[str] = frozenset()
    operations: frozenset[Operation] = frozenset()
    takes_hazardous: bool = False

    def covers(self, code: str, operation: Operation | None) -> bool:
        """Return whether waste of this code can cease to be waste under this act, by this operation if it is known."""
        if not self.codes and not self.operations:
            return False
        fits = not self.codes or code in self.codes
        done = operation is None or not self.operations or operation in self.operations
        return fits and done and (self.takes_hazardous or not is_hazardous(code))


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


ACTS: Final = {
    act.act_id: act
    for act in (
        Act(
            "EU-333-2011",
            "Regulation (EU) 333/2011 of 31 March 2011",
            "2011-10-09",
            "iron, steel and aluminium scrap",
            _codes("120101 120103 150104 160117 160118 170402 170405 191001 191002 191202 191203 200140"),
            frozenset({Operation.R4, Operation.R12}),
        ),
        Act(
            "EU-1179-2012",
            "Regulation (EU) 1179/2012 of 10 December 2012",
            "2013-06-11",
            "glass cullet for remelting",
            _codes("101112 150107 160120 170202 191205 200102"),
            frozenset({Operation.R5, Operation.R12}),
        ),
        Act(
            "EU-715-2013",
            "Regulation (EU) 715/2013 of 25 July 2013",
            "2014-01-01",
            "copper scrap",
            _codes("120103 160118 170401 170411 191002 191203 200140"),
            frozenset({Operation.R4, Operation.R12}),
        ),
        Act(
            "EU-2019-1009",
            "Regulation (EU) 2019/1009 of 5 June 2019",
            "2022-07-16",
            "fertilising products of compost or digestate",
            _codes("020103 020304 190604 190606 200108 200201"),
            frozenset({Operation.R3}),
        ),
        Act(
            "FR-2014-07-29",
            "Arrêté du 29 juillet 2014",
            "2014-07-29",
            "shreds of wooden packaging, as a fuel",
            _codes("150103 191207"),
            frozenset({Operation.R3, Operation.R12}),
        ),
        Act(
            "FR-2016-08-24",
            "Arrêté du 24 août 2016",
            "2016-10-08",
            "fats of the food industry and used cooking oils, as a fuel or as methyl esters for a petroleum product",
            _codes("020202 020203 020204 200125"),
            frozenset({Operation.R3, Operation.R9, Operation.R12}),
        ),
        Act(
            "FR-2017-07-10",
            "Arrêté du 10 juillet 2017",
            "2017-08-31",
            "distillation residues of used oils, as a plasticiser of bitumen for roofing",
            _codes("130110 130111 130205 130206 130306 130307"),
            frozenset({Operation.R9}),
            takes_hazardous=True,
        ),
        Act(
            "FR-2018-12-11",
            "Arrêté du 11 décembre 2018",
            "2018-12-21",
            "objects and chemicals prepared for reuse, such as packaging and tyres",
            _codes("150102 150103 150104 160103"),
            frozenset({Operation.R3, Operation.R4}),
        ),
        Act(
            "FR-2019-02-22",
            "Arrêté du 22 février 2019",
            "2019-02-22",
            "chemicals and objects after regeneration",
            operations=frozenset({Operation.R2, Operation.R6, Operation.R7}),
            takes_hazardous=True,
        ),
        Act(
            "FR-2019-02-25",
            "Arrêté du 25 février 2019",
            "2019-03-17",
            "wiping cloths cut from used textiles",
            _codes("040222 191208 200110 200111"),
            frozenset({Operation.R3}),
        ),
        Act(
            "FR-2021-06-04",
            "Arrêté du 4 juin 2021",
            "2021-06-28",
            "excavated soil and sediments for civil engineering",
            _codes("170503 170504 170505 170506 200202"),
            frozenset({Operation.R5, Operation.R12}),
            takes_hazardous=True,
        ),
        Act("FR-2021-12-13", "Arrêté du 13 décembre 2021", "2021-12-13", "scope not read here; look the act up"),
        Act("FR-2021-12-21", "Arrêté du 21 décembre 2021", "2021-12-21", "scope not read here; look the act up"),
        Act("FR-2024-02-19", "Arrêté du 19 février 2024", "2024-02-19", "scope not read here; look the act up"),
    )
}
"""By id."""
