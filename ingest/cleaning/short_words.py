"""Short Swedish words: what tells a piece of a broken word from a word."""

from __future__ import annotations

_SHORT_WORDS = """
ad af al all alm an ann apa ar ark arm art arv as ask att av bak bar bas be ben bi bil bio bit bly blå bo bod
bok bom bor bra bro bry brå bud buk bur bus by byn byt båt bär bön bör ca cm da dag dal dam dan de del dem den
det di dig din dit do dog dok dom don dop dos dra du dua dum dun dvs dyk dyr då dåd dö död döm dör ed eds ej ek
eka el eld em en ena enl er era ert es etc ett ev fa far fas fat fax fel fem fen fet fil fin fix fot fri fru få
fån får fåt för ga gag gav ge ger ges get gir gps gud gul gå går gås gäl gäv gör göt ha had hag hal ham han har
hat hav hel hem hen het his hit hm hon hop hos hot hov hud hur hus hy hål hår här häv hög höj hör id ide idé il
ill in inf ink inn is iso isä ja jag jfr jo jon jub jul jur kal kam kan kap kar kg kil kl klo klä km kmv knä ko
kod kok kol kom kon kop kor kr kub kul kur kvm ky kyl kår kåt kök kön köp kör la lag lam lar las lat led leg lek
ler les let lev lid lik lin liv lo loa lod log los lov lr lur lus lut ly lya lyd låg lån lår lås låt läg län lär
läs lät löd lök lön lös löv ma mag maj mak mal man mar mat max mb med mel men mer mes mfl mig mil min mir mix mj
ml mm mn mo mod mor mot mp mr mul mun mur mus my myt må mål mån mår mås mät mör nap ned nej ner ni nia nio nit
nod nog nos nov nr ntf nu ny nya nyp nys nå nån når nås nåt när näs nät nöd nöt ob obs och od oj ok okt ol om
omg on ons ont or ord org ork orm oro ort os oss ost osv ov par pas pdf peg pek pen per pga pil pip pl pm pol
pop pos pr pub på påk pår pås rad rak ram ran rap ras rat red ref ren reo rep res ret rev rik rim rir ris rit
riv ro rob rop ror ros rot rum rus rut ry ryk ryt rå råd rån rår rås räd räv röd röj rök rön rör rös röt sa sak
sal sam sed sen sep ser ses sex si sid sig sik sin sir sis sju sk ska ske ski sko sky slå små snö so sof sol som
son sov sp st sto str sug sup sur sy syd syn syr så såg sår sås såt säg säl sär sät säv sök söm sön söp sör söt
ta tag tak tal tam tan tar tas tex tf ti tid tig tim tio tji tm to tog tok tol tom ton top tor tr tre tro tum
tur tv tva två ty tya tyd tyg typ tå tåg tål tår tät töm tös ugn ull ulv um und uns upp ur ut uti utr va vad vag
val van var vas vax ved vek vem ven vet vi via vid vig vik vin vis vit vol vov vr vy våg vår väg väl vän väv yr
yra yt yta yv åka ål åls ån år åra års ås åt äga ägd ägg ägs äkt än är ärr ärt äta ätt öar öb öde öga ögo öka öl
öla öm öns öra öre öva
"""
SHORT = frozenset(_SHORT_WORDS.split())
"""Words of two and three letters. They are nearly a closed class, so a shorter run that is not here is a fragment."""

_GLUE_PRONE_WORDS = """
i å ö att av an om in ut upp på till från för med mot vid under över efter fram bort hem ner ned åter sär sam bi
själv mellan genom inom utom kring före hit dit där här så en ett den det de dem er era och men eller som vi ni
han hon jag mer mest nu när var vad då sig sin sitt sina dess ej inte är har ha ska kan all alla allt stor stora
hög höga låg låga ny nya del hel hela halv fri lik bra väl god gott små liten extra super
"""
GLUE_PRONE = frozenset(_GLUE_PRONE_WORDS.split())
"""Words whose rarer neighbours often spell a longer word with them: "med verkan", "till stånd", "om råden"."""
