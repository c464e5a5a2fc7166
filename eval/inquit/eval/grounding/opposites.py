"""Common words, English and German, that make the opposite or another statement of one another."""

from __future__ import annotations

#: Sides are set apart by a stroke; a word may not stand for one of another side.
_OPPOSITES = """
rise rises rose risen rising increase increases increased increasing grow grows grew grown
growing climb climbs climbed climbing gain gains gained gaining soar soars soared up upward
higher surged jumped raise raises raised raising | fall falls fell fallen falling decrease
decreases decreased decreasing shrink shrinks shrank shrunk shrinking drop drops dropped
dropping lose loses lost losing plunge plunges plunged down downward lower lowers lowered
lowering sank slumped cut cuts cutting reduce reduces reduced reducing decline ;
over above | under below beneath ;
before until earlier prior ahead | after since later afterwards following | during ;
win wins won winning | lose loses lost losing ;
admit admits admitted admitting confirm confirms confirmed acknowledge acknowledges acknowledged
| deny denies denied denying dispute disputes disputed ;
accept accepts accepted accepting approve approves approved approving agree agrees agreed
agreeing welcome welcomes welcomed | reject rejects rejected refuse refuses refused disagree
disagrees disagreed condemn condemns condemned ;
support supports supported supporting back backs backed favour favours favoured favor favors
favored defend defends defended praise praises praised endorse endorses endorsed for | oppose
opposes opposed opposing against criticise criticises criticised criticize criticizes criticized
attack attacks attacked ;
open opens opened opening reopen reopens reopened | close closes closed closing shut shuts
closure ;
begin begins began begun start starts started starting launch launches launched continue
continues continued continuing resume resumes resumed keep keeps kept | end ends ended ending
stop stops stopped stopping finish finishes finished halt halts halted cancel cancels cancelled
canceled suspend suspends suspended abandon abandons abandoned ;
buy buys bought buying | sell sells sold selling ;
arrive arrives arrived arriving come comes came coming enter enters entered | leave leaves left
leaving depart departs departed go goes went ;
true | false untrue ;
right correct | wrong incorrect ;
guilty convicted convict | innocent acquitted acquit ;
good better best well | bad worse worst badly poor ;
high | low ;
first | last ;
left | right ;
early | late ;
north northern | south southern | east eastern | west western ;
strong stronger strongly | weak weaker weakly ;
rich | poor ;
safe safely | dangerous unsafe ;
cheap cheaper | expensive costly dear ;
large larger largest big bigger biggest | small smaller smallest ;
long longer | short shorter ;
new | old ;
alive living survive survived survives | dead killed died die dies ;
war | peace ;
friend friends ally allies | enemy enemies foe ;
love loves loved | hate hates hated ;
import imports imported | export exports exported ;
include includes included including | exclude excludes excluded excluding ;
allow allows allowed permit permits permitted legalise legalised | ban bans banned forbid
forbids forbade forbidden prohibit prohibits prohibited ;
hire hires hired appoint appointed | fire fires fired dismiss dismissed sack sacked ;
expand expands expanded | contract contracts contracted shrink ;
strengthen strengthens strengthened | weaken weakens weakened ;
succeed succeeds succeeded success managed manage manages | fail fails failed failure ;
majority most | minority few ;
public | private ;
inside within | outside ;
always often | never rarely ;
easy easily | hard difficult ;
many much | few little ;
more | less fewer ;
most | least fewest ;
all every both | some none any ;
maximum | minimum ;
attacker attackers | victim victims ;
buyer buyers | seller sellers ;
profit profits | loss losses ;
surplus | deficit shortage ;
ask asks asked | answer answers answered ;
give gives gave given | take takes took taken receive receives received ;
push pushed | pull pulled ;
build builds built | destroy destroys destroyed demolish demolished ;
save saves saved | waste wastes wasted spend spends spent ;
remember remembers remembered | forget forgets forgot forgotten ;
borrow borrowed | lend lent ;
teacher teachers | pupil pupils student students ;
employer employers | employee employees worker workers ;
he him his | she her hers ;
man men boy boys father son brother husband | woman women girl girls mother daughter sister wife
;
day | night ;
summer | winter | spring | autumn ;
today | tomorrow | yesterday ;
might may could can | will shall must ;
second seconds | minute minutes | hour hours | day days | week weeks | month months | year years |
decade decades | century centuries ;
metre metres meter meters | kilometre kilometres kilometer kilometers km | mile miles ;
euro euros | dollar dollars | pound pounds | yen | franc francs | cent cents ;
next | last previous ;
hot warm | cold ;
old older | young younger ;
full | empty ;
temporary temporarily | permanent permanently ;
possible possibly | certain certainly ;
monday | tuesday | wednesday | thursday | friday | saturday | sunday ;
january | february | march | april | may | june | july | august | september | october | november
| december ;
steigen steigt stieg stiegen gestiegen steigende wachsen wächst wuchs wuchsen gewachsen zunehmen
zugenommen erhöhen erhöht erhöhte erhöhten höher mehr anstieg | sinken sinkt sank sanken
gesunken sinkende fallen fällt fiel fielen gefallen schrumpfen schrumpft geschrumpft abnehmen
abgenommen senken senkt senkte senkten gesenkt niedriger weniger rückgang ;
auf hinauf | ab hinab unter ;
über oberhalb | unter unterhalb ;
vor vorher zuvor bis | nach nachher danach seit | während ;
gewinnen gewinnt gewann gewannen gewonnen | verlieren verliert verlor verloren ;
zugeben zugegeben gestehen gesteht gestand gestanden eingeräumt bestätigen bestätigt bestätigte
bestätigten räumte | bestreiten bestreitet bestritt bestritten leugnen leugnet leugnete
dementieren dementiert dementierte ;
annehmen angenommen zustimmen zugestimmt stimmte billigen billigt billigte gebilligt akzeptieren
akzeptiert akzeptierte begrüßt begrüßte begrüßen genehmigt | ablehnen abgelehnt lehnte
verweigern verweigert verweigerte verurteilt verurteilte ;
unterstützen unterstützt unterstützte unterstützten loben lobt lobte gelobt verteidigt
verteidigte für | kritisieren kritisiert kritisierte angreifen angegriffen bekämpfen bekämpft
gegen ;
öffnen öffnet öffnete geöffnet offen eröffnet | schließen schließt schloss geschlossen schloß ;
beginnen beginnt begann begannen begonnen starten startet startete gestartet fortsetzen
fortgesetzt weiterhin | enden endet endete beenden beendet beendete aufhören stoppen stoppt
stoppte gestoppt abgesagt ;
kaufen kauft kaufte kauften gekauft | verkaufen verkauft verkaufte verkauften ;
kommen kommt kam kamen ankommen angekommen | gehen geht ging gingen verlassen verließ abgereist
;
wahr | falsch unwahr gelogen ;
richtig korrekt | falsch ;
schuldig | unschuldig freigesprochen ;
gut besser beste besten | schlecht schlechter schlechteste schlimm ;
hoch hohe hohen | niedrig niedrige tief ;
erste ersten erster | letzte letzten letzter ;
links linke linken | rechts rechte rechten ;
früh früher | spät später ;
nördlich norden nord | südlich süden süd | östlich osten ost | westlich westen west ;
stark starke stärker | schwach schwache schwächer ;
reich | arm ;
sicher | gefährlich unsicher ;
billig günstig | teuer ;
groß große großen größer größte | klein kleine kleinen kleiner kleinste ;
lang lange länger | kurz kurze kürzer ;
neu neue neuen neuer | alt alte alten alter ;
lebend lebt leben überlebt überlebte | tot getötet gestorben starb ;
krieg | frieden ;
freund freunde | feind feinde ;
erlauben erlaubt erlaubte gestattet | verbieten verbietet verbot verboten untersagt ;
eingestellt einstellen | entlassen entlässt ;
stärken stärkt gestärkt | schwächen schwächt geschwächt ;
gelingt gelang gelungen geschafft schaffte | misslingt misslang misslungen scheitert scheiterte
gescheitert ;
mehrheit | minderheit ;
öffentlich öffentliche | privat private ;
innerhalb | außerhalb ;
mit | ohne ;
immer stets oft | nie selten ;
leicht einfach | schwer schwierig ;
viel viele vielen | wenig wenige wenigen ;
gewinn gewinne | verlust verluste ;
bauen baut baute gebaut | zerstören zerstört zerstörte abgerissen ;
arbeitgeber | arbeitnehmer ;
er ihm ihn sein seine seiner seinen seinem | sie ihr ihre ihrer ihren ihrem ;
mann männer vater sohn bruder | frau frauen mutter tochter schwester ;
tag | nacht ;
heute | morgen | gestern ;
könnte könnten kann können dürfte | wird werden muss müssen ;
sekunde sekunden | minute minuten | stunde stunden | tag tage tagen | woche wochen | monat monate
monaten | jahr jahre jahren | jahrzehnt jahrzehnte jahrzehnten | jahrhundert jahrhunderte ;
euro | dollar | pfund | franken | cent ;
nächste nächsten | vorige vorigen letzte letzten ;
montag | dienstag | mittwoch | donnerstag | freitag | samstag sonnabend | sonntag ;
januar | februar | märz | april | mai | juni | juli | august | september | oktober | november |
dezember ;
"""


def _sides() -> dict[str, dict[int, int]]:
    """Return, for each word, the side on which it stands by the number of the entry."""
    found: dict[str, dict[int, int]] = {}
    for number, entry in enumerate(_OPPOSITES.casefold().split(";")):
        for side, words in enumerate(entry.split("|")):
            for word in words.split():
                found.setdefault(word, {})[number] = side
    return found


_SIDES = _sides()


def opposites(one: str, other: str) -> bool:
    """Tell whether two words stand on different sides.

    >>> opposites("rose", "fell"), opposites("monday", "friday"), opposites("rose", "grew")
    (True, True, False)
    """
    if one not in _SIDES or other not in _SIDES:
        return False
    theirs = _SIDES[other]
    return any(theirs.get(entry, side) != side for entry, side in _SIDES[one].items())
