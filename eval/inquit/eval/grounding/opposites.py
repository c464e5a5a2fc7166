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
may | might | can | could | will | would | shall | should | must ;
man men boy boys father son brother husband | woman women girl girls mother daughter sister wife
;
day | night ;
summer | winter | spring | autumn ;
today | tomorrow | yesterday ;
second seconds | minute minutes | hour hours | day days | week weeks | month months | year years |
decade decades | century centuries ;
next | last previous ;
hot warm | cold ;
old older | young younger ;
full | empty ;
possible possibly | certain certainly ;
a | b | c | d | e | f | k | p ;
am | pm ;
noon midday | midnight ;
morning mornings | afternoon afternoons noon midday | evening evenings tonight | midnight night ;
tonight | yesterday tomorrow ;
dawn sunrise | dusk sunset ;
weekday weekdays | weekend weekends ;
hourly | daily | weekly | biweekly fortnightly | monthly | quarterly | semiannual | annual annually
yearly | biennial ;
fortnight fortnights | week weeks | month months | day days | year years ;
decade decades | century centuries | millennium millennia ;
mid | late | early ;
past | future ;
jan january | feb february | mar march | apr april | may | jun june | jul july | aug august |
sep sept september | oct october | nov november | dec december ;
mon monday | tue tues tuesday | wed wednesday | thu thur thurs thursday | fri friday |
sat saturday | sun sunday ;
percent pc | percentage | degree degrees | permille ;
mm | cm | m metre metres meter meters | km kilometre kilometres kilometer kilometers | foot feet
ft |
inch inches | yard yards | mile miles ;
mg | g gram grams grammes | kg kilo kilos kilogram kilograms | lb lbs pound pounds | ounce ounces |
tonne tonnes ton tons ;
litre litres liter liters | gallon gallons | barrel barrels | ml millilitre millilitres ;
hectare hectares | acre acres ;
mph | kmh ;
celsius | fahrenheit | kelvin ;
dollar dollars usd | euro euros eur | pound pounds gbp | franc francs chf | crown crowns krone
kroner krona kronor | yen jpy | yuan | rouble roubles ruble rubles | rupee rupees | peso pesos |
zloty zlotys | lira ;
pence penny | cent cents | pound pounds ;
twins | triplets ;
octogenarian octogenarians | nonagenarian nonagenarians | septuagenarian septuagenarians ;
on | off ;
in into | out from ;
out | on ;
off down | for to ;
up | at ;
up | down ;
up | flat ;
ahead | behind ;
plus | minus ;
and | or ;
because | although though despite ;
while during | after before ;
about around roughly approximately | exactly precisely | over above | under below | up ;
still | already ;
he him his | she her hers | they them their theirs | we us our ours | i me my mine | you your
yours ;
needs need | must ;
gain gains | loss losses ;
supply | demand ;
highest | lowest ;
oldest | youngest ;
heavy heavier heavily | light lighter lightly ;
hard harder difficult | easy easier easily soft softer ;
fast faster quick quicker quickly rapid rapidly | slow slower slowly gradually ;
warm warmer hot hotter | cool cooler cold colder ;
wet wetter | dry drier ;
cheaper cheapest | dearer dearest ;
safer safest | riskier risky ;
born | died dead ;
kill kills killed killing | save saves saved saving rescue rescued rescues injured wounded hurt
unhurt ;
dead | injured wounded ;
injured | unhurt unharmed ;
hope hopes hoped hoping | fear fears feared fearing ;
approve approves approved | veto vetoes vetoed ;
supporter supporters | opponent opponents ;
pro | anti ;
victory victories win | defeat defeats ;
promote promotes promoted promotion | demote demoted relegate relegated relegation ;
elected | defeated ;
publicly public openly | privately private secretly secret confidential ;
domestic domestically | foreign ;
internal internally interior | external externally exterior ;
urban | rural ;
major | minor ;
king | queen ;
adult adults parent parents | child children ;
doctor doctors | patient patients ;
landlord landlords | tenant tenants ;
prosecution prosecutor prosecutors plaintiff plaintiffs accuser | defence defense defendant
defendants accused ;
winner winners | loser losers ;
leader leaders | follower followers ;
government | opposition ;
liberal liberals | conservative conservatives ;
democrat democrats democratic | republican republicans ;
positive positively | negative negatively ;
add adds added | subtract subtracted remove removes removed ;
join joins joined | leave leaves left quit quits ;
married | divorced ;
visible | hidden invisible ;
voluntary voluntarily optional | compulsory mandatory obligatory forced ;
optimistic optimism optimist | pessimistic pessimism pessimist ;
happy glad pleased delighted | sad angry unhappy furious ;
calm | nervous ;
brave | afraid ;
proud | ashamed ;
praise praises praised | criticism condemn condemned condemns blame blames blamed ;
thank thanks thanked credit credited | blame blames blamed ;
encourage encourages encouraged | discourage discourages discouraged ;
tighten tightens tightened | loosen loosened relax relaxes relaxed ease eased eases ;
improve improves improved improving | worsen worsens worsened worsening deteriorate deteriorated
deteriorating ;
debt debts | savings saving ;
asset assets | liability liabilities ;
creditor creditors lender lenders | debtor debtors borrower borrowers ;
income revenue revenues earnings | expenditure expenses costs spending ;
wholesale | retail ;
gross | net ;
import imports imported | produce produces produced ;
advance advances advanced | retreat retreats retreated withdraw withdrew withdrawn ;
invade invades invaded occupy occupied | liberate liberated freed ;
arrest arrests arrested jail jailed imprison imprisoned capture captured detain detained | release
releases released free freed ;
punish punishes punished punishment | reward rewards rewarded ;
victim victims | suspect suspects survivor survivors ;
survivor survivors | casualty casualties ;
healthy well | sick ill ;
cure cured | infect infected ;
clean | dirty polluted ;
transparent | opaque ;
honest legal | dishonest corrupt ;
genuine real authentic | forged fake ;
original originals | copy copies ;
natural | artificial ;
ancient | modern ;
senior | junior ;
professional professionals | amateur amateurs ;
local | national | international global | regional ;
upper | lower ;
upstream | downstream ;
front | back rear ;
forward forwards | backward backwards ;
clockwise | anticlockwise counterclockwise ;
horizontal | vertical ;
top | bottom ;
same similar identical alike | different differently ;
simple | complex complicated ;
narrow narrower | wide wider broad broader ;
thick thicker | thin thinner ;
deep deeper | shallow shallower ;
tall taller | short shorter ;
loud louder | quiet quieter ;
bright brighter | dark darker ;
sharp | blunt ;
tight | loose ;
rough | smooth ;
overestimated overstated | underestimated understated ;
overpaid | underpaid ;
employed | unemployed jobless ;
temporary temporarily | permanent permanently ;
accept accepts accepted | dismiss dismisses dismissed ;
publish publishes published | withdraw withdraws withdrew withdrawn retract retracted ;
fully completely entirely wholly whole | partly partially partial broken ;
believed thought said rumoured rumored suspected alleged | known proven proved confirmed ;
final | draft preliminary ;
regret regrets regretted | pleasure ;
home | away ;
cleaner | dirtier ;
nicer prettier | uglier ;
filled fill fills full | emptied empty empties ;
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
sekunde sekunden | minute minuten | stunde stunden | tag tage tagen | woche wochen | monat monate
monaten | jahr jahre jahren | jahrzehnt jahrzehnte jahrzehnten | jahrhundert jahrhunderte ;
euro | dollar | pfund | franken | cent ;
nächste nächsten | vorige vorigen letzte letzten ;
montag | dienstag | mittwoch | donnerstag | freitag | samstag sonnabend | sonntag ;
jan januar jänner | feb februar | mär märz | apr april | mai | jun juni | jul juli | aug august |
sep sept september | okt oktober | nov november | dez dezember ;
prozent | promille | prozentpunkt prozentpunkte prozentpunkten | grad ;
meter metern | zentimeter zentimetern | millimeter | kilometer kilometern ;
liter litern | milliliter ;
kilo kilogramm | gramm | tonne tonnen | pfund ;
hektar | quadratmeter | quadratkilometer ;
anfang | mitte | ende ;
morgen morgens vormittag vormittags | mittag mittags | nachmittag nachmittags | abend abends |
nacht nachts mitternacht ;
sommer | winter | frühling frühjahr | herbst ;
stündlich | täglich | wöchentlich | monatlich | jährlich ;
frühestens | spätestens ;
bevor | nachdem | während ;
vor | hinter ;
oben | unten ;
hinauf | hinunter ;
rein herein hinein | raus heraus hinaus ;
innen drinnen | außen draußen ;
auf | um ;
an ein zu | ab aus ;
ab | aus ;
schon | noch | erst ;
maximal | minimal ;
rund etwa ungefähr circa | genau exakt | knapp | über ;
jung junge jungen jünger jüngere jüngeren | alt alte alten älter ältere älteren ;
schnell schneller rasch | langsam langsamer ;
warm wärmer heiß heißer | kalt kälter kühl kühler ;
nass | trocken ;
voll volle vollen | leer leere leeren ;
kauf käufe | verkauf verkäufe ;
käufer | verkäufer ;
einfuhr einfuhren import importe | ausfuhr ausfuhren export exporte ;
erhöhung erhöhungen anhebung | senkung senkungen kürzung kürzungen ;
zunahme anstieg | abnahme rückgang ;
sieg siege | niederlage niederlagen ;
verurteilt | freigesprochen ;
lebendig lebend | tot ;
geboren | gestorben ;
getötet tot | gerettet verletzt unverletzt ;
bestanden | durchgefallen ;
erinnert erinnern erinnerte | vergessen vergisst vergaß ;
gewählt | abgewählt ;
öffentlich offen | geheim heimlich ;
offenbar | sicher ;
freiwillig freiwillige | gezwungen verpflichtend ;
vorläufig vorübergehend | endgültig dauerhaft ;
vorteil vorteile | nachteil nachteile ;
chance chancen | gefahr gefahren risiko ;
hoffnung hoffnungen hofft hoffen hoffte hofften | angst ängste fürchtet fürchten fürchtete
befürchtet befürchten befürchtete ;
gut gute guten | böse bösen ;
gleich gleiche gleichen | verschieden verschiedene anders andere ;
er ihm ihn | wir uns unser unsere unseren unserer | ich mich mir mein meine meinen | du dich dir
dein deine ;
sie ihr | wir uns | ich mir mich | du dich dir ;
uns | euch ;
lehrer lehrerin | schüler schülerin ;
arzt ärzte ärztin | patient patienten patientin ;
regierung | opposition ;
kläger klägerin anklage | beklagter beklagte beklagten verteidigung ;
täter täterin | opfer ;
und sowie | oder ;
weil da | obwohl ;
trotz | wegen ;
links | rechts | mittig ;
zugesagt sagte | abgesagt ;
angestiegen gestiegen zugelegt | abgestürzt eingebrochen gefallen ;
eingeschaltet angeschaltet | abgeschaltet ausgeschaltet ;
zugenommen | abgenommen ;
eingeschlossen | ausgeschlossen ;
bleibt bleiben blieb blieben geblieben | geht gehen ging gingen gegangen ;
vollständig völlig ganz | teilweise teils ;
behauptet behauptete behaupteten angeblich | bewiesen bewies beweist erwiesen ;
zusage zusagen | absage absagen ;
verkauf verkäufe | rückkauf rückkäufe ;
leicht leichte leichten | schwer schwere schweren stark starke starken ;
stärke stärken | schwäche schwächen ;
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
