"""Who reads which address in which language: what every part of the KPI page needs to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.kpis.groups import NOWHERE, Dim
from dashboard.principal import Principal
from dashboard.records import Kind
from dashboard.roles import Permission
from dashboard.site import Site
from dashboard.text import Translate
from layouts.kpis.address import Address

Say = Callable[[Dim, str], str]  # the name of a dimension's word


@dataclass(frozen=True, slots=True)
class Here:
    """now_ms: the frontier, up to which everything is known. known: words of each dimension.
    known_from_ms: the first day anything was counted, 0 = not known."""

    t: Translate
    who: Principal
    say: Say
    address: Address
    now_ms: int
    known: Mapping[str, Sequence[str]]
    known_from_ms: int = 0

    @property
    def coarse(self) -> bool:
        """Of people's affairs this role sees groups, and none under five."""
        return not self.who.may(Permission.EXACT_POINTS_SEE)

    def scope(self) -> str:
        """The chosen part of the city, as a phrase: "Pungsan-dong · bells · Gaon"."""
        wanted = self.address.choice.wanted
        said = [self.say(dim, wanted[dim]) for dim in Dim if wanted.get(dim)]
        return " · ".join(said) or self.t("kpis.whole_city")


def namer(site: Site, t: Translate, language: str) -> Say:
    def say(dim: Dim, word: str) -> str:
        if word == NOWHERE:
            return t(f"kpis.no_{dim}")
        if dim is Dim.KIND:
            return t(f"live_map.kind_{word}") if word in set(Kind) else word
        if dim is Dim.ZONE and (zone := site.zone_by_code.get(word)):
            return zone.name_ko if language == "ko" else zone.name_en
        if dim is Dim.ROUTE and (route := site.route_by_id.get(word)):
            return f"{word} {route.name_ko if language == 'ko' else route.name_en}"
        return site.owner_name(word, language) if dim is Dim.OWNER else word

    return say
